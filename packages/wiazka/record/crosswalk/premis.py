"""premis.xml: the document, its files, what was done to them and by whom (PREMIS 3.0).

Objects are told in ``premis_objects``, rights in ``premis_rights``; events and agents here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from wiazka.record.crosswalk.premis_objects import PREMIS, identifier, link_object, objects
from wiazka.record.crosswalk.premis_rights import rights
from wiazka.record.crosswalk.words import agent_particulars, role_words
from wiazka.record.crosswalk.xml import XSI, add, xml_bytes
from wiazka.record.model import Record

_EVENT_TYPES = "http://id.loc.gov/vocabulary/preservation/eventType"

# The labels of the codes that we use; of any other the code itself is written.
_EVENT_LABELS = {
    "dis": "dissemination",
    "fil": "filename change",
    "fix": "fixity check",
    "for": "format identification",
    "ine": "ingestion end",
    "ing": "ingestion",
    "ins": "ingestion start",
    "ipc": "information package creation",
    "mes": "message digest calculation",
    "qua": "quarantine",
    "rec": "recovery",
    "rep": "replication",
    "unp": "unpacking",
    "val": "validation",
    "vir": "virus check",
}


@dataclass(frozen=True, slots=True)
class Software:
    """A program that took part in an event."""

    name: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class PremisEvent:
    """Something done to the document. ``type`` is a code of id.loc.gov, ``at`` is UTC.

    ``agent`` did it with the help of ``tools``. ``objects`` are paths in the bag; when there are
    none the event is one of the whole document.
    """

    type: str
    at: datetime
    detail: str
    outcome: str
    agent: Software | str
    tools: tuple[Software, ...] = ()
    objects: tuple[str, ...] = ()

    def software(self) -> Iterator[tuple[Software, str]]:
        """Each program with its role in the event (id.loc.gov eventRelatedAgentRole)."""
        agent = self.agent if isinstance(self.agent, Software) else Software(self.agent)
        yield agent, "executing program"
        for tool in self.tools:
            yield tool, "executing program"


@dataclass(frozen=True, slots=True)
class _Agent:
    """An agent as PREMIS has it; ``identifier`` tells a person from a program of that name."""

    name: str
    type: str
    version: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def identifier(self) -> str:
        return ":".join([self.type, self.name, *([self.version] if self.version else [])])


def premis(record: Record, identity: str, events: Sequence[PremisEvent]) -> bytes:
    """The document as PREMIS: objects, events, agents, rights (PREMIS 3.0 1–4), in that order.

    The same arguments give the same bytes.
    """
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={"premis": PREMIS, "xsi": XSI}, version="3.0")
    objects(root, record, identity)
    for number, event in enumerate(events, start=1):
        _event(root, event, identity, number)
    for agent in _agents(record, events):
        _agent(root, agent)
    holder = _holder(record)
    rights(root, record.rights, identity, holder.identifier if holder else None)
    return xml_bytes(root)


def _event(root: etree._Element, event: PremisEvent, identity: str, number: int) -> None:
    element = add(root, "event")
    identifier(element, "event", f"{identity}#{number}")
    add(
        element,
        "eventType",
        _EVENT_LABELS.get(event.type, event.type),
        authority="eventType",
        authorityURI=_EVENT_TYPES,
        valueURI=f"{_EVENT_TYPES}/{event.type}",
    )
    add(element, "eventDateTime", event.at.isoformat())
    add(add(element, "eventDetailInformation"), "eventDetail", event.detail)
    add(add(element, "eventOutcomeInformation"), "eventOutcome", event.outcome)
    for program, role in event.software():
        linking = add(element, "linkingAgentIdentifier")
        add(linking, "linkingAgentIdentifierType", "local")
        add(linking, "linkingAgentIdentifierValue", _program(program).identifier)
        add(linking, "linkingAgentRole", role)
    for path in event.objects:
        link_object(element, f"{identity}/{path}", "source")
    if not event.objects:
        link_object(element, identity, "source")


def _program(program: Software) -> _Agent:
    return _Agent(program.name, "software", program.version)


def _holder(record: Record) -> _Agent | None:
    # Nothing says whether a rights holder is a person, and PREMIS asks for no type.
    return _Agent(record.rights.holder, "rights holder") if record.rights.holder else None


def _agents(record: Record, events: Iterable[PremisEvent]) -> list[_Agent]:
    """Programs, people, organisations, each once; its notes tell what it did for the document."""
    programs = [_program(program) for event in events for program, _ in event.software()]
    notes: dict[tuple[str, str], list[str]] = {}
    for agent in record.agents:
        kind = agent.kind.replace("organisation", "organization")
        role = f"{role_words(agent.role)} (MARC relator {agent.relator})"
        note = "; ".join([role, *agent_particulars(agent)])
        notes.setdefault((agent.name, kind), []).append(note)
    people = [_Agent(name, kind, None, tuple(told)) for (name, kind), told in notes.items()]
    holder = _holder(record)
    return list(dict.fromkeys([*programs, *people, *([holder] if holder else [])]))


def _agent(root: etree._Element, agent: _Agent) -> None:
    element = add(root, "agent")
    identifier(element, "agent", agent.identifier)
    add(element, "agentName", agent.name)
    if agent.type != "rights holder":
        add(element, "agentType", agent.type)
    if agent.version:
        add(element, "agentVersion", agent.version)
    for note in agent.notes:
        add(element, "agentNote", note)
