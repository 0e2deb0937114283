"""Ages and budgets as people write them: 90d, 50GiB, 30min, 2000req, €5."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T", int, timedelta, Decimal)

_TIMES = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SIZES = {"B": 1} | {
    f"{prefix}{unit}": base ** (power + 1)
    for unit, base in (("B", 1000), ("iB", 1024))
    for power, prefix in enumerate("KMGTP")
}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_MONEY = re.compile(r"€\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:€|EUR)")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a run may read, how long it may last, how often it may ask, what it may cost (EUR).

    None is no limit.
    """

    bytes: int | None = None
    duration: timedelta | None = None
    requests: int | None = None
    money: Decimal | None = None

    def within(self, other: "Budget") -> "Budget":
        """The lesser of both, limit by limit."""
        return Budget(
            _lesser(self.bytes, other.bytes),
            _lesser(self.duration, other.duration),
            _lesser(self.requests, other.requests),
            _lesser(self.money, other.money),
        )


def _lesser(one: T | None, other: T | None) -> T | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def age(text: str) -> timedelta:
    """``90d``, ``12h`` or ``30min`` as a time span. Raises ValueError that says what is right."""
    amount = _AMOUNT.fullmatch(text.strip())
    if amount is None or amount[2] not in _TIMES:
        raise ValueError(f"{text!r} is no length of time; write 90d, 12h or 30min.")
    return timedelta(seconds=float(amount[1]) * _TIMES[amount[2]])


def share(text: str) -> Fraction:
    """``5%`` as a share of the whole. Raises ValueError that says what is right."""
    amount = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text.strip())
    part = Fraction(amount[1]) / 100 if amount else Fraction()
    if not 0 < part <= 1:
        raise ValueError(f"{text!r} is no share; write 5% or 0.1%, up to 100%.")
    return part


def budget(text: str) -> Budget:
    """``50GiB``, ``30min``, ``2000req`` or ``€5`` as a budget.

    Raises ValueError that says what is right; nothing at all is no budget.
    """
    understood = _budget(text)
    if not any((understood.bytes, understood.duration, understood.requests, understood.money)):
        raise ValueError(f"{text!r} is no budget: nothing could begin; write 50GiB, 30min or €5.")
    return understood


def _budget(text: str) -> Budget:
    if money := _MONEY.fullmatch(text.strip()):
        return Budget(money=Decimal(money[1] or money[2]))
    amount = _AMOUNT.fullmatch(text.strip())
    if amount and amount[2] in _SIZES:
        return Budget(bytes=int(float(amount[1]) * _SIZES[amount[2]]))
    if amount and amount[2] in _TIMES:
        return Budget(duration=age(text))
    if amount and amount[2] == "req":
        return Budget(requests=int(float(amount[1])))
    raise ValueError(f"{text!r} is no budget; write 50GiB, 30min, 2000req or €5.")
