"""How much is to be proved a day, so that everything is proved in time and all days are alike.

Work falls due by days: a copy that was last proved on some day has to be proved again within its
policy's interval. The pace is the least that keeps every date, were each day to do the same:
the largest, over all days to come, of what falls due until then, shared among the days until then.
What was ingested, or read, on one day is so spread over the whole interval and not done on its last
day; who is behind catches up first. By that pace each copy is read once in an interval, not more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from wiazka.catalogue.fixity_model import AgeGroup
from wiazka.fixity.portion import Load

# A week in which nothing could be read makes nothing late.
_SPARE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Interval:
    """A policy's interval in whole days; one below a day counts as a day.

    Work is planned by days, so a proof has to come on the day before the interval has run out at
    the latest, and ``early``, so that missed days can be made up for, some days before.
    """

    days: int

    @classmethod
    def of(cls, every: timedelta) -> "Interval":
        """The whole days of ``every``."""
        return cls(max(1, every.days))

    @property
    def early(self) -> "Interval":
        """What is aimed at: a tenth of the interval is kept for missed days, a week at most."""
        return Interval(self.days - min(self.days // 10, _SPARE_DAYS))

    def slot(self, age: int) -> int:
        """In how many days a copy that was proved ``age`` days ago is to be proved at the latest.

        Below 0 when it is late; never today for what was proved today.
        """
        return max(1 - age, self.days - 1 - age)

    @property
    def urgent_age(self) -> int:
        """From which age on, in days, a copy is to be proved today."""
        return max(1, self.days - 1)

    @property
    def window(self) -> int:
        """Over how many days large and small days may even out."""
        return max(1, min(7, self.days // 4))


def by_slot(
    groups: Iterable[AgeGroup], interval: Interval, today: date, load: Load, *, late_last: bool
) -> list[float]:
    """How much falls due on each day from today on. What is late is due today, or
    (``late_last``) on the last day of all, where only what is to come is asked about.
    """
    last = max(interval.days, 1)
    due = [0.0] * (last + 1)
    for group in groups:
        slot = interval.slot((today - group.day).days)
        amount = load.of(group.copies, group.bytes, group.files)
        if slot < 0:
            slot = last if late_last else 0
        due[min(slot, last)] += amount
    return due


def pace(due: Sequence[float], done: float = 0) -> float:
    """The least amount a day by which everything is done when it is due.

    ``done``: what was done today already.
    """
    return max((total + done) / (day + 1) for day, total in enumerate(accumulate(due)))


def first_late(due: Sequence[float], daily: float) -> int | None:
    """The first day, from today on, whose work is not done in time by so much a day; or None."""
    for day, total in enumerate(accumulate(due)):
        if total > daily * (day + 1) * (1 + 1e-9):
            return day
    return None


def days_to_do(due: Sequence[float], daily: float | None) -> int | None:
    """In how many days all is done at the pace, by no more than ``daily`` a day; None for never."""
    left = list(due)
    wanted = sum(due)
    done, day = 0.0, 0
    while done < wanted * (1 - 1e-9):
        rate = pace(left)
        if daily is not None and rate >= daily:
            if daily <= 0:
                return None
            # From here on every day does as much as it may.
            rest = wanted - done
            if not any(left[1:]):
                return day + int(-(-rest // daily))
            rate = daily
        done += rate
        left = _after(left, rate)
        day += 1
    return day


def _after(due: list[float], rate: float) -> list[float]:
    """What is still due, tomorrow, when so much of the earliest was done today."""
    left = []
    for amount in due:
        used = min(amount, rate)
        rate -= used
        left.append(amount - used)
    # What was due today and is not done is due tomorrow.
    first = left.pop(0)
    if not left:
        return [first]
    left[0] += first
    return left
