"""The labels on record pages of the Digital Archive, in its three layouts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wiazka.record.dates import read_date
from wiazka.record.text import words

HEADING = "document information"
_CHROME = {
    "skip to content",
    "menu",
    "search",
    "digital archive",
    "wilson center digital archive",
    "digitalarchive wilsoncenter org",
    "international history declassified",
    "digital archive international history declassified",
    "digital archive digitalarchive wilsoncenter org",
    "digital archive digitalarchive wilsoncenter org international history declassified",
    "digital archive international history declassified digitalarchive wilsoncenter org",
}
_PAGE_NUMBER = re.compile(r"(?i)page \d{1,4}(?: of \d{1,4})?")
# Each label with the key that its value is of. "Donors" on these pages are those who paid: funders,
# never donors of the material; "Contributors" are often participants, and told as neither.
LABELS = {
    "source": "source",
    "original uploaded date": "uploaded",
    "record id": "record_id",
    "rights": "rights",
    "donor": "funder",
    "donors": "funder",
    "language": "original_language",
    "languages": "original_language",
    "original language": "original_language",
    "type": "type",
    "document type": "type",
    "summary": "summary",
    "credits": "support",
    "citation": "citation",
    "subjects discussed": "subjects",
    "associated places": "places",
    "original archive": "original archive",
    "original classification": "classification",
    "author": "author",
    "authors": "author",
    "author s": "author",
    "document contributor s": "document contributors",
    "document contributors": "document contributors",
    "associated people organizations": "associated people",
    "associated people and organizations": "associated people",
    "related documents": "related documents",
    "contents": "contents",
}
_AFTER_LABEL = re.compile(r":|\t|\s{2,}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, and how many blank ones stand before it."""

    text: str
    gap: int


def page_lines(text: str) -> list[Line]:
    """The lines of a pasted page without the site's own words above and between them."""
    lines = list(_lines(text))
    while lines and words(lines[0].text) in _CHROME:
        del lines[0]
    return lines


def is_chrome(line: str) -> bool:
    """Whether a line is the site's own or a page's head, and none of the document's."""
    return words(_PAGE_NUMBER.sub("", line)) in _CHROME or _PAGE_NUMBER.fullmatch(line) is not None


def labelled(line: str) -> tuple[str | None, str]:
    """The key of a label and the value after it: alone, or after a colon, a tab or two blanks."""
    if key := LABELS.get(words(line)):
        return key, ""
    label, *value = _AFTER_LABEL.split(line, maxsplit=1)
    key = LABELS.get(words(label)) if value else None
    return (key, value[0].strip()) if key else (None, "")


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing else."""
    return len(text) < 60 and read_date(text).date is not None


def _lines(text: str) -> Iterator[Line]:
    gap = 0
    for raw in text.splitlines():
        if stripped := raw.strip("\ufeff\u200b \t\xa0\r").strip():
            yield Line(stripped, gap)
            gap = 0
        else:
            gap += 1
