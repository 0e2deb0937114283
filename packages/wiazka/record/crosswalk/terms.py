"""The record as DCMI metadata terms, for every writer that speaks them."""

from collections.abc import Iterator

from wiazka.record.crosswalk.words import (
    CREATORS,
    Kind,
    agent_words,
    citations,
    date_as_printed,
    date_words,
    formats,
    languages_words,
    other_date_words,
    restriction_words,
    statements,
)
from wiazka.record.model import OtherDate, Record

_HOME = {
    Kind.CREDIT: "provenance",
    Kind.ACQUISITION: "provenance",
    Kind.CUSTODY: "provenance",
    Kind.NO_SOURCE: "provenance",
    Kind.UPLOADED: "available",
}
# Under these terms nothing else stands that the text could be taken for: it needs no label.
_PLAIN = {Kind.UPLOADED}


def dc_terms(record: Record) -> Iterator[tuple[str, str]]:
    """(term, value) pairs of http://purl.org/dc/terms/, in a fixed order; none is empty.

    Agents have their role in words; the EDTF of the date is ``created`` and the date as printed,
    where it is written otherwise, is ``date``.
    """
    return ((term, value) for term, value in (*described(record), *_told(record)) if value)


def described(record: Record) -> Iterator[tuple[str, str]]:
    """Those pairs that are a value of the record as it stands, with nothing written around it."""
    return ((term, value) for term, value in _described(record) if value)


def _described(record: Record) -> Iterator[tuple[str, str | None]]:
    yield "title", record.title
    if record.date:
        yield "created", record.date.edtf or record.date.verbatim
    for source in record.sources:
        yield "source", source.verbatim
    for line in citations(record):
        yield "bibliographicCitation", line
    yield "abstract", record.summary
    for subject in record.subjects:
        yield "subject", subject
    for place in record.places:
        yield "spatial", place
    for language in record.languages:
        yield "language", language.tag
    for identifier in (record.record_id, *record.registry_marks):
        yield "identifier", identifier
    yield "type", record.document_type
    for mime in formats(record):
        yield "format", mime
    yield "isPartOf", record.collection
    for publication in record.published_in:
        yield "isReferencedBy", publication
    for related in record.related:
        yield "relation", related
    yield "rights", record.rights.statement
    yield "rights", record.rights.note
    yield "rightsHolder", record.rights.holder


def _told(record: Record) -> Iterator[tuple[str, str | None]]:
    for agent in record.agents:
        yield "creator" if agent.role in CREATORS else "contributor", agent_words(agent)
    yield "date", date_as_printed(record)
    for date in record.other_dates:
        yield _date(date)
    if languages := languages_words(record):
        yield "description", f"Languages: {languages}"
    for statement in statements(record):
        text = statement.text if statement.kind in _PLAIN else statement.labelled
        yield _HOME.get(statement.kind, "description"), text
    yield "accessRights", restriction_words(record.rights)


def _date(date: OtherDate) -> tuple[str, str]:
    if date.place == "published":
        return "issued", date_words(date)
    return "date", other_date_words(date)
