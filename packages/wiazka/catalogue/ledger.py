"""The ledger: every event chained to the one before (docs/ledger.md)."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from wiazka.catalogue.chain import Link, canonical, digest
from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_model import AGENT
from wiazka.catalogue.model import (
    Event,
    EventKind,
    EventOutcome,
    LedgerHead,
)
from wiazka.catalogue.schema import EVENT, LEDGER
from wiazka.catalogue.text import clean, in_utc

_PAGE = 1000


def append(  # noqa: PLR0913
    connection: Connection,
    kind: EventKind,
    outcome: EventOutcome,
    sentence: str,
    *,
    at: datetime | None = None,
    identity: str | None = None,
    version: int | None = None,
    store: str | None = None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Add an event at the end, in a transaction of ``Database.write``; ``at`` is now by default."""
    before = head(connection)
    fields: dict[str, str | int | None] = {
        "seq": before.count + 1,
        "at": in_utc(at or datetime.now(UTC)),
        "kind": kind.value,
        "outcome": outcome.value,
        "identity": None if identity is None else clean(identity),
        "version": version,
        "store": store,
        "agent": AGENT,
        "sentence": clean(sentence),
        "detail": canonical({clean(k): clean(v) for k, v in (detail or {}).items()}),
        "previous": before.hash,
    }
    own = digest(fields)
    connection.execute(insert(EVENT).values(**fields, hash=own))
    connection.execute(update(LEDGER).values(count=before.count + 1, hash=own))


def head(connection: Connection) -> LedgerHead:
    """The number of events and the last one's hash."""
    return LedgerHead(*connection.execute(select(LEDGER.c.count, LEDGER.c.hash)).one())


def events(database: Database, identity: str | None) -> Iterator[Event]:
    """The events of one package or all, oldest first; a page at a time, so memory stays flat."""
    query = select(EVENT)
    if identity is not None:
        query = query.where(EVENT.c.identity == identity)
    return map(_event, _paged(database, query, 0))


def told_since(
    database: Database, seq: int, store: str, kinds: Collection[EventKind]
) -> Iterator[Event]:
    """The events about a store of these kinds, from number ``seq`` on, oldest first."""
    query = select(EVENT).where(EVENT.c.store == store, EVENT.c.kind.in_(kinds))
    return map(_event, _paged(database, query, seq - 1))


def links(database: Database, after: int) -> Iterator[Link]:
    """The events after number ``after`` as they stand in the table, oldest first, in pages."""
    return (Link(*row) for row in _paged(database, select(EVENT), after))


def hash_of(connection: Connection, seq: int) -> str | None:
    """The hash of one event; None where there is none of that number."""
    return connection.execute(select(EVENT.c.hash).where(EVENT.c.seq == seq)).scalar()


def _paged(database: Database, query: Select[Any], last: int) -> Iterator[Row[Any]]:
    query = query.order_by(EVENT.c.seq).limit(_PAGE)
    while True:
        with database.read() as connection:
            rows = connection.execute(query.where(EVENT.c.seq > last)).all()
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1].seq


def _event(row: Row[Any]) -> Event:
    return Event(
        seq=row.seq,
        at=datetime.fromisoformat(row.at),
        kind=EventKind(row.kind),
        outcome=EventOutcome(row.outcome),
        identity=row.identity,
        version=row.version,
        store=row.store,
        agent=row.agent,
        sentence=row.sentence,
        detail=json.loads(row.detail),
        previous=row.previous,
        hash=row.hash,
    )
