"""Copies that come later: which are lacking, what was copied, and damage met on the way."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select

from wiazka.catalogue import copies, ledger
from wiazka.catalogue.database import Database
from wiazka.catalogue.model import KEPT, Copy, EventKind, EventOutcome, Version, VersionState
from wiazka.catalogue.schema import COPY, VERSION
from wiazka.evidence import Grade

_REGISTERED = VERSION.c.state == VersionState.REGISTERED


@dataclass(frozen=True, slots=True)
class Short:
    """A version that copies are still to be made of, in ``stores``."""

    identity: str
    number: int
    stores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replicas:
    """The part of the catalogue about copies that are made from others; see Catalogue."""

    database: Database

    def stores_in_use(self) -> frozenset[str]:
        """The stores that are known to hold copies."""
        with self.database.read() as connection:
            return frozenset(connection.execute(select(COPY.c.store).distinct()).scalars())

    def packages_kept(self) -> int:
        """How many packages have a version that a store holds."""
        number = select(func.count(VERSION.c.identity.distinct())).where(VERSION.c.state.in_(KEPT))
        with self.database.read() as connection:
            return connection.execute(number).scalar_one()

    def lacking_in(self, store: str) -> list[tuple[str, int]]:
        """The identity and number of each version that another store holds and this one does not;
        sorted, so that what a version refers to comes before it.
        """
        query = _versions().where(VERSION.c.state.in_(KEPT), _lacks(store))
        with self.database.read() as connection:
            return [(row.identity, row.number) for row in connection.execute(query)]

    def to_complete(self, stores: Collection[str]) -> list[Short]:
        """Each version that is to get copies in ``stores`` by itself, or is still to be registered.

        One that is registered gets them only where copies were kept by then: else the next ingest
        would fill a store that was added later with the whole archive. Sorted as ``lacking_in`` is.
        """
        is_stored = VERSION.c.state == VersionState.STORED
        with self.database.read() as connection:
            found: dict[tuple[str, int], list[str]] = {
                (row.identity, row.number): []
                for row in connection.execute(_versions().where(is_stored))
            }
            for store in stores:
                due = or_(is_stored, _REGISTERED & (VERSION.c.registered_at >= _since(store)))
                for row in connection.execute(_versions().where(due, _lacks(store))):
                    found.setdefault((row.identity, row.number), []).append(store)
        return [Short(*key, tuple(names)) for key, names in sorted(found.items())]

    def to_replicate(self, stores: Collection[str]) -> dict[str, int]:
        """How many registered versions each of ``stores`` lacks that ``to_complete`` leaves out;
        only stores that lack any.
        """
        with self.database.read() as connection:
            lacking = {
                store: connection.execute(
                    select(func.count())
                    .select_from(VERSION)
                    .where(_REGISTERED, _lacks(store))
                    .where(or_(_since(store).is_(None), VERSION.c.registered_at < _since(store)))
                ).scalar_one()
                for store in stores
            }
        return {store: number for store, number in lacking.items() if number}

    def copied(self, copy: Copy, grade: Grade, sentence: str, detail: Mapping[str, str]) -> None:
        """Keep a copy that was made from another, proved at ``grade`` when it was stored; append
        the event.
        """
        where, at = (copy.identity, copy.version, copy.store), copy.stored_at
        with self.database.write() as connection:
            copies.keep(connection, *where, at=at, unchanged=copy.unchanged)
            copies.prove(connection, *where, grade=grade, at=at)
            ledger.append(
                connection,
                EventKind.REPLICATED,
                EventOutcome.SUCCESS,
                sentence,
                at=at,
                identity=copy.identity,
                version=copy.version,
                store=copy.store,
                detail={"grade": grade.value, "unchanged": copy.unchanged.value, **detail},
            )

    def damaged(
        self,
        copy: Copy,
        kind: EventKind,
        sentence: str,
        detail: Mapping[str, str],
        begun: datetime,
    ) -> None:
        """Keep that what ``kind`` says, ``begun`` then, met damage in a copy; audited first."""
        where, at = (copy.identity, copy.version, copy.store), datetime.now(UTC)
        with self.database.write() as connection:
            copies.doubt(connection, *where, Grade.READ, at, begun)
            ledger.append(
                connection,
                kind,
                EventOutcome.WARNING,
                sentence,
                at=at,
                identity=copy.identity,
                version=copy.version,
                store=copy.store,
                detail={**detail, "begun": begun.isoformat()},
            )

    def repaired(self, copy: Copy, sentence: str, detail: Mapping[str, str]) -> None:
        """Keep that a repair moved bits of a copy: it is unproved until it is read again."""
        self._repair(copy, EventOutcome.SUCCESS, sentence, detail)

    def repair_begun(self, copy: Copy, sentence: str, detail: Mapping[str, str]) -> None:
        """Keep what a repair is about to do: should it be killed, that is known."""
        self._repair(copy, EventOutcome.WARNING, sentence, detail)

    def repair_refused(self, copy: Copy, sentence: str, detail: Mapping[str, str]) -> None:
        """Keep that a copy could not be mended, or not all of it."""
        self._repair(copy, EventOutcome.FAIL, sentence, detail)

    def _repair(
        self, copy: Copy, outcome: EventOutcome, sentence: str, detail: Mapping[str, str]
    ) -> None:
        where = (copy.identity, copy.version, copy.store)
        at = datetime.now(UTC)
        with self.database.write() as connection:
            if outcome is EventOutcome.SUCCESS:
                copies.reset(connection, *where, at=at)
            else:
                copies.doubt(connection, *where, Grade.READ, at)
            ledger.append(
                connection,
                EventKind.REPAIRED,
                outcome,
                sentence,
                at=at,
                identity=copy.identity,
                version=copy.version,
                store=copy.store,
                detail=detail,
            )

    def sound(self, identity: str, version: int) -> list[Copy]:
        """The copies of a version that were read and that no check doubts, the last read first.

        ``proved_at`` is when they were read.
        """
        with self.database.read() as connection:
            return copies.sound(connection, identity, version)

    def restored(self, version: Version, sentence: str, detail: Mapping[str, str]) -> None:
        """Append that a version was given out."""
        with self.database.write() as connection:
            ledger.append(
                connection,
                EventKind.RESTORED,
                EventOutcome.SUCCESS,
                sentence,
                identity=version.identity,
                version=version.number,
                detail=detail,
            )


def _versions() -> Select[Any]:
    return select(VERSION.c.identity, VERSION.c.number).order_by(
        VERSION.c.identity, VERSION.c.number
    )


def _lacks(store: str) -> ColumnElement[bool]:
    copy_there = (
        (COPY.c.identity == VERSION.c.identity)
        & (COPY.c.version == VERSION.c.number)
        & (COPY.c.store == store)
    )
    return ~exists().where(copy_there).correlate(VERSION)


def _since(store: str) -> ScalarSelect[datetime | None]:
    """When a store got the first of its copies; NULL where it has none."""
    return select(func.min(COPY.c.stored_at)).where(COPY.c.store == store).scalar_subquery()
