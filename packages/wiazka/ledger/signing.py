"""Signing checkpoints, and checking signatures: Ed25519, keys as golang.org/x/mod/sumdb/note."""

import os
import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wiazka.errors import ConfigError, UsageError
from wiazka.ledger.note import ED25519, Checkpoint, Signature, key_id
from wiazka.settings_of_fixity import LedgerSettings

ENV_KEY = "WIAZKA_SIGNING_KEY"
_PRIVATE = "PRIVATE+KEY+"
_PARTS = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_KEY_BYTES = 33
_MAKE_ONE = "Make one with: wiazka log key --new FILE   (FILE outside of any repository)"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and its name: the line that is published."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names it."""
        return key_id(self.name, self.public)

    @property
    def line(self) -> str:
        """``name+hash+key``, as other programs take it."""
        coded = b64encode(ED25519 + self.public).decode("ascii")
        return f"{self.name}+{self.id.hex()}+{coded}"

    def signed(self, checkpoint: Checkpoint) -> bool | None:
        """Whether it signed a checkpoint; None where no signature names it."""
        mine = [
            one for one in checkpoint.signatures if (one.name, one.key_id) == (self.name, self.id)
        ]
        if not mine:
            return None
        key = Ed25519PublicKey.from_public_bytes(self.public)
        try:
            for one in mine:
                key.verify(one.data, checkpoint.body.encode())
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A private key. It is shown nowhere: neither in messages nor in ``repr``."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._key.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint with this key's signature; the same for the same checkpoint."""
        data = self._key.sign(checkpoint.body.encode())
        mine = Signature(self.verifier.name, self.verifier.id, data)
        return replace(checkpoint, signatures=(mine,))


def verifier_key(line: str) -> VerifierKey:
    """The public key of a line ``name+hash+key``. Raises UsageError that says what is wrong."""
    name, told_id, public = _parts(line.strip())
    if public is None or key_id(name, public).hex() != told_id:
        raise UsageError(
            f"{line.strip()!r} is no public key of checkpoints.",
            "A right one looks like: archive.example.org/ledger+3dfa6a51+AeXG…   "
            "('wiazka log key' prints this archive's)",
        )
    return VerifierKey(name, public)


def signing_key(settings: LedgerSettings) -> SigningKey | None:
    """The key in $WIAZKA_SIGNING_KEY, else in the file of ``[ledger] signing_key``; None without.

    Raises ConfigError, which never shows it.
    """
    if told := os.environ.get(ENV_KEY):
        return _of_text(told, f"${ENV_KEY}")
    if settings.signing_key is None:
        return None
    try:
        told = settings.signing_key.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(
            f"The signing key {settings.signing_key} ([ledger] signing_key) cannot be read: {why}.",
            _MAKE_ONE,
        ) from None
    return _of_text(told, str(settings.signing_key))


def is_open_to_others(path: Path) -> bool:
    """Whether others than its owner may read a key's file."""
    return bool(path.stat().st_mode & 0o077)


def new_key(path: Path, name: str) -> VerifierKey:
    """Make a key in a new file that only its owner may read; what is to be published of it.

    Raises UsageError for a file that is there, and for a place in a git repository.
    """
    whole = path.absolute()
    if any((folder / ".git").exists() for folder in whole.resolve().parents):
        raise UsageError(
            f"{path} would lie in a git repository: a key must not be published with it.",
            "Give a place outside, for example /etc/wiazka/checkpoint.key.",
        )
    seed = os.urandom(32)
    key = SigningKey(name, seed)
    coded = b64encode(ED25519 + seed).decode("ascii")
    try:
        handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"{path} is there already; a key is never written over.", "Give a name that is new."
        ) from None
    except FileNotFoundError:
        raise UsageError(
            f"{path.parent} is not there to put a key in.",
            f"Make the folder, for its owner alone: mkdir -m 700 {path.parent}",
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"{_PRIVATE}{name}+{key.verifier.id.hex()}+{coded}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return key.verifier


def _of_text(text: str, where: str) -> SigningKey:
    told = text.strip()
    name, told_id, seed = _parts(told.removeprefix(_PRIVATE))
    key = SigningKey(name, seed) if seed and told.startswith(_PRIVATE) else None
    if key is None or key.verifier.id.hex() != told_id:
        raise ConfigError(f"{where} holds no signing key of wiazka.", _MAKE_ONE)
    return key


def _parts(text: str) -> tuple[str, str, bytes | None]:
    """The name, the hash as told, and the 32 bytes of a key; None for what is no key."""
    found = _PARTS.fullmatch(text)
    if found is None:
        return "", "", None
    try:
        data = b64decode(found[3], validate=True)
    except Error:
        return "", "", None
    right = data[:1] == ED25519 and len(data) == _KEY_BYTES
    return found[1], found[2], data[1:] if right else None
