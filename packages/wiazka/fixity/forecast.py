"""Whether the policies can be kept: told before the first copy is late, with what it would take."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import AgeGroup
from wiazka.evidence import Grade
from wiazka.fixity.coverage import Coverage, coverage_of
from wiazka.fixity.needs import Need
from wiazka.fixity.pace import days_to_do, first_late
from wiazka.fixity.plan import StorePlan, plan_of
from wiazka.fixity.portion import Portion, fitting
from wiazka.settings import Settings
from wiazka.spending import Cost

# So many copies are looked at one by one; of more than these it does not matter which is the last.
_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Forecast:
    """One policy of one store: what is proved, what today brings, and what is to come.

    ``today`` and ``copies_today`` is what an audit now would read; ``round`` what it takes to prove
    every copy once. ``per_day`` is what the policy needs a day in the budget's unit, ``daily`` what
    there is. ``all_proved_by``: the day by which every copy will have been proved once more, None
    for never. ``late_from``: from then on copies are late, where the budget is too small;
    ``can_be_kept`` says whether, once what is late already is made up for, none will be.
    """

    coverage: Coverage
    copies_today: int
    today: Cost
    round: Cost
    per_day: Budget
    daily: Budget | None
    all_proved_by: date | None
    late_from: date | None
    can_be_kept: bool
    unmeasured: bool = False


def forecasts(
    catalogue: Catalogue, settings: Settings, at: datetime, stores: Sequence[str] | None = None
) -> tuple[Forecast, ...]:
    """The forecast of each policy, by store, the strongest grade first."""
    today = at.astimezone(UTC).date()
    found = []
    for plan in plan_of(catalogue, settings, at, stores):
        for need, portion in zip(plan.needs, plan.portions, strict=True):
            every = plan.policy.intervals[need.grade]
            oldest = catalogue.audits.oldest(need.grade, plan.store)
            coverage = coverage_of(plan.store, need.grade, every, need.groups, oldest, at)
            copies, cost = _today(catalogue, plan, need, portion)
            found.append(_forecast(plan, need, coverage, copies, cost, today))
    return tuple(found)


def _forecast(
    plan: StorePlan, need: Need, coverage: Coverage, copies: int, cost: Cost, today: date
) -> Forecast:
    daily = daily_share(plan, need)
    days = days_to_do(need.due(need.interval.early), daily)
    late = None if daily is None else first_late(need.due(need.interval), daily)
    sustained = sum(other.sustained for other in plan.needs if other.capped)
    return Forecast(
        coverage=coverage,
        copies_today=copies,
        today=cost,
        round=_cost(plan, need.grade, need.groups),
        per_day=_as_budget(plan, need),
        daily=plan.policy.daily,
        all_proved_by=None if days is None else today + timedelta(days=max(0, days - 1)),
        late_from=None if late is None else today + timedelta(days=late + 1),
        can_be_kept=daily is None or sustained <= plan.unit.daily * (1 + 1e-9),
        unmeasured=plan.unit.unmeasured,
    )


def daily_share(plan: StorePlan, need: Need) -> float | None:
    """What a policy may use of a whole day's budget; None where there is no limit.

    As ``needs.shared`` shares it: by what each needs, after what failed is looked at again.
    """
    if not need.capped:
        return None
    capped = [other for other in plan.needs if other.capped]
    again = plan.needs[0].again if plan.needs[0].capped else 0.0
    sustained = sum(other.sustained for other in capped)
    day = plan.unit.daily
    left = day - min(again, max(day / 2, day - sustained))
    return left * need.sustained / sustained if sustained else left


def _as_budget(plan: StorePlan, need: Need) -> Budget:
    if need.capped:
        return plan.unit.budget(need.sustained)
    whole = math.ceil(need.sustained)
    read = need.grade in plan.unit.terms.reading
    return Budget(bytes=whole) if read else Budget(requests=whole)


def _today(catalogue: Catalogue, plan: StorePlan, need: Need, portion: Portion) -> tuple[int, Cost]:
    """How many copies the portion has, and what they cost."""
    if portion.is_empty:
        return 0, Cost()
    failed = catalogue.audits.failed(plan.store)
    by_age = catalogue.audits.by_age(need.grade, plan.store)
    found = list(islice(fitting(failed, by_age, portion), _COUNTED))
    if len(found) < _COUNTED:
        size, files = sum(c.size for c in found), sum(c.file_count for c in found)
        return len(found), _priced(plan, need.grade, len(found), size, files)
    return _estimated(plan, need, portion)


def _estimated(plan: StorePlan, need: Need, portion: Portion) -> tuple[int, Cost]:
    """The same of very many, from the sums of each day."""
    copies = size = files = 0.0
    left = min(portion.limit, max(portion.ration, need.due(need.interval.early)[0]))
    again = [group for group in need.groups if group.standing != 0]
    amounts = [(sorted(need.sound, key=lambda group: group.day), left), (again, portion.again)]
    for groups, amount in amounts:
        taken = 0.0
        for group in groups:
            if taken >= amount:
                break
            load = need.load.of(group.copies, group.bytes, group.files)
            part = min(1.0, (amount - taken) / load) if load else 1.0
            copies += part * group.copies
            size += part * group.bytes
            files += part * group.files
            taken += load
    return round(copies), _priced(plan, need.grade, round(copies), round(size), round(files))


def _cost(plan: StorePlan, grade: Grade, groups: Iterable[AgeGroup]) -> Cost:
    all_of = list(groups)
    return _priced(
        plan,
        grade,
        sum(group.copies for group in all_of),
        sum(group.bytes for group in all_of),
        sum(group.files for group in all_of),
    )


def _priced(plan: StorePlan, grade: Grade, copies: int, size: int, files: int) -> Cost:
    return plan.unit.terms.cost(grade, copies, size, files)
