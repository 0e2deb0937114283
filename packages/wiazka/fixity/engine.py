"""Many copies looked at side by side, with no more in hand than keeps the stores busy."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Condition

from wiazka.catalogue.fixity_model import CopyCheck
from wiazka.catalogue.model import Copy, File, Version
from wiazka.errors import StoreError
from wiazka.evidence import Grade
from wiazka.fixity.check import CopyLook, Part, begin_look, unreachable
from wiazka.fixity.looking import Expected
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall

# Small files are bound by the round trip, large ones by the line and the hash: this many fill both.
AT_ONCE = 16
_PARTS_WAITING = 4 * AT_ONCE
# Of copies that are read already and wait to be recorded, too.
_COPIES_IN_HAND = 64


@dataclass(frozen=True, slots=True)
class Job:
    """A copy to be looked at, and all that is known of what it should hold."""

    store: Store
    copy: Copy
    version: Version
    files: tuple[File, ...]
    takes_digests: bool


@dataclass(slots=True)
class _InHand:
    job: Job
    waiting: int = 0
    parts: list[Part] = field(default_factory=list)
    # The store no longer answers: what was seen of the copy by then says nothing of the rest.
    is_cut_short: bool = False


class Engine:
    """The threads of one audit. ``roll`` knows which stores answer; one that does not is let be.

    ``left_out`` hears of a copy that was begun and whose store then did not answer any more.
    """

    def __init__(self, grade: Grade, roll: RollCall, left_out: Callable[[Copy], None]) -> None:
        self._left_out = left_out
        self._grade = grade
        self._roll = roll
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._turn = Condition()
        self._tasks = 0
        self._copies = 0
        self._done: deque[CopyCheck | Copy] = deque()
        self._fault: BaseException | None = None

    def checks(self, jobs: Iterable[Job]) -> Iterator[CopyCheck]:
        """What looking at each showed, as they are done. Copies of a store that does not answer are
        left out. Raises what a look raises that is not the store's error.
        """
        try:
            for job in jobs:
                yield from self._room()
                self._submit(self._begin, _InHand(job), is_new=True)
            yield from self._rest()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _room(self) -> Iterator[CopyCheck]:
        """Wait until another copy can be taken in hand."""
        while True:
            with self._turn:
                while not self._done and not self._fault and self._is_full:
                    self._turn.wait()
                ready = self._ready()
                full = self._is_full
            yield from ready
            if not full:
                return

    def _rest(self) -> Iterator[CopyCheck]:
        while True:
            with self._turn:
                while not self._done and not self._fault and self._copies:
                    self._turn.wait()
                ready = self._ready()
                over = not self._copies
            yield from ready
            if over:
                return

    @property
    def _is_full(self) -> bool:
        return self._tasks >= _PARTS_WAITING or self._copies >= _COPIES_IN_HAND

    def _ready(self) -> list[CopyCheck]:
        if self._fault:
            raise self._fault
        ready = list(self._done)
        self._done.clear()
        self._copies -= len(ready)
        for one in ready:
            if isinstance(one, Copy):
                self._left_out(one)
        return [one for one in ready if isinstance(one, CopyCheck)]

    def _submit(self, step: Callable[..., None], *what: object, is_new: bool = False) -> None:
        with self._turn:
            self._tasks += 1
            self._copies += is_new
        self._pool.submit(self._run, step, *what)

    def _run(self, step: Callable[..., None], *what: object) -> None:
        try:
            if self._fault is None:
                step(*what)
        except BaseException as error:
            # Raised again where the checks are waited for.
            self._fault = error
        finally:
            with self._turn:
                self._tasks -= 1
                self._turn.notify()

    def _begin(self, copy: _InHand) -> None:
        job = copy.job
        try:
            self._roll.require(job.store)
            look = begin_look(
                job.store,
                job.version,
                job.files,
                self._grade,
                job.copy.unchanged,
                takes_digests=job.takes_digests,
                roll=self._roll,
            )
        except StoreError as error:
            self._end(self._unlisted(job, error))
            return
        parts = look.parts()
        copy.waiting = len(parts)
        # The first here and now: most copies have no more.
        for part in parts[1:]:
            self._submit(self._look, copy, look, part)
        self._look(copy, look, parts[0])

    def _look(self, copy: _InHand, look: CopyLook, part: tuple[Expected, ...]) -> None:
        try:
            seen = None if copy.is_cut_short else look.at(part)
        except StoreError:
            seen = None
        with self._turn:
            copy.waiting -= 1
            if seen is None:
                copy.is_cut_short = True
            else:
                copy.parts.append(seen)
            is_last = not copy.waiting
        if is_last:
            self._end(copy.job.copy if copy.is_cut_short else look.check(copy.parts))

    def _unlisted(self, job: Job, error: StoreError) -> CopyCheck | Copy:
        try:
            self._roll.ask_again(job.store)
        except StoreError:
            return job.copy
        return unreachable(job.copy, self._grade, error)

    def _end(self, done: CopyCheck | Copy) -> None:
        with self._turn:
            self._done.append(done)
            self._turn.notify()
