"""Checking one copy: what it holds against what was read when it was handed over."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from wiazka.bag.stored import storage_manifest, stored_file
from wiazka.catalogue.fixity_model import CopyCheck, Finding
from wiazka.catalogue.model import Copy, File, Unchanged, Version
from wiazka.errors import ObjectMissing, StoreDenied, StoreError, StoreUnavailable
from wiazka.evidence import Grade, Outcome, chunks, digests_of, sha256
from wiazka.stores.base import Store
from wiazka.stores.layout import file_key, manifest_key, version_prefix

REQUESTS_AT_ONCE = 8

# The worst decides what is said of the copy: damage before doubt.
_GRAVITY = (
    Outcome.CHANGED,
    Outcome.MISSING,
    Outcome.UNREADABLE,
    Outcome.DENIED,
    Outcome.THROTTLED,
    Outcome.UNKNOWN,
    Outcome.EXTRA,
    Outcome.OK,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at one object showed; ``observed`` is a digest, a size, or None."""

    outcome: Outcome
    observed: str | None = None
    size: int = 0


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
    versions, they are looked at there. A difference is asked for a second time before it counts.
    """
    begun = datetime.now(UTC)
    prefix = version_prefix(version.identity, version.number)
    # No dict: of two files with the same bytes both can lie with an earlier version as one object.
    expected = [
        (file_key(version.identity, version.number, stored_file(file, unchanged)), file)
        for file in files
    ]
    own = {key for key, _ in expected}
    mark = manifest_key(version.identity, version.number)
    proof = _PROOFS[grade]

    def look(item: tuple[str, File]) -> tuple[Seen, Finding | None]:
        key, file = item
        seen = proof(store, key, file)
        if seen.outcome in (Outcome.CHANGED, Outcome.MISSING, Outcome.UNREADABLE):
            # A flipped bit on the wire is not damage: only what is seen twice is reported.
            seen = proof(store, key, file)
        return seen, _finding(version, store, file, grade, seen)

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        looked = list(pool.map(look, [*expected, (mark, _mark_of(version, files, unchanged))]))
    findings = [finding for _, finding in looked if finding]
    findings += [
        Finding(
            Outcome.EXTRA,
            store.name,
            version.identity,
            version.number,
            info.key.removeprefix(prefix),
            Grade.LISTED,
            None,
            str(info.size),
        )
        for info in store.list(prefix)
        if info.key not in own
    ]
    worst = min((f.outcome for f in findings), key=_GRAVITY.index, default=Outcome.OK)
    return CopyCheck(
        identity=version.identity,
        version=version.number,
        store=store.name,
        grade=grade,
        outcome=worst,
        files=len(looked),
        bytes=sum(seen.size for seen, _ in looked),
        begun=begun,
        ended=datetime.now(UTC),
        findings=tuple(findings),
    )


def _mark_of(version: Version, files: Iterable[File], unchanged: Unchanged) -> File:
    """The storage manifest as it was written, made again from what the catalogue knows."""
    data = storage_manifest(version, files, unchanged)
    return File(f"../v{version.number}.json", len(data), sha256(data), "metadata")


def unreachable(copy: Copy, grade: Grade, error: StoreError) -> CopyCheck:
    """The check of a copy whose store could not be asked at all: one finding, not one a file."""
    now = datetime.now(UTC)
    outcome = _outcome_of(error)
    finding = Finding(
        outcome, copy.store, copy.identity, copy.version, "", grade, None, error.message
    )
    return CopyCheck(
        copy.identity, copy.version, copy.store, grade, outcome, 0, 0, now, now, (finding,)
    )


def _outcome_of(error: StoreError) -> Outcome:
    if isinstance(error, StoreDenied):
        return Outcome.DENIED
    return Outcome.THROTTLED if isinstance(error, StoreUnavailable) else Outcome.UNREADABLE


def _asked(look: Callable[[Store, str, File], Seen]) -> Callable[[Store, str, File], Seen]:
    def asked(store: Store, key: str, file: File) -> Seen:
        try:
            return look(store, key, file)
        except ObjectMissing:
            return Seen(Outcome.MISSING)
        except StoreError as error:
            return Seen(_outcome_of(error), error.message)

    return asked


@_asked
def _read(store: Store, key: str, file: File) -> Seen:
    with store.open(key) as stream:
        size, digests = digests_of(chunks(stream), ["sha256"])
    same = (size, digests["sha256"]) == (file.size, file.sha256)
    return Seen(Outcome.OK if same else Outcome.CHANGED, digests["sha256"], size)


@_asked
def _stored_digest(store: Store, key: str, file: File) -> Seen:
    info = store.head(key)
    # One that takes any bytes for a digest only repeats what was declared to it.
    if info.sha256 is None or not _takes_digests(store):
        return _read(store, key, file)
    same = (info.size, info.sha256) == (file.size, file.sha256)
    return Seen(Outcome.OK if same else Outcome.CHANGED, info.sha256)


def _takes_digests(store: Store) -> bool:
    try:
        seen = store.capabilities()
    except StoreDenied:
        # Never probed, and these keys may only read.
        return False
    return seen.refuses_wrong_bytes and seen.returns_digest


@_asked
def _size(store: Store, key: str, file: File) -> Seen:
    info = store.head(key)
    return Seen(Outcome.OK if info.size == file.size else Outcome.CHANGED, str(info.size))


@_asked
def _listed(store: Store, key: str, _file: File) -> Seen:
    return Seen(Outcome.OK, str(store.head(key).size))


_PROOFS: Mapping[Grade, Callable[[Store, str, File], Seen]] = {
    Grade.READ: _read,
    Grade.STORED_DIGEST: _stored_digest,
    Grade.SIZE: _size,
    Grade.LISTED: _listed,
}
GRADES = tuple(_PROOFS)


def _finding(
    version: Version, store: Store, file: File, grade: Grade, seen: Seen
) -> Finding | None:
    if seen.outcome is Outcome.OK:
        return None
    return Finding(
        seen.outcome,
        store.name,
        version.identity,
        version.number,
        file.path,
        grade,
        str(file.size) if grade is Grade.SIZE else file.sha256,
        seen.observed,
    )
