"""The record as one item of an EAD3 finding aid (ead3.archivists.org).

What we keep are copies: the signature says where the original is, so it stands in ``originalsloc``
and never in ``unitid``.
"""

import re
from collections.abc import Iterable

from lxml import etree

from wiazka import __version__
from wiazka.record.crosswalk.words import (
    CREATORS,
    Holding,
    Kind,
    agent_particulars,
    citations,
    date_words,
    repository_words,
    restriction_words,
    role_words,
    statements,
)
from wiazka.record.crosswalk.xml import add, xml_bytes
from wiazka.record.model import Agent, FileEntry, Language, Record

_EAD = "http://ead3.archivists.org/schema/"

_HOME = {
    Kind.CREDIT: "processinfo",
    Kind.ACQUISITION: "acqinfo",
    Kind.CUSTODY: "custodhist",
    Kind.NO_SOURCE: "originalsloc",
}
# Months to 12 alone: in EDTF 1962-21 is a season.
_ISO_DATE = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?"
_ISO_RANGE = re.compile(f"{_ISO_DATE}(?:/{_ISO_DATE})?", re.ASCII)
_NMTOKEN = re.compile(r"[A-Za-z0-9-]+")


def ead(record: Record, holding: Holding) -> bytes:
    """A finding aid with one component, ``<c level="item">``, that can be moved into another."""
    root = etree.Element(f"{{{_EAD}}}ead", nsmap={None: _EAD})  # type: ignore[dict-item]
    _control(root, record, holding)
    described = add(root, "archdesc", level="collection")
    add(add(described, "did"), "unittitle", record.collection or holding.keeper)
    item = add(add(described, "dsc"), "c", level="item")
    _identification(item, record, holding)
    _originals(item, record)
    _rights(item, record)
    _paragraphs(item, "bibliography", record.published_in, head="Published in")
    _paragraphs(item, "relatedmaterial", record.related)
    for statement in statements(record):
        home = _HOME.get(statement.kind, "odd")
        _paragraphs(item, home, [statement.text], head=statement.label)
    for date in record.other_dates:
        _paragraphs(item, "odd", [date_words(date)], head=f"Date: {date.place}")
    _access_points(item, record)
    return xml_bytes(root)


def normal_date(edtf: str) -> str | None:
    """The EDTF where it is an ISO 8601 date or range too, as ``unitdate/@normal`` wants it."""
    return edtf if _ISO_RANGE.fullmatch(edtf) else None


def _control(root: etree._Element, record: Record, holding: Holding) -> None:
    # otherlangencoding: the codes are BCP 47, which the list of EAD3 does not name.
    control = add(root, "control", langencoding="otherlangencoding", repositoryencoding="iso15511")
    add(control, "recordid", holding.identity)
    title = record.title or holding.identity
    add(add(add(control, "filedesc"), "titlestmt"), "titleproper", title)
    add(control, "maintenancestatus", value="new")
    add(add(control, "maintenanceagency"), "agencyname", holding.keeper)
    event = add(add(control, "maintenancehistory"), "maintenanceevent")
    add(event, "eventtype", value="created")
    add(event, "eventdatetime", holding.at.isoformat())
    add(event, "agenttype", value="machine")
    add(event, "agent", f"wiazka {__version__}")


def _identification(item: etree._Element, record: Record, holding: Holding) -> None:
    did = add(item, "did")
    add(did, "unittitle", record.title or "")
    add(did, "unitid", holding.identity)
    if record.record_id:
        add(did, "unitid", record.record_id, localtype="record ID")
    for mark in record.registry_marks:
        add(did, "unitid", mark, localtype="registry mark")
    if record.date:
        edtf = record.date.edtf or ""
        add(did, "unitdate", date_words(record.date), normal=normal_date(edtf))
    for agent in record.agents:
        if agent.role in CREATORS:
            _agent(add(did, "origination", label=role_words(agent.role)), agent)
    add(add(add(did, "repository"), "corpname"), "part", holding.keeper)
    for language in record.languages:
        _language(did, language)
    if record.summary:
        add(did, "abstract", record.summary)
    for file in record.files:
        _file(did, file)


def _language(did: etree._Element, language: Language) -> None:
    material = add(did, "langmaterial", label=language.role)
    code = language.tag if _NMTOKEN.fullmatch(language.tag) else None
    add(material, "language", language.tag, langcode=code)
    if language.note:
        add(add(material, "descriptivenote"), "p", language.note)


def _file(did: etree._Element, file: FileEntry) -> None:
    dao = add(did, "dao", daotype="unknown", identifier=file.path, label=file.role)
    note = add(dao, "descriptivenote")
    add(note, "p", f"{file.delivered_as}: {file.mime}, {file.size} bytes, SHA-256 {file.sha256}")


def _originals(item: etree._Element, record: Record) -> None:
    _paragraphs(item, "originalsloc", [source.verbatim for source in record.sources])
    archives = [repository_words(one.repository) for one in record.sources if one.repository]
    _paragraphs(item, "originalsloc", dict.fromkeys(archives), head="Repository")
    _paragraphs(item, "originalsloc", citations(record), head="Source line")


def _rights(item: etree._Element, record: Record) -> None:
    rights = record.rights
    _paragraphs(item, "accessrestrict", [restriction_words(rights)])
    _paragraphs(item, "userestrict", [rights.statement, rights.note])
    _paragraphs(item, "userestrict", [rights.holder], head="Rights holder")


def _access_points(item: etree._Element, record: Record) -> None:
    others = [agent for agent in record.agents if agent.role not in CREATORS]
    if not (others or record.subjects or record.places or record.document_type):
        return
    points = add(item, "controlaccess")
    for agent in others:
        _agent(points, agent)
    for subject in record.subjects:
        add(add(points, "subject"), "part", subject)
    for place in record.places:
        add(add(points, "geogname"), "part", place)
    if record.document_type:
        add(add(points, "genreform"), "part", record.document_type)


def _agent(parent: etree._Element, agent: Agent) -> None:
    name = "persname" if agent.kind == "person" else "corpname"
    element = add(parent, name, relator=agent.relator, normal=agent.name)
    add(element, "part", agent.name)
    did = "; ".join([role_words(agent.role), *agent_particulars(agent)])
    add(element, "part", did, localtype="role")


def _paragraphs(
    item: etree._Element, name: str, texts: Iterable[str | None], *, head: str | None = None
) -> None:
    told = [text for text in texts if text]
    if not told:
        return
    element = add(item, name)
    if head:
        add(element, "head", head)
    for text in told:
        add(element, "p", text)
