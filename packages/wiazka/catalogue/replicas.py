"""Copies that come later: which are lacking, what was copied, and damage met on the way."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, or_, select, update

from wiazka.catalogue import copies, ledger
from wiazka.catalogue.model import Copy, EventKind, EventOutcome, VersionState
from wiazka.catalogue.schema import COPY, VERSION
from wiazka.evidence import Grade

_KEPT = (VersionState.STORED, VersionState.REGISTERED)


def in_use(connection: Connection) -> frozenset[str]:
    """The stores that are known to hold copies."""
    return frozenset(connection.execute(select(COPY.c.store).distinct()).scalars())


def short(connection: Connection, stores: Collection[str]) -> list[tuple[str, int]]:
    """Versions that lack a copy in one of ``stores``, or are not registered: see Catalogue."""
    have = (
        select(func.count())
        .where(COPY.c.identity == VERSION.c.identity, COPY.c.version == VERSION.c.number)
        .where(COPY.c.store.in_(stores))
        .scalar_subquery()
    )
    query = (
        select(VERSION.c.identity, VERSION.c.number)
        .where(VERSION.c.state.in_(_KEPT))
        .where(or_(have < len(stores), VERSION.c.state == VersionState.STORED))
        .order_by(VERSION.c.identity, VERSION.c.number)
    )
    return [(row.identity, row.number) for row in connection.execute(query)]


def replicated(
    connection: Connection,
    copy: Copy,
    grade: Grade,
    *,
    sentence: str,
    detail: Mapping[str, str],
) -> None:
    """Keep a copy that was made from another, proved as it was stored; append the event."""
    at = copy.stored_at
    copies.keep(
        connection, copy.identity, copy.version, copy.store, at=at, unchanged=copy.unchanged
    )
    copies.prove(connection, copy.identity, copy.version, copy.store, grade=grade, at=at)
    connection.execute(
        update(VERSION)
        .where(VERSION.c.identity == copy.identity, VERSION.c.number == copy.version)
        .where(VERSION.c.state == VersionState.PACKAGED)
        .values(state=VersionState.STORED)
    )
    ledger.append(
        connection,
        EventKind.REPLICATED,
        EventOutcome.SUCCESS,
        sentence,
        at=at,
        identity=copy.identity,
        version=copy.version,
        store=copy.store,
        detail={"grade": grade.value, **detail},
    )


def damaged(
    connection: Connection,
    copy: Copy,
    kind: EventKind,
    *,
    sentence: str,
    detail: Mapping[str, str],
) -> None:
    """Keep that a copy was found damaged while it was read; the next audit looks at it first."""
    copies.doubt(connection, copy.identity, copy.version, copy.store, Grade.READ)
    ledger.append(
        connection,
        kind,
        EventOutcome.WARNING,
        sentence,
        identity=copy.identity,
        version=copy.version,
        store=copy.store,
        detail=detail,
    )
