"""premis.xml: the files, what was done to them and by whom (PREMIS 3.0)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from wiazka.record.crosswalk.xml import xml_bytes, xml_text
from wiazka.record.model import FileEntry, Record

_PREMIS = "http://www.loc.gov/premis/v3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_EVENT_TYPES = "http://id.loc.gov/vocabulary/preservation/eventType"


@dataclass(frozen=True, slots=True)
class PremisEvent:
    """Something done to the document. ``type`` is a code of id.loc.gov, ``at`` is UTC."""

    type: str
    at: datetime
    detail: str
    outcome: str
    agent: str


def premis(record: Record, identity: str, events: Sequence[PremisEvent]) -> bytes:
    """The document as PREMIS: an object a file, the events, the agents (PREMIS 3.0 2.1–2.3)."""
    root = etree.Element(
        f"{{{_PREMIS}}}premis", nsmap={"premis": _PREMIS, "xsi": _XSI}, version="3.0"
    )
    for file in record.files:
        _object(root, file, identity)
    for number, event in enumerate(events, start=1):
        _event(root, event, identity, number)
    software = {event.agent: "software" for event in events}
    people = {
        agent.name: agent.kind.replace("organisation", "organization") for agent in record.agents
    }
    for name, kind in {**software, **people}.items():
        _agent(root, name, kind)
    return xml_bytes(root)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_PREMIS}}}{name}")
    if text is not None:
        element.text = xml_text(text)
    return element


def _identifier(parent: etree._Element, kind: str, value: str) -> None:
    identifier = _add(parent, f"{kind}Identifier")
    _add(identifier, f"{kind}IdentifierType", "local")
    _add(identifier, f"{kind}IdentifierValue", value)


def _object(root: etree._Element, file: FileEntry, identity: str) -> None:
    element = _add(root, "object")
    element.set(f"{{{_XSI}}}type", "premis:file")
    _identifier(element, "object", f"{identity}/{file.path}")
    traits = _add(element, "objectCharacteristics")
    fixity = _add(traits, "fixity")
    _add(fixity, "messageDigestAlgorithm", "SHA-256")
    _add(fixity, "messageDigest", file.sha256)
    _add(traits, "size", str(file.size))
    designation = _add(_add(traits, "format"), "formatDesignation")
    _add(designation, "formatName", file.mime)
    _add(element, "originalName", file.delivered_as)


def _event(root: etree._Element, event: PremisEvent, identity: str, number: int) -> None:
    element = _add(root, "event")
    _identifier(element, "event", f"{identity}#{number}")
    kind = _add(element, "eventType", event.type)
    kind.set("authority", "eventType")
    kind.set("authorityURI", _EVENT_TYPES)
    kind.set("valueURI", f"{_EVENT_TYPES}/{event.type}")
    _add(element, "eventDateTime", event.at.isoformat())
    _add(_add(element, "eventDetailInformation"), "eventDetail", event.detail)
    _add(_add(element, "eventOutcomeInformation"), "eventOutcome", event.outcome)
    linking = _add(element, "linkingAgentIdentifier")
    _add(linking, "linkingAgentIdentifierType", "local")
    _add(linking, "linkingAgentIdentifierValue", event.agent)


def _agent(root: etree._Element, name: str, kind: str) -> None:
    element = _add(root, "agent")
    _identifier(element, "agent", name)
    _add(element, "agentName", name)
    _add(element, "agentType", kind)
