"""The ledger as a Merkle tree, and its signed checkpoints."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tree grows from the events when it is first needed."""
    op.create_table(
        "tree",
        Column("level", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("hash", Text, nullable=False),
        PrimaryKeyConstraint("level", "position"),
    )
    op.create_table(
        "checkpoint",
        Column("count", Integer, nullable=False),
        Column("root", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("note", Text, nullable=False),
        PrimaryKeyConstraint("count"),
    )
