"""The accession report counts what is kept, says what is missing, and is safe in a spreadsheet."""

import csv
import io
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.test_receipt import HOSTILE, RECORD
from wiazka.record.model import DocumentDate, FileEntry
from wiazka.report.accession import (
    LACKS,
    Accession,
    AccessionDocument,
    Lack,
    accession_csv,
    accession_html,
    document_of,
    grouped,
)
from wiazka.report.model import ReceiptState
from wiazka.settings import Archive

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEPT, REFUSED = ReceiptState.REGISTERED, ReceiptState.REFUSED


def document(folder: str, **facts) -> AccessionDocument:
    return AccessionDocument(**{"folder": folder, "state": KEPT} | facts)


def accession(*documents: AccessionDocument) -> Accession:
    return Accession(Archive(name="Archiwum"), "2026-11_zimna", NOON, "wiazka 0.1.0", documents)


def seen(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])).split())


def rows(text: str, lang: str = "en") -> list[list[str]]:
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    return list(csv.reader(lines, delimiter=";" if lang == "pl" else ","))


def test_sums_are_of_what_is_kept_and_the_rest_is_counted_apart():
    one = document("a", pages=4, files=12, size=1_000_000)
    other = document("b", state=ReceiptState.ALREADY_HELD, pages=2, files=3, size=500_000)
    page = seen(accession_html(accession(one, other, document("c", state=REFUSED, pages=99))))
    for fact in ("2 documents kept", "6 pages", "15 files", "1.5 MB", "1 not yet taken"):
        assert fact in page


def test_a_document_of_two_donors_stands_under_both_and_the_largest_group_first():
    both = document("a", donors=("Ewa", "Jan"), pages=2)
    alone = document("b", donors=("Jan",), pages=3)
    groups = grouped([both, alone], lambda one: one.donors)
    assert [(g.name, g.documents, g.pages, g.share) for g in groups] == [
        ("Jan", 2, 5, 100),
        ("Ewa", 1, 2, 50),
    ]


def test_what_is_missing_is_named_with_the_documents_that_lack_it():
    lacking = document("1984_Żółw", lacks=(Lack.TRANSLATION,))
    page = seen(accession_html(accession(lacking, document("b"))))
    assert f"{LACKS[Lack.TRANSLATION]} 1: 1984_Żółw" in page
    assert LACKS[Lack.RIGHTS] not in page
    assert "What is missing" not in seen(accession_html(accession(document("b"))))


def files(*roles: str) -> tuple[FileEntry, ...]:
    return tuple(
        FileEntry(
            path=f"data/{n}", role=role, size=10, sha256="0", mime="image/tiff", delivered_as=str(n)
        )
        for n, role in enumerate(roles)
    )


def test_a_record_says_what_it_has_and_lacks():
    full = files("scan", "scan", "transcription", "translation", "documentation")
    made = document_of(RECORD.model_copy(update={"files": full}), "f", KEPT, ("main/f", 2), 0)
    assert (made.pages, made.files, made.size, made.lacks) == (2, 5, 50, ())
    assert (made.donors, made.translators) == (("Halina Żółtowska",), ("Jerzy Giebułtowski",))
    assert (made.repositories, made.year) == (("Archiwum MSZ",), 1962)
    bare = document_of(RECORD.model_copy(update={"files": files("scan")}), "f", KEPT)
    assert set(bare.lacks) == {Lack.TRANSCRIPTION, Lack.TRANSLATION, Lack.AGREEMENT}


@pytest.mark.parametrize(
    ("edtf", "year"),
    [("1984-06-04", 1984), ("195X", None), ("[1962-10-11,1962-11-10]", 1962), (None, None)],
)
def test_the_year_is_the_first_that_the_date_names(edtf, year):
    dated = RECORD.model_copy(update={"date": DocumentDate(verbatim="x", edtf=edtf)})
    assert document_of(dated, "f", KEPT).year == year


def test_years_are_drawn_with_the_empty_ones_between_and_by_decade_where_they_spread():
    near = accession(*(document(str(n), year=year) for n, year in enumerate((1950, 1950, 1953))))
    assert near.years == ((1950, 2, 100), (1951, 0, 0), (1952, 0, 0), (1953, 1, 50))
    far = accession(document("a", year=1891), document("b", year=1984))
    assert [year for year, _, _ in far.years] == list(range(1890, 1990, 10))
    assert accession(document("a", year=1950)).years == ()


@pytest.mark.parametrize(("lang", "begins"), [("en", "folder,"), ("pl", "katalog;")])
def test_the_table_opens_in_the_spreadsheet_of_its_readers(lang, begins):
    text = accession_csv(accession(document("a", title="Łódź; „źródło”, 1957")), lang)
    assert text.startswith(f"\ufeff{begins}")
    assert rows(text, lang)[1][1] == "Łódź; „źródło”, 1957"


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_no_cell_of_the_table_is_a_formula_and_none_breaks_its_row(title):
    _, row = rows(accession_csv(accession(document("a", title=title, version=3))))
    assert len(row) == 17
    assert not row[1].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert row[4] == "3"


def test_markup_in_any_value_is_shown_and_never_run():
    hostile = document(
        HOSTILE, title=HOSTILE, donors=(HOSTILE,), signature=HOSTILE, lacks=(Lack.RIGHTS,)
    )
    page = accession_html(accession(hostile))
    assert "<script" not in page
    assert "src=" not in page
    assert "url(" not in page
