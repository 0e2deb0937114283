"""The record page of the Digital Archive, copied from a browser and pasted into ``record.txt``.

A copied page loses labels ("Source", "Donors"), keeps labels whose values are empty ("Record ID"),
and prints the summary after the body without a heading. What is not certain is left out: a field
that is missing can be supplied, one that is wrong goes unnoticed.
"""

import re

from wiazka.phrase import say, say_many
from wiazka.problem_kinds import KEY_UNKNOWN, SIDECAR_UNREADABLE, Problem
from wiazka.record.citation import cited
from wiazka.record.dates import letterhead
from wiazka.record.fields import Given
from wiazka.record.languages import language_tag
from wiazka.record.line import parse_line
from wiazka.record.name_lists import organisations_in
from wiazka.record.names import is_organisation
from wiazka.record.page_labels import HEADING, Line, is_date, labelled, page_lines
from wiazka.record.said import Said
from wiazka.record.text import words

_TYPES = re.compile(
    r"(?i)\b(?:report|telegram|cable|letter|memorandum|minutes|conversation|note|speech|diary|"
    r"protocol|resolution|decree|transcript|briefing|statement|treaty|agreement|interview|article|"
    r"aide-m[eé]moire|dispatch|circular|instructions?|message|press|information)\b"
)
_CLASSIFIED = re.compile(r"(?i)\b(?:secret|confidential|restricted|unclassified|official use)\b")
_RUN_ON = {"subjects", "places", "author", "funder", "original_language", "associated people"}
_SUPPORT = re.compile(r"(?i)made possible (?:with|by|thanks to) .*support")
_RIGHTS = re.compile(r"(?i)welcomes reuse|rights status|subject to copyright")
_PROSE_WORDS = 8
_LONGEST_TITLE = 600


def page_said(text: str, name: str) -> Said:
    """What a pasted page says; ``name`` is the file's. Refused where no page is recognised."""
    lines = page_lines(text)
    heading = max((i for i, line in enumerate(lines) if words(line.text) == HEADING), default=None)
    head = _head(lines)
    if heading is not None and head:
        info, left_over = _information(lines[heading + 1 :])
        body = lines[len(head) : heading]
        support = [line.text for line in body[:2] if _SUPPORT.search(line.text)]
        given = [*head, *info, *_summary(body), *(Given("support", (one,)) for one in support)]
        first = letterhead(line.text for line in body if line.text not in support)
        given += [Given(key, (line,)) for key, line in first]
        return Said(name, name, _once(given, name), _unexplained(left_over, support, name))
    if citation := cited(lines):
        return Said(name, name, _once(citation, name))
    return Said(name, name, None, (_no_page(name),))


def _head(lines: list[Line]) -> list[Given]:
    """Date and title, which begin the page in this order, or in the other."""
    if len(lines) < 2:
        return []
    first, second = lines[0].text, lines[1].text
    date, title = (first, second) if is_date(first) else (second, first)
    if not is_date(date) or not _is_title(title):
        return []
    return [Given("date", (date,)), Given("title", (title,))]


def _information(lines: list[Line]) -> tuple[list[Given], list[str]]:
    """The fields under "Document Information", and the lines that are none."""
    given: list[Given] = []
    loose: list[str] = []
    label: str | None = None
    run_on: str | None = None
    spaced = any(line.gap for line in lines[1:] if labelled(line.text)[0])
    for line in lines:
        key, value = labelled(line.text)
        if key and not value:
            label, run_on = key, None
            continue
        if key is None:
            again = run_on if _continues(run_on, line, spaced=spaced) else None
            key, value = label or again, line.text
        label = None
        if key and _fits(key, value):
            given.append(Given(key, _values(key, value)))
            run_on = key
        else:
            loose.append(line.text)
            run_on = None
    named = any(one.key == "source" for one in given)
    return [*given, *_unlabelled(loose, source_named=named)], loose


def _continues(key: str | None, line: Line, *, spaced: bool) -> bool:
    """Whether a line without a label is one more value of the key above it.

    A rights note has paragraphs. Of lists it is certain only where the page has blank lines
    between its fields, and none here: the next line may be the value of a label that was lost.
    """
    if key == "rights":
        return len(line.text.split()) >= _PROSE_WORDS
    return key in _RUN_ON and spaced and line.gap == 0


def _unlabelled(loose: list[str], *, source_named: bool) -> list[Given]:
    """The source and the rights note where their labels were lost; taken out of ``loose``."""
    rights = [line for line in loose if _RIGHTS.search(line)]
    end = loose.index(rights[0]) if rights else len(loose)
    # "Korea--History--1948-" is a subject heading.
    likely = (line for line in loose[:end] if _is_source(line) and "--" not in line)
    source = None if source_named else next(likely, None)
    for line in [*rights, *([source] if source else [])]:
        loose.remove(line)
    found = [Given("rights", ("\n\n".join(rights),))] if rights else []
    return [Given("source", (source,)), *found] if source else found


def _fits(key: str, value: str) -> bool:
    """Whether ``value`` can be that of ``key``.

    The line after "Record ID" may be the value of another label that was lost: on the page this was
    written for, the funder's name follows an empty Record ID.
    """
    if _RIGHTS.search(value):
        return key == "rights"
    match key:
        case "record_id":
            return re.fullmatch(r"\d{3,}", value) is not None
        case "uploaded":
            return is_date(value)
        case "original_language":
            return language_tag(value) is not None
        case "funder" | "original archive":
            return is_organisation(value)
        case "type":
            return _is_short(value) and _TYPES.search(value) is not None
        case "classification":
            return _is_short(value) and _CLASSIFIED.search(value) is not None
        case "places":
            return not is_organisation(value) and not any(char.isdigit() for char in value)
        case "source" | "rights" | "summary":
            return True
        case _:
            return not is_organisation(value)


def _values(key: str, value: str) -> tuple[str, ...]:
    if key == "funder":
        return organisations_in(value) or (value,)
    if key in _RUN_ON:
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return (value,)


def _summary(body: list[Line]) -> list[Given]:
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


def _once(given: list[Given], name: str) -> tuple[Given, ...]:
    """The fields with values of one label put together, as a list under it would be."""
    values: dict[str, list[str]] = {}
    for one in given:
        values.setdefault(one.key, []).extend(one.values)
    rights = "\n\n".join(values.pop("rights", ()))
    named = [*values.items(), ("rights", [rights])]
    return tuple(Given(key, tuple(found), name) for key, found in named)


def _is_title(text: str) -> bool:
    is_label = labelled(text)[0] is not None or words(text) == HEADING
    return len(text) <= _LONGEST_TITLE and not is_label and not _SUPPORT.search(text)


def _is_source(line: str) -> bool:
    parsed = parse_line(line)
    known = bool(parsed.agents) or any(source.scheme != "unparsed" for source in parsed.sources)
    return known or any(char.isdigit() for char in line)


def _is_short(text: str) -> bool:
    return len(text.split()) <= _PROSE_WORDS


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
            say_many(
                "{name}: {number} line under 'Document Information' belongs to no field: {first}",
                "{name}: {number} lines under 'Document Information' belong to no field; the "
                "first is: {first}",
                len(unknown),
                name=name,
                first=unknown[0][:200],
            ),
            say("If they matter, put them in a record.yaml, each under its key."),
        ),
    )


def _no_page(name: str) -> Problem:
    return SIDECAR_UNREADABLE.at(
        name,
        say(
            "{name} is not recognised as a record page: it should begin with the date and the "
            "title, and have a line 'Document Information'.",
            name=name,
        ),
        say(
            "Copy the whole page again, from its date down, or write a record.yaml "
            "('wiazka template' gives one)."
        ),
    )
