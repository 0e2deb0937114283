"""Incidents in the tables: what is kept of them, live and when a ledger is told again."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from wiazka.catalogue import incident_words, ledger
from wiazka.catalogue.chain import canonical
from wiazka.catalogue.fixity_model import Doubt, Finding, Incident
from wiazka.catalogue.fixity_schema import DOUBT, FINDING, INCIDENT
from wiazka.catalogue.model import EventKind, EventOutcome
from wiazka.errors import NotFoundError
from wiazka.evidence import Grade

INCIDENT_FIELDS = tuple(INCIDENT.c[one.name] for one in fields(Incident))
DOUBT_FIELDS = tuple(DOUBT.c[one.name] for one in fields(Doubt))
FINDING_FIELDS = tuple(FINDING.c[one.name] for one in fields(Finding))
# Path (None: the store itself), grade, expected, observed, and the incident before.
_New = list[str | int | None]
_Copy = tuple[str | None, int | None]
_AT_ONCE = 1000


@dataclass(slots=True)
class Told:
    """What the event of a check tells of one incident; doubts by their number."""

    new: list[_New] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)


def as_told(told: Mapping[int, Told]) -> str:
    """What an event tells of incidents by their number (canonical JSON), or empty text."""
    if not told:
        return ""
    return canonical(
        {str(n): {k: v for k, v in asdict(one).items() if v} for n, one in told.items()}
    )


def apply(connection: Connection, told: str, audit: int | None, copy: _Copy, at: datetime) -> None:
    """Do to doubts and incidents what the event of a check tells, or (without an ``audit``) that of
    a deaccession; ``at``: when it ended.
    """
    for text, values in json.loads(told).items():
        number, one = int(text), Told(**values)
        if one.new:
            known = select(func.count()).where(DOUBT.c.incident == number)
            first = connection.execute(known).scalar_one() + 1
            seen = {"seen_at": at, "seen_by": audit, "last_seen_at": at, "last_seen_by": audit}
            rows = [_row(new, copy) | seen for new in one.new]
            connection.execute(
                insert(DOUBT),
                [{"incident": number, "number": n, **row} for n, row in enumerate(rows, first)],
            )
        for which in _of(number, one.seen):
            later = update(DOUBT).where(which, DOUBT.c.last_seen_at <= at)
            connection.execute(later.values(last_seen_at=at, last_seen_by=audit))
        for which in _of(number, one.settled):
            still = update(DOUBT).where(which, DOUBT.c.settled_at.is_(None))
            connection.execute(still.values(settled_at=at, settled_by=audit))
        if one.new or one.seen:
            mine = update(INCIDENT).where(INCIDENT.c.id == number, INCIDENT.c.last_seen_at <= at)
            connection.execute(mine.values(last_seen_at=at))


def let_go(
    connection: Connection, identity: str, versions: Sequence[int], at: datetime
) -> Mapping[int, Told]:
    """Settle what is in doubt of versions that are no longer kept; what there is to tell of it."""
    query = (
        select(DOUBT.c.incident, DOUBT.c.number)
        .join(INCIDENT, INCIDENT.c.id == DOUBT.c.incident)
        .where(DOUBT.c.identity == identity, DOUBT.c.version.in_(versions))
        .where(INCIDENT.c.closed_at.is_(None), DOUBT.c.settled_at.is_(None))
        .order_by(DOUBT.c.incident, DOUBT.c.number)
    )
    told: dict[int, Told] = {}
    for incident, number in connection.execute(query):
        told.setdefault(incident, Told()).settled.append(number)
    if told:
        apply(connection, as_told(told), None, (None, None), at)
    return told


def close_settled(
    connection: Connection,
    numbers: Iterable[int],
    *,
    at: datetime,
    by: str,
    request: int | None = None,
) -> None:
    """Close those incidents that nothing is in doubt of any more; append the events.

    ``request``: the number of the deaccession that made an end of it, if one did.
    """
    for number in numbers:
        left = select(DOUBT.c.number).where(DOUBT.c.incident == number)
        if connection.execute(left.where(DOUBT.c.settled_at.is_(None)).limit(1)).first() is None:
            incident = incident_numbered(connection, number)
            because = incident_words.settled(incident, doubts_of(connection, number), request)
            shut(connection, incident, at=at, by=by, because=because)


def shut(
    connection: Connection, incident: Incident, *, at: datetime, by: str, because: str
) -> None:
    """Close an incident and append the event."""
    keep(connection, incident.id, closed_at=at, closed_by=by, closed_because=because)
    ledger.append(
        connection,
        EventKind.INCIDENT_CLOSED,
        EventOutcome.SUCCESS,
        f"Incident {incident.id} is closed by {by}: {because}",
        at=at,
        store=incident.store,
        detail={"incident": str(incident.id), "by": by, "because": because},
    )


def keep(connection: Connection, number: int, **values: str | datetime) -> None:
    """Change columns of an incident."""
    connection.execute(update(INCIDENT).where(INCIDENT.c.id == number).values(**values))


def insert_opened(connection: Connection, incident: Incident) -> None:
    """Keep a new incident."""
    row = {one.name: getattr(incident, one.name) for one in fields(Incident)}
    connection.execute(insert(INCIDENT).values(**row))


def incident_numbered(connection: Connection, number: int) -> Incident:
    """An incident. Raises NotFoundError."""
    query = select(*INCIDENT_FIELDS).where(INCIDENT.c.id == number)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no incident {number}.", "'wiazka incident list --all' shows them."
        )
    return Incident(*row)


def doubts_of(connection: Connection, number: int) -> list[Doubt]:
    """The doubts of an incident, in the order in which they came."""
    query = select(*DOUBT_FIELDS).where(DOUBT.c.incident == number).order_by(DOUBT.c.number)
    return [Doubt(*row) for row in connection.execute(query)]


def _row(new: _New, copy: _Copy) -> dict[str, object]:
    path, grade, expected, observed, before = new
    identity, version = copy if path is not None else (None, None)
    return {
        "identity": identity,
        "version": version,
        "path": path or "",
        "grade": Grade(str(grade)),
        "expected": expected,
        "observed": observed,
        "before": before,
    }


def _of(incident: int, numbers: Sequence[int]) -> Iterator[ColumnElement[bool]]:
    """Doubts by their numbers, as many at a time as either database takes in one statement."""
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE]
        yield and_(DOUBT.c.incident == incident, DOUBT.c.number.in_(some))
