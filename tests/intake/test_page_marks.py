"""What a text says of its own page: marks, and images that PAGE, ALTO, TEI and hOCR name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from wiazka.intake.pairing.marks import Mark, images_named, page_marks, read_mark


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("[k. 12v]\nTekst", ("k. 12v",)),
        ("Tekst [s. 3] i dalej", ("s. 3",)),
        ("[p. 3]", ("p. 3",)),
        ("[f. 12 recto] text", ("f. 12r",)),
        ("{k.12 V}\nx", ("k. 12v",)),
        ("[л. 5 об.] текст", ("л. 5 об.",)),
        ("[karta 7]\nx", ("karta 7",)),
        ("— 3 —\nTekst", ("– 3 –",)),
        ("Tekst\n- 3 -\n", ("– 3 –",)),
        ("k. 4r\nTekst", ("k. 4r",)),
        ("[s. 3]\nTekst\n[s. 4]", ("s. 3", "s. 4")),
        ("[k. 1]\nx\n[k. 1]", ("k. 1",)),
        ("Tekst\n— 3 —\nTekst dalej", ()),
        ("zob. s. 3 i k. 5", ()),
        ("[sic] [1984] [...] [kopia 3]", ()),
        ("od 3 do 5", ()),
        ("", ()),
    ],
)
def test_page_marks_are_found_in_brackets_or_alone_at_an_end(
    text: str, marks: tuple[str, ...]
) -> None:
    assert page_marks(text) == marks


def test_a_mark_is_understood() -> None:
    assert read_mark("k. 12v") == Mark("leaf", 12, "verso")
    assert read_mark("л. 5 об.") == Mark("leaf", 5, "verso")
    assert read_mark("strona 3") == Mark("page", 3)
    assert read_mark("– 3 –") == Mark("bare", 3)
    assert read_mark("odpis") is None


@given(st.text(alphabet="[]{}ksr. 0123v–-об\n", max_size=60))
def test_every_mark_that_is_found_is_understood(text: str) -> None:
    assert all(read_mark(mark) for mark in page_marks(text))


def test_no_text_has_more_than_500_marks() -> None:
    assert len(page_marks("".join(f"[s. {number}] " for number in range(5000)))) == 500


_PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
_TEI = "http://www.tei-c.org/ns/1.0"


@pytest.mark.parametrize(
    ("text", "images"),
    [
        (f'<PcGts xmlns="{_PAGE}"><Page imageFilename="0001r.tif"/></PcGts>', ("0001r.tif",)),
        (
            f'<alto xmlns="{_ALTO}"><Description><sourceImageInformation>'
            "<fileName> D:\\scans\\0001r.tif </fileName>"
            "</sourceImageInformation></Description></alto>",
            (r"D:\scans\0001r.tif",),
        ),
        (
            f'<TEI xmlns="{_TEI}"><facsimile><graphic url="a/1.jpg"/></facsimile><!-- x -->'
            '<text><pb facs="#f1"/><pb facs="2.jpg 3.jpg"/><pb/></text></TEI>',
            ("a/1.jpg", "2.jpg", "3.jpg"),
        ),
        (
            '<html><body><div class="ocr_page" title=\'image "my 1.tif"; bbox 0 0 9 9\'/>'
            "<div class='ocr_page' title='bbox 0 0 9 9; image 2.tif; ppageno 1'/>"
            "<div class='x' title='image 3.tif'/></body></html>",
            ("my 1.tif", "2.tif"),
        ),
        ("<root><Page/><fileName/></root>", ()),
    ],
)
def test_the_images_of_a_text_are_found(text: str, images: tuple[str, ...]) -> None:
    assert images_named(etree.fromstring(text)) == images
