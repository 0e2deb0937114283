"""Check a receipt of an archive that uses wiazka: offline, with nothing but Python 3.9 or newer.

    python3 verify_receipt.py RECEIPT.html BAG-FOLDER [CHECKPOINT-FILE] [--key PUBLIC-KEY]

RECEIPT is the receipt (or the .json that `wiazka log proof` prints), BAG-FOLDER the bag that the
archive gave you, CHECKPOINT-FILE a checkpoint that the archive published (best one that you got
elsewhere than from the archive), PUBLIC-KEY the line "name+hash+key" that it published.

Ends with 0 when all was proved, 1 when something is wrong, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import normalize

SEAL = "tagmanifest-sha256.txt"


class Wrong(Exception):
    """Something is not what the receipt says."""


# The receipt: an event, the proof that it is in the ledger, and the checkpoint of that ledger.


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.depth, self.text = 0, ""

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("id", "ledger-proof") in attrs or self.depth:
            self.depth += 1

    def handle_endtag(self, _tag: str) -> None:
        self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.text += data


def proof_in(text: str) -> dict[str, object]:
    """The proof that a receipt holds."""
    if "<" in text[:1000]:
        page = _Page()
        page.feed(text)
        text = page.text
    try:
        proof = json.loads(text)
    except ValueError:
        proof = None
    if isinstance(proof, dict) and proof.get("wiazka-proof") == 1:
        return proof
    raise Wrong(
        "The receipt holds no proof of the ledger, or it was changed. It is there once the document"
        " is registered; the archive can give it anew: wiazka log proof ID."
    )


def event_in(line: str) -> dict[str, object]:
    """The event of a proof: that a version was registered."""
    event: dict[str, object] = json.loads(line)
    if event.get("kind") != "registered" or not isinstance(event.get("detail"), dict):
        raise Wrong("The event of the receipt does not say that anything was registered.")
    return event


def root_of(line: str, index: int, count: int, path: list[bytes]) -> bytes:
    """The root of the ledger's tree that an event and its proof lead to (RFC 9162 2.1.3.2)."""
    own = hashlib.sha256(b"\0" + line.encode()).digest()
    if not 0 <= index < count:
        raise Wrong("The proof names an event that the ledger does not have.")
    place, last = index, count - 1
    for other in path:
        if last == 0:
            raise Wrong("The proof is longer than the ledger's tree is high.")
        if place & 1 or place == last:
            own = hashlib.sha256(b"\1" + other + own).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            own = hashlib.sha256(b"\1" + own + other).digest()
        place, last = place >> 1, last >> 1
    if last:
        raise Wrong("The proof is shorter than the ledger's tree is high.")
    return own


# The checkpoint: how many events, and the root of their tree; a signed note (C2SP tlog-checkpoint).


def checkpoint_in(text: str) -> tuple[int, bytes, str, list[tuple[str, bytes]]]:
    """The number of events, the root, what is signed, and the signatures of a checkpoint."""
    text = text.replace("\r\n", "\n").strip("\ufeff\n \t") + "\n"
    head, _, tail = text.partition("\n\n")
    head = head.rstrip("\n") + "\n"
    found = re.fullmatch(r"[^\n]+\n(\d+)\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*", head)
    if not found:
        raise Wrong("The checkpoint is none: it should have an origin, a number and a root.")
    lines = re.findall("^\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)$", tail, re.MULTILINE)
    signatures = [(name, b64decode(data)) for name, data in lines]
    return int(found[1]), b64decode(found[2]), head, signatures


def signed_by(key: str, body: str, signatures: list[tuple[str, bytes]]) -> bool:
    """Whether a checkpoint is signed with a key, which is given as ``name+hash+key``."""
    found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", key.strip())
    public = b64decode(found[3]) if found else b""
    if not found or public[:1] != b"\1" or len(public) != 33:
        raise Wrong("The public key is none: it should look like name+hash+key.")
    name, key_id = found[1], hashlib.sha256(found[1].encode() + b"\n" + public).digest()[:4]
    if key_id.hex() != found[2]:
        raise Wrong("The public key was mistyped: its hash is not that of the key.")
    mine = [data[4:] for who, data in signatures if (who, data[:4]) == (name, key_id)]
    return bool(mine) and all(ed25519(public[1:], body.encode(), one) for one in mine)


# Ed25519 (RFC 8032 5.1.7), written down plainly: slow, and short enough to be read.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _add(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    low = (a[1] - a[0]) * (b[1] - b[0]) % P
    high = (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: tuple[int, ...]) -> tuple[int, ...]:
    result: tuple[int, ...] = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point, number = _add(point, point), number >> 1
    return result


def _point(data: bytes) -> tuple[int, ...] | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _packed(point: tuple[int, ...]) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes is that of a message, with a public key of 32."""
    key, s = _point(public), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or s >= L:
        return False
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    against = _times(L - int.from_bytes(digest, "little") % L, key)
    return base is not None and _packed(_add(_times(s, base), against)) == signature[:32]


# The bag (RFC 8493): a digest vouches for the tag manifest, that for the manifests, those for all.


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _listed(bag: Path, name: str) -> dict[str, str]:
    lines = (bag / name).read_text("utf-8").split("\n")
    pairs = (line.split(None, 1) for line in lines if line.strip())
    decoded = {}
    for digest, coded in pairs:
        path = coded.replace("%0A", "\n").replace("%0a", "\n").replace("%0D", "\r")
        decoded[path.replace("%0d", "\r").replace("%25", "%")] = digest
    return decoded


def _files_in(bag: Path) -> dict[str, Path]:
    """The files of a folder by their names in it, whichever way accents are written there."""
    found: dict[str, Path] = {}
    for folder, folders, files in os.walk(bag):
        for path in sorted(Path(folder, name) for name in [*folders, *files]):
            inside = path.relative_to(bag).as_posix()
            if path.is_symlink():
                raise Wrong(f"A link stands in the bag where a file should be: {inside}")
            if path.is_dir():
                continue
            if found.setdefault(normalize("NFC", inside), path) != path:
                raise Wrong(f"The bag has a file more than was registered: {inside}")
    return found


def _check_files(found: dict[str, Path], listed: dict[str, str], algorithm: str) -> None:
    for name, digest in sorted(listed.items()):
        path = found.get(normalize("NFC", name))
        if path is None:
            raise Wrong(f"A file of the bag is missing: {name}")
        if _digest(path, algorithm) != digest:
            raise Wrong(f"A file of the bag was changed: {name}")


def check_bag(bag: Path, seal: str) -> tuple[int, int]:
    """Check every file of a bag; how many files and bytes. Raises Wrong for the first wrong one."""
    found = _files_in(bag)
    if SEAL not in found:
        raise Wrong(f"{bag} is no bag: it has no {SEAL}.")
    if _digest(found[SEAL], "sha256") != seal:
        raise Wrong("This is not the bag that was registered: its tag manifest is another one.")
    # What a file lists is believed only once the file itself was found right.
    tags = _listed(bag, SEAL)
    _check_files(found, tags, "sha256")
    if "manifest-sha256.txt" not in tags:
        raise Wrong(f"{SEAL} does not list the manifest of the documents.")
    payload = _listed(bag, "manifest-sha256.txt")
    _check_files(found, payload, "sha256")
    known = {SEAL, *tags, *payload}
    for path in sorted(bag.glob("tagmanifest-*.txt")):
        algorithm = path.name[len("tagmanifest-") : -len(".txt")]
        if algorithm in ("md5", "sha1", "sha512"):
            listed = _listed(bag, path.name)
            if set(listed) != set(tags):
                raise Wrong(f"{path.name} lists other files than {SEAL}.")
            _check_files(found, listed, algorithm)
            known.add(path.name)
    for name in sorted(set(found) - {normalize("NFC", one) for one in known}):
        raise Wrong(f"The bag has a file more than was registered: {name}")
    return len(found), sum(path.stat().st_size for path in found.values())


def verify(receipt: str, bag: Path, published: str | None, key: str | None) -> list[str]:
    """What was proved, in sentences. Raises Wrong."""
    proof = proof_in(receipt)
    try:
        line, index, count = str(proof["event"]), int(str(proof["index"])), int(str(proof["size"]))
        path = [b64decode(str(one)) for one in list(proof["path"])]  # type: ignore[call-overload]
        event = event_in(line)
        seal = str(event["detail"][SEAL])  # type: ignore[index]
        own = checkpoint_in(str(proof["checkpoint"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Wrong(f"The proof in the receipt was changed: {error!r}.") from None
    root = root_of(line, index, count, path)
    if own[:2] != (count, root):
        raise Wrong("The proof does not lead to the checkpoint in the receipt: one was changed.")
    name = f"{event.get('identity')} version {event.get('version')}"
    told = [
        f"Event {index + 1} of the ledger says: at {event.get('at')} (UTC) {name} was registered.",
        f"It is one of the {count} events of the checkpoint in the receipt.",
    ]
    checkpoint = own
    if published is not None:
        checkpoint = checkpoint_in(published)
        if checkpoint[0] != count:
            raise Wrong(
                f"The published checkpoint is of {checkpoint[0]} events, the receipt's of {count}: "
                "they cannot be compared. Look for the published one of that number, or ask the "
                f"archive for a proof that fits: wiazka log proof {event.get('identity')} --size "
                f"{checkpoint[0]}"
            )
        if checkpoint[1] != root:
            raise Wrong(
                f"The published checkpoint of {count} events has another root: the ledger that "
                "this receipt is of is not the one that was published."
            )
        told.append("The published checkpoint is of these very events.")
    told.append(_signature_told(checkpoint, key, proof.get("key")))
    files, size = check_bag(bag, seal)
    told.append(f"The bag is the one that was registered: {files} files, {size} bytes, no other.")
    if published is None:
        told.append(
            "NOT proved: that the archive published this checkpoint. Compare it with one that you "
            "have from elsewhere (third argument)."
        )
    return told


def _signature_told(
    checkpoint: tuple[int, bytes, str, list[tuple[str, bytes]]], key: str | None, named: object
) -> str:
    _, _, body, signatures = checkpoint
    if key:
        if not signed_by(key, body, signatures):
            raise Wrong("The checkpoint is not signed with that key, or its signature is wrong.")
        return "The checkpoint is signed with the key that you gave."
    if isinstance(named, str) and named:
        if signatures and not signed_by(named, body, signatures):
            raise Wrong("The signature of the checkpoint is wrong.")
        if signatures:
            return (
                "The checkpoint is signed with the key that the receipt names: "
                f"{named}  (is it the one that the archive published? --key makes sure)"
            )
    return "NOT proved: who made the checkpoint. It is not signed, or no key is known (--key)."


def main() -> int:
    """Run as a program."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("receipt", type=Path)
    parser.add_argument("bag", type=Path)
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("--key")
    given = parser.parse_args()
    try:
        receipt = given.receipt.read_text("utf-8")
        published = given.checkpoint.read_text("utf-8") if given.checkpoint else None
        next(given.bag.iterdir(), None)
        told = verify(receipt, given.bag, published, given.key)
    except Wrong as error:
        sys.stdout.write(f"WRONG. {error}\n")
        return 1
    except ValueError as error:
        sys.stdout.write(f"WRONG. Something is not the text that it should be: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"This cannot be read: {error}\n")
        return 2
    for sentence in told:
        sys.stdout.write(sentence if sentence.startswith("NOT") else f"RIGHT. {sentence}")
        sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
