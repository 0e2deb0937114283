"""What is due, as both databases tell it: copies, samples, resets, moves, and the command."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import House
from wiazka.amounts import Budget, share
from wiazka.catalogue import copies
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Drill
from wiazka.catalogue.model import Copy, File
from wiazka.catalogue.persons import Person
from wiazka.cli.main import wiazka
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.coverage import coverages
from wiazka.fixity.sampling import Sample, at_most, drawn
from wiazka.fixity.scope import Scope, copies_in
from wiazka.settings import Settings
from wiazka.spending import Cost, Spending

AT = datetime(2026, 6, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)
SHA = "0" * 64


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").url()
    with Catalogue.open(url) as opened:
        yield opened


def keep(catalogue: Catalogue, name: str, *stores: str, size: int = 100, at: datetime = AT) -> None:
    version = catalogue.begin_version(f"main/{name}", name, at, "d", name, name)
    catalogue.describe_version(
        version.identity,
        1,
        record_json="{}",
        files=[File("bagit.txt", size, SHA, "tag")],
        size=size,
        search=name,
        signed=[],
    )
    for store in stores or ("s",):
        catalogue.copy_stored(version.identity, 1, store, Grade.STORED_DIGEST, at, "Stored.", {})


def check(
    catalogue: Catalogue,
    name: str,
    at: datetime,
    outcome: Outcome = Outcome.OK,
    grade: Grade = Grade.READ,
    store: str = "s",
) -> None:
    number = catalogue.audits.begin(grade, at)
    seen = CopyCheck(f"main/{name}", 1, store, grade, outcome, 1, 100, at, at)
    catalogue.audits.record(number, seen, "Audited.")


def names(found: "Iterator[Copy]") -> list[str]:
    return [f"{copy.identity.removeprefix('main/')}@{copy.store}" for copy in found]


def test_what_failed_comes_first_then_the_never_proved_then_the_oldest(
    catalogue: Catalogue,
) -> None:
    for name in ("never", "new", "old", "bad", "away"):
        keep(catalogue, name)
    for age, name in enumerate(("new", "old", "bad", "away")):
        check(catalogue, name, AT + (10 - age) * DAY)
    check(catalogue, "away", AT + 11 * DAY, Outcome.THROTTLED)
    check(catalogue, "bad", AT + 12 * DAY, Outcome.CHANGED)
    due = catalogue.audits.due(Grade.READ)
    assert names(due) == ["away@s", "bad@s", "never@s", "old@s", "new@s"]
    # Tried once more, it goes to the end of those that failed.
    check(catalogue, "away", AT + 13 * DAY, Outcome.DENIED)
    assert names(catalogue.audits.failed("s")) == ["bad@s", "away@s"]


def test_numbers_go_on_where_a_rebuilt_catalogue_left_off(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    anna = Person.named("Anna Kowalska", "anna", "desk")

    def lived(one: Catalogue, name: str) -> tuple[int, int]:
        keep(one, name)
        drill = Drill(0, "s", f"main/{name}", 1, AT, AT, Outcome.OK, 1, 100, "Drilled.")
        asked = one.deaccessions.request(f"main/{name}", 1, reason="Zwrot", by=anna, at=AT)
        return one.drills.record(drill).id, asked.id

    with Catalogue.open(f"sqlite:///{tmp_path}/lost.sqlite") as lost:
        assert lived(lost, "note") == (1, 1)
        catalogue.rebuild("s", lost.links(), [], AT)
    assert lived(catalogue, "other") == (2, 2)


def test_of_two_audits_at_once_the_one_that_saw_no_damage_clears_none(catalogue: Catalogue) -> None:
    keep(catalogue, "note")
    check(catalogue, "note", AT + DAY, Outcome.CHANGED)
    # It may have read the file before the other found it changed.
    early = CopyCheck(
        "main/note", 1, "s", Grade.READ, Outcome.OK, 1, 100, AT, AT + 2 * DAY
    )  # fmt: skip
    catalogue.audits.record(catalogue.audits.begin(Grade.READ, AT), early, "Audited.")
    assert names(catalogue.audits.failed("s")) == ["note@s"]
    check(catalogue, "note", AT + 3 * DAY)
    assert names(catalogue.audits.failed("s")) == []


def test_a_store_that_did_not_answer_has_lost_no_proof_and_damage_has(
    catalogue: Catalogue,
) -> None:
    for name in ("away", "bad", "fresh", "late"):
        keep(catalogue, name, at=AT)
    now = AT + 100 * DAY
    for name in ("away", "bad"):
        check(catalogue, name, now - DAY)
    check(catalogue, "away", now, Outcome.THROTTLED)
    check(catalogue, "bad", now, Outcome.MISSING)
    check(catalogue, "late", now - 91 * DAY)
    keep(catalogue, "today", at=now)
    [seen] = coverages(catalogue, Settings(), now)
    assert (seen.store, seen.grade, seen.copies) == ("s", Grade.READ, 5)
    assert (seen.proved, seen.failed, seen.unanswered) == (1, 1, 1)
    # "fresh" was never read and came a hundred days ago; "today" has time yet.
    assert (seen.overdue, seen.never) == (2, 2)
    assert seen.oldest is not None
    assert (seen.oldest.identity, seen.oldest.proved_at) == ("main/fresh", None)


def test_the_days_of_a_store_add_up_to_its_copies(catalogue: Catalogue) -> None:
    for number in range(30):
        keep(catalogue, f"n{number}", "s", "t", size=number, at=AT + number % 4 * DAY)
        if number % 3:
            check(catalogue, f"n{number}", AT + (number + 5) * DAY)
    for store in catalogue.audits.stores():
        groups = catalogue.audits.ages(Grade.READ, store, AT + 20 * DAY)
        assert sum(group.copies for group in groups) == 30
        assert sum(group.bytes for group in groups) == sum(range(30))
        in_time = sum(group.copies for group in groups if group.in_time)
        assert in_time == (10 if store == "s" else 0)


def test_what_was_proved_as_it_came_is_told_from_what_an_audit_proved(catalogue: Catalogue) -> None:
    came = datetime.now(UTC).replace(hour=0, minute=1) - 2 * DAY
    for number in range(5):
        keep(catalogue, f"n{number}", "s", "t", size=10 + number, at=came)
    for number in range(2):
        check(catalogue, f"n{number}", came + DAY)
    asked = [(Grade.STORED_DIGEST, store, came - DAY) for store in ("t", "s")]
    both = catalogue.audits.all_ages(asked)
    assert both == [catalogue.audits.ages(*one) for one in asked]
    proved = [group for groups in both for group in groups if group.proved]
    assert sum(group.copies for group in proved if group.audited) == 2
    assert sum(group.copies for group in proved if not group.audited) == 8
    assert sum(group.bytes for group in proved if group.audited) == 10 + 11


def test_by_age_the_never_proved_stand_where_they_came(catalogue: Catalogue) -> None:
    keep(catalogue, "read", at=AT)
    keep(catalogue, "came", at=AT + 2 * DAY)
    keep(catalogue, "early", at=AT + DAY)
    check(catalogue, "read", AT + 3 * DAY)
    found = (copy for _, copy in catalogue.audits.by_age(Grade.READ, "s"))
    assert names(found) == ["early@s", "came@s", "read@s"]


def test_what_moves_bits_takes_proofs_away_and_clears_no_doubt(catalogue: Catalogue) -> None:
    keep(catalogue, "note")
    check(catalogue, "note", AT + DAY)
    check(catalogue, "note", AT + 2 * DAY, Outcome.CHANGED)
    with catalogue.audits.database.write() as connection:
        copies.reset(connection, "main/note", 1, "s", at=AT + 3 * DAY)
    [copy] = catalogue.copies("main/note", 1)
    assert copy.proved_at is None
    assert names(catalogue.audits.failed("s")) == ["note@s"]


def test_a_new_copy_has_the_proof_made_when_it_arrived_and_no_other(catalogue: Catalogue) -> None:
    keep(catalogue, "note", "s")
    check(catalogue, "note", AT + DAY)
    arrived = Copy("main/note", 1, "t", AT + 2 * DAY, None, None)
    catalogue.replicas.copied(arrived, Grade.STORED_DIGEST, "Replicated.", {})
    _, new = catalogue.copies("main/note", 1)
    assert (new.store, new.grade, new.proved_at) == ("t", Grade.STORED_DIGEST, AT + 2 * DAY)
    assert [c.store for _, c in catalogue.audits.by_age(Grade.READ, "t")] == ["t"]
    assert not any(group.proved for group in catalogue.audits.ages(Grade.READ, "t", AT))


def test_a_store_that_moved_is_unproved_and_told_once(catalogue: Catalogue) -> None:
    keep(catalogue, "note", "s", "t")
    catalogue.audits.keep_place("s", "here")
    assert catalogue.audits.moved("s", "there", AT + DAY) is not None
    assert catalogue.audits.moved("s", "there", AT + DAY) is None
    here, other = catalogue.copies("main/note", 1)
    assert (here.proved_at, other.proved_at) == (None, AT)
    assert [e.detail["to"] for e in catalogue.events() if e.kind == "store-moved"] == ["there"]


@pytest.mark.parametrize(("text", "size"), [("5%", 2), ("100%", 30), ("0.1%", 1)])
def test_a_sample_is_as_large_as_asked_and_the_same_with_the_same_seed(
    catalogue: Catalogue, text: str, size: int
) -> None:
    for number in range(30):
        keep(catalogue, f"n{number}")
    scope = Scope(sample=Sample(share(text), "7"))
    begun = AT + DAY
    first = names(copies_in(catalogue, scope, begun))
    assert len(set(first)) == size
    assert names(copies_in(catalogue, scope, begun)) == first
    assert json.loads(scope.text)["seed"] == "7"


def test_a_sample_that_is_taken_up_draws_no_others(catalogue: Catalogue) -> None:
    for number in range(30):
        keep(catalogue, f"n{number}")
    scope, begun = Scope(sample=Sample(share("20%"), "7")), AT + DAY
    first, *rest = names(copies_in(catalogue, scope, begun))
    check(catalogue, first.removesuffix("@s"), begun + DAY)
    assert names(copies_in(catalogue, scope, begun)) == rest


def test_each_copy_is_as_likely_to_be_drawn_as_any_other() -> None:
    population = [(f"main/n{number}", 1, "s") for number in range(20)]
    times = dict.fromkeys(population, 0)
    for seed in range(2000):
        for key in drawn(population, 5, str(seed)):
            times[key] += 1
    # 500 expected, with a standard deviation of 19.
    assert all(400 < drawn_so_often < 600 for drawn_so_often in times.values())


def test_nothing_found_in_a_sample_says_how_little_there_can_be() -> None:
    assert at_most(0, 120) == pytest.approx(1 - 0.05 ** (1 / 120), abs=1e-9)
    assert at_most(0, 120) < 0.025
    # Clopper and Pearson, from tables.
    assert at_most(1, 10) == pytest.approx(0.3942, abs=1e-3)
    assert at_most(3, 3) == at_most(0, 0) == 1.0


@given(st.lists(st.integers(1, 50), max_size=40), st.integers(1, 300), st.integers(1, 6))
def test_a_budget_is_passed_by_one_copy_at_most_however_many_are_under_way(
    sizes: list[int], budget: int, at_once: int
) -> None:
    spending, under_way = Spending(Budget(bytes=budget)), []
    for size in sizes:
        if not spending.may_begin(Cost(size)):
            break
        under_way.append(Cost(size))
        if len(under_way) == at_once:
            done = under_way.pop(0)
            spending.ended(done, done)
    for done in under_way:
        spending.ended(done, done)
    assert spending.spent.bytes < budget + max(sizes, default=0)
    assert sum(sizes) == spending.spent.bytes or spending.is_over


def run(house: House, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(
        wiazka,
        ["audit", *arguments, "--json", "--config", str(house.config)],
        standalone_mode=False,
    )
    assert done.exception is None, done.exception
    return done.return_value, json.loads(done.stdout)


def test_the_command_does_what_policies_ask_for_and_plans_what_it_does(house: House) -> None:
    for name in ("note", "other", "third"):
        house.submission(name)
    assert house.run("ingest").returncode == 0
    # Without policies all is read.
    code, told = run(house, "--plan")
    assert (code, told["today"]["copies"], told["policies"]) == (0, 3, [])
    everything = told["today"]["bytes"]
    code, told = run(house, "--plan", "--sample", "50%", "--seed", "1")
    assert told["today"]["copies"] == 2
    text = house.config.read_text("utf-8")
    policy = '[fixity.disk]\nread_every = "1d"\nprice_per_gib = 1024\n'
    house.config.write_text(text + policy, "utf-8")
    yesterday = (datetime.now(UTC) - DAY).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    _age(house, yesterday)
    code, told = run(house, "--plan")
    [one] = told["policies"]
    assert (one["store"], one["grade"], one["today"]["copies"]) == ("disk", "read", 3)
    assert one["today"]["bytes"] == everything
    assert one["today"]["eur"] == pytest.approx(everything / 2**20, rel=1e-3)
    assert (one["can_be_kept"], told["warnings"]) == (True, [])
    # A budget that is too small is told before anything is late, with what it would take.
    house.config.write_text(text + policy.replace("1d", "30d") + 'daily = "10B"\n', "utf-8")
    code, told = run(house, "--plan")
    [one] = told["policies"]
    assert (code, one["can_be_kept"], one["overdue"]) == (0, False, 0)
    assert one["late_from"] > datetime.now(UTC).date().isoformat()
    assert "daily is 10 B" in told["warnings"][0]
    assert one["late_from"] in told["warnings"][0]
    house.config.write_text(text + policy, "utf-8")
    code, told = run(house)
    assert (code, told["checked"], told["grade"], len(told["audits"])) == (0, 3, "read", 1)
    code, told = run(house)
    assert (code, told["checked"], told["reports"]) == (0, 0, [])
    code, told = run(house, "--sample", "100%")
    assert (told["sample"]["seen"], told["sample"]["damaged"]) == (3, 0)
    assert told["checked"] == 3


def test_a_listing_goes_on_when_all_that_may_be_read_today_was_read(house: House) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    text = house.config.read_text("utf-8")
    policy = '[fixity.disk]\nread_every = "90d"\nlisted_every = "1d"\ndaily = "10B"\n'
    house.config.write_text(text + policy, "utf-8")
    assert run(house, "--grade", "read")[1]["checked"] == 1
    _age(house, (datetime.now(UTC) - 2 * DAY).strftime("%Y-%m-%dT%H:%M:%S.000000Z"))
    told = run(house)[1]
    assert [(one["grade"], one["checked"]) for one in told["audits"]] == [("listed", 1)]


def test_a_plan_is_read_whole_in_80_columns(house: House) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    text = house.config.read_text("utf-8")
    policy = '[fixity.disk]\nread_every = "90d"\nstored-digest_every = "7d"\n'
    house.config.write_text(text + policy, "utf-8")
    told = house.run("audit", "--plan", COLUMNS="80").stdout
    assert "stored-digest" in told
    assert "…" not in told
    assert max(map(len, told.splitlines())) <= 80


def test_a_moved_disk_is_unproved_and_an_absent_one_keeps_its_proofs(house: House) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    text = house.config.read_text("utf-8")
    house.config.write_text(text.replace('"disk"\n', '"elsewhere"\n'), "utf-8")
    code, told = run(house, "--older-than", "1d")
    assert (code, told["checked"]) == (3, 0), "nothing lies there, which is told"
    (house.path / "disk").rename(house.path / "elsewhere")
    assert run(house, "--older-than", "1d")[1]["checked"] == 1
    assert run(house, "--older-than", "1d")[1]["checked"] == 0


def _age(house: House, at: str) -> None:
    import sqlite3

    with sqlite3.connect(house.path / "wiazka-home/catalogue.sqlite") as database:
        database.execute(
            "UPDATE copy SET stored_at = :at, proved_read = :at, proved_recomputed = :at, "
            "proved_stored_digest = :at, proved_size = :at, proved_listed = :at",
            {"at": at},
        )


def test_shares_say_what_is_right() -> None:
    assert share("2.5%") == Fraction(1, 40)
    for wrong in ("0%", "101%", "5", "x%"):
        with pytest.raises(ValueError, match="write 5%"):
            share(wrong)
