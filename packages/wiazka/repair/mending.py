"""Mending one copy: sound bytes from another, beside, proved, in place; the damaged ones kept."""

from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from wiazka.bag.stored import storage_manifest, stored_file
from wiazka.catalogue.model import Copy, File, Version
from wiazka.errors import BytesRefused, ObjectMissing, StoreDenied, WiazkaError
from wiazka.evidence import Outcome, sha256
from wiazka.repair.model import Fix
from wiazka.restore.fetch import Reading, fetched
from wiazka.restore.reader import Reader
from wiazka.restore.sources import Source
from wiazka.stores.attest import attest
from wiazka.stores.base import Content
from wiazka.stores.layout import file_key, manifest_key
from wiazka.stores.replacement import Kept, Replacing
from wiazka.stores.roll import RollCall

# Files on their way at a time: memory is flat at that many of 8 MiB.
FILES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Damaged:
    """A copy to be mended, with the files that it should have."""

    version: Version
    copy: Copy
    files: Sequence[File]

    @property
    def mark_path(self) -> str:
        """How findings name the storage manifest."""
        return mark_path(self.version.number)

    def key_of(self, path: str) -> str:
        """Where a file of this copy lies; the storage manifest, too."""
        if path == self.mark_path:
            return manifest_key(self.version.identity, self.version.number)
        [file] = (file for file in self.files if file.path == path)
        kept = stored_file(file, self.copy.unchanged)
        return file_key(self.version.identity, self.version.number, kept)

    def as_in(self, source: Source) -> "Damaged":
        """The same files as another copy has them, where unchanged ones can lie elsewhere."""
        copy = replace(self.copy, store=source.store.name, unchanged=source.unchanged)
        return replace(self, copy=copy)


def mark_path(number: int) -> str:
    """The path of a version's storage manifest, as seen from its bag."""
    return f"../v{number}.json"


@dataclass(frozen=True, slots=True)
class Mender:
    """What mends one copy. ``sources`` are the copies that files are taken from, by their store."""

    damaged: Damaged
    store: Replacing
    sources: Mapping[str, Source]
    roll: RollCall
    spool: Path
    pool: Executor

    def mend(self, fixes: Sequence[Fix]) -> tuple[list[Fix], WiazkaError | None]:
        """Mend those that have a source, the storage manifest last and only when all else is whole.

        What was done, and the first fault that hindered the rest. Killed anywhere, each file is
        either as it was or sound.
        """
        done = {fix.path: fix for fix in fixes}
        mark = done.get(self.damaged.mark_path)
        # Two files of the same bytes can lie under one key.
        by_key: dict[str, list[Fix]] = {}
        for fix in fixes:
            if fix.source and fix is not mark:
                by_key.setdefault(self.damaged.key_of(fix.path), []).append(fix)
        futures = {self.pool.submit(self._file, some[0]): some for some in by_key.values()}
        fault: WiazkaError | None = None
        for future, some in futures.items():
            try:
                _note(done, some, future.result())
            except CancelledError:
                continue
            except WiazkaError as error:
                # What is on its way ends, so that it is known what became of it.
                fault = fault or _with_policy(error)
                for other in futures:
                    other.cancel()
        if fault is None and mark and mark.source:
            rest = [fix for fix in done.values() if fix.path != mark.path]
            if all(fix.done for fix in rest):
                try:
                    _note(done, [mark], self._mark(mark))
                except WiazkaError as error:
                    fault = _with_policy(error)
        return [done[fix.path] for fix in fixes], fault

    def _file(self, fix: Fix) -> Kept | None:
        [file] = (file for file in self.damaged.files if file.path == fix.path)
        with fetched(self._reader(fix), file, self.spool) as content:
            return self._put(fix, content)

    def _reader(self, fix: Fix) -> Reading:
        if fix.past:
            return fix.past
        return Reader(self.damaged.version, [self.sources[str(fix.source)]], self.roll)

    def _mark(self, fix: Fix) -> Kept | None:
        # Made again, not copied: it says where unchanged files lie, and that differs from store to
        # store. What allows it: a copy was read whose own says the same, or an earlier version of
        # this very one does.
        version, files = self.damaged.version, self.damaged.files
        data = storage_manifest(version, files, self.damaged.copy.unchanged)
        return self._put(fix, Content(data, len(data), sha256(data)))

    def _put(self, fix: Fix, content: Content) -> Kept | None:
        if (content.size, content.sha256) != (fix.size, fix.expected):
            raise BytesRefused(
                f"{fix.path} of {self.damaged.version.identity}: what was to be put there is not "
                f"what is expected. Nothing was written.",
                "Run again; if it stays, look at this machine's memory.",
            )
        key, kept = self.damaged.key_of(fix.path), None
        if fix.outcome is not Outcome.MISSING:
            # Some stores set an object aside themselves once they have read that it is damaged.
            with suppress(ObjectMissing):
                kept = self.store.keep_aside(key)
        if kept:
            self.store.replace(kept, content)
        else:
            self.store.put_back(key, content)
        attest(self.store, key, content.size, content.sha256)
        return kept


def _note(done: dict[str, Fix], fixes: Sequence[Fix], kept: Kept | None) -> None:
    for fix in fixes:
        done[fix.path] = replace(fix, done=True, kept=kept.where if kept else None)


def _with_policy(error: WiazkaError) -> WiazkaError:
    if not isinstance(error, StoreDenied):
        return error
    return StoreDenied(
        error.message,
        f"{error.hint} For a bucket, config/iam/repair.json is the policy that a repair needs: "
        "keys that may only read cannot mend.",
    )
