"""Policies: all days are alike, nothing starves, and nothing is late that the budget allows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixity.simulated import DAY, START, late_from, store
from wiazka.catalogue.fixity_model import AgeGroup
from wiazka.evidence import Grade
from wiazka.fixity.coverage import coverage_of


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
