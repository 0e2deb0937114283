#!/usr/bin/env python3
"""Re-verify a dossier, offline: python3 verify_dossier.py [DOSSIER.zip | FOLDER]

Needs Python 3.9 or newer and nothing else. Ends with 0 when all holds, 1 when something does not
(each is named), 2 when there is no dossier. What is checked:

1. every file is the one that the manifest lists, and no other is there;
2. the ledger: each event's hash is that of its text and of the event before, up to its head;
3. every proof that a copy is said to have is an event of that ledger;
4. the coverage follows from the copies, and the copies from the ledger;
5. each checkpoint is the Merkle root (RFC 6962) of the events that it covers;
6. what is shown of the NDSA Levels names files that are here.

It cannot know that the dossier is the one that was made for you: compare the digest that it prints
with the one you were told, and a checkpoint with one that was published.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO, Any, Dict, Iterator, List, Tuple, Union

Row = Dict[str, Any]
# By identity, version, store and time: how strong a proof is.
Proofs = Dict[Tuple[Any, Any, Any, Any], int]

MANIFEST = "manifest-sha256.txt"
GRADES = ["listed", "size", "stored-digest", "recomputed", "read"]
NOT_OK = {"", "denied", "throttled", "unknown", "changed", "missing", "unreadable", "extra"}


class Folder:
    """A dossier that was unpacked."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> List[str]:
        """The paths of all files."""
        found = (p for p in self.path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        return sorted(p.relative_to(self.path).as_posix() for p in found)

    def open(self, name: str) -> IO[bytes]:
        """A file to read."""
        return (self.path / name).open("rb")


class Zip:
    """A dossier as it was handed over."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)

    def names(self) -> List[str]:
        """The paths of all files."""
        return sorted(one.filename for one in self.archive.infolist() if not one.is_dir())

    def open(self, name: str) -> IO[bytes]:
        """A file to read."""
        return self.archive.open(name)


Dossier = Union[Folder, Zip]


def canonical(value: object) -> str:
    """JSON in the form that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def rows(dossier: Dossier, name: str) -> Iterator[Tuple[int, Any]]:
    """The lines of a file, each with its number; None for one that is not JSON."""
    with dossier.open(name) as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield number, json.loads(line)
            except ValueError:
                yield number, None


def manifest(dossier: Dossier, wrong: List[str]) -> str:
    """Check every file against the manifest; the digest of that."""
    with dossier.open(MANIFEST) as stream:
        data = stream.read()
    listed: Dict[str, str] = {}
    for line in data.decode("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    there = dossier.names()
    for name in there:
        if there.count(name) > 1:
            wrong.append(f"{name}: it is there more than once")
        if name != MANIFEST and name not in listed:
            wrong.append(f"{name}: no file of that name is in the manifest")
    for name, digest in listed.items():
        if name not in there:
            wrong.append(f"{name}: it is in the manifest, and not there")
            continue
        hashing = hashlib.sha256()
        try:
            with dossier.open(name) as stream:
                for piece in iter(lambda: stream.read(1 << 20), b""):
                    hashing.update(piece)
        except (OSError, zipfile.BadZipFile) as error:
            wrong.append(f"{name}: it cannot be read ({error})")
            continue
        if hashing.hexdigest() != digest:
            wrong.append(f"{name}: it is not the file that the manifest lists")
    return hashlib.sha256(data).hexdigest()


class Tree:
    """The root of a Merkle tree that grows leaf by leaf (RFC 6962 2.1)."""

    def __init__(self) -> None:
        self.count = 0
        self.whole: List[bytes] = []

    def add(self, data: bytes) -> None:
        """Add an event."""
        leaf, count = hashlib.sha256(b"\0" + data).digest(), self.count
        while count & 1:
            leaf = hashlib.sha256(b"\1" + self.whole.pop() + leaf).digest()
            count >>= 1
        self.whole.append(leaf)
        self.count += 1

    def root(self) -> str:
        """The root so far, in hex."""
        if not self.whole:
            return hashlib.sha256(b"").hexdigest()
        root = self.whole[-1]
        for left in reversed(self.whole[:-1]):
            root = hashlib.sha256(b"\1" + left + root).digest()
        return root.hex()


def ledger(dossier: Dossier, wrong: List[str]) -> Proofs:
    """Check the chain and the checkpoints; the proofs in it, by copy and time."""
    name = "evidence/events.jsonl"
    marks: Dict[int, str] = {}
    for number, mark in rows(dossier, "evidence/checkpoints.jsonl"):
        if mark is None:
            wrong.append(f"evidence/checkpoints.jsonl, line {number}: it is not JSON")
        else:
            marks[mark["count"]] = mark["root"]
    previous, seq, tree, faults = "0" * 64, 0, Tree(), 0
    proofs: Proofs = {}
    for number, event in rows(dossier, name):
        if not isinstance(event, dict) or "hash" not in event:
            wrong.append(f"{name}, line {number}: it is no event")
            return proofs
        told = f"{name}, event {event.get('seq')}"
        bare = {key: value for key, value in event.items() if key != "hash"}
        if event.get("seq") != seq + 1:
            wrong.append(f"{told}: it follows event {seq}; events are missing or were put in")
            faults += 1
        if hashlib.sha256(canonical(bare).encode("utf-8")).hexdigest() != event["hash"]:
            wrong.append(f"{told}: its text was edited, its hash is of another")
            faults += 1
        if event.get("previous") != previous:
            wrong.append(f"{told}: it is not chained to the event before")
            faults += 1
        if faults > 20:
            wrong.append(f"{name}: more of it is wrong; the rest was not looked at")
            return proofs
        tree.add(canonical(event).encode("utf-8"))
        previous, seq = event["hash"], event.get("seq") or seq + 1
        if tree.count in marks and tree.root() != marks[tree.count]:
            wrong.append(f"checkpoint of {tree.count} events: the events are of another root")
        proved(event, proofs)
    with dossier.open("evidence/head.json") as stream:
        head = json.load(stream)
    if head != {"count": seq, "hash": previous}:
        wrong.append(
            f"{name}: it ends with event {seq}, and evidence/head.json says {head['count']}"
        )
    wrong += [
        f"checkpoint of {count} events: only {tree.count} are here"
        for count in marks
        if count > tree.count
    ]
    return proofs


def proved(event: Row, proofs: Proofs) -> None:
    """Keep what an event proves of a copy."""
    detail = event.get("detail") or {}
    grade = detail.get("grade")
    if grade not in GRADES:
        return
    # What lies beside a copy takes nothing from what was proved of its own files.
    beside = event.get("kind") == "audited" and detail.get("outcome") == "extra"
    well = event.get("outcome") == "success" and detail.get("outcome", "ok") not in NOT_OK
    if not (beside or well):
        return
    key = (event.get("identity"), event.get("version"), event.get("store"), event.get("at"))
    proofs[key] = max(proofs.get(key, 0), GRADES.index(grade))


def copies(dossier: Dossier, proofs: Proofs, wrong: List[str]) -> List[Row]:
    """Check each copy's proofs against the ledger; the copies."""
    found: List[Row] = []
    for number, copy in rows(dossier, "evidence/copies.jsonl"):
        if copy is None:
            wrong.append(f"evidence/copies.jsonl, line {number}: it is not JSON")
            continue
        name = f"{copy['identity']} v{copy['version']} in {copy['store']}"
        for grade, at in copy["proved"].items():
            key = (copy["identity"], copy["version"], copy["store"], at)
            if proofs.get(key, -1) < GRADES.index(grade):
                wrong.append(f"{name}: no event proves it at grade {grade} on {at}")
        found.append(copy)
    return found


def moment(at: datetime) -> str:
    """A time as the ledger has it."""
    text = at.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds")
    return text + "Z"


def coverage(dossier: Dossier, held: List[Row], wrong: List[str]) -> List[Row]:
    """Count the coverage again; what it is said to be."""
    with dossier.open("evidence/coverage.json") as stream:
        told: Row = json.load(stream)
    made = datetime.fromisoformat(told["made_at"])
    for one in told["coverage"]:
        grade, every = one["grade"], one["every"]
        since = "" if every is None else moment(made - timedelta(days=every))
        sums = {"copies": 0, "proved": 0, "overdue": 0, "never": 0}
        for copy in held:
            if copy["store"] != one["store"]:
                continue
            sums["copies"] += 1
            last = copy["proved"].get(grade, "")
            # One that was never proved is late by the day on which it came.
            slow = last < since if last else copy["stored_at"][:10] < since[:10]
            late = copy["doubted"] or slow
            sums["overdue" if late else "proved" if last else "never"] += 1
        for name, number in sums.items():
            if one[name] != number:
                wrong.append(
                    f"coverage of {one['store']} at grade {grade}: {name} is said to be "
                    f"{one[name]}, and the copies give {number}"
                )
    claims: List[Row] = told["coverage"]
    return claims


def levels(dossier: Dossier, wrong: List[str]) -> None:
    """Check that what is shown names evidence that is here."""
    with dossier.open("evidence/levels.json") as stream:
        told = json.load(stream)
    there = set(dossier.names())
    for one in told:
        names = one["files"] if one["shown"] else []
        cell = f"{one['area']} {one['level']}"
        wrong += [f"{cell}: its evidence {name} is not here" for name in names if name not in there]
        if one["shown"] and not one["files"]:
            wrong.append(f"{cell}: it is said to be shown, by no file")


def verify(path: Path) -> Tuple[List[str], str, List[Row], List[Row]]:
    """All that is wrong, the manifest's digest, the copies, and the coverage as it is told."""
    dossier: Dossier = Folder(path) if path.is_dir() else Zip(path)
    wrong: List[str] = []
    digest = manifest(dossier, wrong)
    try:
        proofs = ledger(dossier, wrong)
        held = copies(dossier, proofs, wrong)
        told = coverage(dossier, held, wrong)
        levels(dossier, wrong)
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile) as error:
        wrong.append(f"the evidence is not whole: {type(error).__name__} {error}")
        return wrong, digest, [], []
    return wrong, digest, held, told


def main(arguments: List[str]) -> int:
    """Verify, and say what came of it; the exit code."""
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        wrong, digest, held, told = verify(path)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        print(f"{path} is no dossier: {error}", file=sys.stderr)
        return 2
    for line in wrong:
        print(f"WRONG  {line}")
    if wrong:
        print(f"{len(wrong)} wrong.")
        return 1
    for one in told:
        within = "at some time" if one["every"] is None else f"within {one['every']:g} days"
        print(f"{one['store']}: {one['proved']} of {one['copies']} proved {within}, {one['grade']}")
    print(f"All holds. {len(held)} copies follow from the ledger.")
    print(f"Compare with the digest you were told: {digest}")
    return 0


if __name__ == "__main__":
    # A path of letters that the terminal has not must not stop it.
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
