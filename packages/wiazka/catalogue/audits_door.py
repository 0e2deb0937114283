"""The catalogue's door to audits: each method is one transaction."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from wiazka.catalogue import audit_runs, audits, claims, copies
from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_model import Audit, CopyCheck
from wiazka.catalogue.model import Copy, Version
from wiazka.evidence import Grade


@dataclass(frozen=True, slots=True)
class Audits:
    """What was checked, when, how strongly, and what is to be checked next.

    Every method raises CatalogueError when the database fails.
    """

    database: Database

    def begin(self, grade: Grade, begun: datetime, scope: str = "{}") -> int:
        """The number of a new audit; ``scope`` is canonical JSON of what it is to look at."""
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
            for check, sentence in checks:
                audits.record(connection, audit_id, check, sentence)

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

    def due(
        self,
        grade: Grade,
        store: str | None = None,
        older_than: datetime | None = None,
        identities: Collection[str] | None = None,
    ) -> Iterator[Copy]:
        """Copies of stored and registered versions to check at ``grade``, the most pressing first.

        Those whose last check was not ok, then those never proved at ``grade`` or stronger, then
        the least recently proved. ``older_than`` leaves out sound copies proved at that time or
        later. Each copy comes once, also when its check is recorded meanwhile.
        """
        return copies.due(self.database, grade, store, older_than, identities)
