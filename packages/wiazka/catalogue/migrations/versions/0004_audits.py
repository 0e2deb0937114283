"""What an audit proved, with all that an auditor asks of a finding."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Checks made before are of no named agent and scope."""
    op.add_column("audit", Column("scope", Text, nullable=False, server_default="{}"))
    op.add_column("copy_check", Column("agent", Text, nullable=False, server_default=""))
    op.add_column("copy_check", Column("requests", Integer, nullable=False, server_default="0"))
    op.create_index("copy_check_ended", "copy_check", ["ended"])
    op.create_index("copy_check_copy", "copy_check", ["identity", "version", "store"])
    op.add_column("finding", Column("expected_from", Text))
    op.add_column("finding", Column("bytes", BigInteger))
    op.add_column("finding", Column("object_version", Text))
    op.add_column("finding", Column("sound_version", Text))
    op.add_column("finding", Column("note", Text))
    op.add_column("finding", Column("incident", Integer))
    op.create_index("finding_incident", "finding", ["incident"])
