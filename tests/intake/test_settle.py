"""A folder that is still being worked on is noticed by what was read, and held."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import House
from tests.intake.clean import clean_delivery
from wiazka.intake.deliveries import Job
from wiazka.intake.junk import is_unfinished
from wiazka.intake.model import Submission
from wiazka.intake.read import ReadFile, Reading, read_file
from wiazka.intake.settle import unsettled
from wiazka.intake.submission import read_submission
from wiazka.intake.tree import Found, changes, walk
from wiazka.settings import Settings

PIXELS = 10**9


@pytest.fixture
def document(tmp_path: Path) -> Path:
    [folder] = [path for path in clean_delivery(tmp_path).iterdir() if path.is_dir()]
    return folder


def listed(document: Path, name: str) -> Found:
    [found] = [found for found in walk(document).files if found.name == name]
    return found


def read(found: Found) -> ReadFile:
    return read_file(found, Reading(frozenset({"sha256"}), PIXELS))


def codes(done: ReadFile) -> list[str]:
    return [problem.code for problem in done.problems]


def test_a_file_at_rest_is_read(document: Path) -> None:
    done = read(listed(document, "scans/0001r.tif"))
    assert done.file is not None
    assert codes(done) == []


QUIET = timedelta(minutes=10)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A delivery of two documents, at rest in half an hour."""
    for name in ("a", "b"):
        (tmp_path / "delivery" / name / "scans").mkdir(parents=True)
        (tmp_path / "delivery" / name / "scans" / "0001.tif").write_bytes(b"tif")
    (tmp_path / "delivery" / "records.csv").write_text("folder,title\n")
    return tmp_path / "delivery"


def held(delivery: Path, at: datetime) -> dict[str, bool]:
    return {name: bool(unsettled(delivery, delivery / name, QUIET, at)) for name in ("a", "b")}


def changed_at(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def test_a_document_that_changes_after_its_delivery_was_seen_at_rest_is_held(two: Path) -> None:
    at = datetime.now(UTC) + timedelta(minutes=30)
    assert held(two, at) == {"a": False, "b": False}
    changed_at(two / "b" / "scans" / "0001.tif", at)
    assert held(two, at + timedelta(seconds=1)) == {"a": False, "b": True}
    # What else changed meanwhile holds all of it from the next look at the whole on.
    assert held(two, at + timedelta(minutes=1)) == {"a": True, "b": True}
    assert held(two, at + QUIET) == {"a": False, "b": False}


def test_a_table_of_all_documents_that_changes_holds_each_of_them(two: Path) -> None:
    at = datetime.now(UTC) + timedelta(minutes=30)
    assert held(two, at) == {"a": False, "b": False}
    changed_at(two / "records.csv", at)
    assert held(two, at + timedelta(seconds=1)) == {"a": True, "b": True}


def test_a_delivery_is_held_until_it_was_quiet_for_long_enough(two: Path) -> None:
    now = datetime.now(UTC)
    changed_at(two / "a" / "scans" / "0001.tif", now)
    assert held(two, now + timedelta(seconds=1)) == {"a": True, "b": True}
    assert held(two, now + QUIET - timedelta(seconds=5)) == {"a": True, "b": True}
    assert held(two, now + QUIET + timedelta(seconds=5)) == {"a": False, "b": False}


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.rename(path)


def appended(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"more")


def made_a_link(path: Path) -> None:
    other = path.rename(path.with_name("other"))
    path.symlink_to(other)


def made_a_pipe(path: Path) -> None:
    import os

    path.unlink()
    os.mkfifo(path)


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "happens", [removed, replaced, appended, made_a_link, made_a_pipe, made_a_folder]
)
def test_what_happens_between_listing_and_reading_is_noticed(
    document: Path, happens: Callable[[Path], None]
) -> None:
    found = listed(document, "scans/0001r.tif")
    happens(found.path)
    done = read(found)
    assert done.file is None
    assert codes(done) == ["changed-while-read"]


@pytest.mark.parametrize("happens", [removed, replaced, appended])
def test_what_happens_after_a_file_was_read_is_noticed_by_a_second_listing(
    document: Path, happens: Callable[[Path], None]
) -> None:
    before = walk(document)
    assert changes(before, walk(document)) == []
    happens(document / "scans" / "0001r.tif")
    assert {problem.code for problem in changes(before, walk(document))} == {"changed-while-read"}


def test_a_file_that_comes_and_a_lock_that_comes_are_noticed(document: Path) -> None:
    before = walk(document)
    (document / "scans" / "0003r.tif").write_bytes(b"x")
    (document / "~$record.docx").write_bytes(b"x")
    told = changes(before, walk(document))
    assert [problem.code for problem in told] == ["open-elsewhere", "changed-while-read"]
    assert "'scans/0003r.tif' came while" in told[1].message


def test_junk_that_comes_is_no_change(document: Path) -> None:
    before = walk(document)
    (document / "scans" / ".DS_Store").write_bytes(b"x")
    assert changes(before, walk(document)) == []


@contextmanager
def at_work(work: Callable[[int], None]) -> Iterator[None]:
    """Somebody who goes on working until all is done; they have begun when this begins."""
    begun, done = threading.Event(), threading.Event()

    def go_on() -> None:
        number = 0
        while not done.is_set():
            work(number)
            number += 1
            begun.set()

    worker = threading.Thread(target=go_on)
    worker.start()
    try:
        begun.wait()
        yield
    finally:
        done.set()
        worker.join()


def until_held(document: Path) -> Submission:
    """Read until a change fell into the reading: the writer is faster than the disk."""
    for _ in range(200):
        submission = read_submission(Job(document.parent, document), Settings())
        if submission.held:
            return submission
    pytest.fail("No change was noticed in 200 readings.")


def test_a_writer_that_appends_while_we_read_is_noticed(document: Path) -> None:
    text = document / "transcription" / "pl" / "0001r.txt"
    with text.open("ab", buffering=0) as stream:

        def write(_number: int) -> None:
            if stream.tell() < 100_000_000:
                stream.write(b"Dalszy ciag notatki.\n")

        with at_work(write):
            submission = until_held(document)
    assert {problem.code for problem in submission.held} == {"changed-while-read"}


def test_a_copy_that_goes_on_while_we_read_is_noticed(document: Path) -> None:
    scan = (document / "scans" / "0001r.tif").read_bytes()

    def copy(number: int) -> None:
        (document / "scans" / f"{number % 50 + 3:04}r.tif").write_bytes(scan)

    with at_work(copy):
        submission = until_held(document)
    assert {problem.code for problem in submission.held} == {"changed-while-read"}


def test_what_is_still_being_edited_is_held_though_it_has_errors(house: House) -> None:
    folder = house.submission("note", record="date: banana\n")
    (folder / "~$note.docx").write_bytes(b"x")
    for command, key in (("check", "submissions"), ("ingest", "deliveries")):
        answer = json.loads(house.run(command, "--json", "inbox").stdout)[key]
        [one] = answer if command == "check" else answer[0]["submissions"]
        assert one["state"] == "held"
    (folder / "~$note.docx").unlink()
    [one] = json.loads(house.run("check", "--json", "inbox").stdout)["submissions"]
    assert one["state"] == "refused"


@pytest.mark.parametrize("name", [".0001r.tif.Xk2p9A", "a.part", "a.filepart", ".rsync-partial"])
def test_copies_that_have_not_ended_are_known_by_their_names(name: str) -> None:
    assert is_unfinished(name)


@pytest.mark.parametrize("name", ["0001r.tif", "part.tif", ".config.yaml.backup", "a.parts"])
def test_other_names_are_of_no_unfinished_copy(name: str) -> None:
    assert not is_unfinished(name)
