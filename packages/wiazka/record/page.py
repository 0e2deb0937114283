"""The record page of the Digital Archive, copied from a browser and pasted into ``record.txt``.

A copied page loses labels ("Source", "Donors"), keeps labels whose values are empty ("Record ID"),
and prints the summary after the body without a heading. What is not certain is left out: a field
that is missing can be supplied, one that is wrong goes unnoticed.
"""

import re
from dataclasses import dataclass

from wiazka.errors import KEY_UNKNOWN, SIDECAR_UNREADABLE, Problem, Severity
from wiazka.record.dates import read_date
from wiazka.record.fields import Given, Reading, build
from wiazka.record.languages import language_tag
from wiazka.record.line import parse_line
from wiazka.record.names import is_organisation
from wiazka.record.text import words

_CHROME = {"skip to content", "digital archive", "international history declassified", "menu"}
_HEADING = "document information"
# The labels of the three layouts, each with the key that its value is of. "Donors" on these pages
# are those who paid: funders, never donors of the material.
_LABELS = {
    "source": "source",
    "original uploaded date": "uploaded",
    "record id": "record_id",
    "rights": "rights",
    "donors": "funder",
    "language": "original_language",
    "original language": "original_language",
    "type": "type",
    "summary": "summary",
    "credits": "support",
    "citation": "citation",
    "subjects discussed": "subjects",
    "associated places": "places",
    "original archive": "original archive",
    "original classification": "original classification",
    "author": "author",
    "authors": "author",
    "author s": "author",
    "document contributor s": "participants",
    "associated people organizations": "associated people",
    "related documents": "related documents",
    "contents": "contents",
}
_CITATION = re.compile(
    r"[“\"](?P<title>.+?),?[”\"],? (?P<date>.+?), "
    r"(?:History and Public Policy Program|Wilson Center) Digital Archive, (?P<source>.+?)"
    r"(?:\s+https?://\S*/document/(?P<id>[\w-]+))?\s*$",
    re.DOTALL,
)
_SUPPORT = re.compile(r"(?i)made possible (?:with|by|thanks to) .*support")
_RIGHTS = re.compile(r"(?i)welcomes reuse|rights status|copyright")
_PROSE_WORDS = 8


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank: its place in the page, and how many blank ones stand before it."""

    text: str
    gap: int


def read_page(text: str, name: str) -> Reading:
    """The record on a pasted page; ``name`` is the file's. Refused where no page is recognised."""
    lines = _lines(text)
    while lines and words(lines[0].text) in _CHROME | {"digital archive digitalarchive wilsoncenter org"}:
        lines = lines[1:]
    at = next((i for i, l in reversed(list(enumerate(lines))) if words(l.text) == _HEADING), None)
    cited = _cited(lines)
    if cited is None and (at is None or not _is_date(lines[0].text)):
        return Reading(None, (_no_page(name),))
    if cited is not None:
        return build(cited, name)
    return _new_layout(lines[:at], [line.text for line in lines[(at or 0) + 1 :]], name)
