"""Copies: what each store holds, what was proved of it, and what takes a proof away."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    bindparam,
    case,
    insert,
    select,
    update,
)

from wiazka.catalogue.model import Copy, Unchanged, VersionState
from wiazka.catalogue.schema import COPY, PROOFS, VERSION
from wiazka.catalogue.text import in_utc
from wiazka.evidence import INCONCLUSIVE, Grade, Outcome

NEVER = ""
SOUND, UNANSWERED = 0, 1
# What is too much takes nothing from what was proved of the rest.
_PROVED = frozenset({Outcome.OK, Outcome.EXTRA})


@dataclass(frozen=True, slots=True)
class Proof:
    """That a copy was proved at ``grade``, by a look from ``begun`` to ``at``."""

    identity: str
    version: int
    store: str
    grade: Grade
    at: datetime
    begun: datetime


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
        row = dict.fromkeys(PROOFS.values(), NEVER)
        known = {"identity": identity, "version": version, "store": store, "stored_at": at}
        connection.execute(insert(COPY).values(**known, **row, standing=SOUND, unchanged=unchanged))
        measure(connection, identity, version)


def measure(connection: Connection, identity: str, version: int) -> None:
    """Let the copies of a version have its size."""
    its = (VERSION.c.identity == identity) & (VERSION.c.number == version)
    connection.execute(
        update(COPY)
        .where(COPY.c.identity == identity, COPY.c.version == version)
        .values(
            size=select(VERSION.c.size).where(its).scalar_subquery(),
            file_count=select(VERSION.c.file_count).where(its).scalar_subquery(),
        )
    )


def take(
    connection: Connection,
    copy: tuple[str, int, str],
    outcome: Outcome,
    grade: Grade,
    *,
    begun: datetime,
    ended: datetime,
) -> None:
    """Keep what a check at ``grade`` says of a copy: (identity, version, store)."""
    if outcome in _PROVED:
        prove(connection, *copy, grade=grade, at=ended, begun=begun)
    elif outcome in INCONCLUSIVE:
        unanswered(connection, *copy, ended, begun)
    else:
        doubt(connection, *copy, grade, ended, begun)


def prove(
    connection: Connection,
    identity: str,
    version: int,
    store: str,
    *,
    grade: Grade,
    at: datetime,
    begun: datetime | None = None,
) -> None:
    """Keep that a copy was proved at ``grade``, and so at every weaker one.

    ``begun``: when that proof began (``at``, where it is not told). It says nothing of what was
    found wrong later, and nothing at all of bits that were put there later.
    """
    prove_all(connection, [Proof(identity, version, store, grade, at, begun or at)])


def prove_all(connection: Connection, proofs: Iterable[Proof]) -> None:
    """``prove`` of each, of copies that all differ."""
    # By version and store: no database finds tuples by its index.
    alike: defaultdict[tuple[int, str, Grade], dict[str, Proof]] = defaultdict(dict)
    for proof in proofs:
        alike[proof.version, proof.store, proof.grade][proof.identity] = proof
    for (version, store, _), of in alike.items():
        asked = {"identities": list(of), "one_version": version, "one_store": store}
        rows = [
            {
                "one_identity": row.identity,
                "one_version": version,
                "one_store": store,
                "one_begun": in_utc(of[row.identity].begun),
                **_proved(row, of[row.identity]),
            }
            for row in connection.execute(_SOME, asked)
        ]
        if rows:
            connection.execute(_KEEP, rows)


def _proved(row: Row[Any], proof: Proof) -> dict[str, str | int]:
    """What is to be kept of a copy that was proved."""
    weaker = [PROOFS[other] for other in Grade if other.strength <= proof.grade.strength]
    times = {name: max(row._mapping[name], in_utc(proof.at)) for name in weaker}
    # Only a check as strong as the one that failed can clear a copy, and one that began after it:
    # the listing of a key says nothing of bytes that were read and found wrong, and of two audits
    # at once the one may have read a file before the other found it damaged.
    later = row.failed_at <= in_utc(proof.begun)
    cleared = later and _standing(proof.grade) <= row.standing
    return {"standing": SOUND if cleared else row.standing, **times}


def doubt(
    connection: Connection,
    identity: str,
    version: int,
    store: str,
    grade: Grade,
    at: datetime,
    begun: datetime | None = None,
) -> None:
    """Keep that a check at ``grade``, ``begun`` then or ``at`` once, was not ok."""
    this = _is(identity, version, store) & _unmoved(in_utc(begun or at))
    worst = case((COPY.c.standing > _standing(grade), _standing(grade)), else_=COPY.c.standing)
    connection.execute(update(COPY).where(this).values(standing=worst, failed_at=in_utc(at)))


def unanswered(
    connection: Connection, identity: str, version: int, store: str, at: datetime, begun: datetime
) -> None:
    """Keep that a store did not let us look at a copy: that is no damage, and no proof either."""
    this = _is(identity, version, store) & _unmoved(in_utc(begun))
    standing = case((COPY.c.standing == SOUND, UNANSWERED), else_=COPY.c.standing)
    connection.execute(update(COPY).where(this).values(standing=standing, failed_at=in_utc(at)))


def reset(connection: Connection, identity: str, version: int, store: str, *, at: datetime) -> None:
    """Take away what was proved of a copy until ``at``, since other bits lie there now.

    What was found wrong stays so until a check as strong, begun later, is ok. What a look that
    began until then will still tell says nothing of them.
    """
    _unprove(connection, _is(identity, version, store), at)


def reset_store(connection: Connection, store: str, *, at: datetime) -> None:
    """Take away what was proved until ``at`` of every copy in a store."""
    _unprove(connection, COPY.c.store == store, at)


def _unprove(connection: Connection, which: ColumnElement[bool], at: datetime) -> None:
    # By the time, so that an event which is told twice takes no later proof away, and says nothing
    # of a copy that came later.
    until = in_utc(at)
    left = {
        name: case((COPY.c[name] <= until, NEVER), else_=COPY.c[name]) for name in PROOFS.values()
    }
    left["reset_at"] = case((COPY.c.reset_at < until, until), else_=COPY.c.reset_at)
    connection.execute(update(COPY).where(which, COPY.c.stored_at <= at).values(**left))


def is_past(
    connection: Connection, identity: str, version: int, store: str, *, begun: datetime
) -> bool:
    """Whether what a look saw that began then is no more: other bits lie there since, or none are
    kept.
    """
    its = (VERSION.c.identity == identity) & (VERSION.c.number == version)
    gone = select(VERSION.c.number).where(its, VERSION.c.state == VersionState.DEACCESSIONED)
    moved = select(COPY.c.store).where(_is(identity, version, store), ~_unmoved(in_utc(begun)))
    return any(connection.execute(query).first() is not None for query in (gone, moved))


def of_version(connection: Connection, identity: str, version: int) -> list[Copy]:
    """The copies of a version, sorted by store."""
    query = select(COPY).where(COPY.c.identity == identity, COPY.c.version == version)
    return [as_copy(row) for row in connection.execute(query.order_by(COPY.c.store))]


def sound(connection: Connection, identity: str, version: int) -> list[Copy]:
    """The copies of a version that were read and that no check doubts, the last read first."""
    read = COPY.c[PROOFS[Grade.READ]]
    query = select(COPY).where(COPY.c.identity == identity, COPY.c.version == version)
    query = query.where(COPY.c.standing == SOUND, read != NEVER).order_by(read.desc(), COPY.c.store)
    return [
        replace(
            as_copy(row),
            grade=Grade.READ,
            proved_at=datetime.fromisoformat(row._mapping[PROOFS[Grade.READ]]),
        )
        for row in connection.execute(query)
    ]


def any_in(connection: Connection, store: str) -> bool:
    """Whether any copy is known to be in a store."""
    query = select(COPY.c.store).where(COPY.c.store == store).limit(1)
    return connection.execute(query).first() is not None


def as_copy(row: Row[Any]) -> Copy:
    """A row of the table as a value."""
    times = {grade: row._mapping[PROOFS[grade]] for grade in Grade}
    # Every proof is one of LISTED too, so its column holds the latest; the strongest grade that has
    # the same time is the one that was proved then.
    last = times[Grade.LISTED]
    grade, proved_at = None, None
    if last != NEVER:
        grade = max((g for g in Grade if times[g] == last), key=lambda g: g.strength)
        proved_at = datetime.fromisoformat(last)
    return Copy(
        row.identity,
        row.version,
        row.store,
        row.stored_at,
        grade,
        proved_at,
        row.unchanged,
        row.size,
        row.file_count,
        datetime.fromisoformat(row.reset_at) if row.reset_at != NEVER else None,
    )


def _standing(grade: Grade) -> int:
    return -1 - grade.strength


def _unmoved(begun: str | BindParameter[str]) -> ColumnElement[bool]:
    """That no other bits were put there since a look began."""
    return COPY.c.reset_at < begun


_IN_STORE = (COPY.c.version == bindparam("one_version"), COPY.c.store == bindparam("one_store"))
_SOME = select(COPY).where(COPY.c.identity.in_(bindparam("identities", expanding=True)), *_IN_STORE)
_KEEP = update(COPY).where(
    COPY.c.identity == bindparam("one_identity"), *_IN_STORE, _unmoved(bindparam("one_begun"))
)


def _is(identity: str, version: int, store: str) -> ColumnElement[bool]:
    return (COPY.c.identity == identity) & (COPY.c.version == version) & (COPY.c.store == store)
