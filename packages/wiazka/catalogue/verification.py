"""Finding what was done to the ledger behind our back (docs/ledger.md)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from wiazka.catalogue.chain import ORIGIN, canonical, digest
from wiazka.catalogue.model import FaultKind, LedgerFault, LedgerHead
from wiazka.catalogue.schema import EVENT, LEDGER

_PAGE = 1000


def verify(connection: Connection, checkpoints: Iterable[LedgerHead]) -> list[LedgerFault]:
    """Walk the chain from its origin; each fault names the event and what was done to it."""
    row = connection.execute(select(LEDGER.c.count, LEDGER.c.hash)).one_or_none()
    if row is None:
        return [LedgerFault(0, FaultKind.REMOVED, "The row that counts the events is gone.")]
    walk = _Walk(connection, LedgerHead(*row), checkpoints)
    query = select(EVENT).order_by(EVENT.c.seq).execution_options(yield_per=_PAGE)
    for event in connection.execute(query):
        walk.step(event)
    return walk.finish()


class _Walk:
    """One walk along the chain: where it stands, and what it has seen."""

    def __init__(
        self, connection: Connection, end: LedgerHead, checkpoints: Iterable[LedgerHead]
    ) -> None:
        self.connection = connection
        self.end = end
        self.checkpoints = {point.count: point.hash for point in checkpoints if point.count}
        self.seq, self.hash = 0, ORIGIN
        self.faults: list[LedgerFault] = []
        # Where events that no longer stand in their place were written, by their hash.
        self.places: dict[str, int] = {}

    def step(self, event: Row[Any]) -> None:
        if event.seq <= 0 or event.seq > self.end.count:
            self.fault(event.seq, FaultKind.INSERTED, "was not written by wiazka")
            return
        self.gap(event.seq)
        if not _is_intact(event, event.seq):
            self.explain(event)
        elif event.seq == self.seq + 1 and event.previous != self.hash:
            self.fault(event.seq, FaultKind.REWRITTEN, "does not follow from the event before it")
        if self.checkpoints.pop(event.seq, event.hash) != event.hash:
            self.fault(event.seq, FaultKind.REWRITTEN, "is not what a checkpoint says")
        self.seq, self.hash = event.seq, event.hash

    def finish(self) -> list[LedgerFault]:
        self.gap(self.end.count + 1)
        if self.seq == self.end.count and self.hash != self.end.hash:
            self.fault(self.seq, FaultKind.REWRITTEN, "is not the one that was written last")
        for count in sorted(count for count in self.checkpoints if count > self.end.count):
            self.fault(count, FaultKind.REMOVED, "is in a checkpoint, but not in the ledger")
        # An event that looks right stands where another one was written: it was put there.
        suspected = {fault.seq for fault in self.faults}
        for place in self.places.values():
            if place <= self.seq and place not in suspected:
                self.fault(place, FaultKind.INSERTED, "stands where another one was written")
        return sorted(self.faults, key=lambda fault: fault.seq)

    def explain(self, event: Row[Any]) -> None:
        place = self.place_of(event)
        if place is not None and _is_intact(event, place):
            self.places[event.hash] = place
            self.fault(event.seq, FaultKind.MOVED, f"was written as event {place}")
        else:
            self.fault(event.seq, FaultKind.EDITED, "was changed after it was written")

    def place_of(self, event: Row[Any]) -> int | None:
        """Where an event was written: one after the one that its ``previous`` names, which may have
        been moved itself, and so on back to one that stands in its place."""
        for steps in range(1, _PAGE):
            if event.previous == ORIGIN:
                return steps
            if event.previous in self.places:
                return self.places[event.previous] + steps
            before = self.connection.execute(
                select(EVENT).where(EVENT.c.hash == event.previous).limit(1)
            ).one_or_none()
            if before is None:
                return None
            if _is_intact(before, before.seq):
                return int(before.seq) + steps
            event = before
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


def _is_intact(event: Row[Any], seq: int) -> bool:
    fields: Mapping[str, Any] = {
        name: value for name, value in event._mapping.items() if name != "hash"
    }
    try:
        # Else blanks could be put into the text of ``detail`` unseen.
        in_one_form = canonical(json.loads(event.detail)) == event.detail
        return bool(in_one_form and digest({**fields, "seq": seq}) == event.hash)
    except (ValueError, TypeError):
        return False
