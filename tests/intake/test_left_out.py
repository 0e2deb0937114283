"""What is left out is named with its reason, wherever it lies."""

from pathlib import Path

import pytest

from tests.intake.clean import clean_delivery
from tests.intake.faults.junk import FOLDERS_LEFT_BEHIND, LEFT_BEHIND, copied, leave_behind
from wiazka.intake.deliveries import Job, at_paths
from wiazka.intake.names import printable
from wiazka.intake.submission import read_submission
from wiazka.settings import Settings

ALL = {printable(name) for name in (*LEFT_BEHIND, *FOLDERS_LEFT_BEHIND)}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    [folder] = [path for path in clean_delivery(tmp_path).iterdir() if path.is_dir()]
    return folder


def test_all_that_is_left_out_of_a_document_is_named_with_its_reason(document: Path) -> None:
    leave_behind(document / "scans")
    submission = read_submission(Job(document.parent, document), Settings())
    assert {left.name for left in submission.left_out} == {f"scans/{name}" for name in ALL}
    assert all(left.reason for left in submission.left_out)
    assert len(submission.files) == 13


def test_all_that_is_left_out_beside_the_documents_is_named(document: Path) -> None:
    leave_behind(document.parent)
    [delivery] = at_paths([document.parent], document.parent.parent)
    assert {left.name for left in delivery.left_out} == ALL
    assert [job.path for job in delivery.jobs] == [document]


def test_a_copy_of_the_same_bytes_is_left_out_and_says_of_what(document: Path) -> None:
    copied(document, "0001r - kopia.txt")
    submission = read_submission(Job(document.parent, document), Settings())
    [left] = submission.left_out
    assert left.name == "transcription/pl/0001r - kopia.txt"
    assert "transcription/pl/0001r.txt" in left.reason
    assert left.name not in {file.name for file in submission.files}
    assert [problem.code for problem in submission.problems] == ["copy-left-out"]


def test_a_copy_that_differs_is_kept_until_somebody_says_which_is_right(document: Path) -> None:
    copied(document, "0001r (1).txt", "More.")
    submission = read_submission(Job(document.parent, document), Settings())
    [error] = submission.errors
    assert error.path == "transcription/pl/0001r (1).txt"
    assert "which of them is right?" in error.message
