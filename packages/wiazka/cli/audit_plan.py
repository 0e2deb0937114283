"""wiazka audit --plan: what would be read today, what it costs, and when all will be proved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from wiazka.amounts import Budget
from wiazka.cli.output import console, print_json, size_in_words

if TYPE_CHECKING:
    from wiazka.fixity.forecast import Forecast
    from wiazka.fixity.scope import Scope
    from wiazka.ingest.model import Desk
    from wiazka.spending import Cost

_CENT = Decimal("0.01")
# So many columns a terminal needs for the whole table.
_WIDE = 105


def show_plan(
    desk: "Desk", scopes: "Sequence[Scope]", budget: Budget, *, policies: bool, as_json: bool
) -> int:
    """Show the plan of the policies, or of one scope; 0, for nothing is wrong yet."""
    if not policies:
        return _show_scope(desk, scopes[0], budget, as_json=as_json)
    from wiazka.fixity.forecast import forecasts
    from wiazka.fixity.plan import without_policy

    found = forecasts(desk.catalogue, desk.settings, datetime.now(UTC))
    warnings = [told for one in found if (told := _warning(one))]
    warnings += without_policy(desk.catalogue, desk.settings).values()
    if as_json:
        print_json(
            {
                "policies": [_json(one) for one in found],
                "today": _total_json(found),
                "warnings": warnings,
            }
        )
        return 0
    _table(found)
    out = console()
    for told in warnings:
        out.print(f"! {told}", style="bold yellow", markup=False)
    return 0


def _show_scope(desk: "Desk", scope: "Scope", budget: Budget, *, as_json: bool) -> int:
    from wiazka.fixity.scope import copies_in
    from wiazka.spending import Cost, Spending

    spending = Spending(budget)
    copies: defaultdict[str, int] = defaultdict(int)
    costs: defaultdict[str, Cost] = defaultdict(Cost)
    for copy in copies_in(desk.catalogue, scope, datetime.now(UTC)):
        expected = scope.expected(copy)
        if not spending.may_begin(expected):
            break
        copies[copy.store] += 1
        costs[copy.store] += expected
    total = sum(costs.values(), Cost())
    if as_json:
        told = {"copies": sum(copies.values()), **_cost_json(total)}
        stores = [
            {"store": store, "copies": copies[store], **_cost_json(costs[store])}
            for store in sorted(copies)
        ]
        print_json({"policies": [], "today": told, "stores": stores, "warnings": []})
        return 0
    out = console()
    for store in sorted(copies):
        out.print(f"{store}: {_copies(copies[store])}, {_cost(costs[store])}", markup=False)
    told_all = f"{_copies(sum(copies.values()))} to check at grade {scope.grade}: {_cost(total)}"
    out.print(told_all, markup=False)
    return 0


def _table(found: "Sequence[Forecast]") -> None:
    from rich.table import Table

    out = console()
    # In 80 columns each cell is still read whole; --json has what is left out there.
    is_wide = out.width >= _WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 2 if is_wide else 1, 0, 0))
    table.header_style = "bold"
    for name in ("store", "grade"):
        table.add_column(name, no_wrap=True)
    for name in ("every", "copies", "proved", "overdue"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("today", justify="right", no_wrap=is_wide, min_width=8)
    for name in ("requests", "cost") if is_wide else ("cost",):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("all proved by", justify="right", no_wrap=is_wide, min_width=10)
    for one in found:
        seen = one.coverage
        table.add_row(
            seen.store,
            str(seen.grade),
            _every(seen.within),
            str(seen.copies),
            f"{seen.tenths // 10}.{seen.tenths % 10} %",
            str(seen.overdue),
            _today(one, beside=is_wide),
            *([str(one.today.requests)] if is_wide else []),
            _euros(one.today.money),
            f"{one.all_proved_by:%Y-%m-%d}" if one.all_proved_by else "never",
        )
    if not found:
        out.print("No store with a policy ([fixity.NAME]) holds copies yet.", markup=False)
        return
    out.print(table)


def _today(one: "Forecast", *, beside: bool) -> str:
    """What is to be looked at; how much of that is read stands beside or below it."""
    read = f",{' ' if beside else chr(10)}{size_in_words(one.today.bytes)}"
    return _copies(one.copies_today) + (read if one.today.bytes else "")


def _warning(one: "Forecast") -> str | None:
    """What is to be said of a policy before it is broken; None when it is kept."""
    which = f"{one.coverage.store}, {one.coverage.grade} every {_every(one.coverage.within)}"
    if one.unmeasured:
        return f"{which}: how much fits into its time is told after the first audit."
    if one.late_from is None:
        return None
    if one.can_be_kept:
        return (
            f"{which}: {one.coverage.overdue} copies are overdue; all is made up for by "
            f"{one.all_proved_by}."
        )
    return (
        f"{which}: needs {_budget(one.per_day)} a day, daily is {_budget(one.daily or Budget())}: "
        f"from {one.late_from} on copies are late."
    )


def _json(one: "Forecast") -> dict[str, object]:
    seen = one.coverage
    oldest = seen.oldest
    return {
        "store": seen.store,
        "grade": seen.grade,
        "every_days": seen.within / timedelta(days=1),
        "copies": seen.copies,
        "proved": seen.proved,
        "overdue": seen.overdue,
        "never": seen.never,
        "damaged": seen.failed,
        "unanswered": seen.unanswered,
        "oldest": oldest
        and {
            "id": oldest.identity,
            "version": oldest.version,
            "proved_at": oldest.proved_at.isoformat() if oldest.proved_at else None,
        },
        "today": {"copies": one.copies_today, **_cost_json(one.today)},
        "round": _cost_json(one.round),
        "per_day": _budget_json(one.per_day),
        "daily": _budget_json(one.daily) if one.daily else None,
        "all_proved_by": str(one.all_proved_by) if one.all_proved_by else None,
        "late_from": str(one.late_from) if one.late_from else None,
        "can_be_kept": one.can_be_kept,
    }


def _total_json(found: "Sequence[Forecast]") -> dict[str, object]:
    from wiazka.spending import Cost

    total = sum((one.today for one in found), Cost())
    return {"copies": sum(one.copies_today for one in found), **_cost_json(total)}


def _cost_json(cost: "Cost") -> dict[str, object]:
    return {"bytes": cost.bytes, "requests": cost.requests, "eur": float(round(cost.money, 6))}


def _budget_json(budget: Budget) -> dict[str, object]:
    seconds = budget.duration.total_seconds() if budget.duration is not None else None
    money = float(budget.money) if budget.money is not None else None
    chosen = {
        "bytes": budget.bytes,
        "requests": budget.requests,
        "seconds": seconds,
        "eur": money,
    }
    return {name: value for name, value in chosen.items() if value is not None}


def _budget(budget: Budget) -> str:
    if budget.bytes is not None:
        return _binary(budget.bytes)
    if budget.requests is not None:
        return f"{budget.requests} requests"
    if budget.duration is not None:
        return f"{budget.duration.total_seconds() / 60:.0f} min"
    return _euros(budget.money or Decimal(0))


def _binary(size: int) -> str:
    """In the units that a budget is written in, rounded up: so much is enough."""
    from math import ceil

    for unit, power in (("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if size >= 1 << power:
            return f"{ceil(size * 10 / (1 << power)) / 10:g} {unit}"
    return f"{size} B"


def _cost(cost: "Cost") -> str:
    read = f"{size_in_words(cost.bytes)} read, {cost.requests} requests"
    return f"{read}, {_euros(cost.money)}" if cost.money else read


def _euros(money: Decimal) -> str:
    # Half a cent is not nothing.
    return f"€{max(money.quantize(_CENT), _CENT if money else Decimal(0)):.2f}"


def _copies(number: int) -> str:
    return "1 copy" if number == 1 else f"{number} copies"


def _every(within: timedelta) -> str:
    hours = within.total_seconds() / 3600
    return f"{within.days}d" if not hours % 24 else f"{hours:g}h"
