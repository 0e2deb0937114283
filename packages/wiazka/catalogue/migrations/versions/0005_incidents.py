"""Incidents: what is wrong, by its cause."""

from alembic import op
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Text

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
        PrimaryKeyConstraint("id"),
    )
    op.create_index("incident_cause", "incident", ["cause"])
