"""The ledger: every event chained to the one before (docs/ledger.md)."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Said:
    """What an event is to say, before it has its place in the chain."""

    kind: EventKind
    outcome: EventOutcome
    sentence: str
    at: datetime
    identity: str | None
    version: int | None
    store: str | None
    detail: Mapping[str, str]


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
    at = at or datetime.now(UTC)
    said = Said(kind, outcome, sentence, at, identity, version, store, detail or {})
    append_all(connection, [said])


def append_all(connection: Connection, events: Iterable[Said]) -> None:
    """Add events at the end, in their order, in a transaction of ``Database.write``."""
    before = head(connection)
    count, last = before.count, before.hash
    rows = []
    for said in events:
        fields: dict[str, str | int | None] = {
            "seq": count + 1,
            "at": in_utc(said.at),
            "kind": said.kind.value,
            "outcome": said.outcome.value,
            "identity": None if said.identity is None else clean(said.identity),
            "version": said.version,
            "store": said.store,
            "agent": AGENT,
            "sentence": clean(said.sentence),
            "detail": canonical({clean(k): clean(v) for k, v in said.detail.items()}),
            "previous": last,
        }
        count, last = count + 1, digest(fields)
        rows.append({**fields, "hash": last})
    if rows:
        connection.execute(insert(EVENT), rows)
        connection.execute(update(LEDGER).values(count=count, hash=last))


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
