"""The strip shows every page of a document, its texts and its gaps, and stays small."""

import io
import random
import re
from dataclasses import replace

import pytest
from PIL import Image

from tests.report.test_receipt import RECEIPT, words_of
from wiazka.report.model import PageText, ShownPage
from wiazka.report.receipt import receipt_html, receipt_text
from wiazka.report.strip import strip_size
from wiazka.report.thumbnail import smaller


def noisy(side: int) -> bytes:
    """The worst that a thumbnail can be: grain everywhere, which no JPEG makes small."""
    picture = Image.frombytes("RGB", (480, 480), random.Random(7).randbytes(480 * 480 * 3))  # noqa: S311
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return smaller(out.getvalue(), side)


def pages(number: int) -> tuple[ShownPage, ...]:
    picture = noisy(strip_size(number).long_side)
    texts = (
        PageText("transcription/pl/x.txt", "transcription", "pl", "Minister przyjął\nambasadora."),
        PageText("translation/en/x.txt", "translation", "en", "word " * 300),
    )
    return tuple(
        ShownPage(f"{n:04}r", picture, f"scans/{n:04}r.tif", texts) for n in range(1, number + 1)
    )


def test_under_each_page_stand_its_label_and_the_beginning_of_its_texts():
    receipt = replace(RECEIPT, pages=pages(3))
    for said in (words_of(receipt_html(receipt)), " ".join(receipt_text(receipt).split())):
        assert "0002r" in said
        assert "Transcription, Polish: “Minister przyjął ambasadora.”" in said
        assert "Translation, English: “word word" in said
        assert "word " * 40 not in said


def test_a_missing_page_is_an_empty_frame_that_says_so():
    shown = (*pages(1), ShownPage("0002r", missing=True))
    receipt = replace(RECEIPT, pages=shown)
    page = receipt_html(receipt)
    assert '<div class="frame">0002r is missing</div>' in page
    assert "0002r is missing" in receipt_text(receipt)
    assert "is missing" not in receipt_html(replace(RECEIPT, pages=pages(2)))


def test_a_page_that_cannot_be_drawn_names_its_scan():
    undrawn = ShownPage("0001r", None, "scans/0001r.pdf")
    assert "scans/0001r.pdf" in words_of(receipt_html(replace(RECEIPT, pages=(undrawn,))))


@pytest.mark.parametrize("number", [1, 12, 60, 300, 5000])
def test_a_receipt_can_be_opened_and_sent_however_many_pages_there_are(number):
    page = receipt_html(replace(RECEIPT, thumbnails=(), pages=pages(number)))
    assert len(page) < 4_000_000
    drawn = len(re.findall("<img ", page))
    assert drawn == min(number, 400)
    assert (f"{number - 400} more pages" in page) == (number > 400)
