"""The record as DCMI metadata terms, for every writer that speaks them."""

from collections.abc import Iterator

from wiazka.record.crosswalk.words import (
    CREATORS,
    Kind,
    agent_words,
    citations,
    date_words,
    formats,
    languages_words,
    restriction_words,
    statements,
)
from wiazka.record.model import OtherDate, Record, Rights

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

    Agents have their role in words; the signature, verbatim, is the source; the EDTF of the date
    is ``created`` and the date as printed, where it is written otherwise, is ``date``.
    """
    return ((term, value) for term, value in _terms(record) if value)


def _terms(record: Record) -> Iterator[tuple[str, str | None]]:
    yield "title", record.title
    if record.date:
        yield "created", record.date.edtf or record.date.verbatim
        if record.date.edtf and record.date.verbatim != record.date.edtf:
            yield "date", record.date.verbatim
    for date in record.other_dates:
        yield _date(date)
    for source in record.sources:
        yield "source", source.verbatim
    for line in citations(record):
        yield "bibliographicCitation", line
    for agent in record.agents:
        yield "creator" if agent.role in CREATORS else "contributor", agent_words(agent)
    yield "abstract", record.summary
    for subject in record.subjects:
        yield "subject", subject
    for place in record.places:
        yield "spatial", place
    for language in record.languages:
        yield "language", language.tag
    yield "description", languages_words(record)
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
    for statement in statements(record):
        text = statement.text if statement.kind in _PLAIN else statement.labelled
        yield _HOME.get(statement.kind, "description"), text
    yield from _rights(record.rights)


def _date(date: OtherDate) -> tuple[str, str]:
    if date.place == "published":
        return "issued", date_words(date)
    return "date", f"{date.place}: {date_words(date)}"


def _rights(rights: Rights) -> Iterator[tuple[str, str | None]]:
    yield "rights", rights.statement
    yield "rights", rights.note
    yield "rightsHolder", rights.holder
    yield "accessRights", restriction_words(rights)
