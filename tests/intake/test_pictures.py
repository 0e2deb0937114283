"""What is seen of a page while it is decoded: a small picture of it, and its likeness."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.intake.clean import leaf
from wiazka.intake.formats import Opened
from wiazka.intake.model import SourceFile
from wiazka.intake.pairing.alike import ALIKE_BITS, BITS
from wiazka.intake.read import ReadFile, Reading, read_file
from wiazka.intake.tree import Found
from wiazka.picture import LONG_SIDE

KINDS = {"TIFF": "tif", "JPEG": "jpg", "PNG": "png", "PDF": "pdf"}


def read(path: Path, name: str = "") -> ReadFile:
    name = name or f"scans/{path.name}"
    return read_file(Found(path, name, os.lstat(path)), Reading(frozenset({"sha256"}), 10**8))


def read_bytes(folder: Path, data: bytes, name: str) -> ReadFile:
    path = folder / Path(name).name
    path.write_bytes(data)
    return read(path, name)


def file_of(done: ReadFile) -> SourceFile:
    assert done.file is not None, done.problems
    return done.file


def picture(kind: str, size=(1200, 1700), mode="RGB", colour="white", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_page_becomes_a_small_jpeg(kind, tmp_path):
    small = file_of(read_bytes(tmp_path, picture(kind), f"scans/a.{KINDS[kind]}")).seen.thumbnail
    with Image.open(io.BytesIO(small)) as image:
        assert image.format == "JPEG"
        assert max(image.size) == LONG_SIDE
        assert min(image.size) == pytest.approx(LONG_SIDE * 1200 / 1700, abs=2)


@pytest.mark.parametrize(
    ("mode", "colour"), [("1", 1), ("L", 128), ("P", 0), ("CMYK", 0), ("RGBA", 0), ("I;16", 32768)]
)
def test_the_modes_of_scanners_are_drawn(mode, colour, tmp_path):
    done = read_bytes(tmp_path, picture("TIFF", (900, 700), mode, colour), "scans/a.tif")
    assert file_of(done).seen.thumbnail
    assert done.problems == ()


def test_sixteen_bit_grey_keeps_its_tone(tmp_path):
    data = picture("TIFF", (900, 700), "I;16", 32768)
    small = file_of(read_bytes(tmp_path, data, "scans/a.tif")).seen.thumbnail
    with Image.open(io.BytesIO(small)) as image:
        assert image.convert("L").getpixel((50, 50)) == pytest.approx(128, abs=4)


def test_a_text_and_a_letter_have_no_picture(tmp_path):
    assert file_of(read_bytes(tmp_path, b"tekst", "transcription/pl/a.txt")).seen.thumbnail is None
    letter = read_bytes(tmp_path, picture("JPEG"), "documents/letter.jpg")
    assert file_of(letter).seen.thumbnail is None


def typescript(seed: int) -> Image.Image:
    """A page of typed lines; another seed, another text in the same lines."""
    page = Image.new("L", (1240, 1754), 235)
    draw = ImageDraw.Draw(page)
    for row, y in enumerate(range(120, 1640, 38)):
        x = 120
        while x < 1120:
            seed = (seed * 1103515245 + 12345 + row) % 2**31
            width = 20 + (seed >> 8) % 110
            draw.rectangle((x, y, min(x + width, 1150), y + 18), fill=40)
            x += width + 18
    return page


def likeness(tmp_path: Path, page: Image.Image, name: str = "a.png", **options) -> str | None:
    path = tmp_path / name
    page.save(path, **options)
    return file_of(read(path)).seen.likeness


def apart(one: str | None, two: str | None) -> float:
    assert one is not None
    assert two is not None
    return (int(one, 16) ^ int(two, 16)).bit_count() / (len(one) * 4)


def test_pictures_of_one_page_are_alike_and_those_of_two_are_not(tmp_path):
    page = typescript(1)
    first = likeness(tmp_path, page)
    saved_again = likeness(tmp_path, page.resize((1000, 1414)), "b.jpg", quality=60)
    blurred = likeness(tmp_path, page.filter(ImageFilter.GaussianBlur(2)), "c.tif")
    assert apart(first, saved_again) <= ALIKE_BITS / BITS
    assert apart(first, blurred) <= ALIKE_BITS / BITS
    others = [likeness(tmp_path, typescript(seed)) for seed in range(2, 30)]
    assert min(apart(first, other) for other in others) > ALIKE_BITS / BITS


def test_a_leaf_of_the_clean_delivery_has_a_likeness(tmp_path):
    assert len(likeness(tmp_path, leaf(1, 0)) or "") == BITS // 4


@pytest.mark.parametrize("grain", [0, 3])
def test_a_blank_page_is_like_nothing(grain, tmp_path):
    page = Image.effect_noise((800, 1100), grain).point(lambda value: min(255, value + 100))
    assert likeness(tmp_path, page) is None


def test_what_an_image_tells_of_itself_is_kept(tmp_path):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    page = Image.new("RGB", (40, 60), "white")
    page.save(tmp_path / "a.tif", dpi=(300, 300), icc_profile=profile)
    told = file_of(read(tmp_path / "a.tif")).technical
    assert (told.width, told.height, told.pages, told.ppi) == (40, 60, 1, 300.0)
    assert (told.colour, told.bit_depth, told.puid) == ("rgb", 8, "fmt/353")
    assert "sRGB" in (told.profile or "")


@pytest.mark.parametrize(
    ("mode", "kind", "colour", "depth"),
    [
        ("1", "tif", "bilevel", 1),
        ("I;16", "tif", "grey", 16),
        ("I;16", "png", "grey", 16),
        ("P", "gif", "palette", 8),
        ("CMYK", "jpg", "cmyk", 8),
        ("L", "jp2", "grey", 8),
        ("I;16", "jp2", "grey", 16),
    ],
)
def test_colour_and_depth_are_those_of_the_file(mode, kind, colour, depth, tmp_path):
    Image.new(mode, (300, 300)).save(tmp_path / f"a.{kind}")
    told = file_of(read(tmp_path / f"a.{kind}")).technical
    assert (told.colour, told.bit_depth) == (colour, depth)


def test_pages_of_a_tiff_are_counted_and_centimetres_are_turned_into_inches(tmp_path):
    pages = [Image.new("L", (50, 50), shade) for shade in (0, 90, 200)]
    tags = {296: 3, 282: 118.11, 283: 118.11}
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:], tiffinfo=tags)
    told = file_of(read(tmp_path / "a.tif")).technical
    assert (told.pages, told.ppi) == (3, 300.0)


def test_no_resolution_is_made_up(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    data = picture("JPEG", exif=exif)
    # A camera's JPEG without the JFIF segment: Pillow says 72.
    assert data[2:4] == b"\xff\xe0"
    plain = data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]
    assert file_of(read_bytes(tmp_path, plain, "scans/a.jpg")).technical.ppi is None


def test_opened_is_a_value() -> None:
    assert Opened.__dataclass_params__.frozen
