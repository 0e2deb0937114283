"""A document that comes again: told what is held of it, and what is new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.clean import clean_delivery, clean_document
from wiazka.catalogue.catalogue import Catalogue
from wiazka.ingest.changes import changes
from wiazka.ingest.model import Desk
from wiazka.ingest.pipeline import ingest_submission
from wiazka.ingest.preflight import examine
from wiazka.intake.deliveries import Job
from wiazka.problem_kinds import Problem
from wiazka.settings import Paths, Settings
from wiazka.settings_of_stores import DirectoryStore
from wiazka.stores.opening import open_store


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    chosen = DirectoryStore(kind="directory", path=tmp_path / "disk")
    settings = Settings(
        paths=Paths(inbox=tmp_path / "inbox", home=tmp_path / "home"), stores={"disk": chosen}
    )
    (tmp_path / "home").mkdir()
    with Catalogue.open(settings.catalogue_url) as catalogue:
        yield Desk(settings, catalogue, {"disk": open_store("disk", chosen)})


@pytest.fixture
def document(desk: Desk) -> Path:
    """A document that is held."""
    delivery = clean_delivery(desk.settings.paths.inbox)
    [folder] = [path for path in delivery.iterdir() if path.is_dir()]
    assert ingest_submission(desk, Job(delivery, folder)).state == "registered"
    return folder


def told(desk: Desk, folder: Path) -> list[Problem]:
    return list(examine(Job(folder.parent, folder), desk.settings, desk.catalogue).problems)


def codes(desk: Desk, folder: Path) -> list[str]:
    return [problem.code for problem in told(desk, folder)]


def again(desk: Desk, name: str | None = None, number: int = 1) -> Path:
    """The document handed over in another delivery, perhaps under another name."""
    folder = clean_document(desk.settings.paths.inbox / "later", number)
    (folder.parent / "_READY").touch()
    return folder.rename(folder.with_name(name)) if name else folder


def test_the_same_again_is_held(desk: Desk, document: Path) -> None:
    [problem] = told(desk, again(desk))
    assert problem.code == "already-held"
    assert "main/1984-06-04_note_0001 v1" in problem.message


def test_the_same_under_another_name_is_held_as_the_first(desk: Desk, document: Path) -> None:
    [problem] = told(desk, again(desk, "1984-06-04_copy"))
    assert problem.code == "same-content"
    assert "main/1984-06-04_note_0001 v1" in problem.message


def test_another_document_is_not_held(desk: Desk, document: Path) -> None:
    assert codes(desk, again(desk, number=2)) == []


def test_what_changed_is_told_file_by_file_and_stands_in_the_receipt(
    desk: Desk, document: Path
) -> None:
    folder = again(desk)
    (folder / "transcription/pl/0001r.txt").write_text("Poprawiony odpis tej strony.\n", "utf-8")
    (folder / "scans/0002v.tif").rename(folder / "scans/0003r.tif")
    (folder / "translation/en/0002v.txt").unlink()
    (folder / "documents").mkdir()
    (folder / "documents" / "deed.txt").write_text("I give these papers.\n", "utf-8")
    job = Job(folder.parent, folder)
    submission = examine(job, desk.settings, desk.catalogue)
    [problem] = [one for one in submission.problems if one.code == "new-version"]
    assert problem.message == (
        "main/1984-06-04_note_0001 is held as v1; what was handed over is its next version. "
        "1 file is new: 'submissionDocumentation/deed.txt'. "
        "1 file is gone: 'translation/en/0002v.txt'. "
        "1 file has changed: 'transcription/pl/0001r.txt'. "
        "1 file has another name: 'scans/0002v.tif → scans/0003r.tif'."
    )
    what = changes(1, desk.catalogue.files("main/1984-06-04_note_0001", 1), submission)
    [renamed] = what.renamed
    assert renamed.before == "data/objects/scans/0002v.tif"
    assert renamed.now == "data/objects/scans/0003r.tif"
    result = ingest_submission(desk, job)
    assert (result.state, result.version) == ("registered", 2)
    assert result.receipt is not None
    receipt = result.receipt.with_suffix(".txt").read_text("utf-8")
    assert "1 file is gone" in " ".join(receipt.split())


def test_another_package_of_the_same_signature_and_date_is_told(desk: Desk, document: Path) -> None:
    folder = again(desk, "1984-06-04_scanned-anew")
    (folder / "transcription/pl/0001r.txt").write_text("Odpis tej samej strony.\n", "utf-8")
    [problem] = told(desk, folder)
    assert (problem.code, problem.severity) == ("maybe-held", "warning")
    assert "main/1984-06-04_note_0001 v1" in problem.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('date: "1984-06-04"', 'date: "1984-06-05"'),
        ("w. 5", "w. 6"),
        ("Note on the talk of 4 June 1984, no. 1", "Telegram from Pyongyang about rice"),
    ],
)
def test_another_date_bundle_or_title_is_another_document(
    desk: Desk, document: Path, old: str, new: str
) -> None:
    folder = again(desk, "another")
    record = folder / "record.yaml"
    record.write_text(record.read_text("utf-8").replace(old, new), "utf-8")
    assert "maybe-held" not in codes(desk, folder)


def test_a_path_too_long_for_a_store_is_told_before_anything_is_stored(desk: Desk) -> None:
    folder = again(desk)
    deep = folder.joinpath("documents", *(["folder" * 40] * 5))
    deep.mkdir(parents=True)
    (deep / "letter.txt").write_text("A letter.\n", "utf-8")
    assert codes(desk, folder) == ["name-not-portable", "name-too-long"]
