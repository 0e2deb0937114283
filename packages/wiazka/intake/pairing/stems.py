"""What the name of a file says of its page: a number, a side, or only an order."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Side = Literal["recto", "verso"]
# One key a run of letters and the number behind it: 2 stands before 10.
Natural = tuple[tuple[str, int], ...]

_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}$")
_DOUBLE = re.compile(r"\.(?:page|alto|hocr|tei|ocr)$", re.IGNORECASE)
_PAGE = re.compile(
    r"(?P<prefix>.*?)(?P<number>[0-9]+)"
    r"(?:(?P<letter>[a-z])|[\s._-]*(?P<word>recto|verso|awers|rewers|об\.?)|[\s._-]+(?P<apart>[rvab]))?"
)
SIDES: dict[str, Side] = {
    **dict.fromkeys(("r", "a", "recto", "awers"), "recto"),
    **dict.fromkeys(("v", "b", "verso", "rewers", "об", "об."), "verso"),
}
# What cameras, telephones and scanning programs call their pictures: the number counts exposures.
_CAMERA = re.compile(
    r"[_ ]?(?:dsc[nf]?|imgp?|mg|cimg|sam|pict|hpim|dscn|mvi|pano|dji|gopr|gp|pxl)[ _-]*[0-9]{3,}"
    r"|p[0-9a-c][0-9]{6}(?![0-9])|whatsapp|screenshot|fb_img|received_[0-9]|ccf[0-9]|img[-_]20[0-9]{6}"
)
_STAMP = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:[ _t-]|at)*(?:[0-9]{6,9}(?![0-9])|[0-9]{2}[.:_-][0-9]{2}(?![0-9]))"
)
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Stem:
    """A file's name without folder and extension, and what stands at its end.

    ``key`` is what is compared; ``prefix`` is what stands before the number. ``mark`` is a letter
    behind the number that is no side (``0001c``). A camera's name has no number of a page.
    """

    text: str
    key: str
    prefix: str
    number: int | None = None
    digits: int = 0
    side: Side | None = None
    mark: str | None = None
    camera: bool = False


def stem_of(name: str, language: str | None = None) -> Stem:
    """The stem of a path. A language's code at its end (``0001r.pl.txt``) is no part of it."""
    text = unicodedata.normalize("NFC", name).rpartition("/")[2]
    text = _DOUBLE.sub("", _EXTENSION.sub("", text)) or text
    if language and len(text) > len(language) + 1:
        tail = text[-len(language) - 1 :]
        if tail[0] in "._-" and tail[1:].casefold() == language.casefold():
            text = text[: -len(tail)]
    return read_stem(text)


def read_stem(text: str) -> Stem:
    """What a stem says: ``scan_0001r`` is the recto of leaf 1 in the series ``scan_``."""
    key = unicodedata.normalize("NFC", text.casefold())
    if _CAMERA.match(key) or _STAMP.search(key):
        return Stem(text, key, key, camera=True)
    found = _PAGE.fullmatch(key)
    if found is None or len(found["number"]) > _MOST_DIGITS:
        return Stem(text, key, key)
    ending = found["letter"] or found["word"] or found["apart"]
    side = SIDES.get(ending) if ending else None
    return Stem(
        text,
        key,
        found["prefix"],
        int(found["number"]),
        len(found["number"]),
        side,
        # "a" and "b" are sides only as long as there is no "c".
        found["letter"] if side is None or ending in ("a", "b") else None,
    )


def natural(text: str) -> Natural:
    """A key that sorts ``page 2`` before ``page 10``."""
    key = unicodedata.normalize("NFC", text.casefold())
    pairs = re.findall(r"([^0-9]*)([0-9]*)", key)
    return tuple((letters, int(digits) if digits else -1) for letters, digits in pairs[:-1])


def page_name(number: int, digits: int, side: Side | None = None) -> str:
    """A page as its series would name it: ``0007v``."""
    return f"{number:0{digits}}{side[0] if side else ''}"
