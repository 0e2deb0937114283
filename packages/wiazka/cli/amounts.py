"""Ages and budgets as people write them: 90d, 50GiB, 30min, 2000req."""

import re
from dataclasses import dataclass
from datetime import timedelta

import rich_click as click

_TIMES = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SIZES = {"B": 1} | {
    f"{prefix}{unit}": base ** (power + 1)
    for unit, base in (("B", 1000), ("iB", 1024))
    for power, prefix in enumerate("KMGTP")
}
_REQUESTS = "req"
_AMOUNT = re.compile(r"^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a run may read, how long it may last, or how often it may ask; one of them."""

    bytes: int | None = None
    duration: timedelta | None = None
    requests: int | None = None


class _Age(click.ParamType[timedelta]):
    name = "age"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """``90d`` as a span of time."""
        amount = _AMOUNT.match(str(value))
        if amount is None or amount[2] not in _TIMES:
            self.fail(f"{value!r} is no length of time; write 90d, 12h or 30min.", param, ctx)
        return timedelta(seconds=float(amount[1]) * _TIMES[amount[2]])


class _Budget(click.ParamType[Budget]):
    name = "budget"

    def __init__(self, *examples: str) -> None:
        self._examples = examples

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Budget:
        """``50GiB``, ``30min`` or ``2000req`` as a budget."""
        amount = _AMOUNT.match(str(value))
        if amount and amount[2] in _SIZES:
            return Budget(bytes=int(float(amount[1]) * _SIZES[amount[2]]))
        if amount and amount[2] in _TIMES:
            return Budget(duration=timedelta(seconds=float(amount[1]) * _TIMES[amount[2]]))
        if amount and amount[2] == _REQUESTS and any(_REQUESTS in one for one in self._examples):
            return Budget(requests=int(float(amount[1])))
        wanted = " or ".join(self._examples)
        raise click.BadParameter(f"{value!r} is no budget; write {wanted}.", ctx, param)


AGE = _Age()
BUDGET = _Budget("50GiB", "30min")
BUDGET_OR_REQUESTS = _Budget("50GiB", "30min", f"2000{_REQUESTS}")
