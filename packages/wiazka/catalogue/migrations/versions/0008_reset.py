"""When other bits were last put where a copy lies."""

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_RESETS = text(
    "SELECT at, identity, version, store FROM event "
    "WHERE kind = 'store-moved' OR kind = 'repaired' AND outcome = 'success' ORDER BY seq"
)
_OF_STORE = (
    "UPDATE copy SET reset_at = :at WHERE store = :store AND stored_at <= :at AND reset_at < :at"
)
_OF_COPY = f"{_OF_STORE} AND identity = :identity AND version = :version"


def upgrade() -> None:
    """As a catalogue that is rebuilt has it: from the events of repairs and moves until now."""
    op.add_column("copy", Column("reset_at", Text, nullable=False, server_default=""))
    connection = op.get_bind()
    for at, identity, version, store in connection.execute(_RESETS).all():
        told = {"at": at, "store": store}
        if identity is None:
            connection.execute(text(_OF_STORE), told)
        else:
            connection.execute(text(_OF_COPY), told | {"identity": identity, "version": version})
