"""The record page of the Digital Archive, copied from a browser and pasted into ``record.txt``.

A copied page loses labels ("Source", "Donors"), keeps labels whose values are empty ("Record ID"),
and prints the summary after the body without a heading. What is not certain is left out: a field
that is missing can be supplied, one that is wrong goes unnoticed.
"""

import re
from dataclasses import dataclass

from wiazka.errors import KEY_UNKNOWN, SIDECAR_UNREADABLE, Problem
from wiazka.record.dates import read_date
from wiazka.record.fields import Given
from wiazka.record.languages import language_tag
from wiazka.record.line import parse_line
from wiazka.record.names import is_organisation, organisations_in
from wiazka.record.said import Said
from wiazka.record.text import words

_CHROME = {
    "skip to content",
    "menu",
    "digital archive",
    "digital archive digitalarchive wilsoncenter org",
    "digitalarchive wilsoncenter org",
    "international history declassified",
}
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
    r"[“\"](?P<title>.+?),?[”\"],? (?P<date>[^“”\"]+?), "
    r"(?:History and Public Policy Program|Wilson Center) Digital Archive, (?P<source>.+?)"
    r"(?:\s+https?://\S*/document/(?P<id>[\w-]+)\S*)?\s*",
    re.DOTALL,
)
_SUPPORT = re.compile(r"(?i)made possible (?:with|by|thanks to) .*support")
_RIGHTS = re.compile(r"(?i)welcomes reuse|rights status|subject to copyright")
_PROSE_WORDS = 8
_LONGEST_TITLE = 600


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, and how many blank ones stand before it."""

    text: str
    gap: int


def page_said(text: str, name: str) -> Said:
    """What a pasted page says; ``name`` is the file's. Refused where no page is recognised."""
    lines = _lines(text)
    heading = max((i for i, line in enumerate(lines) if words(line.text) == _HEADING), default=None)
    head = _head(lines)
    if heading is not None and head:
        info, left_over = _information([line.text for line in lines[heading + 1 :]])
        body = lines[len(head) : heading]
        support = [line.text for line in body[:2] if _SUPPORT.search(line.text)]
        given = [*head, *info, *_summary(body), *(Given("support", (one,)) for one in support)]
        return Said(name, name, _once(given, name), _unexplained(left_over, support, name))
    if cited := _cited([line.text for line in lines]):
        return Said(name, name, _once(cited, name))
    return Said(name, name, None, (_no_page(name),))


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    gap = 0
    for raw in text.splitlines():
        if stripped := raw.strip().lstrip("\ufeff"):
            lines.append(_Line(stripped, gap))
            gap = 0
        else:
            gap += 1
    while lines and words(lines[0].text) in _CHROME:
        del lines[0]
    return lines


def _head(lines: list[_Line]) -> list[Given]:
    """Date and title, which begin the page in this order, or in the other."""
    if len(lines) < 2:
        return []
    first, second = lines[0].text, lines[1].text
    date, title = (first, second) if _is_date(first) else (second, first)
    if not _is_date(date) or not _is_title(title):
        return []
    return [Given("date", (date,)), Given("title", (title,))]


def _information(lines: list[str]) -> tuple[list[Given], list[str]]:
    """The fields under "Document Information", and the lines that are none."""
    given: list[Given] = []
    loose: list[str] = []
    label: str | None = None
    for line in lines:
        named, value = _labelled(line)
        if named is None and label is not None and _fits(label, line):
            given.append(Given(label, _values(label, line)))
            # Only a rights note runs on; another line after a value belongs to no label.
            label = label if label == "rights" else None
        elif named is None:
            loose.append(line)
        elif value and _fits(named, value):
            given.append(Given(named, _values(named, value)))
            label = None
        else:
            label = named
    return [*given, *_unlabelled(loose)], loose


def _unlabelled(loose: list[str]) -> list[Given]:
    """The source and the rights note where their labels were lost; taken out of ``loose``."""
    rights = [line for line in loose if _RIGHTS.search(line)]
    end = loose.index(rights[0]) if rights else len(loose)
    source = next((line for line in loose[:end] if _is_source(line)), None)
    for line in [*rights, *([source] if source else [])]:
        loose.remove(line)
    found = [Given("rights", ("\n\n".join(rights),))] if rights else []
    return [Given("source", (source,)), *found] if source else found


def _labelled(line: str) -> tuple[str | None, str]:
    if key := _LABELS.get(words(line)):
        return key, ""
    label, colon, value = line.partition(":")
    key = _LABELS.get(words(label)) if colon else None
    return (key, value.strip()) if key else (None, "")


def _fits(key: str, value: str) -> bool:
    """Whether ``value`` can be that of ``key``.

    The line after "Record ID" may be the value of another label that was lost: on the page this was
    written for, the funder's name follows an empty Record ID.
    """
    if _RIGHTS.search(value):
        return key == "rights"
    checks = {
        "record_id": re.fullmatch(r"\d{3,}", value) is not None,
        "uploaded": _is_date(value),
        "original_language": language_tag(value) is not None,
        "funder": is_organisation(value),
        "original archive": is_organisation(value),
    }
    return checks.get(key, key in {"source", "rights", "summary"} or not is_organisation(value))


def _values(key: str, value: str) -> tuple[str, ...]:
    return (organisations_in(value) or (value,)) if key == "funder" else (value,)


def _summary(body: list[_Line]) -> list[Given]:
    """The paragraph before "Document Information", if it is certain that the body has ended.

    It is where more blank lines precede it than any other, or the body ends in no paragraph but in
    a list or a signature.
    """
    if len(body) < 2 or not _is_prose(body[-1].text):
        return []
    last, before = body[-1], body[-2]
    apart = last.gap > max(line.gap for line in body[:-1])
    if words(before.text) != "summary" and not apart and _is_prose(before.text):
        return []
    return [Given("summary", (last.text,))]


def _cited(lines: list[str]) -> list[Given]:
    """The fields of the old layouts, which begin with a citation of the document."""
    blocks: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        key, value = _labelled(line)
        if key == "contents":
            break
        if key:
            blocks.append((key, [value] if value else []))
        else:
            blocks[-1][1].append(line)
    joined = [(key, " ".join(parts)) for key, parts in blocks if parts]
    single = [("citation", line) for line in blocks[0][1]]
    citations = (text for key, text in [*joined, *single] if key == "citation")
    found = next(filter(None, map(_CITATION.fullmatch, citations)), None)
    if found is None or not _is_date(found["date"]):
        return []
    number = found["id"] if found["id"] and found["id"].isdigit() else ""
    cited = [Given(key, (found[key],)) for key in ("title", "date", "source")]
    others = [
        Given(key, (text,))
        for key, text in joined
        if key in {"summary", "support", "original_language"} and text
    ]
    return [*cited, Given("record_id", (number,)), *others]


def _once(given: list[Given], name: str) -> tuple[Given, ...]:
    """The fields with values of one label put together, as a list under it would be."""
    values: dict[str, tuple[str, ...]] = {}
    for one in given:
        values[one.key] = values.get(one.key, ()) + one.values
    rights = "\n\n".join(values.pop("rights", ()))
    named = [*values.items(), ("rights", (rights,))]
    return tuple(Given(key, found, name) for key, found in named)


def _is_date(text: str) -> bool:
    read = read_date(text)
    return read.date is not None and len(text) < 60


def _is_title(text: str) -> bool:
    labelled = _labelled(text)[0] is not None or words(text) == _HEADING
    return len(text) <= _LONGEST_TITLE and not labelled and not _SUPPORT.search(text)


def _is_source(line: str) -> bool:
    parsed = parse_line(line)
    known = bool(parsed.agents) or any(source.scheme != "unparsed" for source in parsed.sources)
    return known or any(char.isdigit() for char in line)


def _is_prose(text: str) -> bool:
    return len(text.split()) >= _PROSE_WORDS and text.rstrip('”"’)').endswith((".", "!", "?"))


def _unexplained(left_over: list[str], support: list[str], name: str) -> tuple[Problem, ...]:
    # The value of "Donors", its label lost, says again who the support line has named.
    funders = words(" ".join(support))
    unknown = [line for line in left_over if words(line) not in funders]
    if not unknown:
        return ()
    return (
        KEY_UNKNOWN.at(
            name,
            f"{name}: {len(unknown)} line(s) under 'Document Information' belong to no field; "
            f"the first is: {unknown[0][:200]}",
            "If they matter, put them in a record.yaml, each under its key.",
        ),
    )


def _no_page(name: str) -> Problem:
    return SIDECAR_UNREADABLE.at(
        name,
        f"{name} is not recognised as a record page: it should begin with the date and the title, "
        "and have a line 'Document Information'.",
        "Copy the whole page again, from its date down, or write a record.yaml "
        "('wiazka template' gives one).",
    )
