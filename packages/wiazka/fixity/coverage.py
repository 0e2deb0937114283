"""How much is proved, from what was seen alone: never from what was planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import AgeGroup, Oldest
from wiazka.evidence import Grade
from wiazka.settings import Settings

# What is told of a store that has no policy.
READ_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many copies in a store were proved at a grade or a stronger one ``within`` a time.

    ``overdue``: whose last proof is older, or that have been there for longer without any.
    ``failed``: whose last check found damage; they count as not proved, whenever they once were.
    ``unanswered``: whose last check the store did not answer; their proofs count.
    """

    store: str
    grade: Grade
    within: timedelta
    copies: int
    proved: int
    overdue: int
    never: int
    failed: int
    unanswered: int
    oldest: Oldest | None

    @property
    def tenths(self) -> int:
        """The share proved in tenths of a per cent, rounded down: 1000 is all."""
        return self.proved * 1000 // self.copies if self.copies else 1000

    @property
    def sentence(self) -> str:
        """In words, for admins."""
        share = f"{self.tenths // 10}.{self.tenths % 10} % of copies"
        told = [f"{share} proved {self.grade} within {_days(self.within)}"]
        if self.overdue:
            told.append(f"{self.overdue} overdue")
        if self.failed:
            told.append(f"{self.failed} damaged")
        if self.oldest and self.proved < self.copies:
            at = self.oldest.proved_at
            when = f"{at:%Y-%m-%d}" if at else "never"
            told.append(f"oldest {when} {self.oldest.identity} v{self.oldest.version}")
        return "; ".join(told)


def coverages(catalogue: Catalogue, settings: Settings, at: datetime) -> tuple[Coverage, ...]:
    """The coverage of each store that holds copies, at each grade of its policy.

    Of a store without one for ``read``: within 90 days.
    """
    chosen = []
    for store in catalogue.audits.stores():
        policy = settings.fixity.get(store)
        intervals = {Grade.READ: READ_WITHIN} | (policy.intervals if policy else {})
        chosen += [(grade, store, within) for grade, within in intervals.items()]
    ages = catalogue.audits.all_ages((grade, store, at - within) for grade, store, within in chosen)
    return tuple(
        coverage_of(store, grade, within, groups, catalogue.audits.oldest(grade, store), at)
        for (grade, store, within), groups in zip(chosen, ages, strict=True)
    )


def coverage_of(
    store: str,
    grade: Grade,
    within: timedelta,
    groups: Sequence[AgeGroup],
    oldest: Oldest | None,
    at: datetime,
) -> Coverage:
    """The coverage that ``groups`` (since ``at - within``) show."""
    sound = [group for group in groups if group.standing >= 0]
    # One that was never proved is late by the day: when in that day it came is not asked.
    came_before = (at - within).date()
    return Coverage(
        store,
        grade,
        within,
        copies=_copies(groups),
        proved=_copies(group for group in sound if group.in_time),
        overdue=_copies(
            group
            for group in sound
            if not group.in_time and (group.proved or group.day < came_before)
        ),
        never=_copies(group for group in sound if not group.proved),
        failed=_copies(group for group in groups if group.standing < 0),
        unanswered=_copies(group for group in groups if group.standing > 0),
        oldest=oldest,
    )


def _copies(groups: Iterable[AgeGroup]) -> int:
    return sum(group.copies for group in groups)


def _days(within: timedelta) -> str:
    if within < timedelta(days=1):
        return f"{within.total_seconds() / 3600:g} hours"
    return "1 day" if within.days == 1 else f"{within.days} days"
