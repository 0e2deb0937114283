"""Policies: all days are alike, nothing starves, and nothing is late that the budget allows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiazka.catalogue.fixity_model import AgeGroup
from wiazka.catalogue.model import Copy
from wiazka.evidence import Grade
from wiazka.fixity.coverage import coverage_of
from wiazka.fixity.forecast import daily_share
from wiazka.fixity.pace import first_late
from wiazka.fixity.plan import Spendings, StorePlan, planned
from wiazka.fixity.portion import fitting
from wiazka.fixity.terms import Terms
from wiazka.settings_of_fixity import FixityPolicy

START = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Held:
    """A copy in the simulated store: what is known of it, by grade."""

    number: int
    size: int
    came: datetime
    proved: dict[Grade, datetime] = field(default_factory=dict)
    standing: int = 0
    failed_at: datetime = START - 1000 * DAY

    def since(self, grade: Grade) -> datetime:
        return self.proved.get(grade, self.came)

    @property
    def copy(self) -> Copy:
        return Copy(str(self.number), 1, "s", self.came, None, None, size=self.size, file_count=1)


@dataclass
class Simulated:
    """A store under a policy, day after day."""

    policy: FixityPolicy
    held: list[Held] = field(default_factory=list)
    damaged: set[int] = field(default_factory=set)
    day: int = 0
    read: list[int] = field(default_factory=list)
    late: Counter[Grade] = field(default_factory=Counter)

    @property
    def now(self) -> datetime:
        return START + self.day * DAY

    def ingest(self, sizes: Sequence[int]) -> None:
        for size in sizes:
            self.held.append(Held(len(self.held), size, self.now - timedelta(hours=1)))

    def plan(self) -> StorePlan:
        groups = {
            grade: self._groups(grade, every) for grade, every in self.policy.intervals.items()
        }
        return planned(
            self.policy and "s", self.policy, Terms(), groups, Spendings((), ()), self.now.date()
        )

    def run(self, *, answers: bool = True) -> None:
        """One day's audit by the policy; the store may be away."""
        plan, spent = self.plan(), 0
        for need, portion in zip(plan.needs, plan.portions, strict=True):
            if portion.is_empty:
                continue
            by_number = {str(one.number): one for one in self.held}
            failed = sorted(
                (one for one in self.held if one.standing), key=lambda one: one.failed_at
            )
            sound = sorted(
                (one for one in self.held if not one.standing),
                key=lambda one: one.since(need.grade),
            )
            copies = fitting(
                (one.copy for one in failed),
                ((one.since(need.grade), one.copy) for one in sound),
                portion,
            )
            for copy in list(copies):
                spent += self._check(by_number[copy.identity], need.grade, answers=answers)
        self.read.append(spent)
        for grade, every in self.policy.intervals.items():
            for one in self.held:
                if not one.standing and self.now + DAY - one.since(grade) > every:
                    self.late[grade] += 1
        self.day += 1

    def _check(self, one: Held, grade: Grade, *, answers: bool) -> int:
        at = self.now + timedelta(minutes=10)
        if not answers:
            one.standing, one.failed_at = 1, at
            return 0
        if one.number in self.damaged:
            one.standing, one.failed_at = -5, at
        else:
            one.standing = 0
            for weaker in Grade:
                if weaker.strength <= grade.strength:
                    one.proved[weaker] = at
        return one.size if grade is Grade.READ else 0

    def _groups(self, grade: Grade, every: timedelta) -> list[AgeGroup]:
        return [
            AgeGroup(
                one.since(grade).date(),
                one.standing,
                grade in one.proved,
                one.since(grade) >= self.now - every and grade in one.proved,
                one.since(grade).date() != one.came.date(),
                1,
                one.size,
                1,
            )
            for one in self.held
        ]


def store(every: str = "90d", daily: str | None = None, **more: str) -> Simulated:
    chosen = {"read_every": every, **({"daily": daily} if daily else {}), **more}
    return Simulated(FixityPolicy.model_validate(chosen))


def late_from(plan: StorePlan) -> int | None:
    [need] = plan.needs
    daily = daily_share(plan, need)
    return None if daily is None else first_late(need.due(need.interval), daily)


def test_ten_thousand_documents_of_one_day_are_read_on_ninety() -> None:
    archive = store("90d")
    archive.ingest([10] * 1000)
    for _ in range(400):
        archive.run()
    assert not archive.late
    # A tenth of the interval, a week at most, is kept for days on which nothing can be read.
    even = 1000 * 10 / 83
    assert max(archive.read) <= even * 1.15
    assert min(archive.read[:80]) >= even * 0.85


def test_what_was_all_read_on_one_day_is_spread_too() -> None:
    archive = store("90d")
    archive.ingest([10] * 1000)
    for one in archive.held:
        one.proved[Grade.READ] = archive.now
    archive.day = 1
    for _ in range(400):
        archive.run()
    assert not archive.late
    assert max(archive.read) <= 10_000 / 83 * 1.2


@pytest.mark.parametrize("number", [1, 3, 10])
def test_a_small_store_is_not_read_every_day(number: int) -> None:
    archive = store("90d")
    archive.ingest([100] * number)
    for _ in range(900):
        archive.run()
    assert not archive.late
    # Ten intervals; each copy is read about once in each, and not as often as there are days.
    assert sum(archive.read) <= 100 * number * 14


def test_a_week_without_the_store_makes_nothing_late() -> None:
    archive = store("90d")
    archive.ingest([10] * 500)
    for day in range(300):
        if not 150 <= day < 157:
            archive.run()
        else:
            archive.day += 1
    assert not archive.late


def test_a_daily_policy_checks_everything_every_day_and_once() -> None:
    archive = store("1d")
    archive.ingest([10] * 7)
    archive.day = 1
    for _ in range(5):
        archive.run()
    assert archive.read == [70] * 5
    # Again on the same day there is nothing left to do.
    archive.day -= 1
    archive.run()
    assert archive.read[-1] == 0


def test_damage_that_stays_keeps_no_sound_copy_from_being_proved() -> None:
    archive = store("30d", "100B")
    archive.ingest([10] * 100)
    archive.damaged = set(range(40))
    for _ in range(200):
        archive.run()
    assert not archive.late
    # Each damaged copy is tried again and again, the least recently tried first.
    oldest = min(archive.held[number].failed_at for number in archive.damaged)
    assert archive.now - oldest < timedelta(days=15)


def test_a_store_that_does_not_answer_is_read_when_it_does() -> None:
    archive = store("30d", "100B")
    archive.ingest([10] * 100)
    for day in range(200):
        archive.run(answers=not 50 <= day < 53)
    assert not archive.late
    assert all(one.standing == 0 for one in archive.held)


def test_a_weaker_policy_gets_its_share_of_a_budget_that_is_too_small() -> None:
    archive = store("30d", "20req", **{"stored-digest_every": "7d"})
    archive.ingest([1] * 200)
    for _ in range(300):
        archive.run()
    proved = [one.proved.get(Grade.STORED_DIGEST, START) for one in archive.held]
    assert archive.now - min(proved) < timedelta(days=60)
    assert archive.now - min(o.proved.get(Grade.READ, START) for o in archive.held) < 120 * DAY


@settings(max_examples=60)
@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=60),
    later=st.lists(
        st.tuples(st.integers(1, 200), st.lists(st.integers(1, 60), max_size=20)), max_size=4
    ),
    every=st.integers(2, 60),
    damaged=st.sets(st.integers(0, 59), max_size=5),
    daily=st.integers(1, 400),
)
def test_nothing_is_late_that_the_budget_allows_and_else_it_is_told_before(
    sizes: list[int],
    later: list[tuple[int, list[int]]],
    every: int,
    damaged: set[int],
    daily: int,
) -> None:
    archive = store(f"{every}d", f"{daily}B")
    archive.ingest(sizes)
    archive.damaged = damaged
    told: int | None = None
    arrivals = dict(later)
    for day in range(3 * every + 200):
        if day in arrivals:
            archive.ingest(arrivals[day])
        before = sum(archive.late.values())
        if late_from(archive.plan()) is not None:
            told = day if told is None else told
        archive.run()
        assert archive.read[-1] < daily + 60 * 2
        if sum(archive.late.values()) > before:
            assert told is not None, f"late on day {day}, and nobody was told"
            assert told < day or every <= 2
    if told is None:
        assert not archive.late
    # Nothing starves, whatever the budget: each was proved, or tried where it is damaged.
    total = sum(one.size for one in archive.held)
    if (total / daily) * 4 < archive.day - 200:
        assert all(one.proved or one.number in damaged for one in archive.held)


def test_coverage_counts_evidence_alone() -> None:
    today = date(2026, 6, 1)
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def group(
        age: int, standing: int = 0, *, proved: bool = True, in_time: bool = True
    ) -> AgeGroup:
        return AgeGroup(today - age * DAY, standing, proved, in_time, proved, 1, 1, 1)

    groups = [
        group(3),
        group(100, in_time=False),
        group(2, -5),
        group(2, 1),
        group(1, proved=False, in_time=False),
        group(95, proved=False, in_time=False),
    ]
    seen = coverage_of("s", Grade.READ, timedelta(days=90), groups, None, at)
    assert (seen.copies, seen.proved, seen.failed, seen.unanswered) == (6, 2, 1, 1)
    assert (seen.overdue, seen.never) == (2, 2)
    assert seen.sentence.startswith("33.3 % of copies proved read within 90 days; 2 overdue")
