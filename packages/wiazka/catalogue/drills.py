"""Drills: what was restored only to prove that it can be."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, func, insert, select

from wiazka.catalogue import comparing, copies, ledger
from wiazka.catalogue.comparing import Comparison
from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_model import Drill
from wiazka.catalogue.fixity_schema import DRILL
from wiazka.catalogue.model import KEPT, Copy, EventKind, EventOutcome
from wiazka.catalogue.rebuilding import Rebuilt
from wiazka.catalogue.schema import COPY, VERSION
from wiazka.evidence import INCONCLUSIVE, Outcome


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a drill may be, in bytes and in files; None is no limit."""

    bytes: int
    files: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The copy that was drawn, if any; how many were too large to be among them, and the largest of
    these in bytes.
    """

    copy: Copy | None
    too_large: int
    largest: int


@dataclass(frozen=True, slots=True)
class Restorable:
    """What is known of a store's being restorable.

    ``last``: the last copy that was restored from it whole; ``rebuilt``: when the catalogue was
    last rebuilt from it and was equal; ``drilled`` of its ``copies`` were ever restored in a drill.
    """

    store: str
    last: Drill | None
    rebuilt: Drill | None
    drilled: int
    copies: int


@dataclass(frozen=True, slots=True)
class Drills:
    """What was restored to scratch, whole and validated, and what was not.

    Every method raises CatalogueError when the database fails.
    """

    database: Database

    def record(self, drill: Drill) -> Drill:
        """Keep a drill, and append the event; the same with the ``id`` that it was given."""
        with self.database.write() as connection:
            # Counted here: what a rebuild told again was numbered without the database's counter.
            number = 1 + (connection.execute(select(func.max(DRILL.c.id))).scalar() or 0)
            kept = replace(drill, id=number)
            connection.execute(insert(DRILL).values(asdict(kept)))
            ledger.append(
                connection,
                EventKind.DRILLED,
                _event_outcome(drill.outcome),
                drill.sentence,
                at=drill.ended,
                identity=drill.identity,
                version=drill.version,
                store=drill.store,
                detail={
                    "drill": str(kept.id),
                    "begun": drill.begun.isoformat(),
                    "outcome": drill.outcome.value,
                    "files": str(drill.files),
                    "bytes": str(drill.bytes),
                },
            )
            return kept

    def last(self, store: str) -> Drill | None:
        """The last time that a package was restored from a store whole."""
        with self.database.read() as connection:
            return _last(connection, store, DRILL.c.identity.is_not(None))

    def last_rebuilt(self, store: str) -> Drill | None:
        """The last time that the catalogue was rebuilt from a store and was equal."""
        with self.database.read() as connection:
            return _last(connection, store, DRILL.c.identity.is_(None))

    def history(self, store: str | None = None) -> list[Drill]:
        """All drills (of a store), the newest first, whatever came of them."""
        query = select(DRILL).order_by(DRILL.c.id.desc())
        if store is not None:
            query = query.where(DRILL.c.store == store)
        with self.database.read() as connection:
            return [_drill(row) for row in connection.execute(query)]

    def restorable(self, store: str) -> Restorable:
        """What is known of a store's being restorable."""
        proved = (DRILL.c.outcome == Outcome.OK) & DRILL.c.identity.is_not(None)
        drilled = _times(store, proved)
        held = _held(store, drilled).subquery()
        with self.database.read() as connection:
            number, known = connection.execute(
                select(func.count(), func.count(held.c.times)).select_from(held)
            ).one()
        return Restorable(store, self.last(store), self.last_rebuilt(store), known, number)

    def choose(self, store: str, limits: Limits) -> Choice:
        """Draw a copy in a store: any of those drilled least often, each with the same chance.

        So each is drilled once before any is drilled twice. A drill that a store did not let happen
        does not count. What is larger than ``limits`` is left out, and counted.
        """
        done = DRILL.c.outcome.not_in(INCONCLUSIVE) & DRILL.c.identity.is_not(None)
        held = _held(store, _times(store, done)).subquery()
        fits = held.c.size <= limits.bytes
        if limits.files is not None:
            fits &= held.c.file_count <= limits.files
        times = func.coalesce(held.c.times, 0)
        tiers = select(times, func.count()).where(fits).group_by(times).order_by(times).limit(1)
        with self.database.read() as connection:
            large = select(func.count(), func.coalesce(func.max(held.c.size), 0)).where(~fits)
            too_large, largest = connection.execute(large).one()
            tier = connection.execute(tiers).first()
            if tier is None:
                return Choice(None, too_large, largest)
            fewest, number = tier
            ordered = select(held).where(fits, times == fewest)
            drawn = connection.execute(
                ordered.order_by(held.c.identity, held.c.version)
                .limit(1)
                .offset(secrets.randbelow(number))
            ).one()
            there = copies.of_version(connection, drawn.identity, drawn.version)
        [copy] = [one for one in there if one.store == store]
        return Choice(copy, too_large, largest)

    def compare(self, rebuilt: "Drills", store: str, done: Rebuilt, begun: datetime) -> Comparison:
        """The catalogue beside one that was ``rebuilt`` (``done``) from ``store`` alone since
        ``begun``.

        What the store does not have yet, the newest events, is taken over into the rebuilt one
        first. All of the catalogue is seen at one moment.
        """
        with self.database.read() as live, rebuilt.database.write() as other:
            return comparing.compare(live, other, store, done, begun)


def _last(connection: Connection, store: str, what: ColumnElement[bool]) -> Drill | None:
    query = select(DRILL).where(DRILL.c.store == store, DRILL.c.outcome == Outcome.OK, what)
    row = connection.execute(query.order_by(DRILL.c.ended.desc(), DRILL.c.id.desc())).first()
    return None if row is None else _drill(row)


def _drill(row: Any) -> Drill:  # noqa: ANN401 - a row of the table
    return Drill(**row._mapping)


def _times(store: str, which: ColumnElement[bool]) -> Subquery:
    """How often each version was drilled in a store."""
    return (
        select(DRILL.c.identity, DRILL.c.version, func.count().label("times"))
        .where(DRILL.c.store == store, which)
        .group_by(DRILL.c.identity, DRILL.c.version)
        .subquery()
    )


def _held(store: str, drilled: Subquery) -> Select[Any]:
    """The copies in a store, and how often each is in ``drilled``; NULL for never."""
    of_version = (VERSION.c.identity == COPY.c.identity) & (VERSION.c.number == COPY.c.version)
    same = (drilled.c.identity == COPY.c.identity) & (drilled.c.version == COPY.c.version)
    return (
        select(
            COPY.c.identity, COPY.c.version, VERSION.c.size, VERSION.c.file_count, drilled.c.times
        )
        .join(VERSION, of_version)
        .outerjoin(drilled, same)
        .where(COPY.c.store == store, VERSION.c.state.in_(KEPT))
    )


def _event_outcome(outcome: Outcome) -> EventOutcome:
    if outcome is Outcome.OK:
        return EventOutcome.SUCCESS
    return EventOutcome.WARNING if outcome in INCONCLUSIVE else EventOutcome.FAIL
