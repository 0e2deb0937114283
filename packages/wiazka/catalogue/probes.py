"""What each store was seen to do when it was last probed, and where it was then."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from wiazka.catalogue.model import Probe
from wiazka.catalogue.schema import PROBE


def probe(connection: Connection, store: str) -> Probe | None:
    """The last probe of a store."""
    row = connection.execute(select(PROBE).where(PROBE.c.store == store)).one_or_none()
    return Probe(row.store, row.place, row.at, row.seen) if row else None


def keep(connection: Connection, store: str, place: str, at: datetime, seen: str) -> None:
    """Keep a probe instead of the one before."""
    connection.execute(delete(PROBE).where(PROBE.c.store == store))
    connection.execute(insert(PROBE).values(store=store, place=place, at=at, seen=seen))
