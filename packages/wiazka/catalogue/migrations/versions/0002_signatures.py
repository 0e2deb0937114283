"""The signatures of what is held, to warn of slips."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; versions kept before stay without a row until they are handed over again."""
    op.create_table(
        "signature",
        Column("identity", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("number", Integer, autoincrement=False, nullable=False),
        Column("verbatim", Text, nullable=False),
        Column("stem", Text, nullable=False),
        Column("likeness", Text, nullable=False),
        PrimaryKeyConstraint("identity", "version", "number"),
        ForeignKeyConstraint(["identity", "version"], ["version.identity", "version.number"]),
    )
    op.create_index("signature_likeness", "signature", ["likeness", "stem"])
