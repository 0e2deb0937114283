"""A day's budget in time, money, bytes or requests: kept to, by one copy, and nothing starves."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.conftest import House
from tests.fixity.simulated import DAY, START, Simulated, store
from wiazka.amounts import budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck
from wiazka.evidence import Grade, Outcome
from wiazka.settings_of_fixity import FixityPolicy

LARGEST = 60
# A byte costs one of these, or a second each.
EURO_A_BYTE = {"price_per_gib": str(1 << 30)}
UNITS = {"B": {}, "s": {}, " EUR": EURO_A_BYTE}


def archive_of(daily: int, unit: str, every: int = 20) -> Simulated:
    return store(f"{every}d", f"{daily}{unit}", **UNITS[unit])


@settings(max_examples=30)
@given(
    unit=st.sampled_from(sorted(UNITS)),
    sizes=st.lists(st.integers(1, LARGEST), min_size=1, max_size=20),
    daily=st.integers(1, 200),
    damaged=st.sets(st.integers(0, 19), max_size=3),
    # On which day by how many days the clock is put back.
    back=st.dictionaries(st.integers(1, 60), st.integers(1, 40), max_size=2),
)
def test_whatever_it_is_counted_in_a_day_passes_its_budget_by_one_copy_and_nothing_starves(
    unit: str, sizes: list[int], daily: int, damaged: set[int], back: dict[int, int]
) -> None:
    archive = archive_of(daily, unit)
    archive.ingest(sizes)
    archive.damaged = damaged
    put_back = 0
    for night in range(160):
        put_back += back.get(night, 0)
        archive.day = night - put_back
        archive.run()
        assert archive.read[-1] < daily + LARGEST
    # One copy a day at the least, the damaged every second: all had their turn since.
    lately = archive.now - 90 * DAY
    for one in archive.held:
        tried = one.failed_at if one.number in damaged else one.since(Grade.READ)
        assert tried >= lately


@pytest.mark.parametrize("unit", UNITS)
def test_a_budget_too_small_for_one_copy_proves_one_a_day_all_the_same(unit: str) -> None:
    archive = archive_of(1, unit, every=5)
    archive.ingest([50] * 10)
    for _ in range(40):
        archive.run()
    assert archive.read[-30:] == [50] * 30
    assert all(archive.now - one.since(Grade.READ) <= 11 * DAY for one in archive.held)


@pytest.mark.parametrize("unit", UNITS)
def test_a_damaged_copy_as_large_as_the_budget_does_not_keep_the_others_back(unit: str) -> None:
    archive = archive_of(31, unit)
    archive.ingest([39, 10, 10])
    archive.damaged = {0}
    for _ in range(100):
        archive.run()
    assert not archive.late
    assert archive.now - archive.held[0].failed_at < 3 * DAY


def test_before_it_is_known_how_fast_a_store_is_the_clock_ends_an_audit() -> None:
    archive = store("1d", "100s")
    archive.ingest([30] * 50)
    archive.run()
    assert archive.read == [120]


def test_a_price_of_zero_is_no_limit() -> None:
    archive = store("1d", "€5", price_per_gib="0")
    archive.ingest([30] * 50)
    archive.day = 1
    archive.run()
    assert archive.read == [1500]


def test_an_hour_in_which_nothing_ran_is_not_taken_for_work(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        audit = catalogue.audits.begin(Grade.READ, START)

        def check(minute: float, lasted: float) -> None:
            begun = START + timedelta(minutes=minute)
            ended = begun + timedelta(minutes=lasted)
            seen = CopyCheck(
                "main/a", 1, "s", Grade.READ, Outcome.OK, 3, 100, begun, ended, requests=5
            )
            catalogue.audits.record(audit, seen, "Audited.")

        # Two at once; then the audit was killed, and taken up two days later.
        check(0, 10)
        check(5, 10)
        check(2 * 24 * 60, 10)
        [all_of] = catalogue.audits.timed("s", START, START + 3 * DAY)
        assert (all_of.bytes, all_of.requests, all_of.seconds) == (300, 15, 25 * 60)
        [second] = catalogue.audits.timed("s", START + DAY, START + 3 * DAY)
        assert second.seconds == 10 * 60
        # What a clock that was put back has seen of days to come is not of today.
        [today] = catalogue.audits.spent("s", START, START + DAY)
        assert today.bytes == 200


def test_what_a_provider_hashed_for_weeks_is_nothing_that_was_asked_of_its_store(
    tmp_path: Path,
) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        audit = catalogue.audits.begin(Grade.RECOMPUTED, START)
        ended = START + 20 * DAY
        told = CopyCheck("main/a", 1, "s", Grade.RECOMPUTED, Outcome.CHANGED, 3, 0, START, ended)
        catalogue.audits.record(audit, told, "Imported.")
        assert not catalogue.audits.timed("s", START, START + 30 * DAY)
        assert not catalogue.audits.spent("s", START, START + 30 * DAY)


def test_a_budget_of_money_without_a_price_is_an_error_that_names_store_and_key(
    house: House,
) -> None:
    with house.config.open("a", encoding="utf-8") as config:
        config.write('[fixity.disk]\nread_every = "90d"\ndaily = "€5"\n')
    done = house.run("audit", "--plan")
    assert done.returncode == 2
    assert "fixity.disk: daily is €5 and the store has no price; give price_per_gib" in done.stderr
    priced = FixityPolicy.model_validate({"daily": "€5", "price_per_1000_requests": "0.0004"})
    assert priced.price.per_1000_requests == Decimal("0.0004")


@pytest.mark.parametrize("text", ["0B", "0GiB", "0req", "0min", "€0", "0", "", "5", "€", "-1GiB"])
def test_nothing_is_no_budget(text: str) -> None:
    with pytest.raises(ValueError, match="is no budget"):
        budget(text)
    with pytest.raises(ValidationError, match="is no budget"):
        FixityPolicy.model_validate({"daily": text})
