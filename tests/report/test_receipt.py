"""Receipts say what is known and no more, whatever the titles and names hold."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.evidence import Grade
from wiazka.problem_kinds import FIELD_ABSENT, TITLE_MISSING
from wiazka.record.model import (
    Agent,
    DocumentDate,
    FileEntry,
    Folios,
    Language,
    Record,
    Repository,
    Rights,
    Role,
    Source,
)
from wiazka.report.model import LeftOutFile, Receipt, ReceiptState, Thumbnail
from wiazka.report.proof import CopyProof, what_was_proved
from wiazka.report.receipt import receipt_html, receipt_text
from wiazka.settings import Archive

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
POLISH = "Zażółć gęślą jaźń, ŁÓDŹ"
HOSTILE = "<script>alert('x')</script> & \"<b>Notatka</b>\""
PIXEL = b"\x89PNG\r\n\x1a\n"


def agent(name: str, role: Role) -> Agent:
    return Agent(name=name, kind="person", role=role, relator=role.relator)


RECORD = Record(
    title="Notatka z rozmowy w Hawanie",
    date=DocumentDate(verbatim="28.X 62", edtf="1962-10-28"),
    sources=(
        Source(
            verbatim="AMSZ, Department II, 30/87, w. 5.",
            scheme="pl-amsz",
            repository=Repository(code="AMSZ", name="Archiwum MSZ", place="Warszawa"),
            department="Department II",
            accession="30/87",
            bundle="5",
            folios=Folios(first="12", last="14v"),
        ),
    ),
    support=("This document was made possible with support from Kyungnam University",),
    agents=(
        agent("Jerzy Giebułtowski", Role.TRANSLATOR),
        agent("Halina Żółtowska", Role.DONOR),
        agent("Kyungnam University", Role.FUNDER),
    ),
    registry_marks=("Pf-444/D.ZSRR/84",),
    summary="Krótka notatka.",
    languages=(Language(tag="pl", role="original"),),
    rights=Rights(note="Wolno cytować."),
    files=(
        FileEntry(
            path="data/objects/transcription/pl/0001r.txt",
            role="transcription",
            language="pl",
            size=1039,
            sha256="ab" * 32,
            mime="text/plain",
            delivered_as="transcription/pl/0001r.txt",
        ),
    ),
)

RECEIPT = Receipt(
    archive=Archive(name="Archiwum Przykładowe", contact_email="archiwum@example.org"),
    state=ReceiptState.REGISTERED,
    delivery="2026-11_zimna-wojna",
    folder="1962_Depesza_Hawana",
    issued_at=NOON,
    agent="wiazka 0.1.0",
    record=RECORD,
    identity="main/1962_depesza_hawana",
    version=2,
    registered_at=NOON,
    content_digest="cd" * 32,
    copies=(CopyProof("disk", "/srv/keep", Grade.READ, NOON),),
    checksums_verified=3,
    left_out=(LeftOutFile("Thumbs.db", "left behind by Windows"),),
    problems=(FIELD_ABSENT.at("record.yaml", "No rights.", "Add: rights: CNE", field="rights"),),
    thumbnails=(Thumbnail("First scan", PIXEL),),
    changed=("translation/en/document.docx was corrected",),
    same_as=None,
)

FACTS = (
    "Archiwum Przykładowe",
    "archiwum@example.org",
    "Notatka z rozmowy w Hawanie",
    "28.X 62",
    "1962-10-28",
    "main/1962_depesza_hawana",
    "version 2",
    "1962_Depesza_Hawana",
    "2026-11_zimna-wojna",
    "AMSZ, Department II, 30/87, w. 5.",
    "Archiwum MSZ, Warszawa",
    "30/87",
    "12–14v",
    "Given by",
    "Halina Żółtowska",
    "Translated by",
    "Jerzy Giebułtowski",
    "Kyungnam University",
    "Pf-444/D.ZSRR/84",
    "Polish (original)",
    "Krótka notatka.",
    "Wolno cytować.",
    "/srv/keep",
    "every byte read back",
    "24 November 2026, 12:00 UTC",
    "3 checksums",
    "translation/en/document.docx was corrected",
    "data/objects/transcription/pl/0001r.txt",
    "Transcription, Polish, plain text",
    "1.0 kB",
    "ab" * 32,
    "cd" * 32,
    "Thumbs.db",
    "left behind by Windows",
    "No rights.",
    "Add: rights: CNE",
    "wiazka 0.1.0",
)


def words_of(page: str) -> str:
    """What a reader sees of a page: its body without markup."""
    body = page.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


@pytest.mark.parametrize("fact", FACTS)
def test_page_and_text_say_the_same_facts(fact):
    assert fact in words_of(receipt_html(RECEIPT))
    assert fact.casefold() in " ".join(receipt_text(RECEIPT).split()).casefold()


def titled(title: str) -> Receipt:
    return replace(RECEIPT, record=RECORD.model_copy(update={"title": title}))


def test_polish_letters_survive_in_page_and_text():
    receipt = titled(POLISH)
    assert POLISH in receipt_html(receipt)
    assert POLISH in receipt_text(receipt)


def test_markup_in_any_value_is_shown_and_never_run():
    page = receipt_html(
        replace(
            titled(HOSTILE),
            folder=HOSTILE,
            left_out=(LeftOutFile(HOSTILE, HOSTILE),),
            problems=(TITLE_MISSING.at(HOSTILE, HOSTILE, HOSTILE),),
            thumbnails=(Thumbnail('" onload="alert(1)', PIXEL),),
        )
    )
    assert "<script" not in page
    assert "<b>Notatka" not in page
    assert ' onload="' not in page
    assert page.count("&lt;script&gt;") >= 6


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_title_can_be_read_back_from_the_page(title):
    heading = re.search(r"<h1>(.*?)</h1>", receipt_html(titled(title)), re.DOTALL)
    assert heading is not None
    assert unescape(heading[1]) == title


def test_the_page_fetches_nothing_and_runs_nothing():
    page = receipt_html(RECEIPT)
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert addresses
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert "url(" not in page
    assert "<script" not in page
    assert '<html lang="en">' in page


def test_every_picture_is_shown_once_under_its_name():
    pictures = tuple(Thumbnail(f"000{n}r.tif", PIXEL) for n in range(1, 4))
    page = receipt_html(replace(RECEIPT, thumbnails=pictures))
    assert re.findall(r'alt="([^"]*)"', page) == ["0001r.tif", "0002r.tif", "0003r.tif"]


def test_a_bare_receipt_has_no_empty_section():
    bare = Receipt(
        archive=Archive(name="A"),
        state=ReceiptState.FAILED,
        delivery="d",
        folder="f",
        issued_at=NOON,
        agent="wiazka",
        cause="The store 'cloud' did not answer.",
    )
    assert "<h2>" not in receipt_html(bare)
    assert "The store 'cloud' did not answer." in words_of(receipt_html(bare))
    assert "the fault is not yours" in receipt_text(bare)


def test_errors_stand_before_warnings():
    problems = (
        FIELD_ABSENT.at("record.yaml", "No rights.", "Add rights."),
        TITLE_MISSING.at("record.yaml", "No title.", "Add a title."),
    )
    receipt = replace(RECEIPT, state=ReceiptState.REFUSED, copies=(), problems=problems)
    for said in (words_of(receipt_html(receipt)), receipt_text(receipt)):
        assert said.index("No title.") < said.index("No rights.")


@pytest.mark.parametrize("state", [ReceiptState.REFUSED, ReceiptState.HELD, ReceiptState.FAILED])
def test_what_was_not_stored_is_not_said_to_be_proved(state):
    receipt = replace(RECEIPT, state=state, copies=())
    for said in (receipt_html(receipt), receipt_text(receipt)):
        assert "read back" not in said
        assert "what was proved" not in said.casefold()
        assert "Nothing was changed or lost" in said


@pytest.mark.parametrize(
    ("state", "look"),
    [(ReceiptState.REGISTERED, "good"), (ReceiptState.STORED, "wait"), (ReceiptState.HELD, "wait")],
)
def test_what_waits_has_not_the_colour_of_what_is_done(state, look):
    copies = RECEIPT.copies if state is not ReceiptState.HELD else ()
    html = receipt_html(replace(RECEIPT, state=state, copies=copies))
    assert f'<p class="state {look}">' in html


def test_already_held_names_the_package_that_holds_it():
    receipt = replace(RECEIPT, state=ReceiptState.ALREADY_HELD, same_as="main/other")
    assert "Held as main/other" in words_of(receipt_html(receipt))
    assert "Held as main/other" in receipt_text(receipt)


# For each strength, a claim that only it and stronger grades may make without a denial.
CLAIMS = {
    "Every byte was read back": Grade.READ,
    "recomputed the digest": Grade.RECOMPUTED,
    "the digest of what you handed over": Grade.STORED_DIGEST,
    "in its size": Grade.SIZE,
}


@pytest.mark.parametrize("grades", list(product(Grade, repeat=2)))
def test_the_proof_never_claims_more_than_the_weakest_grade(grades):
    copies = tuple(CopyProof(f"store-{n}", "", grade, NOON) for n, grade in enumerate(grades))
    weakest = min(grades, key=lambda grade: grade.strength)
    said = what_was_proved(copies)
    assert "2 stores" in said
    for claim, least in CLAIMS.items():
        assert (claim in said) == (weakest is least), claim
    if weakest is not Grade.READ:
        assert "have not been" in said or "has not been" in said or "Neither" in said


def test_each_grade_is_worded_for_one_store_too():
    said = {what_was_proved([CopyProof("disk", "", grade, NOON)]) for grade in Grade}
    assert len(said) == len(Grade)
    assert all("1 store" in sentence and "1 stores" not in sentence for sentence in said)


def test_two_versions_in_one_store_are_one_store():
    copy = CopyProof("disk", "", Grade.READ, NOON)
    assert "from 1 store " in what_was_proved([copy, copy])


def test_no_copies_prove_nothing():
    assert "nothing has been proved" in what_was_proved([])
