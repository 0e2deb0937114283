"""``_PROBLEMS.html`` and ``_PROBLEMS.txt`` of a delivery say the same, and stand alone."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from tests.report.test_receipt import HOSTILE, PIXEL
from wiazka.phrase import say
from wiazka.problem_kinds import LOOSE_FILE, OPEN_ELSEWHERE, TITLE_MISSING
from wiazka.report.model import ReceiptState, Thumbnail
from wiazka.report.problems import (
    DeliveryProblems,
    DocumentProblems,
    problems_html,
    problems_text,
)
from wiazka.settings import Archive

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ARCHIVE = Archive(name="Archiwum Przykładowe", contact_name="Ewa Źrebiec")


def delivery(*documents: DocumentProblems, **facts) -> DeliveryProblems:
    return DeliveryProblems(ARCHIVE, "2026-11_zimna", NOON, "wiazka 0.1.0", documents, **facts)


REFUSED = DocumentProblems(
    "1962_Depesza",
    ReceiptState.REFUSED,
    (
        TITLE_MISSING.at(
            "record.yaml", say("The document has no title."), 'Add:\n  title: "Żółw"', field="title"
        ),
    ),
    "Depesza z Hawany",
    None,
    14,
    9_100_000,
    (Thumbnail("scans/0001r.tif", PIXEL),),
)
HELD = DocumentProblems(
    "1971_otwarty",
    ReceiptState.HELD,
    (OPEN_ELSEWHERE.at("~$a.docx", "Ktoś edytuje.", "Zamknij."),),
)
TAKEN = DocumentProblems("1980_dobry", ReceiptState.REGISTERED, title="Nota", files=3, size=1000)
LOOSE = LOOSE_FILE.at("umowa.pdf", "Leży obok.", "Przenieś.")
DELIVERY = delivery(TAKEN, HELD, REFUSED, loose=(LOOSE,))


def seen(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])).split())


@pytest.mark.parametrize(
    "fact",
    [
        "1962_Depesza",
        "record.yaml, title",
        "title-missing",
        "The document has no title.",
        'title: "Żółw"',
        "1971_otwarty",
        "Ktoś edytuje.",
        "Leży obok.",
        "24 November 2026, 12:00 UTC",
        "1 thing must be mended first",
        "ask Ewa Źrebiec",
    ],
)
def test_page_and_text_say_the_same(fact):
    assert fact in seen(problems_html(DELIVERY))
    assert fact in " ".join(problems_text(DELIVERY).split())


def test_the_page_begins_with_how_many_were_taken_held_and_refused():
    summary = seen(problems_html(DELIVERY)).partition("It was checked")[0]
    for figure in ("3 documents", "1 taken", "1 held back", "1 not taken", "17 files", "9.1 MB"):
        assert figure in summary
    assert "not finished" not in summary


def test_refused_documents_come_before_held_ones():
    for said in (seen(problems_html(DELIVERY)), problems_text(DELIVERY)):
        assert said.index("1962_Depesza") < said.index("1971_otwarty")


def test_the_scan_that_a_problem_names_is_shown():
    assert 'alt="scans/0001r.tif"' in problems_html(DELIVERY)


def test_an_example_keeps_its_lines():
    assert '\n            title: "Żółw"' in problems_text(DELIVERY).replace("  title", "title")


def test_the_page_fetches_nothing_runs_nothing_and_has_no_links():
    hostile = DocumentProblems(
        HOSTILE,
        ReceiptState.REFUSED,
        (TITLE_MISSING.at(HOSTILE, HOSTILE, HOSTILE, field=HOSTILE),),
        HOSTILE,
        HOSTILE,
        pictures=(Thumbnail('" onload="alert(1)', PIXEL),),
    )
    page = problems_html(delivery(hostile, loose=(LOOSE_FILE.at(HOSTILE, HOSTILE, HOSTILE),)))
    assert "<script" not in page
    assert ' onload="' not in page
    assert "href" not in page
    assert "url(" not in page
    assert all(src.startswith("data:") for src in re.findall(r'src="([^"]*)"', page))
