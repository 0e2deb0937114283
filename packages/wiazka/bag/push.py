"""Pushing a bag straight into a store: no second copy on local disk (DESIGN §5)."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.stored import committed_kind, storage_manifest, stored_file
from wiazka.catalogue.model import Unchanged, Version
from wiazka.errors import BytesRefused, ObjectExists, ObjectMissing, PrefixTaken
from wiazka.evidence import Grade, sha256
from wiazka.stores.attest import attest, is_told
from wiazka.stores.base import NO_ANSWER, Answer, Content, Store
from wiazka.stores.layout import (
    StoredFile,
    file_key,
    manifest_key,
    require_marker,
    version_prefix,
)

T = TypeVar("T")
R = TypeVar("R")

# Small files are bound by the round trip, not by the core or the disk.
REQUESTS_AT_ONCE = 8


class _Way(Enum):
    """How a file came to be in the store."""

    SENT = auto()
    KEPT = auto()
    REFERRED = auto()
    COPIED = auto()


@dataclass(frozen=True, slots=True)
class _Done:
    """A file in the store; without a grade it is still to be proved by ``answer``."""

    way: _Way
    key: str
    content: Content
    grade: Grade | None
    answer: Answer = NO_ANSWER


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: the weakest grade at which any file was proved, and the bytes of each kind.

    ``kept`` were there from an interrupted push, ``referred`` lie with an earlier version,
    ``copied`` were copied from one inside the store. ``unchanged`` is what the copy now does with
    the files that an earlier version holds, ``manifest`` the SHA-256 of its commit mark.
    """

    store: str
    grade: Grade
    sent: int
    kept: int
    referred: int
    copied: int
    unchanged: Unchanged
    manifest: str


def push(
    bag: BagPlan,
    store: Store,
    version: Version,
    *,
    unchanged: Unchanged = Unchanged.REFERENCE,
    on_file: Callable[[Entry], None] = lambda _: None,
) -> Pushed:
    """Put every file of ``version``'s bag into a store, prove each, write the commit mark last.

    What an interrupted push left behind is proved again, not sent again; it also goes on with what
    that one did about ``unchanged`` files. Those are proved where they lie before anything refers
    to them. The store has its marker (see RollCall). Raises StoreError and its kinds; nothing
    counts as stored then, and the same call takes it up again.
    """
    # Also when it answered a while ago: where a disk was mounted, an empty folder may be left.
    require_marker(store)
    kinds = (unchanged, *Unchanged) if any(e.held_in for e in bag.entries) else (unchanged,)
    marks = {kind: storage_manifest(version, bag.entries, kind) for kind in kinds}
    committed = committed_kind(store, manifest_key(bag.identity, bag.version), marks)
    prefix = version_prefix(bag.identity, bag.version)
    present = {info.key: info.size for info in store.list(prefix)}
    if committed:
        unchanged = committed
    elif any(entry.held_in and prefix + entry.path in present for entry in bag.entries):
        unchanged = Unchanged.COPY
    pushing = _Pushing(bag, store, unchanged, present, is_committed=committed is not None)
    pushing.refuse_what_others_left()

    def one(entry: Entry) -> _Done:
        done = pushing.keep(entry)
        on_file(entry)
        return done

    kept = _side_by_side(one, bag.entries)
    grades = pushing.prove(kept)
    # Written when all else is proved.
    kept.append(pushing.commit(marks[unchanged]))
    grades |= pushing.prove(kept[-1:])
    sizes: Counter[_Way] = Counter()
    for done in kept:
        sizes[done.way] += done.content.size
    return Pushed(
        store=store.name,
        grade=min(grades, key=lambda grade: grade.strength),
        sent=sizes[_Way.SENT],
        kept=sizes[_Way.KEPT],
        referred=sizes[_Way.REFERRED],
        copied=sizes[_Way.COPIED],
        unchanged=unchanged,
        manifest=kept[-1].content.sha256,
    )


@dataclass(frozen=True, slots=True)
class _Pushing:
    """One push under way; ``present`` are the keys of the version that were there, with sizes."""

    bag: BagPlan
    store: Store
    unchanged: Unchanged
    present: Mapping[str, int]
    is_committed: bool

    def refuse_what_others_left(self) -> None:
        """Raise PrefixTaken for keys that are not of this bag, before anything is read or sent."""
        if self.is_committed:
            return
        own = {
            self._key(file): file.size
            for file in (stored_file(entry, self.unchanged) for entry in self.bag.entries)
            if file.version is None
        }
        for key, size in sorted(self.present.items()):
            if own.get(key) != size:
                raise self._taken(key)

    def keep(self, entry: Entry) -> _Done:
        """Have a file in the store, proved there."""
        file = stored_file(entry, self.unchanged)
        content = Content(entry.source, entry.size, entry.sha256)
        if file.version is not None:
            return _Done(_Way.REFERRED, self._key(file), content, self._sound(file))
        if not self.is_committed and self._key(file) not in self.present:
            earlier = stored_file(entry, Unchanged.REFERENCE)
            if earlier.version is not None and self._is_there(earlier):
                with suppress(ObjectExists):
                    self.store.copy(self._key(earlier), self._key(file), file.size, file.sha256)
                key = self._key(file)
                return _Done(_Way.COPIED, key, content, self._proved(key, content))
        return self._put(self._key(file), content)

    def commit(self, mark: bytes) -> _Done:
        """Write the commit mark, or prove the one that is there."""
        key = manifest_key(self.bag.identity, self.bag.version)
        return self._put(key, Content(mark, len(mark), sha256(mark)))

    def _put(self, key: str, content: Content) -> _Done:
        if self.is_committed:
            return _Done(_Way.KEPT, key, content, self._proved(key, content))
        if key in self.present:
            try:
                return _Done(_Way.KEPT, key, content, self._proved(key, content))
            except BytesRefused as error:
                # Left by an interrupted push of other bytes; no commit mark refers to it.
                raise self._taken(key) from error
        try:
            answer = self.store.put(key, content)
        except ObjectExists:
            # A retried request whose first try had arrived after all; the proof decides.
            answer = NO_ANSWER
        told = answer.sha256 == content.sha256 and answer.etag is not None
        grade = None if told else self._proved(key, content)
        return _Done(_Way.SENT, key, content, grade, answer)

    def prove(self, files: Sequence[_Done]) -> set[Grade]:
        """Prove what is not proved yet by one listing, or else one by one; the grades of all."""
        grades = {done.grade for done in files if done.grade is not None}
        waiting = {done.key: done for done in files if done.grade is None}
        if not waiting:
            return grades
        prefix = version_prefix(self.bag.identity, self.bag.version)
        # The commit mark lies beside that, and needs no listing.
        listed = self.store.list(prefix) if len(waiting) > 1 else ()
        found = {info.key: info for info in listed if info.key in waiting}

        def one(done: _Done) -> Grade:
            if is_told(self.store, done.answer, found.get(done.key), done.content):
                return Grade.STORED_DIGEST
            return self._proved(done.key, done.content)

        return grades | set(_side_by_side(one, waiting.values()))

    def _proved(self, key: str, content: Content) -> Grade:
        return attest(self.store, key, content.size, content.sha256)

    def _is_there(self, earlier: StoredFile) -> bool:
        """Whether an earlier version holds it here; then it is sound, and can be copied."""
        try:
            self._sound(earlier)
        except ObjectMissing:
            return False
        return True

    def _sound(self, file: StoredFile) -> Grade:
        """How strongly a file is proved where an earlier version holds it."""
        key = self._key(file)
        try:
            return attest(self.store, key, file.size, file.sha256)
        except (BytesRefused, ObjectMissing) as error:
            what = "is missing" if isinstance(error, ObjectMissing) else "is damaged"
            package = f"{self.bag.identity} v{file.version}"
            raise type(error)(
                f"Store {self.store.name!r} ({self.store.place}): {key} {what}, which "
                f"{self.bag.identity} v{self.bag.version} was to refer to. {error.message}",
                f"Nothing refers to it while it is not sound. Mend {package} in this store from "
                f"another copy, then ingest again; 'wiazka audit --store {self.store.name} "
                f"{self.bag.identity}' shows all that is wrong with it.",
            ) from error

    def _key(self, file: StoredFile) -> str:
        return file_key(self.bag.identity, self.bag.version, file)

    def _taken(self, key: str) -> PrefixTaken:
        return PrefixTaken(
            f"Store {self.store.name!r} ({self.store.place}) holds {key}, which an interrupted "
            "push of other content left behind; nothing is written over, and an ingest removes "
            "nothing.",
            "The document takes the next version number. What was left is of no version: "
            f"'wiazka store verify {self.store.name}' lists it, a deaccession removes it.",
        )


def _side_by_side(step: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Take ``step`` with every item, several at a time; the first that fails stops the others."""
    waiting = deque(items)

    def work() -> list[R]:
        done = []
        try:
            while (item := _next(waiting)) is not None:
                done.append(step(item))
        except BaseException:
            waiting.clear()
            raise
        return done

    # A few long tasks rather than one for each of 20,000 small files.
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        workers = [pool.submit(work) for _ in range(REQUESTS_AT_ONCE)]
        try:
            return [done for worker in workers for done in worker.result()]
        except BaseException:
            waiting.clear()
            raise


def _next(waiting: deque[T]) -> T | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None
