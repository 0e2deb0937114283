"""What a text itself says of its page: marks such as ``[k. 12v]``, and names of images."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wiazka.intake.pairing.stems import Side

if TYPE_CHECKING:
    from lxml import etree

Kind = Literal["leaf", "page", "bare"]

_LEAF = r"karty|karta|kart|k|folio|fol|ff|f|leaf|лист|л|bl"
_PAGE = r"strony|strona|str|s|pages|page|pp|pg|p|стр|с"
_SIDE = r"recto|verso|об\.?|[rv](?![^\W\d_])"
_NAMED = rf"(?P<word>{_LEAF}|{_PAGE})\s*\.?\s*(?P<number>[0-9]{{1,5}})\s*(?P<side>{_SIDE})?"
_IN_BRACKETS = re.compile(rf"[\[{{⟨]\s*(?:{_NAMED})\s*[\]}}⟩]", re.IGNORECASE)
_ALONE = re.compile(rf"[\[{{(/]?\s*(?:{_NAMED})\s*[\]}})/]?\.?", re.IGNORECASE)
_BARE = re.compile(r"[-–—]\s*([0-9]{1,4})\s*[-–—]")
_LEAF_WORD = re.compile(rf"(?:{_LEAF})", re.IGNORECASE)
_MOST_MARKS = 500
_MOST_IMAGES = 100_000
_HOCR = re.compile(r"""(?:^|;)\s*image\s+(?:"([^"]*)"|'([^']*)'|([^\s;]+))""")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it was meant: leaf 12, verso. ``bare`` is a number that nothing names."""

    kind: Kind
    number: int
    side: Side | None = None


def page_marks(text: str) -> tuple[str, ...]:
    """The marks in a text that name a page, each once: ``k. 12v``, ``s. 3``, ``– 3 –``.

    Marks in brackets count wherever they stand; without brackets only alone in the first or the
    last line, as a page's number is typed. At most 500 of them.
    """
    found: dict[str, None] = {}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in dict.fromkeys([*lines[:1], *lines[-1:]]):
        alone = _ALONE.fullmatch(line)
        bare = _BARE.fullmatch(line)
        if bare:
            found[f"– {int(bare[1])} –"] = None
        elif alone:
            found[_written(alone)] = None
    for mark in _IN_BRACKETS.finditer(text):
        if len(found) >= _MOST_MARKS:
            break
        found[_written(mark)] = None
    return tuple(found)


def read_mark(written: str) -> Mark | None:
    """What a mark of ``page_marks`` means; None for what is none."""
    if bare := _BARE.fullmatch(written):
        return Mark("bare", int(bare[1]))
    found = _ALONE.fullmatch(written)
    if found is None:
        return None
    side: Side | None = None
    if found["side"]:
        side = "recto" if found["side"].casefold().startswith("r") else "verso"
    kind: Kind = "leaf" if _LEAF_WORD.fullmatch(found["word"]) else "page"
    return Mark(kind, int(found["number"]), side)


def images_named(root: "etree._Element") -> tuple[str, ...]:
    """The images that a text in XML or HTML says it is of, as written, each once.

    PAGE has them in ``Page/@imageFilename``, ALTO in ``sourceImageInformation/fileName``, TEI in
    ``pb/@facs`` and ``graphic/@url``, hOCR in ``title="image …"`` of a page. References within
    the file (``#facs_1``) are none.
    """
    found: dict[str, None] = {}
    for name in map(str.strip, _named(root)):
        if name and not name.startswith("#"):
            found[name] = None
        if len(found) >= _MOST_IMAGES:
            break
    return tuple(found)


def _named(root: "etree._Element") -> Iterator[str]:
    for element in root.iter("*"):
        match element.tag.rpartition("}")[2]:
            case "Page":
                yield element.get("imageFilename") or ""
            case "fileName":
                yield element.text or ""
            case "pb":
                yield from (element.get("facs") or "").split()
            case "graphic":
                yield element.get("url") or ""
            case "div" if "ocr_page" in (element.get("class") or ""):
                for groups in _HOCR.findall(element.get("title") or ""):
                    yield next(filter(None, groups), "")


def _written(found: "re.Match[str]") -> str:
    side = (found["side"] or "").casefold()
    behind = {"recto": "r", "verso": "v", "об": " об.", "об.": " об."}.get(side, side)
    word = found["word"].casefold()
    return f"{word}{'.' if len(word) < 4 else ''} {int(found['number'])}{behind}"
