"""Ages and budgets as arguments: what is wrong with one is said as usage."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import TypeVar

import rich_click as click

from wiazka.amounts import Budget, age, budget, share

T = TypeVar("T")


class _Amount(click.ParamType[T]):
    def __init__(self, name: str, understand: Callable[[str], T]) -> None:
        self.name = name
        self._understand = understand

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> T:
        """The text as what it stands for."""
        try:
            return self._understand(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _without_money(text: str) -> Budget:
    understood = budget(text)
    if understood.money is not None:
        raise ValueError(f"{text!r}: what this costs is not known; write 50GiB, 30min or 2000req.")
    return understood


AGE: click.ParamType[timedelta] = _Amount("age", age)
SHARE: click.ParamType[Fraction] = _Amount("share", share)
BUDGET: click.ParamType[Budget] = _Amount("budget", budget)
BUDGET_WITHOUT_MONEY: click.ParamType[Budget] = _Amount("budget", _without_money)
