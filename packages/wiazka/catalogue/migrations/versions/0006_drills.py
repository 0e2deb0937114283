"""Drills: what was restored only to prove that it can be."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was made before."""
    op.create_table(
        "drill",
        Column("id", Integer, nullable=False),
        Column("store", Text, nullable=False),
        Column("identity", Text),
        Column("version", Integer),
        Column("begun", Text, nullable=False),
        Column("ended", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("files", Integer, nullable=False),
        Column("bytes", BigInteger, nullable=False),
        Column("sentence", Text, nullable=False),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("drill_store", "drill", ["store", "ended"])
