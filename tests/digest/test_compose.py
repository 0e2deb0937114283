"""What a digest says of facts: what needs somebody, what is new first, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from wiazka.amounts import Budget
from wiazka.catalogue.fixity_model import Drill, Incident
from wiazka.catalogue.model import State, SubmissionState
from wiazka.digest.compose import digest_of
from wiazka.digest.model import Facts
from wiazka.digest.standing import RunState, Standing
from wiazka.digest.text import html, plain
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.coverage import Coverage
from wiazka.fixity.forecast import Forecast
from wiazka.schedules import Schedule
from wiazka.settings import Archive
from wiazka.spending import Cost

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
FACTS = Facts(at=NOW, since=NOW - DAY)
DRILL = Drill(1, "nas", "main/note", 1, NOW, NOW, Outcome.OK, 3, 99, "Drilled main/note in nas.")

NIGHTLY = Schedule("nightly", "flows/ingest.py:ingest", "0 1 * * *", "Europe/Warsaw")
UNKNOWN = Standing(NIGHTLY, RunState.UNKNOWN, None, None)


def policy(
    *, overdue: int = 0, late_from: date | None = None, can_be_kept: bool = True
) -> Forecast:
    covered = Coverage("nas", Grade.READ, 90 * DAY, 1000, 973, overdue, 0, 0, 0, None)
    return Forecast(
        coverage=covered,
        copies_today=0,
        today=Cost(),
        round=Cost(),
        per_day=Budget(),
        daily=None,
        all_proved_by=None,
        late_from=late_from,
        can_be_kept=can_be_kept,
    )


def incident(number: int, opened_at: datetime = NOW - 3 * DAY) -> Incident:
    sentence = f"What is wrong, {number}."
    return Incident(number, "cause", "nas", Outcome.CHANGED, sentence, opened_at, NOW)


def submission(state: State, sentence: str = "Why.") -> SubmissionState:
    return SubmissionState("delivery", "zażółć", "f", state, None, None, sentence, NOW)


def texts(facts: Facts) -> list[str]:
    return [e.text for s in digest_of(facts, Archive()).sections for e in s.entries]


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        Facts(at=NOW, since=None),
        replace(FACTS, policies=(policy(),)),
        replace(FACTS, drills=(DRILL,)),
        replace(FACTS, standings=(UNKNOWN,)),
        replace(FACTS, incidents=(replace(incident(1), acknowledged_at=NOW),)),
    ],
)
def test_it_is_well_when_nothing_needs_anybody(facts: Facts) -> None:
    assert digest_of(facts, Archive()).is_well


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (replace(FACTS, faults=("The catalogue failed.",)), "The catalogue failed."),
        (replace(FACTS, since=NOW - 3 * DAY), "The last digest was made on 21 November"),
        (replace(FACTS, incidents=(incident(7),)), "Incident 7: What is wrong, 7."),
        (replace(FACTS, unasked=("Store 'nas' has no policy.",)), "Store 'nas' has no policy."),
        (replace(FACTS, policies=(policy(overdue=1),)), "nas: 97.3 % of copies"),
        (replace(FACTS, policies=(policy(can_be_kept=False),)), "cannot be kept"),
        (replace(FACTS, policies=(policy(late_from=date(2026, 12, 9)),)), "from 2026-12-09 on"),
        (replace(FACTS, drills=(replace(DRILL, outcome=Outcome.CHANGED),)), "Drilled main/note"),
        (replace(FACTS, drills=(replace(DRILL, ended=NOW - 32 * DAY),)), "the last drill was on"),
        (replace(FACTS, submissions=(submission(State.FAILED),)), "delivery/zażółć: failed. Why."),
        (replace(FACTS, submissions=(submission(State.STORED),)), "not in every store yet"),
    ],
)
def test_each_thing_that_needs_somebody_is_told(facts: Facts, told: str) -> None:
    [text] = texts(facts)
    assert told in text


def test_runs_of_which_nothing_is_known_here_are_no_alarm_and_not_passed_over() -> None:
    other = replace(UNKNOWN, schedule=replace(NIGHTLY, name="hourly"))
    told = plain(digest_of(replace(FACTS, standings=(UNKNOWN, other)), Archive()), "en")
    assert "No run of 'ingest.nightly' and 'ingest.hourly' is known here." in told


def test_a_good_drill_after_a_failed_one_ends_the_alarm_but_not_that_of_the_catalogue() -> None:
    failed = replace(DRILL, outcome=Outcome.CHANGED, sentence="Failed.")
    assert texts(replace(FACTS, drills=(DRILL, failed))) == []
    rebuilt = replace(failed, identity=None, sentence="Not rebuilt.")
    assert texts(replace(FACTS, drills=(DRILL, failed, rebuilt))) == ["Not rebuilt."]


def test_new_incidents_come_first_and_acknowledged_ones_stand_apart() -> None:
    known = replace(incident(3), acknowledged_at=NOW)
    made = digest_of(replace(FACTS, incidents=(incident(1), incident(2, NOW), known)), Archive())
    [section] = made.sections
    assert [(e.then, e.new) for e in section.entries] == [
        ("wiazka incident show 2", True),
        ("wiazka incident show 1", False),
    ]
    assert [e.then for e in made.known.entries] == ["wiazka incident show 3"]


def test_a_thousand_things_make_a_mail_that_can_be_read() -> None:
    made = digest_of(replace(FACTS, incidents=tuple(map(incident, range(1000)))), Archive())
    [section] = made.sections
    assert section.number == 1000
    assert "1000" in made.headline
    assert "and 980 more" in plain(made, "en")
    assert len(plain(made, "en").splitlines()) < 100


def test_names_from_strangers_are_no_markup() -> None:
    hostile = submission(State.REFUSED, "<script>alert(1)</script>")
    page = html(digest_of(replace(FACTS, submissions=(hostile,)), Archive()), "pl")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
