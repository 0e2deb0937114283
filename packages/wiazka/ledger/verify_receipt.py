"""Check a receipt of an archive that uses wiazka: offline, with nothing but Python 3.9 or newer.

    python3 verify_receipt.py RECEIPT.html BAG-FOLDER [CHECKPOINT-FILE] [--key PUBLIC-KEY]
                              [--consistency FILE] [--lang en|pl]

RECEIPT is the receipt (or the .json that `wiazka log proof` prints), BAG-FOLDER the bag that the
archive gave you, CHECKPOINT-FILE a checkpoint that the archive published (best one that you got
elsewhere than from the archive), PUBLIC-KEY the line "name+hash+key" that it published. A
checkpoint of another number of events than the receipt's needs the FILE that joins the two, which
`wiazka log consistency` prints.

Ends with 0 when all was proved, 1 when something is wrong, 2 when it was called wrongly, and 3 when
it cannot be decided from what was given. Po polsku: --lang pl.
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
from typing import TypeVar
from unicodedata import normalize

from wiazka.ledger.verify_receipt_ed25519 import ed25519
from wiazka.ledger.verify_receipt_words import WORDS, Sentence, Undecided, Wrong

T = TypeVar("T")
SEAL = "tagmanifest-sha256.txt"


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
    proof = _object(text)
    if proof.get("wiazka-proof") == 1:
        return proof
    raise Wrong("no-proof")


def _object(text: str) -> dict[str, object]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _told(proof: dict[str, object], field: str, kind: type[T]) -> T:
    value = proof.get(field)
    if not isinstance(value, kind):
        raise Wrong("changed", field=field)
    return value


def _number(proof: dict[str, object], field: str) -> int:
    value = _told(proof, field, int)
    if value is True or not 0 <= value < 1 << 63:
        raise Wrong("changed", field=field)
    return value


def _path(proof: dict[str, object]) -> list[bytes]:
    try:
        path = [b64decode(one, validate=True) for one in _told(proof, "path", list)]
    except (ValueError, TypeError):
        raise Wrong("changed", field="path") from None
    if any(len(one) != 32 for one in path):
        raise Wrong("changed", field="path")
    return path


def event_in(line: str) -> dict[str, object]:
    """The event of a proof: that a version was registered."""
    event = _object(line)
    if event.get("kind") != "registered" or not isinstance(event.get("detail"), dict):
        raise Wrong("not-registered")
    return event


def root_of(line: str, index: int, count: int, path: list[bytes]) -> bytes:
    """The root of the ledger's tree that an event and its proof lead to (RFC 9162 2.1.3.2)."""
    own = hashlib.sha256(b"\0" + line.encode()).digest()
    if not 0 <= index < count:
        raise Wrong("no-event")
    place, last = index, count - 1
    for other in path:
        if last == 0:
            raise Wrong("too-long")
        if place & 1 or place == last:
            own = hashlib.sha256(b"\1" + other + own).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            own = hashlib.sha256(b"\1" + own + other).digest()
        place, last = place >> 1, last >> 1
    if last:
        raise Wrong("too-short")
    return own


def joins(proof: dict[str, object], old: tuple[int, bytes], new: tuple[int, bytes]) -> bool:
    """Whether the first events of one checkpoint begin those of another (RFC 9162 2.1.4.2)."""
    (first, old_root), (count, new_root) = old, new
    steps = _path(proof)
    if first & (first - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = first - 1, count - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    was = now = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            was = hashlib.sha256(b"\1" + other + was).digest()
            now = hashlib.sha256(b"\1" + other + now).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = hashlib.sha256(b"\1" + now + other).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


# The checkpoint: how many events, and the root of their tree; a signed note (C2SP tlog-checkpoint).


def checkpoint_in(text: str) -> tuple[int, bytes, str, list[tuple[str, bytes]]]:
    """The number of events, the root, what is signed, and the signatures of a checkpoint."""
    text = text.replace("\r\n", "\n").strip("\ufeff\n \t") + "\n"
    head, _, tail = text.partition("\n\n")
    head = head.rstrip("\n") + "\n"
    found = re.fullmatch(r"[^\n]+\n(0|[1-9]\d{0,17})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*", head)
    if not found:
        raise Wrong("no-checkpoint")
    lines = re.findall("^\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)$", tail, re.MULTILINE)
    try:
        signatures = [(name, b64decode(data)) for name, data in lines]
    except ValueError:
        raise Wrong("no-checkpoint") from None
    return int(found[1]), b64decode(found[2]), head, signatures


def signed_by(key: str, body: str, signatures: list[tuple[str, bytes]]) -> bool:
    """Whether a checkpoint is signed with a key, which is given as ``name+hash+key``."""
    found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", key.strip())
    try:
        public = b64decode(found[3]) if found else b""
    except ValueError:
        public = b""
    if not found or public[:1] != b"\1" or len(public) != 33:
        raise Wrong("no-key")
    name, key_id = found[1], hashlib.sha256(found[1].encode() + b"\n" + public).digest()[:4]
    if key_id.hex() != found[2]:
        raise Wrong("key-mistyped")
    mine = [data[4:] for who, data in signatures if (who, data[:4]) == (name, key_id)]
    return bool(mine) and all(ed25519(public[1:], body.encode(), one) for one in mine)


# The bag (RFC 8493): a digest vouches for the tag manifest, that for the manifests, those for all.


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _listed(bag: Path, name: str) -> dict[str, str]:
    lines = (bag / name).read_text("utf-8").split("\n")
    pairs = [line.split(None, 1) for line in lines if line.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise Wrong("no-list", name=name)
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
            if path.is_dir() and not path.is_symlink():
                continue
            if path.is_symlink() or not path.is_file():
                raise Wrong("link", name=inside)
            if found.setdefault(normalize("NFC", inside), path) != path:
                raise Wrong("extra", name=inside)
    return found


def _check_files(found: dict[str, Path], listed: dict[str, str], algorithm: str) -> None:
    for name, digest in sorted(listed.items()):
        path = found.get(normalize("NFC", name))
        if path is None:
            raise Wrong("missing", name=name)
        if _digest(path, algorithm) != digest:
            raise Wrong("file-changed", name=name)


def check_bag(bag: Path, seal: str) -> tuple[int, int]:
    """Check every file of a bag; how many files and bytes. Raises Wrong for the first wrong one."""
    found = _files_in(bag)
    if SEAL not in found:
        raise Wrong("no-bag", name=bag, seal=SEAL)
    if _digest(found[SEAL], "sha256") != seal:
        raise Wrong("other-bag")
    # What a file lists is believed only once the file itself was found right.
    tags = _listed(bag, SEAL)
    _check_files(found, tags, "sha256")
    if "manifest-sha256.txt" not in tags:
        raise Wrong("no-manifest", seal=SEAL)
    payload = _listed(bag, "manifest-sha256.txt")
    _check_files(found, payload, "sha256")
    known = {SEAL, *tags, *payload}
    for path in sorted(bag.glob("tagmanifest-*.txt")):
        algorithm = path.name[len("tagmanifest-") : -len(".txt")]
        if algorithm in ("md5", "sha1", "sha512"):
            listed = _listed(bag, path.name)
            if set(listed) != set(tags):
                raise Wrong("lists-others", name=path.name, seal=SEAL)
            _check_files(found, listed, algorithm)
            known.add(path.name)
    for name in sorted(set(found) - {normalize("NFC", one) for one in known}):
        raise Wrong("extra", name=name)
    return len(found), sum(path.stat().st_size for path in found.values())


Checkpoint = tuple[int, bytes, str, list[tuple[str, bytes]]]
Told = list[tuple[str, Sentence]]


def verify(
    receipt: str, bag: Path, published: str | None, key: str | None, consistency: str | None = None
) -> Told:
    """What was proved and what was not: sentences, and how each begins. Raises Wrong."""
    proof = proof_in(receipt)
    line, index, count = (
        _told(proof, "event", str),
        _number(proof, "index"),
        _number(proof, "size"),
    )
    event = event_in(line)
    own = checkpoint_in(_told(proof, "checkpoint", str))
    if own[:2] != (count, root_of(line, index, count, _path(proof))):
        raise Wrong("other-checkpoint")
    of = {field: event.get(field) for field in ("at", "version")}
    told: Told = [
        ("right", Sentence("registered", seq=index + 1, name=event.get("identity"), **of)),
        ("right", Sentence("included", count=count)),
    ]
    signed, undecided = own, False
    if published is not None:
        other = checkpoint_in(published)
        told += _published(own, other, consistency, index + 1)
        # Of one that was not compared a signature shows nothing.
        undecided = isinstance(told[-1][1], Undecided)
        signed = own if undecided else other
    told.append(_signature_told(signed, key, proof.get("key"), undecided=undecided))
    seal = event["detail"].get(SEAL)  # type: ignore[attr-defined]
    if seal is None:
        told.append(("undecided", Undecided("no-seal")))
    else:
        files, size = check_bag(bag, seal)
        told.append(("right", Sentence("bag", files=files, size=size)))
    if published is None:
        told.append(("not-proved", Sentence("unpublished")))
    return told


def _published(own: Checkpoint, other: Checkpoint, consistency: str | None, seq: int) -> Told:
    """What a checkpoint from elsewhere shows of the receipt's. Raises Wrong."""
    if own[0] == other[0]:
        if own[1] != other[1]:
            raise Wrong("other-root", count=own[0])
        return [("right", Sentence("same"))]
    old, new = sorted([own[:2], other[:2]])
    first, last = old[0], new[0]
    sizes = {"published": other[0], "count": own[0], "first": first, "last": last}
    if consistency is None or first == 0:
        return [("undecided", Undecided("another-size", **sizes))]
    proof = _object(consistency)
    if [proof.get(name) for name in ("wiazka-consistency", "old", "new")] != [1, first, last]:
        return [("undecided", Undecided("no-consistency", **sizes))]
    if not joins(proof, old, new):
        raise Wrong("not-joined", **sizes)
    if other[0] > own[0]:
        return [("right", Sentence("continued", **sizes))]
    told: Told = [("right", Sentence("preceded", **sizes))]
    return told if seq <= other[0] else [*told, ("undecided", Undecided("later-event", seq=seq))]


def _signature_told(
    signed: Checkpoint, key: str | None, named: object, *, undecided: bool
) -> tuple[str, Sentence]:
    _, _, body, signatures = signed
    # An archive may have had no key yet when it made the receipt: that is no wrong signature.
    if key and (signatures or not undecided):
        if not signed_by(key, body, signatures):
            raise Wrong("not-signed")
        return "right", Sentence("signed")
    if isinstance(named, str) and named and signatures:
        if not signed_by(named, body, signatures):
            raise Wrong("wrong-signature")
        return "right", Sentence("signed-by", who=named)
    return "not-proved", Sentence("unsigned")


def _language(chosen: str | None) -> int:
    told = [chosen, *map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))]
    return int(next(filter(None, told), "").startswith("pl"))


def _text(path: Path | None) -> str | None:
    return path.read_text("utf-8") if path else None


def main() -> int:
    """Run as a program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("receipt", type=Path)
    parser.add_argument("bag", type=Path)
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("--key")
    parser.add_argument("--consistency", type=Path)
    parser.add_argument("--lang", choices=["en", "pl"])
    given = parser.parse_args()
    language = _language(given.lang)

    def tell(begin: str, sentence: Sentence) -> None:
        sys.stdout.write(f"{WORDS[begin][language]}{sentence.text(language)}\n")

    try:
        receipt, joined = given.receipt.read_text("utf-8"), _text(given.consistency)
        next(given.bag.iterdir(), None)
        told = verify(receipt, given.bag, _text(given.checkpoint), given.key, joined)
    except Wrong as error:
        tell("wrong", error)
        return 1
    # What an HTML parser and Unicode think of hostile text.
    except (ValueError, AssertionError) as error:
        tell("wrong", Sentence("no-text", why=error))
        return 1
    except OSError as error:
        sys.stderr.write(Sentence("unreadable", why=error).text(language) + "\n")
        return 2
    for begin, sentence in told:
        tell(begin, sentence)
    return 3 if any(isinstance(sentence, Undecided) for _, sentence in told) else 0


if __name__ == "__main__":
    sys.exit(main())
