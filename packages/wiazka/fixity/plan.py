"""What the policies ask for today, what that costs, and whether they can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import AgeGroup, Spent
from wiazka.evidence import Grade
from wiazka.fixity.check import GRADES
from wiazka.fixity.needs import Need, shared
from wiazka.fixity.pace import Interval
from wiazka.fixity.portion import Portion
from wiazka.fixity.scope import Scope
from wiazka.fixity.terms import Terms, terms_of
from wiazka.fixity.unit import Unit, unit_of
from wiazka.phrase import Phrase, quoted, say
from wiazka.settings import Settings
from wiazka.settings_of_fixity import FixityPolicy

# How far back it is looked how fast a store is.
_MEASURED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StorePlan:
    """The policies of one store, the strongest first, each with what it may do today.

    ``left``: what of its day's budget was not spent yet.
    """

    store: str
    policy: FixityPolicy
    unit: Unit
    left: float
    needs: tuple[Need, ...]
    portions: tuple[Portion, ...]

    def budget(self, need: Need) -> Budget | None:
        """How far an audit for one of the needs may go; None where its time is over."""
        if need.capped:
            return self.unit.budget(self.left)
        if self.policy.daily is None or self.policy.daily.duration is None:
            # A listing goes on when all that may be read today was read.
            return Budget()
        # How long a look takes is not known yet; a clock ends it all the same.
        return self.unit.budget(self.left) if self.left > 0 else None


def plan_of(
    catalogue: Catalogue, settings: Settings, at: datetime, stores: Sequence[str] | None = None
) -> tuple[StorePlan, ...]:
    """What each store's policy (or that of ``stores`` only) asks for on the day (UTC) of ``at``.

    Stores that hold no copies, and grades that no audit can prove by itself, are left out.
    """
    there = catalogue.audits.stores()
    terms = terms_of(catalogue, settings)
    policies = {
        store: policy
        for store, policy in settings.fixity.items()
        if store in there and (stores is None or store in stores) and policy.intervals
    }
    asked = [
        (grade, store, at - every)
        for store, policy in policies.items()
        for grade, every in policy.intervals.items()
        if grade in GRADES
    ]
    groups: dict[str, dict[Grade, Sequence[AgeGroup]]] = {store: {} for store in policies}
    for (grade, store, _), ages in zip(asked, catalogue.audits.all_ages(asked), strict=True):
        groups[store][grade] = ages
    today = at.astimezone(UTC).date()
    return tuple(
        planned(
            store,
            policy,
            terms[store],
            groups[store],
            spent_on(catalogue, store, policy, at),
            today,
        )
        for store, policy in policies.items()
    )


def scopes_today(
    catalogue: Catalogue,
    settings: Settings,
    at: datetime,
    stores: Sequence[str] | None = None,
) -> tuple[Scope, ...]:
    """The audits by which the policies are kept today; none of a store whose day is spent."""
    terms = terms_of(catalogue, settings)
    return tuple(
        Scope(
            grade=need.grade,
            store=plan.store,
            portion=portion,
            budget=budget,
            terms=terms,
        )
        for plan in plan_of(catalogue, settings, at, stores)
        for need, portion in zip(plan.needs, plan.portions, strict=True)
        if portion.again > 0 or (need.wanted > 0 and not portion.is_empty)
        if (budget := plan.budget(need)) is not None
    )


def without_policy(catalogue: Catalogue, settings: Settings) -> Mapping[str, Phrase]:
    """A sentence for each store that holds copies and that no policy asks to be proved.

    None where there is no policy at all: then audits read every store.
    """
    if not settings.fixity:
        return {}
    return {
        store: say(
            "Store {store} has no policy, so nothing looks at its copies by itself; give it one: "
            "{example}",
            store=quoted(store),
            example=f'[fixity.{store}] read_every = "90d"',
        )
        for store in catalogue.audits.stores()
        if store in settings.stores
        and not (store in settings.fixity and settings.fixity[store].intervals)
    }


@dataclass(frozen=True, slots=True)
class Spendings:
    """What a store's audits took today, and lately; to learn from how fast it is."""

    today: Sequence[Spent]
    lately: Sequence[Spent]


def spent_on(catalogue: Catalogue, store: str, policy: FixityPolicy, at: datetime) -> Spendings:
    """What of a store's budget is spent; nothing is asked where there is none."""
    if policy.daily is None:
        return Spendings((), ())
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    # A clock that was put back has left audits of days to come: they spend nothing of this one.
    tomorrow = midnight + timedelta(days=1)
    if policy.daily.duration is None:
        return Spendings(catalogue.audits.spent(store, midnight, tomorrow), ())
    return Spendings(
        catalogue.audits.timed(store, midnight, tomorrow),
        catalogue.audits.timed(store, at - _MEASURED, tomorrow),
    )


def planned(
    store: str,
    policy: FixityPolicy,
    terms: Terms,
    groups: Mapping[Grade, Sequence[AgeGroup]],
    spendings: Spendings,
    today: date,
) -> StorePlan:
    """The plan that follows from what is known; asks nothing."""
    unit = unit_of(policy.daily, terms, spendings.lately)
    needs = tuple(
        Need(
            grade,
            Interval.of(policy.intervals[grade]),
            unit.load(grade),
            unit.counts(grade),
            ages,
            today,
        )
        for grade, ages in groups.items()
    )
    left = unit.daily - sum(map(unit.spent, spendings.today))
    return StorePlan(store, policy, unit, left, needs, tuple(shared(needs, left)))
