"""The record page, pasted: every field that is certain is taken, and none is invented."""

import re
from pathlib import Path

import pytest

from wiazka.problem_kinds import Severity
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


SITE = """June 5, 1962

Report on talks in Havana

They spoke of sugar until the evening, and of nothing else.



The two sides talked about trade and agreed on very little in the end.

Document Information

Author(s)
Jan Łoś

Associated Places
Cuba
Poland

Subjects Discussed
Cuba--Foreign relations--Poland
Poland--History--1945-1989

Source

AMSZ, Department VI, 12/66, w. 3. Translated by Anna Żak.

Original Archive
Polish Foreign Ministry Archive

Language
Polish

Type
Report

Original Classification
Secret

Rights

The History and Public Policy Program welcomes reuse of these materials for research.

Donors
Kyungnam University

Record ID
300641
"""


def test_every_label_of_the_site_gives_its_own_field() -> None:
    record = record_of(SITE)
    assert record.places == ("Cuba", "Poland")
    assert record.subjects == ("Cuba--Foreign relations--Poland", "Poland--History--1945-1989")
    assert [source.verbatim for source in record.sources] == ["AMSZ, Department VI, 12/66, w. 3."]
    assert record.document_type == "Report"
    assert [(one.tag, one.role) for one in record.languages] == [("pl", "original")]
    assert names(record, Role.FUNDER) == ["Kyungnam University"]
    assert names(record, Role.DONOR) == []
    assert record.rights.note is not None
    assert "welcomes reuse" in record.rights.note
    assert record.record_id == "300641"
    said = "; ".join([record.classification or "", *record.extra.values()])
    assert "Secret" in said


@pytest.mark.parametrize(
    "changed",
    [
        lambda page: page.replace("\n", "\r\n"),
        lambda page: re.sub(r"(?m)^(Language|Type|Record ID|Author\(s\)|Donors)\n", r"\1: ", page),
        lambda page: re.sub(r"(?m)^(Language|Type|Record ID|Author\(s\)|Donors)\n", r"\1\t", page),
        lambda page: re.sub(
            r"(?m)^(Language|Type|Record ID|Author\(s\)|Donors)\n", r"\1\n\n", page
        ),
        lambda page: page.replace("\n", " \t\xa0\n"),
    ],
    ids=["windows-lines", "colons", "tabs", "spread", "trailing-blanks"],
)
def test_how_labels_and_values_are_set_does_not_matter(changed: object) -> None:
    assert callable(changed)
    assert record_of(changed(SITE)) == record_of(SITE)


@pytest.mark.parametrize(
    "label", ["Author(s)", "Language", "Type", "Record ID", "Donors", "Original Archive"]
)
def test_a_label_without_its_value_takes_no_other_one(label: str) -> None:
    value = SITE.partition(f"{label}\n")[2].partition("\n")[0]
    record = record_of(SITE.replace(f"{label}\n{value}\n", f"{label}\n"))
    whole = record_of(SITE)
    differing = [
        name for name in Record.model_fields if getattr(record, name) != getattr(whole, name)
    ]
    assert len(differing) <= 1, differing
    assert not any(value in getattr(record, name) for name in ("places", "subjects"))


@pytest.mark.parametrize("lost", ["Donors", "Type", "Language", "Record ID"])
def test_a_value_whose_label_was_lost_is_put_into_no_other_field(lost: str) -> None:
    value = SITE.partition(f"{lost}\n")[2].partition("\n")[0]
    empty = SITE.replace(f"{lost}\n{value}\n", f"{value}\n").replace(
        "Record ID\n300641", "Record ID"
    )
    # Every other label is there with nothing under it: none may take the lone value.
    record = record_of(empty)
    assert record.sources == record_of(SITE).sources
    for name in ("places", "subjects"):
        assert getattr(record, name) == getattr(record_of(SITE), name)


def test_a_subject_heading_whose_label_was_lost_is_not_the_source() -> None:
    heading = "Poland--History--1945-1989"
    page = f"June 5, 1962\n\nA talk\n\nDocument Information\n\n{heading}\n\n{SOURCE}\n"
    assert record_of(page).source_lines == (SOURCE,)
    assert record_of(page.replace(SOURCE, "")).source_lines == ()


def test_lists_are_not_run_on_where_no_blank_line_parts_the_fields() -> None:
    tight = re.sub(r"\n\n+", "\n", SITE.partition("Document Information")[2])
    page = SITE.partition("Document Information")[0] + "Document Information\n" + tight
    assert record_of(page).places == ("Cuba",)


MIRROR = "https://wilson-center.drivingcreative.com/document/115717"


@pytest.mark.parametrize(
    "cited",
    [
        CITATION,
        CITATION.replace("“", '"').replace("”", '"'),
        CITATION.replace("History and Public Policy Program", "Wilson Center"),
        CITATION.replace("http://", "https://") + ".",
        CITATION.replace("http://digitalarchive.wilsoncenter.org/document/115717", MIRROR),
        CITATION.replace("/document/", "/\ndocument/\n"),
        CITATION.replace("digitalarchive.", "digitalarchive.\n"),
        re.sub(r"(.{60}\S*) ", r"\1\n", CITATION),
        CITATION + "\nDownload: English Translation",
    ],
)
def test_the_citation_is_read_however_it_is_wrapped(cited: str) -> None:
    for page in (
        f"{cited}\n\nThe body of the text.\n",
        f"Citation:\n{cited}\nSummary:\n\nContents:\n",
    ):
        record = record_of(page)
        assert record.source_lines == (SOURCE,)
        assert record.record_id == "115717"
        assert record.date is not None
        assert record.date.edtf == "1984-06-04"


def test_the_sites_own_words_above_a_citation_do_not_matter() -> None:
    record = record_of(f"SEARCH\nWilson Center Digital Archive\nReport\n{CITATION}\n\nText.\n")
    assert record.source_lines == (SOURCE,)


def test_a_citation_that_may_go_on_is_not_cut_short() -> None:
    head = CITATION.partition(" http")[0]
    cut = head.partition(", w. 5")[0]
    assert read(f"{cut}\nw. 5. Translated by Anna Żak\nand so on\n").record is None
    assert read(f"{cut}\n\nw. 5.\n").record is None
    assert record_of(f"{head}\n\nThe body.\n").source_lines == (SOURCE,)


def test_a_citation_inside_another_text_gives_nothing_from_that_text() -> None:
    record = record_of(f"{CITATION}\n\nSummary: of the harvest.\nOriginal Language: Czech\n")
    assert record.summary is None
    assert record.languages == ()


def test_page_heads_of_the_pdf_are_no_part_of_a_summary() -> None:
    head = "Digital Archive digitalarchive.wilsoncenter.org International History Declassified"
    record = record_of(
        f"{head}\nJune 4, 1984\nReport\nCitation:\n{CITATION}\nSummary:\nKim spoke\n{head}\n"
        "Page 2 of 3\nof peace.\nCredits:\n\nOriginal Language:\nPolish\nContents:\n"
        "English Translation\nSummary: not this one.\n"
    )
    assert record.summary == "Kim spoke of peace."
    assert record.support == ()


def test_a_page_saved_in_cp1250_is_the_same_page() -> None:
    page = SITE.replace("They spoke", "Śledź, żółć, gęś. They spoke")
    reading = read_sidecar("record.txt", page.encode("cp1250"))
    assert reading.record == record_of(page)
    assert "encoding-found" in {problem.code for problem in reading.problems}


def test_a_remark_in_brackets_does_not_split_a_list() -> None:
    data = b"languages: [ru (original, inferred), pl (working translation), en (translation)]\n"
    record = read_sidecar("record.yaml", data).record
    assert record is not None
    assert [(one.tag, one.role) for one in record.languages] == [
        ("ru", "original"),
        ("pl", "relay"),
        ("en", "translation"),
    ]
