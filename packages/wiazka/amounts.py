"""Ages and budgets as people write them: 90d, 50GiB, 30min, 2000req, €5."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

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


def age(text: str) -> timedelta:
    """``90d``, ``12h`` or ``30min`` as a time span. Raises ValueError that says what is right."""
    amount = _AMOUNT.fullmatch(text.strip())
    if amount is None or amount[2] not in _TIMES:
        raise ValueError(f"{text!r} is no length of time; write 90d, 12h or 30min.")
    return timedelta(seconds=float(amount[1]) * _TIMES[amount[2]])


def budget(text: str) -> Budget:
    """``50GiB``, ``30min``, ``2000req`` or ``€5`` as a budget.

    Raises ValueError that says what is right.
    """
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
