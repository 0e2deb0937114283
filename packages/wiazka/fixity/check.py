"""Checking one copy: what it holds against what was read when it was handed over."""

import unicodedata
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from wiazka.bag.stored import key_of, storage_manifest
from wiazka.catalogue.fixity_model import CopyCheck, Finding
from wiazka.catalogue.model import Copy, File, Unchanged, Version
from wiazka.errors import ObjectMissing, StoreDenied, StoreError
from wiazka.evidence import DAMAGE, Grade, Outcome, sha256, worst
from wiazka.fixity.looking import (
    Expected,
    Hidden,
    Look,
    Seen,
    confirmed,
    hidden,
    look_of,
    outcome_of,
)
from wiazka.stores.base import ObjectInfo, Store
from wiazka.stores.layout import manifest_key, version_prefix
from wiazka.stores.roll import RollCall

REQUESTS_AT_ONCE = 8
# Looks that are made one after the other: a task for each of many small files takes longer than it.
_FILES = 32
_BYTES = 32 << 20
# As many as S3 tells of in one answer.
PAGE = 1000

GRADES = (Grade.READ, Grade.STORED_DIGEST, Grade.SIZE, Grade.LISTED)
_BY_LISTING = (Grade.SIZE, Grade.LISTED)


@dataclass(frozen=True, slots=True)
class Part:
    """What looking at some files of a copy showed: the weakest proof, and what is not right."""

    bytes: int
    requests: int
    weakest: Grade
    bad: tuple[tuple[Expected, Seen, Hidden], ...]


@dataclass(frozen=True, slots=True)
class CopyLook:
    """A copy that is being looked at; its parts by as many threads as there are to do it."""

    store: Store
    version: Version
    grade: Grade
    begun: datetime
    expected: tuple[Expected, ...]
    extras: tuple[ObjectInfo, ...]
    look: Look
    requests: int
    roll: RollCall

    def parts(self) -> list[tuple[Expected, ...]]:
        """The files, some at a time: no more than are soon done."""
        parts: list[tuple[Expected, ...]] = []
        begin = size = 0
        for end, one in enumerate(self.expected):
            if end > begin and (end - begin == _FILES or size + one.size > _BYTES):
                parts.append(self.expected[begin:end])
                begin, size = end, 0
            size += one.size
        return [*parts, self.expected[begin:]]

    def at(self, part: Sequence[Expected]) -> Part:
        """Look at some files. Raises StoreError when the store does not answer any more."""
        read = requests = 0
        weakest = Grade.READ
        bad = []
        for one in part:
            if self.roll.fault(self.store.name):
                self.roll.require(self.store)
            seen = confirmed(self.look, self.store, one)
            read += seen.bytes
            requests += seen.requests
            if seen.outcome is Outcome.OK:
                weakest = min(weakest, seen.grade, key=_strength)
                continue
            if seen.outcome is not Outcome.CHANGED:
                self.roll.ask_again(self.store)
            found = hidden(self.store, one) if seen.outcome in DAMAGE else Hidden()
            bad.append((one, seen, found))
        return Part(read, requests, weakest, tuple(bad))

    def check(self, parts: Iterable[Part]) -> CopyCheck:
        """What all parts together say of the copy."""
        parts = list(parts)
        findings = [self._finding(*bad) for part in parts for bad in part.bad]
        looked = [finding.grade for finding in findings]
        findings += [extra(self.store, self.version, i, self.expected) for i in self.extras]
        grade = (
            max(looked, key=_strength)
            if looked
            else min((part.weakest for part in parts), key=_strength)
        )
        return CopyCheck(
            identity=self.version.identity,
            version=self.version.number,
            store=self.store.name,
            grade=grade,
            outcome=worst(f.outcome for f in findings),
            files=len(self.expected),
            bytes=sum(part.bytes for part in parts),
            begun=self.begun,
            ended=datetime.now(UTC),
            findings=tuple(findings),
            requests=self.requests + sum(part.requests for part in parts),
        )

    def _finding(self, expected: Expected, seen: Seen, found: Hidden) -> Finding:
        return Finding(
            seen.outcome,
            self.store.name,
            self.version.identity,
            self.version.number,
            expected.path,
            seen.grade,
            str(expected.size) if seen.grade in _BY_LISTING else expected.sha256,
            seen.observed,
            bytes=seen.there,
            object_version=found.latest,
            sound_version=found.sound.version_id if found.sound else None,
            note=found.note,
        )


def begin_look(
    store: Store,
    version: Version,
    files: Sequence[File],
    grade: Grade,
    unchanged: Unchanged,
    *,
    takes_digests: bool,
    roll: RollCall,
) -> CopyLook:
    """List a copy and say what is to be looked at in it. Raises StoreError as ``Store.list``."""
    begun = datetime.now(UTC)
    expected = expected_of(version, files, unchanged)
    prefixes = {version_prefix(version.identity, version.number)}
    if grade in _BY_LISTING and unchanged is Unchanged.REFERENCE:
        prefixes |= {version_prefix(version.identity, f.held_in) for f in files if f.held_in}
    listed = {info.key: info for prefix in sorted(prefixes) for info in store.list(prefix)}
    requests = len(prefixes) + len(listed) // PAGE
    if grade in _BY_LISTING:
        mark = manifest_key(version.identity, version.number)
        requests += 1
        listed |= {info.key: info for info in store.list(mark) if info.key == mark}
    strange = _strange(version, listed.values(), expected)
    return CopyLook(
        store,
        version,
        grade,
        begun,
        expected,
        tuple(info for info in strange if _is_there(store, info)),
        look_of(grade, listed, takes_digests=takes_digests),
        requests + len(strange),
        roll,
    )


def extras(
    store: Store, version: Version, listed: Iterable[ObjectInfo], expected: Sequence[Expected]
) -> list[Finding]:
    """What a listing shows among the files of a version, and is none of them."""
    strange = _strange(version, listed, expected)
    return [extra(store, version, info, expected) for info in strange if _is_there(store, info)]


def extra(
    store: Store, version: Version, info: ObjectInfo, expected: Sequence[Expected]
) -> Finding:
    """An object that should not lie among the files of a version."""
    twin = next((one.path for one in expected if is_twin(one.key, info.key)), None)
    return Finding(
        Outcome.EXTRA,
        store.name,
        version.identity,
        version.number,
        info.key.removeprefix(version_prefix(version.identity, version.number)),
        Grade.LISTED,
        None,
        str(info.size),
        bytes=info.size,
        note=twin and f"differs from {twin!r} only by case or by how accents are written",
    )


def _strange(
    version: Version, listed: Iterable[ObjectInfo], expected: Sequence[Expected]
) -> list[ObjectInfo]:
    own = {one.key for one in expected}
    prefix = version_prefix(version.identity, version.number)
    return [info for info in listed if info.key not in own and info.key.startswith(prefix)]


def check_copy(
    store: Store,
    version: Version,
    files: Sequence[File],
    grade: Grade,
    unchanged: Unchanged = Unchanged.REFERENCE,
) -> CopyCheck:
    """Look at every file of a copy at ``grade``, and for objects that should not be there.

    ``files`` are those of the catalogue with the digests of their first read: nothing that the
    store says of itself is ever expected. Where the copy refers to ``unchanged`` files of earlier
    versions, they are looked at there. Raises StoreError when the store does not answer.
    """
    roll = RollCall({store.name})
    looking = begin_look(
        store, version, files, grade, unchanged, takes_digests=takes_digests(store), roll=roll
    )
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        return looking.check(list(pool.map(looking.at, looking.parts())))


def expected_of(
    version: Version, files: Sequence[File], unchanged: Unchanged
) -> tuple[Expected, ...]:
    """Every object of a copy; the storage manifest, ``../vN.json``, as it was written."""
    data = storage_manifest(version, files, unchanged)
    name = f"../v{version.number}.json"
    mark = manifest_key(version.identity, version.number)
    # No dict: of two files with the same bytes both can lie with an earlier version as one object.
    return (
        *(Expected(f.path, key_of(version, f, unchanged), f.size, f.sha256) for f in files),
        Expected(name, mark, len(data), sha256(data)),
    )


def takes_digests(store: Store) -> bool:
    """Whether the digest that a store returns is one that it compared with what arrived."""
    try:
        seen = store.capabilities()
    except StoreDenied:
        # Never probed, and these keys may only read.
        return False
    return seen.refuses_wrong_bytes and seen.returns_digest


def unreachable(copy: Copy, grade: Grade, error: StoreError) -> CopyCheck:
    """The check of a copy whose store could not be asked at all: one finding, not one a file."""
    now = datetime.now(UTC)
    outcome = outcome_of(error)
    finding = Finding(
        outcome, copy.store, copy.identity, copy.version, "", grade, None, error.message
    )
    return CopyCheck(
        copy.identity, copy.version, copy.store, grade, outcome, 0, 0, now, now, (finding,)
    )


def is_twin(one: str, other: str) -> bool:
    """Whether two keys are one on a disk or a share that knows no case, or one form of accents."""
    return _folded(one) == _folded(other)


def _folded(key: str) -> str:
    return unicodedata.normalize("NFC", key).casefold()


def _is_there(store: Store, info: ObjectInfo) -> bool:
    """Whether what a listing shows can be had: some lag behind what was removed."""
    try:
        store.head(info.key)
    except ObjectMissing:
        return False
    return True


def _strength(grade: Grade) -> int:
    return _STRENGTHS[grade]


_STRENGTHS = {grade: grade.strength for grade in Grade}
