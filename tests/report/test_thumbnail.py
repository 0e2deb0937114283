"""Thumbnails: small pictures of first pages, and silence about what cannot be drawn."""

import io

import pytest
from PIL import Image

from wiazka.report.thumbnail import LONG_SIDE, thumbnail

KINDS = {
    "TIFF": "image/tiff",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "PDF": "application/pdf",
}


def picture(kind: str, size=(1200, 1700), mode="RGB", colour="white") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_page_becomes_a_small_jpeg(kind, tmp_path):
    path = tmp_path / "skan źródła"
    path.write_bytes(picture(kind))
    for source in (path, path.read_bytes()):
        small = thumbnail(source, KINDS[kind])
        assert small is not None
        with Image.open(io.BytesIO(small)) as image:
            assert image.format == "JPEG"
            assert max(image.size) == LONG_SIDE
            assert min(image.size) == pytest.approx(LONG_SIDE * 1200 / 1700, abs=2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", [0.0, 0.02, 0.5])
def test_a_damaged_file_gives_no_picture_and_no_error(kind, keep):
    whole = picture(kind)
    small = thumbnail(whole[: int(len(whole) * keep)], KINDS[kind])
    # A PDF's tail can be missing and its first page still drawn; a picture is all that may come.
    assert small is None or kind == "PDF"


def test_a_path_that_is_not_there_gives_no_picture(tmp_path):
    assert thumbnail(tmp_path / "none.tif", "image/tiff") is None


def test_a_format_without_pages_gives_no_picture():
    assert thumbnail(b"tekst", "text/plain") is None


@pytest.mark.parametrize(
    ("mode", "colour"), [("1", 1), ("L", 128), ("P", 0), ("CMYK", 0), ("RGBA", 0), ("I;16", 32768)]
)
def test_the_modes_of_scanners_are_drawn(mode, colour):
    assert thumbnail(picture("TIFF", (900, 700), mode, colour), "image/tiff") is not None


def test_sixteen_bit_grey_keeps_its_tone():
    small = thumbnail(picture("TIFF", (900, 700), "I;16", 32768), "image/tiff")
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert image.convert("L").getpixel((50, 50)) == pytest.approx(128, abs=4)
