"""The tables of what was proved: audits, incidents, drills; and the ledger as a tree."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from wiazka.catalogue.schema import METADATA, CleanText, UtcTime, Word
from wiazka.evidence import Grade, Outcome

__all__ = [
    "AUDIT",
    "CHECK",
    "CHECKPOINT",
    "DOUBT",
    "DRILL",
    "FINDING",
    "INCIDENT",
    "METADATA",
    "TREE",
]

# ``scope`` is canonical JSON of what it was to look at: an audit that was stopped is taken up by
# the next with the same.
AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("begun", UtcTime, nullable=False),
    Column("ended", UtcTime),
    Column("grade", Word(Grade), nullable=False),
    Column("scope", Text, nullable=False, server_default="{}"),
)

CHECK = Table(
    "copy_check",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("audit", Integer, ForeignKey("audit.id"), nullable=False),
    Column("identity", CleanText),
    Column("version", Integer),
    Column("store", Text, nullable=False),
    Column("grade", Word(Grade), nullable=False),
    Column("outcome", Word(Outcome), nullable=False),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("begun", UtcTime, nullable=False),
    Column("ended", UtcTime, nullable=False),
    Column("agent", Text, nullable=False, server_default=""),
    Column("requests", Integer, nullable=False, server_default="0"),
    Index("copy_check_audit", "audit"),
    Index("copy_check_ended", "ended"),
    Index("copy_check_copy", "identity", "version", "store"),
)

# ``expected_from`` says where the expected digest came from, ``object_version`` which version of an
# object was seen, where the store keeps them.
FINDING = Table(
    "finding",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("copy_check", Integer, ForeignKey("copy_check.id"), nullable=False),
    Column("outcome", Word(Outcome), nullable=False),
    Column("store", Text, nullable=False),
    Column("identity", CleanText),
    Column("version", Integer),
    Column("path", CleanText, nullable=False),
    Column("grade", Word(Grade), nullable=False),
    Column("expected", Text),
    Column("observed", CleanText),
    Column("expected_from", Text),
    Column("bytes", BigInteger),
    Column("object_version", Text),
    Column("sound_version", Text),
    Column("note", CleanText),
    Column("incident", Integer),
    Index("finding_copy_check", "copy_check"),
    Index("finding_incident", "incident"),
)

# ``opened_by`` is an audit, ``event`` the number of the event that tells of its opening.
INCIDENT = Table(
    "incident",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("cause", CleanText, nullable=False),
    Column("store", Text, nullable=False),
    Column("outcome", Word(Outcome), nullable=False),
    Column("sentence", CleanText, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("acknowledged_by", CleanText),
    Column("acknowledged_at", UtcTime),
    Column("note", CleanText),
    Column("closed_at", UtcTime),
    Column("closed_by", CleanText),
    Column("closed_because", CleanText),
    Column("opened_by", Integer, nullable=False),
    Column("event", Integer, nullable=False),
    Index("incident_cause", "cause"),
)

# What of an incident is to be proved again, each counted from 1. Unlike findings they follow from
# the ledger: an incident can be closed by a proof also where the catalogue was rebuilt.
DOUBT = Table(
    "doubt",
    METADATA,
    Column("incident", Integer, ForeignKey("incident.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("identity", CleanText),
    Column("version", Integer),
    Column("path", CleanText, nullable=False),
    Column("grade", Word(Grade), nullable=False),
    Column("expected", CleanText),
    Column("observed", CleanText),
    Column("before", Integer),
    Column("seen_at", UtcTime, nullable=False),
    Column("seen_by", Integer, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("last_seen_by", Integer, nullable=False),
    Column("settled_at", UtcTime),
    Column("settled_by", Integer),
    Index("doubt_place", "identity", "version"),
)

# ``identity`` is None where the catalogue was rebuilt from the store.
DRILL = Table(
    "drill",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("store", Text, nullable=False),
    Column("identity", CleanText),
    Column("version", Integer),
    Column("begun", UtcTime, nullable=False),
    Column("ended", UtcTime, nullable=False),
    Column("outcome", Word(Outcome), nullable=False),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sentence", CleanText, nullable=False),
    Index("drill_store", "store", "ended"),
)

# Roots of the whole subtrees: ``position`` counts those of one ``level`` from the left (RFC 6962).
TREE = Table(
    "tree",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
)

CHECKPOINT = Table(
    "checkpoint",
    METADATA,
    Column("count", Integer, primary_key=True, autoincrement=False),
    Column("root", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
)
