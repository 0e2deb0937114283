"""What an audit proved, with all that an auditor asks of a finding."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_GRADES = ("listed", "size", "stored_digest", "recomputed", "read")
_FAILED = text("standing <> 0")


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
    _plan_by_one_index()


def _plan_by_one_index() -> None:
    """What is due is looked for store by store, and its size stands beside it."""
    op.add_column("copy", Column("failed_at", Text, nullable=False, server_default=""))
    op.add_column("copy", Column("size", BigInteger, nullable=False, server_default="0"))
    op.add_column("copy", Column("file_count", Integer, nullable=False, server_default="0"))
    for name in ("size", "file_count"):
        op.execute(
            f"UPDATE copy SET {name} = (SELECT version.{name} FROM version "  # noqa: S608
            "WHERE version.identity = copy.identity AND version.number = copy.version)"
        )
    for grade in _GRADES:
        name = f"copy_proved_{grade}"
        op.drop_index(name, "copy")
        columns = ["store", "standing", f"proved_{grade}", "stored_at"]
        op.create_index(name, "copy", [*columns, "identity", "version", "size", "file_count"])
    op.create_index(
        "copy_failed",
        "copy",
        ["store", "failed_at", "identity", "version"],
        sqlite_where=_FAILED,
        postgresql_where=_FAILED,
    )
    op.create_table(
        "place",
        Column("store", Text, nullable=False),
        Column("place", Text, nullable=False),
        PrimaryKeyConstraint("store"),
    )
