"""The promises of DESIGN, checked from outside: with plain reads, ``hashlib`` and ``sqlite3``.

Nothing of wiazka is imported: what is to be caught is a fault in it. Bytes come from the stores as
any S3 client or file manager would read them, what they have to be comes from the inbox, and what
wiazka claims of them from the catalogue's tables.
"""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.services.running import Service

# What wiazka itself puts into a delivery, for its producers to read.
_OURS = ("_PROBLEMS.txt", "_PROBLEMS.html")
_GRADES = ("listed", "size", "stored_digest", "recomputed", "read")
_DONE = ("registered", "already-held")


class Reader(Protocol):
    """A store as somebody without wiazka sees it."""

    name: str

    def all_keys(self) -> Iterable[str]:
        """Of all its objects."""

    def read(self, key: str) -> bytes:
        """Every byte of an object. Raises KeyError when there is none."""

    def kept_digest(self, key: str) -> str | None:
        """The SHA-256 (base64) that the store itself says it keeps; None when it says none."""


class Folder:
    """A store in a directory."""

    def __init__(self, name: str, root: Path) -> None:
        self.name, self._root = name, root

    def all_keys(self) -> Iterable[str]:
        for path in self._root.rglob("*"):
            key = path.relative_to(self._root).as_posix()
            if path.is_file() and not key.startswith(".tmp/"):
                yield key

    def read(self, key: str) -> bytes:
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def kept_digest(self, key: str) -> str | None:
        return None


class Bucket:
    """A store in a bucket."""

    def __init__(self, name: str, server: Service, bucket: str) -> None:
        self.name, self._client, self._bucket = name, server.client(), bucket

    def all_keys(self) -> Iterable[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def read(self, key: str) -> bytes:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            raise KeyError(key) from None

    def kept_digest(self, key: str) -> str | None:
        answer = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        return answer.get("ChecksumSHA256")


@dataclass(frozen=True, slots=True)
class Copy:
    """What the catalogue says of a copy; ``grade`` is the strongest that was ever proved."""

    identity: str
    number: int
    store: str
    grade: str | None


@dataclass(frozen=True, slots=True)
class Claims:
    """All that the catalogue says is kept: versions with their state, copies, submissions."""

    versions: Mapping[tuple[str, int], str]
    contents: Mapping[tuple[str, int], str]
    copies: tuple[Copy, ...]
    submissions: Mapping[tuple[str, str], tuple[str, str | None, int | None]]

    @classmethod
    def of(cls, catalogue: Path) -> "Claims":
        """What is in a catalogue; nothing where there is none yet."""
        if not catalogue.exists():
            return cls({}, {}, (), {})
        with closing(sqlite3.connect(catalogue)) as database:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            if "copy" not in tables or "submission" not in tables:
                return cls({}, {}, (), {})
            versions = database.execute("SELECT identity, number, state, content FROM version")
            rows = versions.fetchall()
            proofs = ", ".join(f"proved_{grade}" for grade in _GRADES)
            copies = database.execute(f"SELECT identity, version, store, {proofs} FROM copy")  # noqa: S608
            kept = tuple(
                Copy(identity, number, store, _strongest(times))
                for identity, number, store, *times in copies
            )
            known = database.execute(
                "SELECT delivery, folder, state, identity, version FROM submission"
            )
            submissions = {(row[0], row[1]): (row[2], row[3], row[4]) for row in known}
        return cls(
            {(row[0], row[1]): row[2] for row in rows},
            {(row[0], row[1]): row[3] for row in rows},
            kept,
            submissions,
        )

    @property
    def registered(self) -> list[tuple[str, int]]:
        """The versions that count as kept, sorted."""
        return sorted(key for key, state in self.versions.items() if state == "registered")

    def all_taken(self, inbox: Path) -> bool:
        """Whether every document in the inbox is kept."""
        states = {key: state for key, (state, *_) in self.submissions.items()}
        return all(
            states.get((folder.parent.name, folder.name)) in _DONE
            for folder in inbox.glob("*/*/")
            if folder.is_dir()
        )


def _strongest(times: list[str]) -> str | None:
    return next((g for g, at in zip(reversed(_GRADES), reversed(times), strict=True) if at), None)


@dataclass(frozen=True, slots=True)
class Original:
    """A file of the inbox: its digest, size, time in ns and mode."""

    sha256: str
    size: int
    mtime: int
    mode: int


def originals(inbox: Path) -> dict[str, Original | None]:
    """All that was handed over, by path; None for a folder."""
    found: dict[str, Original | None] = {}
    for path in sorted(inbox.rglob("*")):
        name = path.relative_to(inbox).as_posix()
        if path.is_dir():
            found[name] = None
        elif path.name not in _OURS:
            seen = path.stat()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[name] = Original(digest, seen.st_size, seen.st_mtime_ns, seen.st_mode)
    return found


class Promises:
    """What has to hold after every round, with the memory of all rounds before."""

    def __init__(self, inbox: Path, catalogue: Path, stores: Iterable[Reader]) -> None:
        self._inbox, self._catalogue, self._stores = inbox, catalogue, list(stores)
        self._originals: dict[str, Original | None] = {}
        self._committed: dict[str, dict[str, str]] = defaultdict(dict)
        self._registered: set[tuple[str, int]] = set()
        self.objects = 0

    def handed_over(self) -> None:
        """Remember what is in the inbox now; call it after each new delivery."""
        self._originals = originals(self._inbox)

    def broken(self) -> list[str]:
        """Every promise that does not hold now, in a sentence each."""
        claims = Claims.of(self._catalogue)
        held = {store.name: self._held(store) for store in self._stores}
        self.objects = sum(len(digests) for digests, _ in held.values())
        found = list(self._untouched())
        for store in self._stores:
            digests, marks = held[store.name]
            found += self._never_overwritten(store.name, digests)
            for key in marks:
                found += self._whole(store, key, digests)
            self._remember(store.name, digests, marks)
        found += self._claims_hold(claims, held)
        return found

    def _held(self, store: Reader) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        """The digest of every object, each read to its end, and the storage manifests."""
        digests: dict[str, str] = {}
        marks: dict[str, dict[str, object]] = {}
        for key in store.all_keys():
            data = store.read(key)
            digests[key] = hashlib.sha256(data).hexdigest()
            if is_mark(key):
                marks[key] = json.loads(data)
        return digests, marks

    def _untouched(self) -> Iterator[str]:
        now = originals(self._inbox)
        for name in sorted(self._originals.keys() | now.keys()):
            before, after = self._originals.get(name, "nothing"), now.get(name, "nothing")
            if before != after:
                yield f"1 originals: {name} was {before}, is {after}"

    def _never_overwritten(self, store: str, digests: Mapping[str, str]) -> Iterator[str]:
        for key, before in self._committed[store].items():
            if digests.get(key) != before:
                yield f"overwritten: {store} {key} was {before}, is {digests.get(key)}"

    def _whole(self, store: Reader, key: str, digests: Mapping[str, str]) -> Iterator[str]:
        """A storage manifest is the commit mark: what it names is there, byte for byte."""
        mark = json.loads(store.read(key))
        where = f"{store.name} {key}"
        for file, at in files_of(mark):
            if digests.get(at) != file["sha256"]:
                yield f"2 stored: {where} names {at}, which is {digests.get(at)}"
        kept = {file["sha256"] for file, _ in files_of(mark) if file["path"].startswith("data/")}
        folder = f"{mark['delivery']}/{mark['folder']}/"
        handed = {
            name: one.sha256
            for name, one in self._originals.items()
            if one is not None and name.startswith(folder)
        }
        if not handed:
            yield f"2 stored: {where} is of {folder}, which nobody handed over"
        for name, digest in handed.items():
            if digest not in kept:
                yield f"2 stored: {where} lacks {name}"
        if _manifest(store, mark) != {
            file["path"]: file["sha256"]
            for file, _ in files_of(mark)
            if file["path"].startswith("data/")
        }:
            yield f"4 stores alone: {where} and the bag's manifest-sha256.txt differ"

    def _remember(
        self, store: str, digests: Mapping[str, str], marks: Mapping[str, dict[str, object]]
    ) -> None:
        for key, mark in marks.items():
            for at in (key, *(at for _, at in files_of(mark))):
                if at in digests:
                    self._committed[store].setdefault(at, digests[at])

    def _claims_hold(
        self,
        claims: Claims,
        held: Mapping[str, tuple[Mapping[str, str], Mapping[str, dict[str, object]]]],
    ) -> Iterator[str]:
        copies = defaultdict(set)
        for copy in claims.copies:
            copies[copy.identity, copy.number].add(copy.store)
            yield from self._copy_holds(copy, claims, held[copy.store][1])
        for version in claims.registered:
            if missing := held.keys() - copies[version]:
                yield f"2 registered: {version} has no copy in {sorted(missing)}"
        for gone in self._registered - set(claims.registered):
            yield f"2 registered: {gone} was registered and no longer is"
        self._registered |= set(claims.registered)
        for folder, (state, identity, number) in claims.submissions.items():
            if state in _DONE and (identity, number) not in claims.registered:
                yield f"2 registered: {folder} is {state} as {identity} v{number}, which is not"

    def _copy_holds(
        self, copy: Copy, claims: Claims, marks: Mapping[str, dict[str, object]]
    ) -> Iterator[str]:
        key = mark_key(copy.identity, copy.number)
        where = f"{copy.store} {key}"
        if key not in marks:
            yield f"2 stored: the catalogue has a copy {where}, which the store has not"
            return
        if marks[key]["content"] != claims.contents[copy.identity, copy.number]:
            yield f"2 stored: {where} has other content than the catalogue says"
        if copy.grade is None:
            yield f"3 grades: {where} was never proved"
        if copy.grade == "recomputed":
            yield f"3 grades: {where} is {copy.grade}, and no store here does that"
        if copy.grade == "stored_digest":
            store = next(one for one in self._stores if one.name == copy.store)
            silent = [at for _, at in files_of(marks[key]) if not store.kept_digest(at)]
            if silent:
                yield f"3 grades: {where} is {copy.grade}; the store has none of {silent[0]}"


def is_mark(key: str) -> bool:
    """Whether a key is that of a storage manifest: ``packages/<collection>/<slug>/v1.json``."""
    parts = key.split("/")
    name = parts[-1]
    return (
        len(parts) == 4
        and parts[0] == "packages"
        and name.startswith("v")
        and name.endswith(".json")
        and name[1:-5].isdigit()
    )


def mark_key(identity: str, number: int) -> str:
    """The key of a version's storage manifest."""
    return f"packages/{identity}/v{number}.json"


def files_of(mark: Mapping[str, object]) -> list[tuple[dict[str, str], str]]:
    """The files that a storage manifest names, each with the key that it lies under."""
    package, own = f"packages/{mark['identity']}", mark["version"]
    return [
        (file, f"{package}/v{file.get('version') or own}/{file['path']}") for file in mark["files"]
    ]


def _manifest(store: Reader, mark: Mapping[str, object]) -> dict[str, str]:
    at = next((at for file, at in files_of(mark) if file["path"] == "manifest-sha256.txt"), "")
    try:
        lines = store.read(at).decode().splitlines()
    except KeyError:
        return {}
    pairs = (line.split("  ", 1) for line in lines)
    return {path: digest for digest, path in pairs}
