"""Sheets of typescript as a scanner sees them: drawn, from a seed, the same at every run."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from tests.sample.marks import Mark, draw_mark

DPI = 120
SIZE = (992, 1403)  # A4
BED = 22  # the strip of scanner bed that shows around the sheet
BED_COLOUR = (58, 55, 52)
RIBBON = (40, 37, 44)
MARGIN = (118, 112)
PITCH = 12  # ten signs to the inch
LEADING = 32
NOTICE = "wzór: arkusz narysowany do prób, nie oryginał"

FONT_FILE = Path(__file__).parent / "fonts" / "CourierPrime.otf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of a leaf: what is typed on it, what shines through, and what hands added."""

    text: str
    seed: int
    other_side: str = ""
    marks: tuple[Mark, ...] = ()
    ring: bool = False


def draw(sheet: Sheet) -> Image.Image:
    """The sheet as an RGB scan at ``DPI``."""
    rng = Random(sheet.seed)  # noqa: S311
    page = ImageOps.colorize(
        _paper(rng, ring=sheet.ring), black=(40, 30, 22), white=(250, 244, 229), mid=(160, 146, 122)
    )
    if sheet.other_side:
        behind = ImageOps.mirror(_typed(sheet.other_side, Random(sheet.seed)))  # noqa: S311
        behind = behind.filter(ImageFilter.GaussianBlur(1.6)).point(lambda v: v // 9)
        page.paste((96, 84, 70), mask=behind)
    page.paste(RIBBON, mask=_typed(sheet.text, rng))
    for mark in sheet.marks:
        draw_mark(page, mark, rng)
    _small_print(page)
    _punch(page)
    bed = Image.new("RGB", (SIZE[0] + 2 * BED, SIZE[1] + 2 * BED), BED_COLOUR)
    bed.paste(page, (BED + rng.randint(-6, 6), BED + rng.randint(-6, 6)))
    return bed.rotate(rng.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=BED_COLOUR)


def _noise(rng: Random, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def _clouds(rng: Random, cells: tuple[int, int], low: int, high: int) -> Image.Image:
    clouds = _noise(rng, cells).resize(SIZE, Image.Resampling.BICUBIC)
    return clouds.point(lambda value: low + value * (high - low) // 255)


def _paper(rng: Random, *, ring: bool) -> Image.Image:
    grain = _noise(rng, SIZE).filter(ImageFilter.GaussianBlur(0.7)).point(lambda v: v // 16)
    paper = ImageChops.add(_clouds(rng, (5, 7), 213, 231), grain, offset=-6)
    # Small and then enlarged: the same soft edge as a wide blur, for a fraction of the work.
    shade = Image.new("L", (62, 88), 196)
    draw = ImageDraw.Draw(shade)
    draw.rectangle((3, 3, 58, 84), fill=255)
    for _ in range(5):
        x, y, r = rng.randint(0, 62), rng.choice([rng.randint(0, 9), rng.randint(78, 88)]), 3
        draw.ellipse((x - r, y - r, x + r, y + r), fill=224)
    shade = shade.filter(ImageFilter.GaussianBlur(2.4)).resize(SIZE, Image.Resampling.BICUBIC)
    if ring:
        x, y, r = 690, 1010, 118
        stain = ImageDraw.Draw(shade)
        stain.ellipse((x - r, y - r, x + r, y + r), outline=226, width=7)
        stain.arc((x - r + 1, y - r + 1, x + r - 1, y + r - 1), 200, 330, fill=212, width=5)
        box = (x - r - 20, y - r - 20, x + r + 20, y + r + 20)
        shade.paste(shade.crop(box).filter(ImageFilter.GaussianBlur(2.2)), box[:2])
    return ImageChops.multiply(paper, shade)


@cache
def _glyph(sign: str, size: int) -> Image.Image:
    font = ImageFont.truetype(FONT_FILE, size)
    glyph = Image.new("L", (size, size * 2), 0)
    ImageDraw.Draw(glyph).text((2, size // 2), sign, font=font, fill=255)
    return glyph


def _typed(text: str, rng: Random) -> Image.Image:
    """A mask of typed signs: each struck a little higher, lower, harder or softer."""
    mask = Image.new("L", SIZE, 0)
    drift = {sign: rng.choice((-1, 0, 0, 0, 1)) for sign in sorted(set(text))}
    for row, line in enumerate(text.splitlines()):
        y = MARGIN[1] + row * LEADING
        for column, sign in enumerate(line):
            if sign == " ":
                continue
            force = min(255, max(150, int(rng.gauss(236, 20))))
            place = (MARGIN[0] + column * PITCH, y + drift[sign] + (rng.random() < 0.06))
            glyph = _glyph(sign, 20)
            mask.paste(force, place, glyph)
    ribbon = _clouds(rng, (18, 60), 188, 255)
    return ImageChops.multiply(mask.filter(ImageFilter.GaussianBlur(0.5)), ribbon)


def _small_print(page: Image.Image) -> None:
    """A drawn sheet says so at its foot: a sample must never pass for a source."""
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONT_FILE, 12)
    pen.text((SIZE[0] - 62, SIZE[1] - 34), NOTICE, font=font, fill=(150, 138, 118), anchor="ra")


def _punch(page: Image.Image) -> None:
    pen = ImageDraw.Draw(page)
    for y in (SIZE[1] // 2 - 190, SIZE[1] // 2 + 190):
        pen.ellipse((36, y - 13, 64, y + 15), fill=(196, 184, 160))
        pen.ellipse((37, y - 13, 63, y + 13), fill=BED_COLOUR)
