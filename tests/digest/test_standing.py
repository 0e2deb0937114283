"""A missed run is told, and one that came is not: by the clocks of its zone, whatever they do."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from wiazka.digest.marks import Mark, Marks
from wiazka.digest.standing import RunState, last_due, standings, state_of
from wiazka.errors import ConfigError
from wiazka.schedules import Schedule

WARSAW = ZoneInfo("Europe/Warsaw")
DUE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def nightly(cron: str = "0 1 * * *", timezone: str = "Europe/Warsaw") -> Schedule:
    return Schedule("nightly", "flows/ingest.py:ingest", cron, timezone)


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        (None, RunState.MISSED),
        (Mark(DUE - 24 * HOUR, DUE - 23 * HOUR), RunState.MISSED),
        (Mark(DUE - 24 * HOUR, None, alive=True), RunState.STILL_RUNNING),
        (Mark(DUE, DUE + HOUR), RunState.WELL),
        (Mark(DUE, DUE - 23 * HOUR, alive=True), RunState.WELL),
        (Mark(DUE, DUE - 23 * HOUR, "the store is down"), RunState.FAILED),
        (Mark(DUE, DUE - 23 * HOUR), RunState.STOPPED),
        (Mark(DUE, None), RunState.STOPPED),
    ],
)
def test_how_a_run_stands(mark: Mark | None, state: RunState) -> None:
    assert state_of(mark, DUE) is state


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # Winter and summer time; then the nights on which the clocks change.
        (datetime(2026, 11, 24, 7, tzinfo=WARSAW), datetime(2026, 11, 24, 0, tzinfo=UTC)),
        (datetime(2026, 7, 24, 7, tzinfo=WARSAW), datetime(2026, 7, 23, 23, tzinfo=UTC)),
        (datetime(2026, 3, 29, 7, tzinfo=WARSAW), datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 7, tzinfo=WARSAW), datetime(2026, 10, 24, 23, tzinfo=UTC)),
    ],
)
def test_when_a_run_was_due_follows_the_clocks_of_its_zone(now: datetime, due: datetime) -> None:
    assert last_due(nightly(), now) == due


def test_a_run_is_due_at_its_very_second(tmp_path: Path) -> None:
    assert last_due(nightly(), DUE) == DUE
    assert last_due(nightly(), DUE - timedelta(seconds=1)) == DUE - 24 * HOUR


@pytest.mark.parametrize(("cron", "zone"), [("never", "UTC"), ("0 1 * * *", "Europe/Nowhere")])
def test_a_schedule_that_is_none_is_named(cron: str, zone: str) -> None:
    with pytest.raises(ConfigError, match="nightly"):
        last_due(nightly(cron, zone), DUE)


def test_nothing_is_missed_that_is_not_served_or_was_not_due_yet(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "runs")
    assert standings(marks, DUE) == ()
    marks.serve([nightly()], DUE + HOUR)
    [one] = standings(marks, DUE + 23 * HOUR)
    assert (one.state, one.due) == (RunState.WELL, None)
    [one] = standings(marks, DUE + 25 * HOUR)
    assert (one.state, one.due) == (RunState.MISSED, DUE + 24 * HOUR)


def test_what_other_machines_run_is_unknown_here_until_it_leaves_a_mark(tmp_path: Path) -> None:
    marks, later = Marks(tmp_path / "runs"), DUE + 25 * HOUR
    [one] = standings(marks, later, [nightly()])
    assert (one.state, one.due) == (RunState.UNKNOWN, None)
    marks.begin("ingest.nightly", DUE)
    marks.end("ingest.nightly", DUE + HOUR)
    [one] = standings(marks, DUE + 2 * HOUR, [nightly()])
    assert one.state is RunState.WELL
    [one] = standings(marks, later, [nightly()])
    assert (one.state, one.due) == (RunState.MISSED, DUE + 24 * HOUR)
    # What is served from here is all that is expected here.
    marks.serve([nightly()], DUE + 26 * HOUR)
    assert len(standings(marks, later, [nightly(), nightly()])) == 1


def test_serving_again_does_not_forgive_what_was_missed(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "runs")
    marks.serve([nightly()], DUE - HOUR)
    marks.serve([nightly()], DUE + 2 * HOUR)
    [one] = standings(marks, DUE + 3 * HOUR)
    assert one.state is RunState.MISSED


def test_a_run_that_is_killed_is_known_to_be_dead(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "runs")
    code = (
        "import sys, time; from pathlib import Path; from datetime import UTC, datetime;"
        "from wiazka.digest.marks import Marks;"
        f"Marks(Path({str(marks.folder)!r})).begin('ingest.nightly', datetime.now(UTC));"
        "print('begun', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.readline()
        assert marks.of("ingest.nightly").alive
        run.kill()
        run.wait()
    assert not marks.of("ingest.nightly").alive


def test_a_run_that_fails_leaves_when_one_last_did_its_work(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "runs")
    marks.begin("a/b.c", DUE)
    marks.end("a/b.c", DUE + HOUR)
    marks.begin("a/b.c", DUE + 24 * HOUR)
    marks.end("a/b.c", DUE + 25 * HOUR, "the store is down")
    assert marks.of("a/b.c") == Mark(DUE + 24 * HOUR, DUE + HOUR, "the store is down")
    marks.begin("a/b.c", DUE + 48 * HOUR)
    mark = marks.of("a/b.c")
    assert (mark.fault, mark.alive) == (None, True)
    marks.end("a/b.c", DUE + 49 * HOUR)


def test_a_mark_that_somebody_spoilt_is_as_none(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    (tmp_path / "ingest.nightly.json").write_text("{")
    (tmp_path / "schedules.json").write_text("no")
    assert marks.of("ingest.nightly") is None
    assert marks.served() == ()
