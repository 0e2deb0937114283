"""What a store's daily budget is counted in: bytes, requests, seconds or euros."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from wiazka.amounts import Budget
from wiazka.catalogue.fixity_model import Spent
from wiazka.evidence import Grade
from wiazka.fixity.portion import Load
from wiazka.fixity.terms import Terms

_GIB = 1 << 30
# Of a grade that the budget does not count, or where there is none.
_BYTES, _REQUESTS = Load(1, 0), Load(0, 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a budget a day counts: what a look by reading, and one without, takes of it.

    ``daily`` is infinite where there is no budget. ``unmeasured``: nothing is known of how long a
    look takes.
    """

    kind: Budget
    reading: Load
    asking: Load
    terms: Terms
    daily: float
    unmeasured: bool = False

    def counts(self, grade: Grade) -> bool:
        """Whether the budget is touched by a look at ``grade``."""
        load = self._load(grade)
        return math.isfinite(self.daily) and (load.per_byte > 0 or load.per_request > 0)

    def load(self, grade: Grade) -> Load:
        """How copies are counted at ``grade``."""
        if self.counts(grade):
            return self._load(grade)
        return _BYTES if grade in self.terms.reading else _REQUESTS

    def spent(self, audit: Spent) -> float:
        """What an audit took of the budget."""
        if self.kind.duration is not None:
            return audit.seconds or 0.0
        if self.kind.money is not None:
            return float(self.terms.price.cost(audit.bytes, audit.requests).money)
        return audit.requests if self.kind.requests is not None else audit.bytes

    def budget(self, amount: float) -> Budget:
        """So much of this unit as a budget."""
        if not math.isfinite(amount):
            return Budget()
        if self.kind.duration is not None:
            return Budget(duration=timedelta(seconds=amount))
        if self.kind.money is not None:
            return Budget(money=Decimal(str(amount)))
        whole = math.ceil(amount)
        return Budget(requests=whole) if self.kind.requests is not None else Budget(bytes=whole)

    def _load(self, grade: Grade) -> Load:
        return self.reading if grade in self.terms.reading else self.asking


def unit_of(daily: Budget | None, terms: Terms, lately: Sequence[Spent]) -> Unit:
    """The unit of a daily budget; ``lately`` are audits that show how fast the store is."""
    kind, price = daily or Budget(), terms.price
    if kind.bytes is not None:
        return Unit(kind, _BYTES, Load(0, 0), terms, kind.bytes)
    if kind.requests is not None:
        return Unit(kind, _REQUESTS, _REQUESTS, terms, kind.requests)
    if kind.money is not None:
        request = float(price.per_1000_requests) / 1000
        reading = Load(float(price.per_gib) / _GIB, request)
        return Unit(kind, reading, Load(0, request), terms, float(kind.money))
    if kind.duration is not None:
        read = [audit for audit in lately if audit.bytes]
        asked = [audit for audit in lately if not audit.bytes]
        reading = Load(_each(read, sum(audit.bytes for audit in read)), 0)
        asking = Load(0, _each(asked, sum(audit.requests for audit in asked)))
        seconds = kind.duration.total_seconds()
        return Unit(kind, reading, asking, terms, seconds, unmeasured=not lately)
    return Unit(kind, _BYTES, _REQUESTS, terms, math.inf)


def _each(audits: Sequence[Spent], amount: int) -> float:
    return sum(audit.seconds or 0.0 for audit in audits) / amount if amount else 0.0
