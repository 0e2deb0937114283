"""The first tables."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PROOFS = ("listed", "size", "stored_digest", "recomputed", "read")


def upgrade() -> None:
    """Make all tables of the first release."""
    _packages()
    _submissions()
    _ledger()
    _audits()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _whole(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _packages() -> None:
    op.create_table(
        "version",
        _text("identity"),
        _whole("number"),
        _text("title"),
        _text("content"),
        _text("state"),
        _text("bagged_at"),
        Column("registered_at", Text),
        _text("delivery"),
        _text("folder"),
        _text("record_json"),
        Column("size", BigInteger, nullable=False),
        _whole("file_count"),
        _text("search"),
        PrimaryKeyConstraint("identity", "number"),
    )
    op.create_index("version_content", "version", ["content"])
    op.create_table(
        "file",
        _text("identity"),
        _whole("version"),
        _text("path"),
        Column("size", BigInteger, nullable=False),
        _text("sha256"),
        _text("role"),
        PrimaryKeyConstraint("identity", "version", "path"),
        ForeignKeyConstraint(["identity", "version"], ["version.identity", "version.number"]),
    )
    op.create_table(
        "copy",
        _text("identity"),
        _whole("version"),
        _text("store"),
        _text("stored_at"),
        _whole("standing"),
        *(_text(f"proved_{grade}") for grade in PROOFS),
        PrimaryKeyConstraint("identity", "version", "store"),
        ForeignKeyConstraint(["identity", "version"], ["version.identity", "version.number"]),
    )
    for grade in PROOFS:
        columns = ["standing", f"proved_{grade}", "identity", "version", "store"]
        op.create_index(f"copy_proved_{grade}", "copy", columns)


def _submissions() -> None:
    op.create_table(
        "submission",
        _text("delivery"),
        _text("folder"),
        _text("fingerprint"),
        _text("state"),
        Column("identity", Text),
        Column("version", Integer),
        _text("sentence"),
        _text("at"),
        PrimaryKeyConstraint("delivery", "folder"),
    )
    op.create_table(
        "claim",
        _text("key"),
        _text("host"),
        _whole("pid"),
        _text("started"),
        _text("token"),
        _text("expires_at"),
        PrimaryKeyConstraint("key"),
    )


def _ledger() -> None:
    op.create_table(
        "event",
        Column("seq", Integer, primary_key=True, autoincrement=False),
        _text("at"),
        _text("kind"),
        _text("outcome"),
        Column("identity", Text),
        Column("version", Integer),
        Column("store", Text),
        _text("agent"),
        _text("sentence"),
        _text("detail"),
        _text("previous"),
        _text("hash"),
    )
    op.create_index("event_identity", "event", ["identity", "seq"])
    op.create_index("event_hash", "event", ["hash"])
    ledger = op.create_table(
        "ledger",
        Column("id", Integer, CheckConstraint("id = 1", name="ledger_one_row"), primary_key=True),
        _whole("count"),
        _text("hash"),
    )
    op.bulk_insert(ledger, [{"id": 1, "count": 0, "hash": "0" * 64}])


def _audits() -> None:
    op.create_table(
        "audit",
        Column("id", Integer, primary_key=True),
        _text("begun"),
        Column("ended", Text),
        _text("grade"),
    )
    op.create_table(
        "copy_check",
        Column("id", Integer, primary_key=True),
        _whole("audit"),
        Column("identity", Text),
        Column("version", Integer),
        _text("store"),
        _text("grade"),
        _text("outcome"),
        _whole("files"),
        Column("bytes", BigInteger, nullable=False),
        _text("begun"),
        _text("ended"),
        ForeignKeyConstraint(["audit"], ["audit.id"]),
    )
    op.create_index("copy_check_audit", "copy_check", ["audit"])
    op.create_table(
        "finding",
        Column("id", Integer, primary_key=True),
        _whole("copy_check"),
        _text("outcome"),
        _text("store"),
        Column("identity", Text),
        Column("version", Integer),
        _text("path"),
        _text("grade"),
        Column("expected", Text),
        Column("observed", Text),
        ForeignKeyConstraint(["copy_check"], ["copy_check.id"]),
    )
    op.create_index("finding_copy_check", "finding", ["copy_check"])
