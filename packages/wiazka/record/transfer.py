"""Archivematica's metadata/metadata.csv, as a sidecar: Dublin Core columns back into keys.

A transfer describes files; we describe documents. A row for ``objects`` itself is the document's;
without one, only what all rows agree on is taken.
"""

import re

from wiazka.phrase import say
from wiazka.problem_kinds import SIDECAR_UNREADABLE, VALUES_DISAGREE, Problem
from wiazka.record.csv_table import read_csv
from wiazka.record.fields import Given
from wiazka.record.keys import AGENT_KEYS, key_named
from wiazka.record.said import Said
from wiazka.record.text import words

METADATA_CSV = "metadata/metadata.csv"
# Dublin Core elements and terms (ISO 15836), each with the key that it is read back into. What is
# not here is kept under its own name.
_KEYS = {
    "title": "title",
    "date": "date",
    "created": "date",
    "source": "source",
    "creator": "author",
    "description": "summary",
    "abstract": "summary",
    "subject": "subjects",
    "coverage": "places",
    "spatial": "places",
    "language": "languages",
    "type": "type",
    "rights": "rights",
    "rightsholder": "rights_holder",
    "provenance": "custodial_history",
    "accessrights": "restriction",
    "ispartof": "collection",
    "isreferencedby": "published_in",
    "relation": "related",
    "bibliographiccitation": "source",
}
# Columns of our own writer that say the same in more detail than those of Dublin Core.
_BETTER = {
    "date_as_printed": ("dc.date",),
    "language_chain": ("dc.language",),
    "agent_particulars": (),
    "dcterms.bibliographicCitation": ("dc.source",),
}
_IGNORED = {"dc.format"}
_PLACES = {"letterhead": "letterhead_date"} | {
    place: place for place in ("received", "filed", "published")
}
_COLUMN = re.compile(r"(?:dc|dcterms)\.(?P<element>[a-z]+)", re.I)
_ROLED = re.compile(r"(?P<name>.+) \((?P<role>[a-z ]+)\)")
_CHAIN = re.compile(r",\s+(?![^()]*\))")
_EDTF_AFTER = re.compile(r" \([\d.X~?%/\[\]{},-]+\)$")
_WHOLE = {"objects", "data/objects", "."}


def transfer_said(path: str, data: bytes) -> Said:
    """What a metadata.csv says of the whole document; ``path`` is its place in the submission."""
    reading = read_csv(path, data)
    if not reading.rows:
        return Said(path, path, None, reading.problems)
    (_, headings), *rows = reading.rows
    names = [heading.strip() for heading in headings]
    if not names or names[0].casefold() not in {"filename", "parts"}:
        return Said(path, path, None, (*reading.problems, _no_filename(path)))
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    whole = [row for row in filled if row[1][0].strip().strip("/") in _WHOLE]
    said, problems = _agreed(path, names, whole or filled)
    _prefer(said)
    given = tuple(
        one for key, values in said.items() for one in _read_back(path, key, values) if one.key
    )
    return Said(path, path, _joined(given), (*reading.problems, *problems))


def _agreed(
    path: str, names: list[str], rows: list[tuple[int, list[str]]]
) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """The values of each column, repeated ones together, where all rows that fill it agree."""
    said: dict[str, tuple[str, ...]] = {}
    problems = []
    for name in dict.fromkeys(names[1:]):
        places = [at for at, other in enumerate(names) if other == name and at]
        found: dict[tuple[str, ...], int] = {}
        for number, cells in rows:
            values = tuple(cells[at].strip() for at in places if at < len(cells))
            if filled := tuple(value for value in values if value):
                found.setdefault(filled, number)
        if len(found) == 1:
            said[name] = next(iter(found))
        elif found:
            (one, first), (two, second), *_ = found.items()
            problems.append(
                VALUES_DISAGREE.at(
                    path,
                    say(
                        "{path}, column {column}: row {row} says '{value}', row {other_row} "
                        "'{other_value}'; neither was taken for the document.",
                        path=path,
                        column=name,
                        row=first,
                        value="; ".join(one)[:160],
                        other_row=second,
                        other_value="; ".join(two)[:160],
                    ),
                    say("Give the document a row of its own, with 'objects' in its first column."),
                    field=_key_of(name),
                )
            )
    return said, problems


def _prefer(said: dict[str, tuple[str, ...]]) -> None:
    """Leave out what another column says better, or what is about files alone."""
    for better, lesser in _BETTER.items():
        for column in lesser if better in said else ():
            said.pop(column, None)
    for column in _IGNORED:
        said.pop(column, None)
    marks = said.get("registry_marks", ())
    if others := tuple(value for value in said.get("dc.identifier", ()) if value not in marks):
        said["dc.identifier"] = others
    else:
        said.pop("dc.identifier", None)
    # Those with particulars stand in both columns: the fuller is enough.
    full = {_plainly(words) for words in said.get("agent_particulars", ())}
    if rest := tuple(one for one in said.get("dc.contributor", ()) if one not in full):
        said["dc.contributor"] = rest
    elif full:
        said.pop("dc.contributor", None)


def _plainly(agent: str) -> str:
    """``Jan Łoś (translator)`` of ``Jan Łoś (translator; Troy University)``."""
    name, _, particulars = agent.rpartition(" (")
    return f"{name} ({particulars.split(';')[0].rstrip(')')})"


def _key_of(column: str) -> str | None:
    found = _COLUMN.fullmatch(column)
    key = _KEYS.get(found["element"].casefold()) if found else None
    return key if key and key_named(key) else None


def _read_back(path: str, column: str, values: tuple[str, ...]) -> list[Given]:
    where = say("{name}, column {column}", name=path, column=column)
    if not column:
        return []
    if key := _key_of(column):
        return [Given(key, values, where)]
    if column == "date_as_printed":
        return [Given("date", values, where)]
    if column == "language_chain":
        chain = (part for value in values for part in _CHAIN.split(value))
        return [Given("languages", tuple(chain), where)]
    if column == "agent_particulars":
        return [_with_particulars(column, value, where) for value in values]
    if column == "other_dates":
        return [_other_date(column, value, where) for value in values]
    if column == "extra":
        pairs = (value.partition(": ") for value in values)
        return [Given(key, (text,), where) for key, _, text in pairs]
    found = _COLUMN.fullmatch(column)
    element = found["element"].casefold() if found else ""
    if element == "contributor":
        return _contributors(column, values, where)
    if element == "identifier" and re.fullmatch(r"\d{3,}", values[0]):
        # A Record ID of the Digital Archive is a number; what follows it are registry marks, which
        # other systems' identifiers cannot be told from.
        others = [Given(column, values[1:], where)] if values[1:] else []
        return [Given("record_id", values[:1], where), *others]
    return [Given(column, values, where)]


def _contributors(column: str, values: tuple[str, ...], where: str) -> list[Given]:
    """Those whose role is one of ours, as our own writer names it: "Name (translator)"."""
    given = []
    for value in values:
        found = _ROLED.fullmatch(value)
        role = found["role"].replace(" ", "_") if found else ""
        if found and role in AGENT_KEYS and key_named(role):
            given.append(Given(role, (found["name"],), where))
        else:
            given.append(Given(column, (value,), where))
    return given


def _with_particulars(column: str, value: str, where: str) -> Given:
    """``Jan Łoś (translator; for NKIDP; Troy University; authority los-jan)`` under its role.

    The programme stands in the credit line, if anywhere: a key has no place for it.
    """
    name, _, inside = value.removesuffix(")").rpartition(" (")
    role, *particulars = inside.split("; ")
    key = role.replace(" ", "_")
    if not name or key not in AGENT_KEYS:
        return Given(column, (value,), where)
    for particular in particulars:
        if particular.startswith("authority "):
            name = f"{name} [{particular.removeprefix('authority ')}]"
        elif not particular.startswith("for "):
            name = f"{name} ({particular})"
    return Given(key, (name,), where)


def _other_date(column: str, value: str, where: str) -> Given:
    """``filed: 5 June 1984 (1984-06-05)`` under its key; the title's date is in the title."""
    place, _, date = value.partition(": ")
    printed = _EDTF_AFTER.sub("", date)
    if place == "title":
        return Given("", (), where)
    return Given(_PLACES[place], (printed,), where) if place in _PLACES else Given(column, (value,))


def _joined(given: tuple[Given, ...]) -> tuple[Given, ...]:
    """The values of one key together: dc.date and dcterms.created may say the same."""
    values: dict[str, Given] = {}
    for one in given:
        key = key_named(one.key) or words(one.key)
        before = values.get(key)
        if before is None:
            values[key] = one
        else:
            together = dict.fromkeys((*before.values, *one.values))
            values[key] = Given(before.key, tuple(together), before.where)
    return tuple(values.values())


def _no_filename(path: str) -> Problem:
    return SIDECAR_UNREADABLE.at(
        path,
        say(
            "{path} does not begin with a column 'filename', as Archivematica asks for.", path=path
        ),
        say("Write the headings into its first row, as in: filename,dc.title,dc.date,dc.source"),
    )
