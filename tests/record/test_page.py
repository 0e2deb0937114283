"""The record page, pasted: every field that is certain is taken, and none is invented."""

import re
from pathlib import Path

import pytest

from wiazka.errors import Severity
from wiazka.record.fields import Reading
from wiazka.record.model import Record, Role
from wiazka.record.required import missing
from wiazka.record.sidecar import read_sidecar

PAGE = Path(__file__).parents[2].parent / "shared/data/record-page-olszowski-1984.txt"
SOURCE = (
    "AMSZ, Department II, 30/87, w. 5. "
    "Obtained by Marek Hańderek and translated by Jerzy Giebułtowski."
)
SUPPORT = "This document was made possible with support from Kyungnam University"


def read(text: str) -> Reading:
    return read_sidecar("record.txt", text.encode())


def record_of(text: str) -> Record:
    record = read(text).record
    assert record is not None
    return record


@pytest.fixture
def page() -> str:
    if not PAGE.is_file():
        pytest.skip("the real record page is not here")
    return PAGE.read_text(encoding="utf-8")


def names(record: Record, role: Role) -> list[str]:
    return [agent.name for agent in record.agents_in(role)]


def test_the_real_page_is_read_as_printed(page: str) -> None:
    reading = read(page)
    assert reading.problems == ()
    record = record_of(page)
    assert record.title is not None
    assert record.title.startswith("Untitled report the Polish Minister")
    assert record.title.endswith("Ambassador Aleksandr Aksionau in Poland")
    assert record.date is not None
    assert (record.date.verbatim, record.date.edtf) == ("June 4, 1984", "1984-06-04")
    assert record.source_lines == (SOURCE,)
    [source] = record.sources
    assert source.verbatim == "AMSZ, Department II, 30/87, w. 5."
    assert source.repository is not None
    assert source.repository.code == "AMSZ"
    assert (source.department, source.accession, source.bundle) == ("II", "30/87", "5")
    assert (source.fonds, source.box, source.file, source.folios) == (None, None, None, None)
    assert record.summary is not None
    assert record.summary.startswith("During a visit to the USSR")
    assert record.summary.endswith("attacking South Korea.")
    assert record.rights.note is not None
    assert record.rights.note.startswith("The History and Public Policy Program welcomes reuse")
    assert "To enquire about this document's rights status" in record.rights.note


def test_who_did_what_is_told_apart_on_the_real_page(page: str) -> None:
    record = record_of(page)
    assert names(record, Role.OBTAINED_BY) == ["Marek Hańderek"]
    assert names(record, Role.TRANSLATOR) == ["Jerzy Giebułtowski"]
    assert names(record, Role.FUNDER) == ["Kyungnam University"]
    assert names(record, Role.DONOR) == []
    assert len(record.agents) == 3


def test_fields_that_are_empty_on_the_real_page_stay_empty(page: str) -> None:
    record = record_of(page)
    assert (record.record_id, record.uploaded) == (None, None)
    assert record.registry_marks == ()
    assert record.extra == {}


def test_nothing_needed_is_missing_from_the_real_page(page: str) -> None:
    found = missing(record_of(page))
    assert [problem.severity for problem in found if problem.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    "changed",
    [
        lambda page: page.replace("\n", "\r\n"),
        lambda page: "\ufeff" + page,
        lambda page: re.sub(r"\n\s*\n+", "\n\n", page),
        lambda page: re.sub(r"(?m)^(?=.)", "   ", page),
        lambda page: page.replace("Skip to content\n", ""),
    ],
    ids=["windows-lines", "byte-order-mark", "blank-lines-collapsed", "indented", "no-chrome"],
)
def test_how_the_page_was_copied_does_not_matter(page: str, changed: object) -> None:
    assert callable(changed)
    assert record_of(changed(page)) == record_of(page)


def test_values_under_their_labels_are_taken(page: str) -> None:
    filled = page.replace("Record ID\n", "Record ID\n\n300641\n")
    filled = filled.replace("Original Uploaded Date\n", "Original Uploaded Date\n2023-10-05\n")
    record = record_of(filled)
    assert (record.record_id, record.uploaded) == ("300641", "2023-10-05")


def test_the_end_of_the_body_is_not_taken_for_a_summary(page: str) -> None:
    without = re.sub(r"(?m)^During a visit to the USSR, Kim.*\n", "", page)
    assert record_of(without).summary is None
    prose = "They went on to speak of trade between the two countries until the evening."
    two = f"June 4, 1984\n\nA talk\n\n{prose}\n\n{prose}\n\nDocument Information\n\n{SOURCE}\n"
    assert record_of(two).summary is None


def test_an_organisation_that_no_label_names_is_not_guessed_to_be_a_funder(page: str) -> None:
    reading = read(page.replace(SUPPORT, ""))
    assert reading.record is not None
    assert reading.record.agents_in(Role.FUNDER) == ()
    assert [problem.code for problem in reading.problems] == ["key-unknown"]
    assert "Kyungnam University" in reading.problems[0].message


def test_a_source_of_an_unknown_archive_is_kept_by_its_place(page: str) -> None:
    reading = read(page.replace("AMSZ, Department II", "Archiv der Träume, Regal 7"))
    assert reading.record is not None
    assert [s.verbatim for s in reading.record.sources] == [
        "Archiv der Träume, Regal 7, 30/87, w. 5."
    ]
    assert names(reading.record, Role.TRANSLATOR) == ["Jerzy Giebułtowski"]
    assert [problem.code for problem in reading.problems] == ["source-unparsed"]


CITATION = (
    "“Report on “peace”, and more,” June 4, 1984, History and Public Policy Program Digital "
    f"Archive, {SOURCE} http://digitalarchive.wilsoncenter.org/document/115717"
)


def test_the_old_layout_gives_what_its_citation_says() -> None:
    record = record_of(f"{CITATION}\n\nThe body, which is not a part of the credit.\n")
    assert record.title == "Report on “peace”, and more"
    assert record.date is not None
    assert record.date.edtf == "1984-06-04"
    assert record.record_id == "115717"
    assert record.source_lines == (SOURCE,)
    assert names(record, Role.TRANSLATOR) == ["Jerzy Giebułtowski"]


def test_the_pdf_layout_gives_its_labelled_values_over_several_lines() -> None:
    broken = CITATION.replace(" and translated", "\nand translated")
    record = record_of(
        "Digital Archive digitalarchive.wilsoncenter.org\nInternational History Declassified\n"
        f"June 4, 1984\nReport\nCitation:\n{broken}\n"
        f"Summary:\nKim spoke\nof peace.\nCredits:\n{SUPPORT}\n"
        "Original Language:\nPolish\nContents:\nEnglish Translation\n"
    )
    assert record.summary == "Kim spoke of peace."
    assert names(record, Role.FUNDER) == ["Kyungnam University"]
    assert [(one.tag, one.role) for one in record.languages] == [("pl", "original")]
    assert record.source_lines == (SOURCE,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello\nworld\n",
        "A shopping list\n\nDocument Information\n\nRecord ID\n",
        "June 4, 1984\n\nA title, and nothing after it.\n",
        f"June 4, 1984\n\n{SUPPORT}\n\nDocument Information\n\n{SOURCE}\n",
    ],
)
def test_a_text_that_is_no_record_page_is_refused_with_a_remedy(text: str) -> None:
    reading = read(text)
    assert reading.record is None
    [problem] = reading.problems
    assert problem.code == "sidecar-unreadable"
    assert "record.yaml" in problem.remedy


def test_a_remark_in_brackets_does_not_split_a_list() -> None:
    data = b"languages: [ru (original, inferred), pl (working translation), en (translation)]\n"
    record = read_sidecar("record.yaml", data).record
    assert record is not None
    assert [(one.tag, one.role) for one in record.languages] == [
        ("ru", "original"),
        ("pl", "relay"),
        ("en", "translation"),
    ]
