"""Checkpoints as text: signed notes (C2SP tlog-checkpoint), which other programs read too."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256

from wiazka.stores.layout import LEDGER

# The type of a signature with Ed25519 over the text alone.
ED25519 = b"\x01"
_DASH = "\u2014 "
_BODY = re.compile(r"([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)")
CHECKPOINTS = f"{LEDGER}checkpoints/"
_KEY = re.compile(rf"{re.escape(CHECKPOINTS)}(\d{{12}})-([0-9a-f]{{8}}|unsigned)\.txt")
_PUBLISHED_KEY = re.compile(rf"{re.escape(LEDGER)}keys/([0-9a-f]{{8}})\.txt")
UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Signature:
    """A line of signature: the key's name, the four bytes that tell keys apart, and the rest."""

    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many events a ledger had, and the root of their tree; ``origin`` names the ledger."""

    origin: str
    count: int
    root: bytes
    signatures: tuple[Signature, ...] = ()

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.count}\n{b64encode(self.root).decode('ascii')}\n"

    @property
    def text(self) -> str:
        """The whole note. What follows the empty line are the signatures, if any."""
        lines = (
            f"{_DASH}{one.name} {b64encode(one.key_id + one.data).decode('ascii')}\n"
            for one in self.signatures
        )
        return f"{self.body}\n{''.join(lines)}"

    @property
    def key(self) -> str:
        """Where it lies in a store: one of each key that signs, never written over."""
        by = self.signatures[0].key_id.hex() if self.signatures else UNSIGNED
        return f"{CHECKPOINTS}{self.count:012d}-{by}.txt"


def checkpoint_of(text: str) -> Checkpoint:
    """The checkpoint that a note holds. Raises ValueError that says why it is none."""
    head, blank, tail = text.partition("\n\n")
    body = _BODY.fullmatch(head + "\n")
    if body is None or not blank:
        raise ValueError("it has not the lines: origin, number of events, root, an empty line")
    if body[4]:
        raise ValueError("it has lines after the root that this wiazka does not know")
    signatures = tuple(_signature(line) for line in tail.removesuffix("\n").split("\n") if tail)
    return Checkpoint(body[1], int(body[2]), b64decode(body[3]), signatures)


def _signature(line: str) -> Signature:
    name, _, coded = line.removeprefix(_DASH).partition(" ")
    try:
        data = b64decode(coded, validate=True)
    except Error:
        data = b""
    if not line.startswith(_DASH) or not name or len(data) <= len(ED25519) + 3:
        raise ValueError(f"{line!r} is no signature")
    return Signature(name, data[:4], data[4:])


def checkpoint_count(key: str) -> int | None:
    """Of how many events the checkpoint under a key is; None where there can be none."""
    found = _KEY.fullmatch(key)
    return int(found[1]) if found else None


def key_object(key_id: bytes) -> str:
    """Where a store keeps the public key that signed its checkpoints."""
    return f"{LEDGER}keys/{key_id.hex()}.txt"


def is_key_object(key: str) -> bool:
    """Whether a public key lies there."""
    return _PUBLISHED_KEY.fullmatch(key) is not None


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature names its key."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]
