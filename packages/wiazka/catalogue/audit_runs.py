"""Runs of audits: which was stopped, what it had seen by then, when a store was looked over."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from wiazka.catalogue.fixity_schema import AUDIT, CHECK
from wiazka.catalogue.model import Version
from wiazka.catalogue.packages import VERSION_FIELDS
from wiazka.catalogue.schema import COPY, VERSION
from wiazka.evidence import Outcome

_LOOKED = (Outcome.OK, Outcome.EXTRA)
_FOUND = (Outcome.CHANGED, Outcome.MISSING, Outcome.UNREADABLE, Outcome.EXTRA)


def stopped(connection: Connection, scope: str, since: datetime) -> tuple[int, datetime] | None:
    """The number and beginning of the last audit of that scope, if it has not ended and was at work
    ``since`` then.
    """
    last = select(AUDIT).where(AUDIT.c.scope == scope).order_by(AUDIT.c.id.desc()).limit(1)
    run = connection.execute(last).first()
    if run is None or run.ended is not None:
        return None
    newest = select(func.max(CHECK.c.ended)).where(CHECK.c.audit == run.id)
    worked = connection.execute(newest).scalar() or run.begun
    return (run.id, run.begun) if worked >= since else None


def found_bad(connection: Connection, audit_id: int) -> set[tuple[str, int, str]]:
    """The copies in which an audit has found something already."""
    query = select(CHECK.c.identity, CHECK.c.version, CHECK.c.store).where(
        CHECK.c.audit == audit_id, CHECK.c.identity.is_not(None), CHECK.c.outcome.in_(_FOUND)
    )
    return {(row[0], row[1], row[2]) for row in connection.execute(query)}


def looked_over(connection: Connection, store: str) -> datetime | None:
    """When a store was last compared with the catalogue as a whole."""
    query = select(func.max(CHECK.c.ended)).where(
        CHECK.c.store == store, CHECK.c.identity.is_(None), CHECK.c.outcome.in_(_LOOKED)
    )
    return connection.execute(query).scalar()


def versions_of(connection: Connection, identities: Iterable[str]) -> list[Version]:
    """All versions of some packages, whatever became of them."""
    query = select(*VERSION_FIELDS).where(VERSION.c.identity.in_(list(identities)))
    return [Version(*row) for row in connection.execute(query)]


def copies_in(
    connection: Connection, store: str, identities: Iterable[str]
) -> set[tuple[str, int]]:
    """Identity and number of the versions of some packages that a store is known to hold."""
    query = select(COPY.c.identity, COPY.c.version).where(
        COPY.c.store == store, COPY.c.identity.in_(list(identities))
    )
    return {(row[0], row[1]) for row in connection.execute(query)}
