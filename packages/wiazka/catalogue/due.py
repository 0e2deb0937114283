"""Which copies are to be looked at next."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Text,
    func,
    select,
    tuple_,
    type_coerce,
)

from wiazka.catalogue import packages
from wiazka.catalogue.copies import NEVER, SOUND, as_copy
from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_model import Oldest
from wiazka.catalogue.model import Copy, File, Version
from wiazka.catalogue.schema import COPY, PROOFS
from wiazka.catalogue.text import in_utc
from wiazka.evidence import Grade

_PAGE = 1000
# Copies whose files are fetched at once, of no more than so many files or of a single copy: a
# version may have a hundred thousand.
_COPIES, _FILES = 50, 2000

# As it stands in the table: its own order is that of time.
CAME = type_coerce(COPY.c.stored_at, Text)

_Keyed = Iterator[tuple[tuple[Any, ...], Copy]]


def stores(connection: Connection) -> list[str]:
    """The stores that hold copies; one look for each, however many copies there are."""
    found: list[str] = []
    while True:
        query = select(func.min(COPY.c.store)).where(COPY.c.store > (found[-1] if found else ""))
        name = connection.execute(query).scalar()
        if name is None:
            return found
        found.append(name)


def due(
    database: Database,
    grade: Grade,
    store: str | None,
    older_than: datetime | None,
    identities: Collection[str] | None,
) -> Iterator[Copy]:
    """Copies to be checked, the most pressing first: see Audits.due."""
    proved = COPY.c[PROOFS[grade]]
    # A copy that is proved while we walk moves to the end, where it must not be met again.
    now = in_utc(datetime.now(UTC))
    before = min(now, in_utc(older_than)) if older_than else now
    of_these = [] if identities is None else [COPY.c.identity.in_(identities)]
    with database.read() as connection:
        names = [store] if store is not None else stores(connection)
    yield from _merged(_failed(database, name, now, of_these) for name in names)
    conditions = [COPY.c.standing == SOUND, proved < before, *of_these]
    yield from _merged(
        _walk(database, (proved, CAME), [COPY.c.store == name, *conditions]) for name in names
    )


def with_files(
    database: Database, copies: Iterable[Copy]
) -> Iterator[tuple[Copy, Version, tuple[File, ...]]]:
    """Each copy with its version and that one's files, sorted by path; some fetched at a time."""
    for page in _pages(copies):
        with database.read() as connection:
            found = packages.with_files(connection, {(one.identity, one.version) for one in page})
        for copy in page:
            # It may have left the house since.
            if its := found.get((copy.identity, copy.version)):
                yield copy, *its


def _pages(copies: Iterable[Copy]) -> Iterator[list[Copy]]:
    page: list[Copy] = []
    files = 0
    for copy in copies:
        if page and (len(page) == _COPIES or files + copy.file_count > _FILES):
            yield page
            page, files = [], 0
        page.append(copy)
        files += copy.file_count
    if page:
        yield page


def failed(database: Database, store: str) -> Iterator[Copy]:
    """Copies in a store whose last check was not ok, the least recently tried first."""
    return _merged([_failed(database, store, in_utc(datetime.now(UTC)), [])])


def by_age(database: Database, grade: Grade, store: str) -> Iterator[tuple[datetime, Copy]]:
    """Sound copies in a store with when they were last proved at ``grade`` (or, never proved, came
    to be there), the longest ago first.
    """
    proved = COPY.c[PROOFS[grade]]
    here = [COPY.c.store == store, COPY.c.standing == SOUND]
    now = in_utc(datetime.now(UTC))
    never = _walk(database, (CAME,), [*here, proved == NEVER])
    once = _walk(database, (proved,), [*here, proved > NEVER, proved < now])
    for key, copy in heapq.merge(never, once, key=lambda pair: pair[0]):
        yield datetime.fromisoformat(key[0]), copy


def oldest(connection: Connection, grade: Grade, store: str) -> Oldest | None:
    """The copy in a store whose last proof at ``grade`` is the longest ago, never proved first."""
    proved = COPY.c[PROOFS[grade]]
    columns = (proved.label("proved"), COPY.c.stored_at, COPY.c.identity, COPY.c.version)
    found = []
    for standing in range(-len(Grade), 2):
        query = select(*columns).where(COPY.c.store == store, COPY.c.standing == standing)
        row = connection.execute(query.order_by(proved, COPY.c.stored_at).limit(1)).first()
        if row:
            found.append(row)
    if not found:
        return None
    row = min(found, key=lambda one: (one.proved, one.stored_at))
    at = datetime.fromisoformat(row.proved) if row.proved != NEVER else None
    return Oldest(row.identity, row.version, at)


def count(
    connection: Connection,
    grade: Grade,
    store: str | None,
    older_than: datetime | None,
    identities: Collection[str] | None,
) -> int:
    """How many copies a sample may be drawn from."""
    conditions = _drawn_from(grade, store, older_than, identities)
    query = select(func.count()).select_from(COPY).where(*conditions)
    return connection.execute(query).scalar_one()


def population(
    database: Database,
    grade: Grade,
    store: str | None,
    older_than: datetime | None,
    identities: Collection[str] | None,
) -> Iterator[tuple[str, int, str]]:
    """Identity, version and store of every copy that a sample may be drawn from."""
    conditions = _drawn_from(grade, store, older_than, identities)
    query = select(COPY.c.identity, COPY.c.version, COPY.c.store).where(*conditions)
    with database.read() as connection:
        for row in connection.execution_options(yield_per=_PAGE).execute(query):
            yield row.identity, row.version, row.store


def _drawn_from(
    grade: Grade,
    store: str | None,
    older_than: datetime | None,
    identities: Collection[str] | None,
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if store is not None:
        conditions.append(COPY.c.store == store)
    if identities is not None:
        conditions.append(COPY.c.identity.in_(identities))
    if older_than is not None:
        conditions.append(COPY.c[PROOFS[grade]] < in_utc(older_than))
    return conditions


def one(connection: Connection, identity: str, version: int, store: str) -> Copy | None:
    """One copy; None when it is no longer kept."""
    query = select(COPY).where(
        COPY.c.identity == identity, COPY.c.version == version, COPY.c.store == store
    )
    row = connection.execute(query).one_or_none()
    return as_copy(row) if row else None


def _failed(
    database: Database, store: str, now: str, conditions: Sequence[ColumnElement[bool]]
) -> _Keyed:
    there = [COPY.c.store == store, COPY.c.standing != SOUND, COPY.c.failed_at < now]
    return _walk(database, (COPY.c.failed_at,), [*there, *conditions])


def _merged(walks: Iterable[_Keyed]) -> Iterator[Copy]:
    for _, copy in heapq.merge(*walks, key=lambda pair: pair[0]):
        yield copy


def _walk(
    database: Database,
    by: Sequence[ColumnElement[Any]],
    conditions: Sequence[ColumnElement[bool]],
) -> _Keyed:
    # In pages, each from behind the last: no transaction stays open while copies are read.
    order = [*by, COPY.c.identity, COPY.c.version]
    query = select(COPY, *(c.label(f"k{n}") for n, c in enumerate(order))).where(*conditions)
    query = query.order_by(*order).limit(_PAGE)
    page = query
    while True:
        with database.read() as connection:
            rows = connection.execute(page).all()
        for row in rows:
            yield _key(row, len(order)), as_copy(row)
        if len(rows) < _PAGE:
            return
        page = query.where(tuple_(*order) > tuple(_key(rows[-1], len(order))))


def _key(row: Row[Any], length: int) -> tuple[Any, ...]:
    return tuple(row._mapping[f"k{number}"] for number in range(length))
