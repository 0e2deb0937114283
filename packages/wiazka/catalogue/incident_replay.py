"""Incidents told again from their events, for a catalogue that is rebuilt."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

from wiazka.catalogue import incident_keeping
from wiazka.catalogue.chain import Link
from wiazka.catalogue.fixity_model import Incident
from wiazka.catalogue.fixity_schema import AUDIT
from wiazka.catalogue.model import EventKind
from wiazka.evidence import Grade, Outcome


def replay_incident(connection: Connection, link: Link) -> None:
    """Do to incidents what the event told; nothing where it tells of none."""
    detail: Mapping[str, str] = json.loads(link.detail)
    at = datetime.fromisoformat(link.at)
    if link.kind == EventKind.AUDITED:
        audit = int(detail["audit"])
        _number(connection, audit, Grade(detail["grade"]), at)
        if told := detail.get("incidents"):
            incident_keeping.apply(connection, told, audit, (link.identity, link.version), at)
    elif link.kind == EventKind.DEACCESSIONED:
        if told := detail.get("incidents"):
            incident_keeping.apply(connection, told, None, (None, None), at)
    elif link.kind == EventKind.INCIDENT_OPENED:
        incident_keeping.insert_opened(connection, _opened(link, detail, at))
    elif link.kind == EventKind.INCIDENT_ACKNOWLEDGED:
        incident_keeping.keep(
            connection,
            int(detail["incident"]),
            acknowledged_by=detail["by"],
            acknowledged_at=at,
            **({"note": detail["note"]} if "note" in detail else {}),
        )
    elif link.kind == EventKind.INCIDENT_CLOSED:
        incident_keeping.keep(
            connection,
            int(detail["incident"]),
            closed_at=at,
            closed_by=detail["by"],
            closed_because=detail["because"],
        )


def _number(connection: Connection, audit: int, grade: Grade, at: datetime) -> None:
    """Let the audit's number be taken: one that is given again would take over its incidents."""
    if connection.execute(select(AUDIT.c.id).where(AUDIT.c.id == audit)).first() is None:
        connection.execute(insert(AUDIT).values(id=audit, grade=grade, begun=at, ended=at))


def _opened(link: Link, detail: Mapping[str, str], at: datetime) -> Incident:
    return Incident(
        id=int(detail["incident"]),
        cause=detail["cause"],
        store=str(link.store),
        outcome=Outcome(detail["outcome"]),
        sentence=detail["sentence"],
        opened_at=at,
        last_seen_at=at,
        opened_by=int(detail["audit"]),
        event=link.seq,
    )
