"""No word of a page or text is left in English: a language in which every sentence is marked."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.messages import compiled, extracted
from tests.report import test_fixity_report, test_receipt
from tests.report.test_accession import accession, document
from tests.report.test_problems_page import DELIVERY
from wiazka import phrase
from wiazka.phrase import say
from wiazka.record.model import Accepted, Check
from wiazka.report import page as pages
from wiazka.report.accession import Lack, accession_csv, accession_html
from wiazka.report.fixity import fixity_html, fixity_text
from wiazka.report.model import PageText, ShownPage
from wiazka.report.problems import problems_html, problems_text
from wiazka.report.receipt import receipt_html, receipt_text

RECEIPT = test_receipt.replace(
    test_receipt.RECEIPT,
    pages=(
        ShownPage("0001r", None, None, (PageText("a.txt", "transcription", "pl", "Treść"),)),
        ShownPage("0002r", missing=True),
    ),
    checks=(Check(event="vir", detail=say("No problem."), outcome="not run"),),
    accepted=(Accepted(code="c", message=say("No problem."), by="Ewa", reason="Powód"),),
    same_as="main/inny",
)
FIXITY = test_fixity_report.REPORT
ACCESSION = accession(
    document("folder1", year=1950, lacks=tuple(Lack)), document("folder2", year=1960)
)
# Words of commands, of names that are the same everywhere, and of the values above.
SAME = re.compile(
    r"sha256sum|shasum|Get-FileHash|FILE|Linux|macOS|Windows|PowerShell|SHA|UTC|PDF|sha256"
)


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A language in which each sentence stands between ⟦ and ⟧."""
    catalogue = Catalog(locale="pl")
    for message in extracted():
        forms = message.id if isinstance(message.id, (tuple, list)) else (message.id,) * 3
        if message.id:
            many = [f"⟦{form}⟧" for form in (forms[0], forms[-1], forms[-1])]
            catalogue.add(message.id, tuple(many) if isinstance(message.id, tuple) else many[0])
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "wiazka.mo").write_bytes(compiled(catalogue))
    monkeypatch.setattr(phrase, "_LOCALE", tmp_path)
    yield "xx"
    phrase.translations.cache_clear()
    pages._templates.cache_clear()


def outside(text: str) -> set[str]:
    """The words of a page that stand in no sentence of the catalogue."""
    text = unescape(re.sub(r"<[^>]*>", " ", text.partition("<body>")[2] or text))
    before = None
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return set(re.findall(r"[^\W\d_]{3,}", SAME.sub(" ", text)))


@pytest.mark.parametrize(
    ("value", "writers"),
    [
        (RECEIPT, (receipt_html, receipt_text)),
        (DELIVERY, (problems_html, problems_text)),
        (FIXITY, (fixity_html, fixity_text)),
        (ACCESSION, (accession_html, accession_csv)),
    ],
    ids=["receipt", "problems", "fixity", "accession"],
)
def test_every_word_is_a_sentence_of_the_catalogue_or_a_value(marked, value, writers):
    for write in writers:
        said = write(value, marked)
        assert "⟦" in said
        values = set(re.findall(r"[^\W\d_]{3,}", repr(value)))
        left = {
            word for word in outside(said) if word.casefold() not in {v.casefold() for v in values}
        }
        assert left == set()


def test_a_word_that_is_in_no_catalogue_is_seen():
    assert outside("<body><p>⟦Stores ⟦x⟧⟧ Store</p>") == {"Store"}
