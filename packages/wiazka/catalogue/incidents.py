"""Incidents: what is wrong, by its cause, until it is proved well again."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from wiazka.catalogue import incident_keeping, ledger
from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_model import Doubt, Finding, Incident, Moved
from wiazka.catalogue.fixity_schema import CHECK, DOUBT, FINDING, INCIDENT
from wiazka.catalogue.incident_keeping import FINDING_FIELDS, INCIDENT_FIELDS
from wiazka.catalogue.incident_rules import Place, place_of
from wiazka.catalogue.model import Event, EventKind, EventOutcome
from wiazka.catalogue.persons import Person
from wiazka.errors import UsageError
from wiazka.evidence import Outcome

_TOLD_BY = (
    EventKind.INCIDENT_OPENED,
    EventKind.INCIDENT_ACKNOWLEDGED,
    EventKind.INCIDENT_CLOSED,
    EventKind.AUDITED,
    EventKind.REPAIRED,
)


@dataclass(frozen=True, slots=True)
class Incidents:
    """What is wrong, by its cause. Every method raises CatalogueError when the database fails, and
    those that take a number NotFoundError when there is no such incident.
    """

    database: Database

    def open(self) -> tuple[Incident, ...]:
        """The incidents that are open, oldest first."""
        return self._found(_incidents().where(INCIDENT.c.closed_at.is_(None)))

    def all(self) -> tuple[Incident, ...]:
        """All incidents that ever were, oldest first."""
        return self._found(_incidents())

    def one(self, number: int) -> Incident:
        """An incident."""
        with self.database.read() as connection:
            return incident_keeping.incident_numbered(connection, number)

    def doubts(self, number: int) -> tuple[Doubt, ...]:
        """What of an incident was or is to be proved, in the order in which it was seen."""
        with self.database.read() as connection:
            return tuple(incident_keeping.doubts_of(connection, number))

    def of_package(self, identity: str) -> tuple[Incident, ...]:
        """The open incidents that a package is in, oldest first."""
        in_doubt = select(DOUBT.c.incident).where(
            DOUBT.c.identity == identity, DOUBT.c.settled_at.is_(None)
        )
        open_ = INCIDENT.c.closed_at.is_(None)
        return self._found(_incidents().where(open_, INCIDENT.c.id.in_(in_doubt)))

    def doubtful_stores(self, identity: str, version: int) -> frozenset[str]:
        """The stores whose copy of a version is in an open incident, or that are in one."""
        mine = (DOUBT.c.identity == identity) & (DOUBT.c.version == version)
        query = (
            select(INCIDENT.c.store)
            .join(DOUBT, DOUBT.c.incident == INCIDENT.c.id)
            .where(or_(mine, DOUBT.c.identity.is_(None) & (DOUBT.c.path == "")))
            .where(INCIDENT.c.closed_at.is_(None), DOUBT.c.settled_at.is_(None))
            # An object too many says nothing of the others' bytes.
            .where(INCIDENT.c.outcome != Outcome.EXTRA)
        )
        with self.database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def last_seen(self, identity: str, version: int, store: str) -> datetime | None:
        """When anything was last found wrong with a copy; None where nothing ever was."""
        query = (
            select(func.max(DOUBT.c.last_seen_at))
            .join(INCIDENT, INCIDENT.c.id == DOUBT.c.incident)
            .where(DOUBT.c.identity == identity, DOUBT.c.version == version)
            .where(INCIDENT.c.store == store)
        )
        with self.database.read() as connection:
            return connection.execute(query).scalar()

    def of_audit(self, *numbers: int) -> Moved:
        """What audits did to incidents; empty for those that are known from the ledger alone."""
        met = (
            select(FINDING.c.incident)
            .join(CHECK, CHECK.c.id == FINDING.c.copy_check)
            .where(CHECK.c.audit.in_(numbers))
        )
        closers = [f"audit {number}" for number in numbers]
        return Moved(
            opened=self._found(_incidents().where(INCIDENT.c.opened_by.in_(numbers))),
            met=self._found(
                _incidents().where(INCIDENT.c.opened_by.not_in(numbers), INCIDENT.c.id.in_(met))
            ),
            closed=self._found(_incidents().where(INCIDENT.c.closed_by.in_(closers))),
        )

    def findings(self, number: int) -> int:
        """How many findings an incident has; those made before a rebuild are not counted."""
        with self.database.read() as connection:
            query = select(func.count()).where(FINDING.c.incident == number)
            return connection.execute(query).scalar_one()

    def last_findings(self, number: int) -> Mapping[Place, Finding]:
        """The last finding of each place of an incident; of those made before a rebuild none."""
        mine = FINDING.c.incident == number
        last = (
            select(func.max(FINDING.c.id))
            .where(mine)
            .group_by(FINDING.c.identity, FINDING.c.version, FINDING.c.path)
        )
        query = select(*FINDING_FIELDS).where(mine, FINDING.c.id.in_(last)).order_by(FINDING.c.id)
        with self.database.read() as connection:
            found = [Finding(*row) for row in connection.execute(query)]
        return {place_of(finding): finding for finding in found}

    def story(self, number: int) -> tuple[Event, ...]:
        """The events that tell of an incident: opened, seen, acknowledged, repaired, closed."""
        incident = self.one(number)
        copies = {(doubt.identity, doubt.version) for doubt in self.doubts(number)}
        return tuple(
            event
            for event in ledger.told_since(self.database, incident.event, incident.store, _TOLD_BY)
            if _tells(event, incident, copies)
        )

    def acknowledge(
        self, number: int, *, by: Person, at: datetime, note: str | None = None
    ) -> Incident:
        """Keep that somebody knows of it; the last one counts. Without a ``note`` the one before
        stays.

        Raises UsageError when it is closed.
        """
        noted = {} if note is None else {"note": note}
        with self.database.write() as connection:
            incident = incident_keeping.incident_numbered(connection, number)
            _require_open(incident)
            incident_keeping.keep(
                connection, number, acknowledged_by=str(by), acknowledged_at=at, **noted
            )
            ledger.append(
                connection,
                EventKind.INCIDENT_ACKNOWLEDGED,
                EventOutcome.SUCCESS,
                f"Incident {number} is acknowledged by {by}{f': {note}' if note else '.'}",
                at=at,
                store=incident.store,
                detail={"incident": str(number), "by": str(by), **noted},
            )
            return incident_keeping.incident_numbered(connection, number)

    def close(self, number: int, *, by: Person, at: datetime, reason: str) -> Incident:
        """Keep that somebody takes it for no damage, or for one that is to be lived with.

        Raises UsageError when it is closed.
        """
        with self.database.write() as connection:
            incident = incident_keeping.incident_numbered(connection, number)
            _require_open(incident)
            incident_keeping.shut(connection, incident, at=at, by=str(by), because=reason)
            return incident_keeping.incident_numbered(connection, number)

    def _found(self, query: Select[tuple[object, ...]]) -> tuple[Incident, ...]:
        with self.database.read() as connection:
            return tuple(Incident(*row) for row in connection.execute(query))


def _incidents() -> Select[tuple[object, ...]]:
    return select(*INCIDENT_FIELDS).order_by(INCIDENT.c.id)


def _require_open(incident: Incident) -> None:
    if not incident.is_open:
        raise UsageError(
            f"Incident {incident.id} was closed on {incident.closed_at:%Y-%m-%d} by "
            f"{incident.closed_by}.",
            "What is seen again opens a new one: 'wiazka incident list' shows those that are open.",
        )


def _tells(
    event: Event, incident: Incident, copies: Collection[tuple[str | None, int | None]]
) -> bool:
    if event.kind is EventKind.AUDITED:
        return str(incident.id) in json.loads(event.detail.get("incidents", "{}"))
    if event.kind is EventKind.REPAIRED:
        mended = incident.closed_at is None or event.at <= incident.closed_at
        return mended and (event.identity, event.version) in copies
    return event.detail.get("incident") == str(incident.id)
