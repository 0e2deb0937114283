"""The record as Dublin Core terms, for every writer that speaks them."""

from collections.abc import Iterator

from wiazka.record.model import Record


def dc_terms(record: Record) -> Iterator[tuple[str, str]]:
    """(element, value) pairs of the fifteen Dublin Core elements (ISO 15836-1), in a fixed order.

    Agents are contributors with their role in words; the signature, verbatim, is the source.
    """
    if record.title:
        yield "title", record.title
    if record.date:
        yield "date", record.date.edtf or record.date.verbatim
    for source in record.sources:
        yield "source", source.verbatim
    for agent in record.agents:
        yield "contributor", f"{agent.name} ({agent.role.replace('_', ' ')})"
    if record.summary:
        yield "description", record.summary
    for subject in record.subjects:
        yield "subject", subject
    for place in record.places:
        yield "coverage", place
    for language in record.languages:
        yield "language", language.tag
    for identifier in (record.record_id, *record.registry_marks):
        if identifier:
            yield "identifier", identifier
    if record.document_type:
        yield "type", record.document_type
    for rights in (record.rights.statement, record.rights.note):
        if rights:
            yield "rights", rights
