"""A segment: some events of the ledger as one object of a store, never changed (docs/ledger.md)."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from wiazka.catalogue.chain import ORIGIN, Link, link_of_line
from wiazka.errors import LedgerBroken
from wiazka.evidence import chunks
from wiazka.ledger.note import checkpoint_count, is_key_object
from wiazka.stores.base import Store
from wiazka.stores.layout import LEDGER

_NAME = re.compile(rf"{re.escape(LEDGER)}(\d{{12}})-(\d{{12}})\.jsonl")
# A segment never has more: it is made in memory, some ten megabytes; and the newest events of a
# store are found by listing no more keys than this.
EVENTS_AT_ONCE = 10_000
# A store keeps one segment for each run: tens of thousands of small ones in ten years.
_REQUESTS_AT_ONCE = 8
# Checkpoints lie beside them, as many. The numbers of a hundred thousand million events begin so.
_SEGMENTS = f"{LEDGER}0"


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """The events ``first`` to ``last``, as their key names them."""

    first: int
    last: int

    @property
    def key(self) -> str:
        """Where it lies in a store: keys sort as the events do."""
        return f"{LEDGER}{self.first:012d}-{self.last:012d}.jsonl"

    @property
    def events(self) -> int:
        """How many it has."""
        return self.last - self.first + 1


def segment_of(key: str) -> Segment | None:
    """The segment that a key names; None where it names none."""
    found = _NAME.fullmatch(key)
    if found is None:
        return None
    segment = Segment(int(found[1]), int(found[2]))
    return segment if 0 < segment.first <= segment.last else None


def is_of_ledger(key: str) -> bool:
    """Whether wiazka keeps something of the ledger under a key: events, checkpoints, keys."""
    return segment_of(key) is not None or checkpoint_count(key) is not None or is_key_object(key)


def segments_in(store: Store, upto: int = 0) -> list[Segment]:
    """The segments that a store has, by their first event; at least those that go on beyond the
    events ``upto``. Raises the store's errors.
    """
    after = f"{LEDGER}{max(upto - EVENTS_AT_ONCE, 0):012d}"
    listed = store.list(_SEGMENTS, after)
    return sorted(filter(None, (segment_of(info.key) for info in listed)))


def links_in(store: Store, segment: Segment) -> Iterator[Link]:
    """The events of a segment, each with its hash computed anew, in their order.

    Memory holds one segment. Raises LedgerBroken, which names the line, when one is not what its
    hash says, does not follow from the one before it or is not where the key says; and the store's
    errors.
    """
    yield from _links(store, segment, _body(store, segment), link_of_line)


def _body(store: Store, segment: Segment) -> bytes:
    with store.open(segment.key) as stream:
        return b"".join(chunks(stream))


def _bodies(store: Store, segments: Iterable[Segment]) -> Iterator[tuple[Segment, bytes]]:
    """Segments with their bytes. The next ones are fetched meanwhile, but of no more events than
    one alone may have.
    """
    waiting: deque[tuple[Segment, Future[bytes]]] = deque()
    pool = ThreadPoolExecutor(_REQUESTS_AT_ONCE)
    try:
        for segment in segments:
            waiting.append((segment, pool.submit(_body, store, segment)))
            while (
                len(waiting) > _REQUESTS_AT_ONCE
                or sum(one.events for one, _ in waiting) > EVENTS_AT_ONCE
            ):
                first, body = waiting.popleft()
                yield first, body.result()
        for first, body in waiting:
            yield first, body.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _links(
    store: Store, segment: Segment, body: bytes, read: Callable[[bytes], Link]
) -> Iterator[Link]:
    # Not splitlines: a sentence may hold U+2028, which JSON leaves as it is.
    lines = body.removesuffix(b"\n").split(b"\n")
    previous = None
    for number, line in enumerate(lines, start=1):
        try:
            link = read(line)
        except ValueError as error:
            raise _broken(store, segment, number, str(error)) from error
        if link.seq != segment.first + number - 1:
            raise _broken(store, segment, number, f"it is event {link.seq}")
        if previous is not None and link.previous != previous:
            raise _broken(store, segment, number, "it does not follow from the one before it")
        previous = link.hash
        yield link
    if len(lines) != segment.events:
        raise _broken(store, segment, len(lines), "it is the last, and the key names another")


class Reader:
    """Reads the ledger of a store from its origin, with the next events in memory, and no more.

    Segments may overlap: two runs that ended at the same time may both have written what was new.
    ``read`` makes an event of a line; it may know some already, which are then not read anew.
    """

    def __init__(self, store: Store, read: Callable[[bytes], Link] = link_of_line) -> None:
        self._store, self._read = store, read
        self.count, self.head = 0, ORIGIN

    def __iter__(self) -> Iterator[Link]:
        """Every event once. Raises LedgerBroken for a gap or what does not follow."""
        hashes: dict[int, str] = {}
        for segment, body in _bodies(self._store, segments_in(self._store)):
            if segment.first > self.count + 1:
                raise LedgerBroken(
                    f"Store {self._store.name!r} ({self._store.place}): the events "
                    f"{self.count + 1} to {segment.first - 1} of the ledger are missing.",
                    "Another store may have them: 'wiazka rebuild --from' that one.",
                )
            hashes = {seq: known for seq, known in hashes.items() if seq >= segment.first}
            for link in _links(self._store, segment, body, self._read):
                if link.seq <= self.count:
                    if hashes[link.seq] != link.hash:
                        raise _broken(
                            self._store,
                            segment,
                            link.seq - segment.first + 1,
                            "another segment has another event of that number",
                        )
                    continue
                if link.previous != self.head:
                    raise _broken(
                        self._store,
                        segment,
                        link.seq - segment.first + 1,
                        "it does not follow from the segment before",
                    )
                self.count, self.head = link.seq, link.hash
                hashes[link.seq] = link.hash
                yield link


def _broken(store: Store, segment: Segment, line: int, what: str) -> LedgerBroken:
    return LedgerBroken(
        f"Store {store.name!r} ({store.place}), key {segment.key!r}, line {line}: the event is not "
        f"what was written: {what}.",
        "Compare the object with the same key in another store; 'wiazka log verify' compares all "
        "of them with the catalogue.",
    )
