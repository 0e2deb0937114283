"""metadata.csv as Archivematica takes it: one row a file, columns repeated for several values."""

import csv
import io
import re
from collections.abc import Iterator

from wiazka.record.crosswalk.terms import described
from wiazka.record.crosswalk.words import (
    Kind,
    Statement,
    agent_particulars,
    agent_words,
    date_as_printed,
    languages_words,
    other_date_words,
    role_words,
    statements,
)
from wiazka.record.crosswalk.xml import xml_text
from wiazka.record.model import Record

_OBJECTS = "data/objects/"

# Terms under a name of the fifteen elements: Archivematica hands only these on to other systems.
_ELEMENTS = {"created": "date", "abstract": "description", "spatial": "coverage"} | {
    name: name
    for name in (
        *("title", "source", "subject", "language", "identifier", "type", "format"),
        *("relation", "rights"),
    )
}
# What Dublin Core could only mix up with something else has a column under the record's own key.
_KEYS = {
    Kind.SUPPORT: "support",
    Kind.ACQUISITION: "acquisition",
    Kind.CUSTODY: "custodial_history",
    Kind.NO_SOURCE: "no_source_reason",
    Kind.CLASSIFICATION: "classification",
    Kind.UPLOADED: "uploaded",
    Kind.NOTE: "notes",
}
_OWN_COLUMNS = {
    *("filename", "parts", "extra", "date_as_printed", "other_dates", "agent_particulars"),
    *("language_chain", "credit", "registry_marks", "review_date", *_KEYS.values()),
}
_PLAIN_NAME = re.compile(r"[^\W\d][\w -]*")


def metadata_csv(record: Record) -> bytes:
    """A row for each file under ``objects/``, every one with what is known of the document.

    Columns are ``dc.*`` for the fifteen elements and ``dcterms.*`` for other terms; the record's
    own keys for the rest. Archivematica writes all of them into its METS file, the last ones as
    other metadata. Values are on one line, without the characters that XML forbids.
    """
    columns = [(name, xml_text(" ".join(value.split()))) for name, value in _columns(record)]
    out = io.StringIO()
    # RFC 4180 line ends: with "\n" alone Python leaves a CR in a value unquoted, which breaks rows.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["filename", *(name for name, _ in columns)])
    for file in record.files:
        if file.path.startswith(_OBJECTS):
            path = file.path.removeprefix("data/")
            writer.writerow([path, *(value for _, value in columns)])
    return out.getvalue().encode()


def _columns(record: Record) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in _all_columns(record) if value)


def _all_columns(record: Record) -> Iterator[tuple[str, str | None]]:
    for term, value in described(record):
        yield f"dc.{_ELEMENTS[term]}" if term in _ELEMENTS else f"dcterms.{term}", value
    for agent in record.agents:
        # All are contributors: a creator without a role would be read as an author.
        yield "dc.contributor", f"{agent.name} ({role_words(agent.role)})"
        if agent_particulars(agent):
            yield "agent_particulars", agent_words(agent)
    yield "date_as_printed", date_as_printed(record)
    for date in record.other_dates:
        yield "other_dates", other_date_words(date)
    yield "language_chain", languages_words(record)
    for statement in statements(record):
        if statement.kind is not Kind.CREDIT:
            yield _told(statement)
    # What a source line says itself is not told twice, so that it is not read back twice.
    told = " ".join(record.source_lines)
    yield "credit", "\n".join(x for x in (record.credit or "").split("\n") if x not in told)
    for mark in record.registry_marks:
        # Among dc.identifier nobody could tell them from other numbers.
        yield "registry_marks", mark
    yield "dcterms.accessRights", record.rights.restriction
    yield "review_date", record.rights.review_date


def _told(statement: Statement) -> tuple[str, str]:
    if statement.kind in _KEYS:
        return _KEYS[statement.kind], statement.text
    name = statement.label
    if _PLAIN_NAME.fullmatch(name) and name.casefold() not in _OWN_COLUMNS:
        return name, statement.text
    return "extra", statement.labelled
