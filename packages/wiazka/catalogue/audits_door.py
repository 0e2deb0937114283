"""The catalogue's door to audits: each method is one transaction."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from wiazka.catalogue import audits, copies
from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_model import Audit, CopyCheck
from wiazka.catalogue.model import Copy
from wiazka.evidence import Grade


@dataclass(frozen=True, slots=True)
class Audits:
    """What was checked, when, how strongly, and what is to be checked next.

    Every method raises CatalogueError when the database fails.
    """

    database: Database

    def begin(self, grade: Grade, begun: datetime) -> int:
        """The number of a new audit."""
        with self.database.write() as connection:
            return audits.begin(connection, grade, begun)

    def record(self, audit_id: int, check: CopyCheck, sentence: str) -> None:
        """Keep a check with its findings, the copy's new proof when it is ok, and the event."""
        with self.database.write() as connection:
            audits.record(connection, audit_id, check, sentence)

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
