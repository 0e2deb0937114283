"""How far a run may go: in bytes, in requests, in time, in money."""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from wiazka.amounts import Budget


@dataclass(frozen=True, slots=True)
class Cost:
    """What something takes of a store: bytes, requests, and money (EUR)."""

    bytes: int = 0
    requests: int = 0
    money: Decimal = Decimal(0)

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.bytes + other.bytes, self.requests + other.requests, self.money + other.money
        )

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(
            self.bytes - other.bytes, self.requests - other.requests, self.money - other.money
        )


@dataclass(frozen=True, slots=True)
class Price:
    """What a store asks for (EUR): for a GiB that is read, and for a thousand requests."""

    per_gib: Decimal = Decimal(0)
    per_1000_requests: Decimal = Decimal(0)

    def cost(self, size: int, requests: int) -> Cost:
        """What so many bytes and requests cost."""
        money = self.per_gib * size / (1 << 30) + self.per_1000_requests * requests / 1000
        return Cost(size, requests, money)


FREE = Price()


class Spending:
    """What a run has spent of its budget. For several threads at once."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._spent = Cost()
        self._under_way = Cost()
        self._lock = threading.Lock()
        duration = self._budget.duration
        self._until = None if duration is None else time.monotonic() + duration.total_seconds()

    @property
    def spent(self) -> Cost:
        """What was spent so far."""
        return self._spent

    def may_begin(self, expected: Cost) -> bool:
        """Whether one more may be begun; then ``expected`` counts until ``ended`` is told.

        What reaches the budget is the last: it is passed by no more than that one, however many
        are under way at once.
        """
        with self._lock:
            if self._reached(self._spent + self._under_way):
                return False
            self._under_way += expected
            return True

    def ended(self, expected: Cost, spent: Cost) -> None:
        """What was begun as ``expected`` has ended, and took ``spent``."""
        with self._lock:
            self._under_way -= expected
            self._spent += spent

    def spend(self, cost: Cost) -> None:
        """Add what was spent without asking."""
        with self._lock:
            self._spent += cost

    @property
    def is_over(self) -> bool:
        """Whether the budget is reached: nothing more is begun then."""
        return self._reached(self._spent)

    @property
    def left(self) -> Budget:
        """What is left of the budget; nothing of a limit is 0."""
        budget, spent = self._budget, self._spent
        rest = None if self._until is None else max(0.0, self._until - time.monotonic())
        return Budget(
            None if budget.bytes is None else max(0, budget.bytes - spent.bytes),
            None if rest is None else timedelta(seconds=rest),
            None if budget.requests is None else max(0, budget.requests - spent.requests),
            None if budget.money is None else max(Decimal(0), budget.money - spent.money),
        )

    def _reached(self, cost: Cost) -> bool:
        budget = self._budget
        return (
            (budget.bytes is not None and cost.bytes >= budget.bytes)
            or (budget.requests is not None and cost.requests >= budget.requests)
            or (budget.money is not None and cost.money >= budget.money)
            or (self._until is not None and time.monotonic() >= self._until)
        )
