"""Many stores: where unchanged files lie, what each store can do, and deaccessions."""

from alembic import op
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every version kept before holds all its files itself."""
    op.add_column("file", Column("held_in", Integer))
    op.add_column("file", Column("held_as", Text))
    op.add_column("copy", Column("unchanged", Text, nullable=False, server_default="reference"))
    op.create_table(
        "probe",
        Column("store", Text, nullable=False),
        Column("place", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("seen", Text, nullable=False),
        PrimaryKeyConstraint("store"),
    )
    op.create_table(
        "deaccession",
        Column("id", Integer, nullable=False),
        Column("identity", Text, nullable=False),
        Column("version", Integer),
        Column("reason", Text, nullable=False),
        Column("requested_by", Text, nullable=False),
        Column("requested_at", Text, nullable=False),
        Column("approved_by", Text),
        Column("approved_at", Text),
        Column("due_at", Text),
        Column("withdrawn_by", Text),
        Column("withdrawn_at", Text),
        Column("done_at", Text),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("deaccession_identity", "deaccession", ["identity"])
