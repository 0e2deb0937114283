"""A submission's pages become a strip: pictures, texts and gaps from what was read."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.intake.clean import clean_delivery
from wiazka.ingest.pages import first_scans, named_scans, shown_pages
from wiazka.ingest.preflight import preflight
from wiazka.intake.deliveries import at_paths
from wiazka.intake.model import Seen, Submission
from wiazka.problem_kinds import DAMAGED_FILE, ROLE_GUESSED
from wiazka.record.model import Accepted, Page, PagePart
from wiazka.settings import Settings

SCANS = "data/objects/scans/"


@pytest.fixture
def submission(tmp_path: Path) -> Submission:
    """A sound document, without the pages and thumbnails that reading may have found."""
    [delivery] = at_paths([clean_delivery(tmp_path)], tmp_path)
    [read] = preflight(delivery, Settings(), None)
    files = tuple(replace(file, seen=Seen(text=file.seen.text)) for file in read.files)
    return replace(read, files=files, pages=())


def page(number: int, *parts: PagePart) -> Page:
    return Page(label=f"{number:04}r", number=number, parts=parts)


def scan(name: str, number: int | None = None) -> PagePart:
    return PagePart(path=f"{SCANS}{name}", role="scan", page=number)


def test_a_page_shows_its_scan_and_its_texts(submission: Submission) -> None:
    text = PagePart(
        path="data/objects/transcription/pl/0001r.txt", role="transcription", language="pl"
    )
    said = tuple(
        replace(file, seen=Seen(text="Strona pierwsza")) if file.bag_path == text.path else file
        for file in submission.files
    )
    pages = (page(1, scan("0001r.tif"), text),)
    [shown] = shown_pages(replace(submission, files=said, pages=pages))
    assert shown.picture is not None
    assert (shown.scan, shown.missing) == ("scans/0001r.tif", False)
    [under] = shown.texts
    assert (under.name, under.opening) == ("transcription/pl/0001r.txt", "Strona pierwsza")


def test_a_picture_made_while_reading_is_used(submission: Submission) -> None:
    seen = tuple(replace(file, seen=Seen(thumbnail=b"\xff\xd8made")) for file in submission.files)
    made = replace(submission, files=seen, pages=(page(1, scan("0001r.tif")),))
    assert shown_pages(made)[0].picture == b"\xff\xd8made"
    assert first_scans(made)[0].data == b"\xff\xd8made"


def test_a_text_of_many_pages_begins_on_the_first_of_them_only(submission: Submission) -> None:
    name = "data/objects/translation/en/0001r.txt"
    files = tuple(replace(file, seen=Seen(text="The minister")) for file in submission.files)
    parts = [PagePart(path=name, role="translation", page=number) for number in (1, 2)]
    pages = (page(1, parts[0]), page(2, parts[1]))
    shown = shown_pages(replace(submission, files=files, pages=pages))
    assert [one.texts[0].opening for one in shown] == ["The minister", ""]


@pytest.mark.parametrize(("told", "drawn"), [("page-missing", ["0007"]), ("field-absent", [])])
def test_a_gap_is_drawn_where_it_is_told_and_nowhere_else(
    submission: Submission, told: str, drawn: list[str]
) -> None:
    accepted = (Accepted(code=told, message="", by="A", reason="b"),)
    pages = (page(6, scan("0001r.tif")), page(8, scan("0001v.tif")))
    shown = shown_pages(replace(submission, pages=pages, accepted=accepted))
    assert [one.label for one in shown if one.missing] == drawn


def test_pages_of_one_pdf_are_drawn_each(submission: Submission, tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    shades = [Image.new("L", (60, 80), shade) for shade in (10, 240)]
    shades[0].save(path, "PDF", save_all=True, append_images=shades[1:])
    [first, *_] = [file for file in submission.files if file.name.startswith("scans/")]
    pdf = replace(first, path=path, technical=replace(first.technical, mime="application/pdf"))
    name = pdf.bag_path.removeprefix(SCANS)
    pages = (page(1, scan(name, 1)), page(2, scan(name, 2)))
    one, two = shown_pages(replace(submission, files=(pdf,), pages=pages))
    assert one.picture
    assert two.picture
    assert one.picture != two.picture


def test_the_scans_that_problems_name_are_shown_but_damaged_ones_only_if_drawn_before(
    submission: Submission,
) -> None:
    problems = (
        ROLE_GUESSED.at("scans/0001r.tif", "m", "r"),
        DAMAGED_FILE.at("scans/0001v.tif", "m", "r"),
        ROLE_GUESSED.at("nowhere.tif", "m", "r"),
    )
    shown = named_scans(replace(submission, problems=problems))
    assert [picture.label for picture in shown] == ["scans/0001r.tif"]
