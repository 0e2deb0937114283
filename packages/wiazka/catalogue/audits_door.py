"""The catalogue's door to audits: each method is one transaction."""

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from wiazka.catalogue import ages, audit_runs, audits, claims, due, places
from wiazka.catalogue.database import Database
from wiazka.catalogue.evidence_history import EvidenceHistory
from wiazka.catalogue.fixity_model import AgeGroup, Audit, CopyCheck, Oldest, Spent
from wiazka.catalogue.model import Copy, File, Version
from wiazka.evidence import Grade

# A database counts by one core for each connection; it has others to answer too.
_COUNTS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Audits:
    """What was checked, when, how strongly, and what is to be checked next.

    Every method raises CatalogueError when the database fails.
    """

    database: Database

    @property
    def history(self) -> EvidenceHistory:
        """What was proved over the years, for reports."""
        return EvidenceHistory(self.database)

    def begin(self, grade: Grade, begun: datetime, scope: str = "{}") -> int:
        """The number of a new audit of what ``scope`` says (canonical JSON)."""
        with self.database.write() as connection:
            return audits.begin(connection, grade, begun, scope)

    def stopped(self, scope: str, since: datetime) -> tuple[int, datetime] | None:
        """Number and beginning of the last audit of that scope, where it has not ended.

        None where it was not at work ``since`` then: what it saw is too old to go on from.
        """
        with self.database.read() as connection:
            return audit_runs.stopped(connection, scope, since)

    def found_bad(self, audit_id: int) -> set[tuple[str, int, str]]:
        """Identity, version and store of the copies in which an audit found something already."""
        with self.database.read() as connection:
            return audit_runs.found_bad(connection, audit_id)

    def looked_over(self, store: str) -> datetime | None:
        """When a store was last compared with the catalogue as a whole."""
        with self.database.read() as connection:
            return audit_runs.looked_over(connection, store)

    def record(self, audit_id: int, check: CopyCheck, sentence: str) -> None:
        """Keep a check with its findings, the copy's new proof when it is ok, and the event."""
        with self.database.write() as connection:
            audits.record(connection, audit_id, check, sentence)

    def record_all(self, audit_id: int, checks: Iterable[tuple[CopyCheck, str]]) -> None:
        """``record`` of each check with its sentence; all of them are kept, or none."""
        with self.database.write() as connection:
            audits.record_all(connection, audit_id, checks)

    def versions_of(self, identities: Iterable[str]) -> list[Version]:
        """All versions of some packages, whatever became of them."""
        with self.database.read() as connection:
            return audit_runs.versions_of(connection, identities)

    def copies_in(self, store: str, identities: Iterable[str]) -> set[tuple[str, int]]:
        """Identity and number of the versions of some packages that a store is known to hold."""
        with self.database.read() as connection:
            return audit_runs.copies_in(connection, store, identities)

    def is_claimed(self, key: str) -> bool:
        """Whether somebody who is alive works on ``key``: see claims."""
        with self.database.read() as connection:
            return claims.is_held(connection, key)

    def end(self, audit_id: int, ended: datetime) -> None:
        """Keep when an audit ended."""
        with self.database.write() as connection:
            audits.end(connection, audit_id, ended)

    def audit(self, audit_id: int) -> Audit:
        """One audit with all its findings. Raises NotFoundError."""
        with self.database.read() as connection:
            return audits.audit(connection, audit_id)

    def last(self) -> Audit | None:
        """The audit begun last."""
        with self.database.read() as connection:
            return audits.last(connection)

    def spent(self, store: str, since: datetime, until: datetime) -> list[Spent]:
        """What each audit asked of a store in a time."""
        with self.database.read() as connection:
            return audits.spent(connection, store, since, until)

    def timed(self, store: str, since: datetime, until: datetime) -> list[Spent]:
        """The same, with how long it took; a row is read for each check."""
        with self.database.read() as connection:
            return audits.timed(connection, store, since, until)

    def stores(self) -> list[str]:
        """The stores that hold copies, sorted."""
        with self.database.read() as connection:
            return due.stores(connection)

    def due(
        self,
        grade: Grade,
        store: str | None = None,
        older_than: datetime | None = None,
        identities: Collection[str] | None = None,
    ) -> Iterator[Copy]:
        """Copies of stored and registered versions to check at ``grade``, the most pressing first.

        Those whose last check was not ok (the least recently tried first), then those never proved
        at ``grade`` or stronger, then the least recently proved. ``older_than`` leaves out sound
        copies proved at that time or later. Each copy comes once, also when its check is recorded
        meanwhile.
        """
        return due.due(self.database, grade, store, older_than, identities)

    def with_files(
        self, copies: Iterable[Copy]
    ) -> Iterator[tuple[Copy, Version, tuple[File, ...]]]:
        """Each copy with its version and that one's files, sorted by path.

        Some are fetched at a time: ``copies`` are asked for a little before they come.
        """
        return due.with_files(self.database, copies)

    def failed(self, store: str) -> Iterator[Copy]:
        """Copies in a store whose last check was not ok, the least recently tried first."""
        return due.failed(self.database, store)

    def by_age(self, grade: Grade, store: str) -> Iterator[tuple[datetime, Copy]]:
        """The other copies in a store with when they were last proved at ``grade`` or stronger (or,
        never proved, came to be there), the longest ago first.
        """
        return due.by_age(self.database, grade, store)

    def ages(self, grade: Grade, store: str, since: datetime) -> list[AgeGroup]:
        """All copies in a store, added up by the day of their last proof at ``grade`` or stronger;
        those proved ``since`` then are apart.
        """
        with self.database.read() as connection:
            return ages.ages(connection, grade, store, since, datetime.now(UTC))

    def all_ages(self, asked: Iterable[tuple[Grade, str, datetime]]) -> list[list[AgeGroup]]:
        """``ages`` of each grade, store and moment, several counted at a time."""
        with ThreadPoolExecutor(_COUNTS_AT_ONCE) as pool:
            return list(pool.map(lambda one: self.ages(*one), asked))

    def oldest(self, grade: Grade, store: str) -> Oldest | None:
        """The copy in a store whose last proof at ``grade`` or stronger is the longest ago."""
        with self.database.read() as connection:
            return due.oldest(connection, grade, store)

    def population(
        self,
        grade: Grade,
        store: str | None = None,
        older_than: datetime | None = None,
        identities: Collection[str] | None = None,
    ) -> Iterator[tuple[str, int, str]]:
        """Identity, version and store of every copy in a scope, sound or not; in no order."""
        return due.population(self.database, grade, store, older_than, identities)

    def count(
        self,
        grade: Grade,
        store: str | None = None,
        older_than: datetime | None = None,
        identities: Collection[str] | None = None,
    ) -> int:
        """How many copies ``population`` has."""
        with self.database.read() as connection:
            return due.count(connection, grade, store, older_than, identities)

    def copy(self, identity: str, version: int, store: str) -> Copy | None:
        """One copy; None when it is no longer kept."""
        with self.database.read() as connection:
            return due.one(connection, identity, version, store)

    # Places

    def places(self) -> dict[str, str]:
        """Where each store was when it was last used."""
        with self.database.read() as connection:
            return places.known(connection)

    def keep_place(self, store: str, place: str) -> None:
        """Keep where a store is."""
        with self.database.write() as connection:
            places.keep(connection, store, place)

    def moved(self, store: str, place: str, at: datetime) -> str | None:
        """Keep that a store is at another place now: none of its copies is proved there yet.

        What there is to tell of it, once; None when it is known to be there already.
        """
        with self.database.write() as connection:
            return places.move(connection, store, place, at)
