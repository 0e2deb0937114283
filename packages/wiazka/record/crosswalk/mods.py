"""The record as MODS 3 (loc.gov/standards/mods)."""

from lxml import etree

from wiazka import __version__
from wiazka.record.crosswalk.words import (
    Holding,
    Kind,
    agent_particulars,
    citations,
    date_words,
    formats,
    repository_words,
    restriction_words,
    role_words,
    statements,
)
from wiazka.record.crosswalk.xml import add, xml_bytes
from wiazka.record.model import Agent, Language, Record, Rights, Source

_MODS = "http://www.loc.gov/mods/v3"
# What MODS 3.4 says is valid in every later 3.x, and this is the version that the tests hold.
_VERSION = "3.4"

# The note types of loc.gov/standards/mods/mods-notes.html, and one word of ours.
_NOTE_TYPES = {
    Kind.CREDIT: "creation/production credits",
    Kind.SUPPORT: "funding",
    Kind.ACQUISITION: "acquisition",
    Kind.CUSTODY: "ownership",
    Kind.NO_SOURCE: "original location",
    Kind.CLASSIFICATION: "classification",
}


def mods(record: Record, holding: Holding) -> bytes:
    """The record as one ``mods`` document; EDTF dates, MARC relators, verbatim signatures."""
    root = etree.Element(f"{{{_MODS}}}mods", nsmap={None: _MODS}, version=_VERSION)  # type: ignore[dict-item]
    if record.title:
        add(add(root, "titleInfo"), "title", record.title)
    for agent in record.agents:
        _name(root, agent)
    if record.document_type:
        add(root, "genre", record.document_type)
    _origin(root, record)
    for language in record.languages:
        _language(root, language)
    if record.files:
        extent = add(root, "physicalDescription")
        for mime in formats(record):
            add(extent, "internetMediaType", mime)
        add(extent, "extent", f"{len(record.files)} files")
    if record.summary:
        add(root, "abstract", record.summary)
    _notes(root, record)
    for subject in record.subjects:
        add(add(root, "subject"), "topic", subject)
    for place in record.places:
        add(add(root, "subject"), "geographic", place)
    for publication in record.published_in:
        _related(root, publication, type="otherVersion", displayLabel="Published in")
    for title in record.related:
        _related(root, title)
    if record.collection:
        _related(root, record.collection, type="host")
    add(root, "identifier", holding.identity, type="local")
    if record.record_id:
        add(root, "identifier", record.record_id, type="record ID")
    for mark in record.registry_marks:
        add(root, "identifier", mark, type="registry mark")
    for source in record.sources:
        _location(root, source)
    _rights(root, record.rights)
    _record_info(root, holding)
    return xml_bytes(root)


def _name(root: etree._Element, agent: Agent) -> None:
    kind = "personal" if agent.kind == "person" else "corporate"
    name = add(root, "name", type=kind)
    add(name, "namePart", agent.name)
    if agent.affiliation:
        add(name, "affiliation", agent.affiliation)
    role = add(name, "role")
    add(role, "roleTerm", agent.relator, type="code", authority="marcrelator")
    add(role, "roleTerm", role_words(agent.role), type="text")
    for particular in agent_particulars(agent):
        if particular != agent.affiliation:
            add(name, "description", particular)


def _origin(root: etree._Element, record: Record) -> None:
    if not record.date and not record.other_dates:
        return
    origin = add(root, "originInfo")
    if record.date:
        if record.date.edtf:
            add(origin, "dateCreated", record.date.edtf, encoding="edtf", keyDate="yes")
        add(origin, "dateCreated", record.date.verbatim)
    for date in record.other_dates:
        if date.place == "published":
            add(origin, "dateIssued", date_words(date))
        else:
            add(origin, "dateOther", date_words(date), type=date.place)


def _language(root: etree._Element, language: Language) -> None:
    element = add(root, "language", objectPart=language.role, displayLabel=language.note)
    add(element, "languageTerm", language.tag, type="code", authority="rfc4646")


def _notes(root: etree._Element, record: Record) -> None:
    for statement in statements(record):
        kind = _NOTE_TYPES.get(statement.kind)
        add(root, "note", statement.text, type=kind, displayLabel=statement.label)
    for line in citations(record):
        add(root, "note", line, type="original location", displayLabel="Source line")


def _related(root: etree._Element, title: str, **attributes: str) -> None:
    add(add(add(root, "relatedItem", **attributes), "titleInfo"), "title", title)


def _location(root: etree._Element, source: Source) -> None:
    location = add(root, "location")
    if source.repository:
        add(location, "physicalLocation", repository_words(source.repository))
    add(location, "shelfLocator", source.verbatim)


def _rights(root: etree._Element, rights: Rights) -> None:
    restriction = restriction_words(rights)
    if restriction:
        add(root, "accessCondition", restriction, type="restriction on access")
    for text, label in (
        (rights.statement, "Rights statement"),
        (rights.note, None),
        (rights.holder, "Rights holder"),
    ):
        if text:
            add(root, "accessCondition", text, type="use and reproduction", displayLabel=label)


def _record_info(root: etree._Element, holding: Holding) -> None:
    info = add(root, "recordInfo")
    add(info, "recordContentSource", holding.keeper)
    add(info, "recordCreationDate", holding.at.isoformat(), encoding="w3cdtf")
    add(info, "recordIdentifier", holding.identity)
    add(info, "recordOrigin", f"wiazka {__version__}")
