"""The record page of the Digital Archive, copied from a browser and pasted into ``record.txt``.

A copied page loses labels ("Source", "Donors"), keeps labels whose values are empty ("Record ID"),
and prints the summary after the body without a heading. What is not certain is left out: a field
that is missing can be supplied, one that is wrong goes unnoticed.
"""

import re
from dataclasses import dataclass

from wiazka.errors import SIDECAR_UNREADABLE, Problem
from wiazka.record.dates import read_date
from wiazka.record.fields import Given, Reading, build
from wiazka.record.line import parse_line
from wiazka.record.names import is_organisation
from wiazka.record.text import words

_CHROME = {"skip to content", "digital archive", "menu", "international history declassified"}
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
_SET_APART = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, and how many blank ones stand before it."""

    text: str
    gap: int


def read_page(text: str, name: str) -> Reading:
    """The record on a pasted page; ``name`` is the file's. Refused where no page is recognised."""
    lines = _lines(text)
    while lines and words(lines[0].text) in _CHROME:
        lines = lines[1:]
    if cited := _CITATION.search("\n".join(line.text for line in lines[:8])):
        return build(_old_layout(cited, lines), name)
    at = [i for i, line in enumerate(lines) if words(line.text) == _HEADING]
    if not at or len(lines) < 3 or not _is_date(lines[0].text):
        return Reading(None, (_no_page(name),))
    above, below = lines[: at[-1]], lines[at[-1] + 1 :]
    return build([*_above(above), *_below(below)], name)


def _lines(text: str) -> list[_Line]:
    lines, gap = [], 0
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            lines.append(_Line(line.strip(), gap))
            gap = 0
        else:
            gap += 1
    return lines


def _is_date(text: str) -> bool:
    return read_date(text).date is not None


def _old_layout(cited: re.Match[str], lines: list[_Line]) -> list[Given]:
    """The layout that begins with the citation; its labels carry their values in the same line."""
    given = [Given(key, (cited[key],)) for key in ("title", "date", "source")]
    if cited["id"]:
        given.append(Given("record_id", (cited["id"],)))
    for line in lines:
        label, colon, value = line.text.partition(":")
        key = _LABELS.get(words(label)) if colon else None
        if key and key not in ("citation", "source") and value.strip():
            given.append(Given(key, (value.strip(),)))
    return given


def _above(lines: list[_Line]) -> list[Given]:
    """What stands above "Document Information": date, title, support, the body, the summary."""
    given = [Given("date", (lines[0].text,))]
    if len(lines) > 1:
        given.append(Given("title", (lines[1].text,)))
    support = tuple(line.text for line in lines[2:4] if _SUPPORT.search(line.text))
    if support:
        given.append(Given("support", support))
    if summary := _summary(lines[2 + len(support) :]):
        given.append(Given("summary", (summary,)))
    return given


def _summary(body: list[_Line]) -> str | None:
    """The prose that is set apart at the end of the body; nothing else tells it from the body."""
    apart = [i for i, line in enumerate(body) if line.gap >= _SET_APART]
    if not apart or apart[-1] == 0:
        return None
    last = body[apart[-1] :]
    prose = all(len(line.text.split()) >= _PROSE_WORDS for line in last)
    return "\n\n".join(line.text for line in last) if prose and len(last) <= 3 else None


def _below(lines: list[_Line]) -> list[Given]:
    """What stands below it: labels, of which some have no value, and values without a label."""
    labelled: list[Given] = []
    loose: list[str] = []
    at = 0
    while at < len(lines):
        key = _LABELS.get(words(lines[at].text))
        at += 1
        if key is None:
            loose.append(lines[at - 1].text)
            continue
        values = []
        while at < len(lines) and _is_value(lines[at], key):
            values.append(lines[at].text)
            at += 1
        if values:
            labelled.append(Given(key, tuple(values)))
    return [*labelled, *_unlabelled(loose, {given.key for given in labelled})]


def _is_value(line: _Line, key: str) -> bool:
    """Whether a line is the value of the label above it: an empty field is followed by a gap."""
    if line.gap > 1 or words(line.text) in _LABELS:
        return False
    if key == "uploaded":
        return _is_date(line.text)
    return key != "record_id" or " " not in line.text


def _unlabelled(lines: list[str], known: set[str]) -> list[Given]:
    rights = tuple(line for line in lines if _RIGHTS.search(line))
    rest = [line for line in lines if line not in rights]
    given = [Given("rights", rights)] if rights and "rights" not in known else []
    sources = tuple(line for line in rest if _is_source(line))
    if sources and "source" not in known:
        given.append(Given("source", sources))
    # Copied pages lose the label "Donors": those who paid, named last.
    funders = tuple(line for line in rest if line not in sources and is_organisation(line))
    if funders and "funder" not in known:
        given.append(Given("funder", funders))
    return given


def _is_source(line: str) -> bool:
    parsed = parse_line(line)
    return bool(parsed.agents) or any(source.repository for source in parsed.sources)


def _no_page(name: str) -> Problem:
    return SIDECAR_UNREADABLE.at(
        name,
        f"{name} does not look like a record page: it should begin with the date and the title, "
        "and have a heading 'Document Information' below the text.",
        "Copy the whole page from its beginning to its end, or write a record.yaml instead "
        "('wiazka template' prints one).",
    )
