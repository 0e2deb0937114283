"""Finding what was done to the ledger behind our back (docs/ledger.md)."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, select

from wiazka.catalogue.chain import ORIGIN, Link
from wiazka.catalogue.model import FaultKind, LedgerFault, LedgerHead
from wiazka.catalogue.schema import EVENT, LEDGER

_PAGE = 1000


def verify(connection: Connection, see: Callable[[Link], None]) -> list[LedgerFault]:
    """Walk the chain from its origin; each fault names the event and what was done to it.

    ``see`` is shown every event: whoever compares them with something else need not read them anew.
    """
    head = connection.execute(select(LEDGER.c.count, LEDGER.c.hash)).one_or_none()
    walk = _Walk(connection, LedgerHead(*head)) if head else None
    query = select(EVENT).order_by(EVENT.c.seq).execution_options(yield_per=_PAGE)
    for row in connection.execute(query):
        event = Link(*row)
        if walk:
            walk.step(event)
        if event.seq > 0:
            see(event)
    if walk is None:
        return [LedgerFault(0, FaultKind.REMOVED, "The row that counts the events is gone.")]
    return walk.finish()


class _Walk:
    """One walk along the chain: where it stands, and what it has seen."""

    def __init__(self, connection: Connection, end: LedgerHead) -> None:
        self.connection = connection
        self.end = end
        self.seq, self.hash = 0, ORIGIN
        self.faults: list[LedgerFault] = []
        # Where events that no longer stand in their place were written, by their hash.
        self.places: dict[str, int] = {}

    def step(self, event: Link) -> None:
        if event.seq <= 0 or event.seq > self.end.count:
            self.fault(event.seq, FaultKind.INSERTED, "was not written by wiazka")
            return
        self.gap(event.seq)
        if not event.is_intact:
            self.explain(event)
        elif event.seq == self.seq + 1 and event.previous != self.hash:
            self.fault(event.seq, FaultKind.REWRITTEN, "does not follow from the event before it")
        self.seq, self.hash = event.seq, event.hash

    def finish(self) -> list[LedgerFault]:
        self.gap(self.end.count + 1)
        if self.seq == self.end.count and self.hash != self.end.hash:
            self.fault(self.seq, FaultKind.REWRITTEN, "is not the one that was written last")
        # An event that looks right stands where another one was written: it was put there.
        suspected = {fault.seq for fault in self.faults}
        for place in self.places.values():
            if place <= self.seq and place not in suspected:
                self.fault(place, FaultKind.INSERTED, "stands where another one was written")
        return sorted(self.faults, key=lambda fault: fault.seq)

    def explain(self, event: Link) -> None:
        place = self.place_of(event)
        if place is not None and replace(event, seq=place).is_intact:
            self.places[event.hash] = place
            self.fault(event.seq, FaultKind.MOVED, f"was written as event {place}")
        else:
            self.fault(event.seq, FaultKind.EDITED, "was changed after it was written")

    def place_of(self, event: Link) -> int | None:
        """Where an event was written: one after the one that its ``previous`` names, which may have
        been moved itself, and so on back to one that stands in its place."""
        for steps in range(1, _PAGE):
            if event.previous == ORIGIN:
                return steps
            if event.previous in self.places:
                return self.places[event.previous] + steps
            row = self.connection.execute(
                select(EVENT).where(EVENT.c.hash == event.previous).limit(1)
            ).one_or_none()
            if row is None:
                return None
            event = Link(*row)
            if event.is_intact:
                return event.seq + steps
        return None

    def gap(self, upto: int) -> None:
        first, last = self.seq + 1, upto - 1
        if first == last:
            self.fault(first, FaultKind.REMOVED, "is gone")
        elif first < last:
            sentence = f"Events {first} to {last} are gone."
            self.faults.append(LedgerFault(first, FaultKind.REMOVED, sentence))

    def fault(self, seq: int, kind: FaultKind, what: str) -> None:
        self.faults.append(LedgerFault(seq, kind, f"Event {seq} {what}."))
