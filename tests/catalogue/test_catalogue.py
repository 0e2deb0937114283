"""The catalogue: claims, versions, and a ledger that many can write and nobody can rewrite."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner
from wiazka.catalogue.model import EventKind, EventOutcome, State, SubmissionState
from wiazka.errors import CatalogueError

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
NOTE = """
import sys
from datetime import UTC, datetime
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner
from wiazka.catalogue.model import EventKind, EventOutcome, State, SubmissionState
from datetime import timedelta
with Catalogue.open(sys.argv[1]) as catalogue:
    if sys.argv[2] == "claim":
        print(catalogue.claim("key", Owner.of_this_process(), timedelta(hours=9)), flush=True)
        sys.stdin.read()
    for number in range(int(sys.argv[3])):
        catalogue.note_submission(
            SubmissionState("d", sys.argv[2], str(number), State.FOUND, None, None, str(number),
                            datetime.now(UTC)),
            EventKind.FOUND, EventOutcome.SUCCESS, {})
        print(number, flush=True)
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home' / 'catalogue.sqlite'}"


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    with Catalogue.open(url) as opened:
        yield opened


def writer(url: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", NOTE, url, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_claim_is_one_owners_until_released(catalogue: Catalogue) -> None:
    first, second = Owner.of_this_process(), Owner.of_this_process()
    assert catalogue.claim("key", first, LEASE)
    assert not catalogue.claim("key", second, LEASE)
    catalogue.release(first, "key")
    assert catalogue.claim("key", second, LEASE)


def test_a_killed_owners_claim_is_free_at_once(catalogue: Catalogue, url: str) -> None:
    other = writer(url, "claim", "0")
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    mine = Owner.of_this_process()
    assert not catalogue.claim("key", mine, LEASE)
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert catalogue.claim("key", mine, LEASE)


def test_writers_in_many_processes_make_one_chain(catalogue: Catalogue, url: str) -> None:
    writers = [writer(url, name, "30") for name in ("a", "b", "c")]
    for one in writers:
        one.communicate()
    assert len(list(catalogue.events())) == 90
    assert catalogue.verify_ledger() == []


def test_a_fresh_catalogue_can_be_opened_by_two_at_once(url: str) -> None:
    writers = [writer(url, name, "1") for name in ("a", "b", "c")]
    assert [one.wait() for one in writers] == [0, 0, 0]


def test_a_writer_killed_in_the_middle_leaves_a_whole_ledger(
    catalogue: Catalogue, url: str
) -> None:
    for after in range(1, 8):
        one = writer(url, f"w{after}", "1000")
        assert one.stdout is not None
        for _ in range(after):
            one.stdout.readline()
        os.kill(one.pid, signal.SIGKILL)
        one.wait()
        assert catalogue.verify_ledger() == []
    assert len(list(catalogue.events())) >= sum(range(1, 8))


def test_a_nightly_run_over_an_unchanged_folder_adds_nothing(catalogue: Catalogue) -> None:
    state = SubmissionState("d", "f", "mark", State.REFUSED, None, None, "Refused.", AT)
    for _ in range(2):
        catalogue.note_submission(state, EventKind.REFUSED, EventOutcome.FAIL, {})
    assert len(list(catalogue.events())) == 1


def test_an_interrupted_version_is_taken_up_with_its_own_time(catalogue: Catalogue) -> None:
    first = catalogue.begin_version("main/note", "c1", AT, "d", "f", "Note")
    again = catalogue.begin_version("main/note", "c1", AT + timedelta(days=1), "d", "f", "Note")
    assert (again.number, again.bagged_at) == (first.number, first.bagged_at)


def test_versions_are_numbered_one_after_the_other(catalogue: Catalogue) -> None:
    for number in (1, 2):
        version = catalogue.begin_version("main/note", f"c{number}", AT, "d", "f", "Note")
        catalogue.describe_version(
            "main/note", number, record_json="{}", files=[], size=0, search="note", signed=[]
        )
        catalogue.register("main/note", number, AT, "Registered.")
        assert version.number == number
    latest = catalogue.latest("main/note")
    assert latest is not None
    assert latest.number == 2


def test_a_file_that_is_no_catalogue_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(CatalogueError) as caught:
        Catalogue.open(f"sqlite:///{path}")
    assert "catalogue.sqlite" in caught.value.message
