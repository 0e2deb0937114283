"""One version from the stores that have it into one that has not: whole and proved, or not at all.

The bytes come from a copy that is proved by reading it, and count only once the target has proved
them too. The commit mark is written last, so that a version half copied does not exist.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wiazka.bag.stored import committed_kind, key_of, storage_manifest
from wiazka.catalogue.model import File, Unchanged
from wiazka.errors import BytesRefused, ObjectExists, StoreError
from wiazka.evidence import Grade, sha256
from wiazka.replicate.budget import Spending
from wiazka.restore.fetch import fetched
from wiazka.restore.reader import Reader
from wiazka.stores.attest import attest
from wiazka.stores.base import Content, Store
from wiazka.stores.layout import manifest_key, require_marker, version_prefix


class BudgetSpent(Exception):
    """The budget ended before the version was whole; the next run goes on with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """The store that a version goes to, and what it does with files an earlier version holds."""

    store: Store
    unchanged: Unchanged


@dataclass(frozen=True, slots=True)
class Copied:
    """The weakest grade at which any file was proved in the target, and the bytes sent there.

    ``unchanged`` is what the copy now does with files that an earlier version holds.
    """

    grade: Grade
    sent: int
    unchanged: Unchanged


def copy_version(
    reader: Reader,
    files: Sequence[File],
    target: Target,
    *,
    spool: Path,
    pool: Executor,
    spending: Spending,
) -> Copied:
    """Put every file of a version into ``target`` and prove each; the commit mark last.

    What an earlier run left is proved again, not sent again; it also goes on with what that one did
    about ``unchanged`` files. Raises BudgetSpent, StoreError and its
    kinds, and NoRoom; the same call then goes on.
    """
    version, store = reader.version, target.store
    # Also when it answered a while ago: where a disk was mounted, an empty folder may be left.
    require_marker(store)
    kinds = (target.unchanged, *Unchanged)
    marks = {kind: storage_manifest(version, files, kind) for kind in kinds}
    mark = manifest_key(version.identity, version.number)
    committed = committed_kind(store, mark, marks)
    prefix = version_prefix(version.identity, version.number)
    present = {info.key for info in store.list(prefix)}
    unchanged = committed or target.unchanged
    if not committed and any(file.held_in and prefix + file.path in present for file in files):
        unchanged = Unchanged.COPY
    commit = marks[unchanged]
    wanted = {key_of(version, file, unchanged) for file in files}
    if not committed and (strays := present - wanted):
        raise _taken(store, min(strays))
    spending.ask(2)

    def one(file: File) -> tuple[Grade, int]:
        key = key_of(version, file, unchanged)
        # What lies with an earlier version was stored with that.
        if committed or key in present or not key.startswith(prefix):
            return _there(store, key, file, spending), 0
        return _sent(reader, file, store, key, spool, spending)

    done = _each(pool, one, files)
    content = Content(commit, len(commit), sha256(commit))
    if not committed:
        with suppress(ObjectExists):
            store.put(mark, content)
    done.append((attest(store, mark, content.size, content.sha256), 0))
    spending.ask(2)
    weakest = min((grade for grade, _ in done), key=lambda grade: grade.strength)
    return Copied(weakest, sum(sent for _, sent in done), unchanged)


def _each(
    pool: Executor, one: Callable[[File], tuple[Grade, int]], files: Sequence[File]
) -> list[tuple[Grade, int]]:
    futures = [pool.submit(one, file) for file in files]
    try:
        return [future.result() for future in futures]
    except BaseException:
        # The pool is shared: what was begun ends before its version is spoken of as failed.
        for future in futures:
            future.cancel()
        wait(futures)
        raise


def _there(store: Store, key: str, file: File, spending: Spending) -> Grade:
    spending.ask(1)
    try:
        return attest(store, key, file.size, file.sha256)
    except BytesRefused as error:
        raise BytesRefused(
            f"{error.message} It was there before, and nothing is written over.",
            f"'wiazka audit --store {store.name}' looks at what is there; "
            f"'wiazka store verify {store.name}' lists what is of no version.",
        ) from error


def _sent(
    reader: Reader, file: File, store: Store, key: str, spool: Path, spending: Spending
) -> tuple[Grade, int]:
    if spending.is_over:
        raise BudgetSpent
    before = reader.requests
    # ObjectExists: a retried request whose first try had arrived; the proof decides.
    with fetched(reader, file, spool) as content, suppress(ObjectExists):
        store.put(key, content)
    grade = attest(store, key, file.size, file.sha256)
    spending.send(file.size, 2 + max(1, reader.requests - before))
    return grade, file.size


def _taken(store: Store, key: str) -> StoreError:
    return StoreError(
        f"Store {store.name!r} ({store.place}) holds {key}, which is of no version; nothing is "
        "written over or mixed with it.",
        f"'wiazka store verify {store.name}' lists it, a deaccession removes it; then run again.",
    )
