"""What hands added to a leaf: a registry stamp, a reference in pencil, initials."""

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

VIOLET = (84, 62, 140)
RED = (158, 44, 40)
BLUE_PENCIL = (46, 74, 138)
GREY_PENCIL = (92, 88, 86)

_FONT_FILE = Path(__file__).parent / "fonts" / "CourierPrime.otf"
_SHARP = 3  # drawn larger and reduced, for smooth strokes

# Single-stroke letters on a grid 4 wide and 8 high, y downwards; "|" lifts the pen.
_STROKES = {
    "D": "1,0 1,8 | 0,0 3,1 4,4 3,7 0,8",
    "I": "1,0 1,8",
    "K": "0,0 0,8 | 3,0 0,5 | 1,4 4,8",
    "P": "0,8 0,0 3,0 4,2 3,4 0,4",
    "b": "0,0 0,8 2,8 3,6 2,4 0,5",
    "o": "2,4 0,5 0,7 2,8 3,6 2,4",
    "r": "0,4 0,8 | 0,5 1,4 3,4",
    "a": "3,5 1,4 0,6 1,8 3,6 3,4 3,7 4,8",
    "k": "0,0 0,8 | 3,4 0,6 3,8",
    "t": "1,1 1,7 2,8 3,7 | 0,3 3,3",
    "d": "3,5 1,4 0,6 1,8 3,6 | 4,0 3,6 3,7 4,8",
    "-": "0,5 3,5",
    ".": "0,8 0.4,8",
    "1": "0,2 2,0 2,8",
    "2": "0,2 1,0 3,1 3,3 0,8 4,8",
    "3": "0,1 2,0 3,2 1,4 3,5 3,7 1,8 0,7",
    "4": "2,0 0,5 4,5 | 3,3 3,8",
    "5": "3,0 0,0 0,3 2,3 3,5 2,8 0,7",
    "6": "3,0 1,3 0,6 1,8 3,7 3,5 0,6",
    "8": "2,4 0,2 2,0 4,2 0,6 2,8 4,6 2,4",
    "~": "0,6 1,2 2,7 3,1 3,7 5,3 6,7 8,4 9,6 13,4",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something added by hand. ``lines`` of a stamp are printed; one line of a hand is written."""

    lines: tuple[str, ...]
    at: tuple[int, int]
    colour: tuple[int, int, int]
    angle: float = 0.0
    stamped: bool = False
    size: int = 4


def draw_mark(page: Image.Image, mark: Mark, rng: Random) -> None:
    """Puts a mark on the page."""
    mask = _stamp(mark, rng) if mark.stamped else _hand(mark, rng)
    page.paste(mark.colour, mark.at, mask.rotate(mark.angle, Image.Resampling.BICUBIC, expand=True))


def _stamp(mark: Mark, rng: Random) -> Image.Image:
    font = ImageFont.truetype(_FONT_FILE, 17)
    width = int(max(font.getlength(line) for line in mark.lines)) + 36
    height = 24 * len(mark.lines) + 24
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    pen.rectangle((2, 2, width - 3, height - 3), outline=220, width=3)
    pen.rectangle((8, 8, width - 9, height - 9), outline=170, width=1)
    for row, line in enumerate(mark.lines):
        pen.text((width // 2, 25 + row * 24), line, font=font, fill=225, anchor="mm")
    # A pad is never inked evenly.
    cells = (max(2, width // 24), max(2, height // 16))
    pad = Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1]))
    pad = pad.resize(mask.size, Image.Resampling.BICUBIC).point(lambda v: 84 + v * 150 // 255)
    return ImageChops.multiply(mask.filter(ImageFilter.GaussianBlur(0.7)), pad)


def _hand(mark: Mark, rng: Random) -> Image.Image:
    unit = mark.size * _SHARP
    line = mark.lines[0]
    advance = [_width(sign) * unit for sign in line]
    mask = Image.new("L", (int(sum(advance)) + 10 * unit, 14 * unit), 0)
    pen = ImageDraw.Draw(mask)
    x = 2.0 * unit
    for sign, step in zip(line, advance, strict=True):
        lift = rng.uniform(-0.5, 0.5)
        for stroke in _STROKES.get(sign, "").split("|"):
            path = [
                # Slanted to the right, as a quick hand is.
                (x + (px + (8 - py) * 0.28) * unit, (3 + py + lift) * unit)
                for px, py in _smooth(_points(stroke), rng)
            ]
            for (x0, y0), (x1, y1) in pairwise(path):
                press = 170 + int(60 * math.sin((x0 + y1) / (9.0 * unit)))
                pen.line((x0, y0, x1, y1), fill=press, width=round(unit * 0.62))
                r = unit * 0.3
                pen.ellipse((x1 - r, y1 - r, x1 + r, y1 + r), fill=press)
        x += step
    small = (mask.width // _SHARP, mask.height // _SHARP)
    return mask.resize(small, Image.Resampling.LANCZOS)


def _width(sign: str) -> float:
    return max(x for x, _ in _points(_STROKES.get(sign, "0,0 2,0").replace("|", " "))) + 2.2


def _points(stroke: str) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in stroke.split())
    return [(float(x), float(y)) for x, y in pairs]


def _smooth(points: list[tuple[float, float]], rng: Random) -> list[tuple[float, float]]:
    """A curve through the points, each first moved a little, as an unsteady hand moves it."""
    moved = [(x + rng.uniform(-0.25, 0.25), y + rng.uniform(-0.25, 0.25)) for x, y in points]
    if len(moved) < 3:
        return moved
    padded = [moved[0], *moved, moved[-1]]
    curve = [moved[0]]
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for part in range(1, 7):
            t = part / 6
            curve.append((_hermite(a[0], b[0], c[0], d[0], t), _hermite(a[1], b[1], c[1], d[1], t)))
    return curve


def _hermite(a: float, b: float, c: float, d: float, t: float) -> float:
    # Tangents shorter than Catmull and Rom's: a hand that is quick but not florid.
    out, into = (c - a) * 0.35, (d - b) * 0.35
    return (
        b * (1 + 2 * t) * (1 - t) ** 2
        + out * t * (1 - t) ** 2
        + c * t * t * (3 - 2 * t)
        + into * t * t * (t - 1)
    )
