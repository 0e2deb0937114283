"""The record as schema.org JSON-LD: an ArchiveComponent held by an ArchiveOrganization."""

import json
import re

from wiazka.record.crosswalk.words import (
    Holding,
    Kind,
    agent_particulars,
    citations,
    date_words,
    languages_words,
    other_date_words,
    restriction_words,
    role_words,
    statements,
)
from wiazka.record.crosswalk.xml import xml_text
from wiazka.record.model import Agent, FileEntry, Record, Repository, Role

_Json = dict[str, object]

# Roles that are properties of a schema.org CreativeWork; the others are told as a Role.
_PROPERTIES = {
    Role.AUTHOR: "author",
    Role.TRANSLATOR: "translator",
    Role.EDITOR: "editor",
    Role.FUNDER: "funder",
}
_ISO_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-\d\d|\d{4}-(?:0[1-9]|1[0-2])|\d{4}", re.ASCII)


def json_ld(record: Record, holding: Holding) -> bytes:
    """One JSON-LD 1.1 document: UTF-8, keys sorted, the same bytes for the same arguments."""
    told: _Json = {
        "name": record.title,
        "genre": record.document_type,
        "abstract": record.summary,
        "keywords": [*record.subjects],
        "spatialCoverage": [_typed("Place", name=place) for place in record.places],
        "inLanguage": [language.tag for language in record.languages],
        "identifier": _identifiers(record, holding),
        "itemLocation": [source.verbatim for source in record.sources],
        "holdingArchive": _archives(record),
        "isPartOf": record.collection and _typed("Collection", name=record.collection),
        "publication": [_typed("PublicationEvent", name=one) for one in record.published_in],
        "citation": [*record.related],
        "associatedMedia": [_media(file) for file in record.files],
        "sdPublisher": _typed("ArchiveOrganization", name=holding.keeper),
        "sdDatePublished": holding.at.date().isoformat(),
        **_dates(record),
        **_agents(record),
        **_rights(record),
        **_statements(record),
    }
    value = {"@context": "https://schema.org", **_typed("ArchiveComponent", **told)}
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2)
    return (xml_text(text) + "\n").encode()


def _typed(kind: str, **properties: object) -> _Json:
    """A node of a type, without the properties that have no value."""
    return {"@type": kind} | {key: value for key, value in properties.items() if value}


def _identifiers(record: Record, holding: Holding) -> list[_Json]:
    named = [
        ("package", holding.identity),
        ("record ID", record.record_id),
        *(("registry mark", mark) for mark in record.registry_marks),
    ]
    return [_typed("PropertyValue", propertyID=name, value=value) for name, value in named if value]


def _archives(record: Record) -> list[_Json]:
    return [_archive(source.repository) for source in record.sources if source.repository]


def _archive(repository: Repository) -> _Json:
    isil = repository.isil and _typed("PropertyValue", propertyID="ISIL", value=repository.isil)
    return _typed(
        "ArchiveOrganization",
        name=repository.name,
        alternateName=repository.code,
        address=repository.place,
        identifier=isil,
    )


def _media(file: FileEntry) -> _Json:
    return _typed(
        "MediaObject",
        name=file.path,
        alternateName=file.delivered_as,
        description=file.role,
        encodingFormat=file.mime,
        contentSize=f"{file.size} B",
        sha256=file.sha256,
        inLanguage=file.language,
    )


def _dates(record: Record) -> _Json:
    """``dateCreated`` is an ISO 8601 date alone; any other date is a ``temporal`` text."""
    dates: _Json = {}
    other = [other_date_words(date) for date in record.other_dates]
    if record.date:
        edtf = record.date.edtf or ""
        if _ISO_DATE.fullmatch(edtf):
            dates["dateCreated"] = edtf
        if edtf != record.date.verbatim or "dateCreated" not in dates:
            other.insert(0, date_words(record.date))
    return {**dates, "temporal": other}


def _agents(record: Record) -> _Json:
    told: dict[str, list[_Json]] = {}
    for agent in record.agents:
        node = _agent(agent)
        name = _PROPERTIES.get(agent.role)
        # schema.org has no organisation as an editor.
        if name is None or (name == "editor" and agent.kind != "person"):
            name = "contributor"
            node = _typed("Role", roleName=role_words(agent.role), contributor=node)
        told.setdefault(name, []).append(node)
    return {**told}


def _agent(agent: Agent) -> _Json:
    kind = "Person" if agent.kind == "person" else "Organization"
    return _typed(kind, name=agent.name, description="; ".join(agent_particulars(agent)))


def _rights(record: Record) -> _Json:
    rights = record.rights
    # Not copyrightHolder: nothing says that it is copyright, or whether it is a person.
    holder = f"Rights holder: {rights.holder}" if rights.holder else None
    return {
        "usageInfo": rights.statement,
        "copyrightNotice": [text for text in (rights.note, holder) if text],
        "conditionsOfAccess": restriction_words(rights),
    }


def _statements(record: Record) -> _Json:
    told = list(statements(record))
    credit = [one.text for one in told if one.kind is Kind.CREDIT]
    other = [one.labelled for one in told if one.kind is not Kind.CREDIT]
    other += [f"Source line: {line}" for line in citations(record)]
    if languages := languages_words(record):
        other.append(f"Languages: {languages}")
    return {"creditText": credit, "description": other}
