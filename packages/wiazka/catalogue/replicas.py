"""Copies that come later: which are lacking, what was copied, and damage met on the way."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from wiazka.catalogue import copies, ledger
from wiazka.catalogue.database import Database
from wiazka.catalogue.model import Copy, EventKind, EventOutcome, Version, VersionState
from wiazka.catalogue.schema import COPY, VERSION
from wiazka.evidence import Grade

_KEPT = (VersionState.STORED, VersionState.REGISTERED)


@dataclass(frozen=True, slots=True)
class Replicas:
    """The part of the catalogue about copies that are made from others; see Catalogue."""

    database: Database

    def stores_in_use(self) -> frozenset[str]:
        """The stores that are known to hold copies."""
        with self.database.read() as connection:
            return frozenset(connection.execute(select(COPY.c.store).distinct()).scalars())

    def short_of_copies(self, stores: Collection[str]) -> list[tuple[str, int]]:
        """The identity and number of each version that some store holds but not all of ``stores``,
        or that is not registered yet; sorted, so that what a version refers to comes before it.
        """
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
        with self.database.read() as connection:
            return [(row.identity, row.number) for row in connection.execute(query)]

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
        self, copy: Copy, kind: EventKind, sentence: str, detail: Mapping[str, str]
    ) -> None:
        """Keep that a copy was found damaged by what ``kind`` says; the next audit looks at it
        first.
        """
        with self.database.write() as connection:
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
