"""What the policies of one store need of a day, and how its budget is shared among them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wiazka.catalogue.fixity_model import AgeGroup
from wiazka.evidence import Grade
from wiazka.fixity.pace import Interval, by_slot, pace
from wiazka.fixity.portion import Load, Portion


@dataclass(frozen=True, slots=True)
class Need:
    """One policy of one store, and the copies there. ``capped``: whether the budget counts it."""

    grade: Grade
    interval: Interval
    load: Load
    capped: bool
    groups: Sequence[AgeGroup]
    today: date

    @property
    def sound(self) -> list[AgeGroup]:
        """The copies whose last check was ok; the others are looked at again anyway."""
        return [group for group in self.groups if group.standing == 0]

    @property
    def again(self) -> float:
        """The load of the copies whose last check was not ok."""
        return self._sum(group for group in self.groups if group.standing != 0)

    @property
    def done(self) -> float:
        """What was proved today."""
        return self._done_in(1)

    def due(self, interval: Interval, *, late_last: bool = False) -> list[float]:
        """What falls due on each day from today on."""
        return by_slot(self.sound, interval, self.today, self.load, late_last=late_last)

    @property
    def pace(self) -> float:
        """What is aimed at for today, done already or not."""
        return pace(self.due(self.interval.early), self.done)

    @property
    def wanted(self) -> float:
        """What is still to be done today."""
        return max(self.pace - self.done, self.due(self.interval.early)[0])

    @property
    def needed(self) -> float:
        """The least that has to be done today for all to be in time."""
        return max(0.0, pace(self.due(self.interval), self.done) - self.done)

    @property
    def sustained(self) -> float:
        """The amount a day that keeps the policy, what is late already left for its last day."""
        return pace(self.due(self.interval, late_last=True), self.done)

    def portion(self, again: float, limit: float) -> Portion:
        """What is to be done today within ``limit``, and ``again`` for what failed."""
        early = self.interval.early
        return Portion(
            load=self.load,
            again=again,
            urgent=self.today - timedelta(days=early.urgent_age),
            ration=self.pace - self.done,
            room=early.window * self.pace - self._done_in(early.window),
            limit=limit,
        )

    def _done_in(self, days: int) -> float:
        """What was proved by audits in the last days, today included."""
        since = self.today - timedelta(days=days - 1)
        return self._sum(
            group for group in self.sound if group.proved and group.audited and group.day >= since
        )

    def _sum(self, groups: Iterable[AgeGroup]) -> float:
        return sum(self.load.of(one.copies, one.bytes, one.files) for one in groups)


def shared(needs: Sequence[Need], left: float) -> list[Portion]:
    """What each of a store's policies, the strongest first, may do today of what is ``left``.

    What failed is looked at again at the strongest grade, which clears it whatever it failed at. It
    may take half of the budget, or what all others leave: damage that stays does not keep the sound
    copies from being proved. Where there is too little, each policy gets its share of what is
    needed, so that none starves.
    """
    capped = [need for need in needs if need.capped]
    again = needs[0].again if needs else 0.0
    if needs and needs[0].capped:
        others = sum(need.wanted for need in capped)
        again = max(0.0, min(again, max(left / 2, left - others)))
        left -= again
    limits = dict(zip(map(id, capped), _limits(capped, max(0.0, left)), strict=True))
    return [
        need.portion(again if need is needs[0] else 0.0, limits.get(id(need), math.inf))
        for need in needs
    ]


def _limits(needs: Sequence[Need], left: float) -> list[float]:
    total = sum(need.wanted for need in needs)
    if total <= left:
        return [need.wanted for need in needs]
    needed = sum(need.needed for need in needs)
    if needed <= 0:
        return [left * need.wanted / total for need in needs]
    limits = [min(need.wanted, left * need.needed / needed) for need in needs]
    # What one does not take of its share is the others'.
    for number, need in enumerate(needs):
        limits[number] = min(need.wanted, limits[number] + left - sum(limits))
    return limits
