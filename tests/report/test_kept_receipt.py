"""A receipt kept as a value is written anew word for word."""

from dataclasses import replace

import pytest

from tests.report.test_receipt import PIXEL, RECEIPT
from wiazka.phrase import Lang, say
from wiazka.record.model import Accepted, Check
from wiazka.report.kept import KeptReceipt
from wiazka.report.model import PageText, ShownPage, Thumbnail
from wiazka.report.receipt import receipt_html, receipt_text

FULL = replace(
    RECEIPT,
    thumbnails=(Thumbnail("0001r", PIXEL + bytes(range(256))),),
    pages=(
        ShownPage("1", PIXEL, "0001r.tif", (PageText("0001.txt", "transcription", "pl", "Ó"),)),
    ),
    checks=(Check(event="fix", detail=say("'{name}' has 0 bytes.", name="a")),),
    accepted=(Accepted(code="page-missing", message=say("{why}.", why="ż"), reason="so"),),
    changed=(say("Nothing needs doing."),),
)


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_page_and_text_are_what_they_were(lang: Lang) -> None:
    kept = KeptReceipt.of(FULL, lang).model_dump_json(by_alias=True)
    again = KeptReceipt.model_validate_json(kept)
    assert again.lang == lang
    assert receipt_html(again.receipt, lang) == receipt_html(FULL, lang)
    assert receipt_text(again.receipt, lang) == receipt_text(FULL, lang)
