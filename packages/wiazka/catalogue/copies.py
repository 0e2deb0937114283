"""Copies: what each store holds, what was proved of it, and which is to be looked at next."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, tuple_, update

from wiazka.catalogue.database import Database
from wiazka.catalogue.model import Copy, Unchanged, VersionState
from wiazka.catalogue.schema import COPY, PROOFS, VERSION
from wiazka.catalogue.text import in_utc
from wiazka.evidence import Grade

_NEVER = ""
_PAGE = 500


def keep(
    connection: Connection,
    identity: str,
    version: int,
    store: str,
    *,
    at: datetime,
    unchanged: Unchanged = Unchanged.REFERENCE,
) -> None:
    """Keep that a store has a copy; ``at`` of the first time counts."""
    this = _is(identity, version, store)
    if connection.execute(select(COPY.c.store).where(this)).first() is None:
        row = dict.fromkeys(PROOFS.values(), _NEVER)
        known = {"identity": identity, "version": version, "store": store, "stored_at": at}
        connection.execute(insert(COPY).values(**known, **row, standing=0, unchanged=unchanged))


def prove(
    connection: Connection, identity: str, version: int, store: str, *, grade: Grade, at: datetime
) -> None:
    """Keep that a copy was proved at ``grade``, and so at every weaker one."""
    this = _is(identity, version, store)
    row = connection.execute(select(COPY).where(this)).one_or_none()
    if row is None:
        return
    weaker = [PROOFS[other] for other in Grade if other.strength <= grade.strength]
    times = {name: max(row._mapping[name], in_utc(at)) for name in weaker}
    # Only a check as strong as the one that failed can clear a copy: the listing of a key says
    # nothing of bytes that were read and found wrong.
    cleared = _standing(grade) <= row.standing
    standing = 0 if cleared else row.standing
    connection.execute(update(COPY).where(this).values(standing=standing, **times))


def reset(connection: Connection, identity: str, version: int, store: str) -> None:
    """Forget what was proved of a copy, because its bits were moved; a doubt of it stays."""
    this = _is(identity, version, store)
    never = dict.fromkeys(PROOFS.values(), _NEVER)
    connection.execute(update(COPY).where(this).values(**never))


def doubt(connection: Connection, identity: str, version: int, store: str, grade: Grade) -> None:
    """Keep that a check at ``grade`` was not ok."""
    this = _is(identity, version, store)
    weaker_doubt = COPY.c.standing > _standing(grade)
    connection.execute(update(COPY).where(this, weaker_doubt).values(standing=_standing(grade)))


def of_version(connection: Connection, identity: str, version: int) -> list[Copy]:
    """The copies of a version, sorted by store."""
    query = select(COPY).where(COPY.c.identity == identity, COPY.c.version == version)
    return [_copy(row) for row in connection.execute(query.order_by(COPY.c.store))]


def sound(connection: Connection, identity: str, version: int) -> list[Copy]:
    """The copies of a version that were read and that no check doubts, the last read first."""
    read = COPY.c[PROOFS[Grade.READ]]
    query = select(COPY).where(COPY.c.identity == identity, COPY.c.version == version)
    query = query.where(COPY.c.standing == 0, read != _NEVER).order_by(read.desc(), COPY.c.store)
    return [
        replace(
            _copy(row),
            grade=Grade.READ,
            proved_at=datetime.fromisoformat(row._mapping[PROOFS[Grade.READ]]),
        )
        for row in connection.execute(query)
    ]


def any_in(connection: Connection, store: str) -> bool:
    """Whether any copy is known to be in a store."""
    query = select(COPY.c.store).where(COPY.c.store == store).limit(1)
    return connection.execute(query).first() is not None


def due(
    database: Database,
    grade: Grade,
    store: str | None,
    older_than: datetime | None,
    identities: Collection[str] | None,
) -> Iterator[Copy]:
    """Copies to be checked, the most pressing first: see Audits.due."""
    # A version that waits for its last copy waits for as long as that store is away.
    conditions: list[ColumnElement[bool]] = [
        VERSION.c.state.in_((VersionState.STORED, VersionState.REGISTERED))
    ]
    if store is not None:
        conditions.append(COPY.c.store == store)
    if identities is not None:
        conditions.append(COPY.c.identity.in_(identities))
    proved = COPY.c[PROOFS[grade]]
    # A copy that is proved while we walk moves to the end, where it must not be met again.
    now = datetime.now(UTC)
    before = in_utc(min(older_than, now) if older_than else now)
    yield from _walk(database, proved, [*conditions, COPY.c.standing < 0])
    yield from _walk(database, proved, [*conditions, COPY.c.standing == 0, proved < before])


def _walk(
    database: Database, proved: ColumnElement[str], conditions: list[ColumnElement[bool]]
) -> Iterator[Copy]:
    # In pages, each from behind the last: no transaction stays open while copies are read.
    order = (COPY.c.standing, proved, COPY.c.identity, COPY.c.version, COPY.c.store)
    its_version = (VERSION.c.identity == COPY.c.identity) & (VERSION.c.number == COPY.c.version)
    query = select(COPY).join(VERSION, its_version).where(*conditions).order_by(*order)
    page = query
    while True:
        with database.read() as connection:
            rows = connection.execute(page.limit(_PAGE)).all()
        yield from map(_copy, rows)
        if len(rows) < _PAGE:
            return
        page = query.where(tuple_(*order) > tuple(rows[-1]._mapping[column] for column in order))


def _copy(row: Row[Any]) -> Copy:
    times = {grade: row._mapping[PROOFS[grade]] for grade in Grade}
    # Every proof is one of LISTED too, so its column holds the latest; the strongest grade that has
    # the same time is the one that was proved then.
    last = times[Grade.LISTED]
    if last == _NEVER:
        return Copy(row.identity, row.version, row.store, row.stored_at, None, None, row.unchanged)
    grade = max((g for g in Grade if times[g] == last), key=lambda g: g.strength)
    proved_at = datetime.fromisoformat(last)
    return Copy(
        row.identity, row.version, row.store, row.stored_at, grade, proved_at, row.unchanged
    )


def _standing(grade: Grade) -> int:
    return -1 - grade.strength


def _is(identity: str, version: int, store: str) -> ColumnElement[bool]:
    return (COPY.c.identity == identity) & (COPY.c.version == version) & (COPY.c.store == store)
