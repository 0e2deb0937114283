"""Incidents: what is wrong, by its cause."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Findings made before belong to none."""
    op.create_table(
        "incident",
        Column("id", Integer, nullable=False),
        Column("cause", Text, nullable=False),
        Column("store", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("sentence", Text, nullable=False),
        Column("opened_at", Text, nullable=False),
        Column("last_seen_at", Text, nullable=False),
        Column("acknowledged_by", Text),
        Column("acknowledged_at", Text),
        Column("note", Text),
        Column("closed_at", Text),
        Column("closed_by", Text),
        Column("closed_because", Text),
        Column("opened_by", Integer, nullable=False),
        Column("event", Integer, nullable=False),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("incident_cause", "incident", ["cause"])
    op.create_table(
        "doubt",
        Column("incident", Integer, ForeignKey("incident.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("identity", Text),
        Column("version", Integer),
        Column("path", Text, nullable=False),
        Column("grade", Text, nullable=False),
        Column("expected", Text),
        Column("observed", Text),
        Column("before", Integer),
        Column("seen_at", Text, nullable=False),
        Column("seen_by", Integer, nullable=False),
        Column("last_seen_at", Text, nullable=False),
        Column("last_seen_by", Integer, nullable=False),
        Column("settled_at", Text),
        Column("settled_by", Integer),
        PrimaryKeyConstraint("incident", "number"),
    )
    op.create_index("doubt_place", "doubt", ["identity", "version"])
