"""How a check's findings are taken in: each joins an incident or opens one, and what is proved is
settled. The rules are in ``incident_rules``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from wiazka.catalogue import copies, incident_keeping, incident_words, ledger
from wiazka.catalogue.fixity_model import CopyCheck, Doubt, Finding, Incident
from wiazka.catalogue.fixity_schema import AUDIT, DOUBT, INCIDENT
from wiazka.catalogue.incident_keeping import DOUBT_FIELDS, INCIDENT_FIELDS, Told
from wiazka.catalogue.incident_rules import (
    STORE,
    Known,
    Place,
    cause_of,
    incident_of,
    place_of,
    seen_as,
    settled_by,
)
from wiazka.catalogue.model import EventKind, EventOutcome
from wiazka.catalogue.schema import VERSION
from wiazka.catalogue.text import clean
from wiazka.evidence import INCONCLUSIVE, Grade


@dataclass(frozen=True, slots=True)
class Taken:
    """The incident of each finding, what the check's event has to tell of them (canonical JSON, or
    empty), and those of which something was settled.

    No incident is of what is past (``copies.is_past``).
    """

    incidents: tuple[int | None, ...]
    told: str
    settled: tuple[int, ...]


def doubted(connection: Connection, checks: Iterable[CopyCheck]) -> set[tuple[str, str | None]]:
    """Store and identity of those packages, of what is checked, that open incidents are about; no
    identity where one is about the whole store. What no check of a copy settles is left out.
    """
    of_store = and_(DOUBT.c.identity.is_(None), DOUBT.c.path == "")
    asked = {(check.store, check.identity) for check in checks}
    query = (
        select(INCIDENT.c.store, DOUBT.c.identity)
        .distinct()
        .join(INCIDENT, INCIDENT.c.id == DOUBT.c.incident)
        .where(INCIDENT.c.closed_at.is_(None), DOUBT.c.settled_at.is_(None))
        .where(INCIDENT.c.store.in_({store for store, _ in asked}))
        .where(or_(DOUBT.c.identity.in_({one for _, one in asked if one}), of_store))
    )
    return {(row[0], row[1]) for row in connection.execute(query)}


def take(connection: Connection, audit: int, check: CopyCheck) -> Taken:
    """Let each finding join the open incident of its cause, or open one; settle what is proved."""
    check = replace(check, findings=tuple(_cleaned(one) for one in check.findings))
    known = _known(connection, check)
    if (known or check.findings) and _is_past(connection, check):
        return Taken((None,) * len(check.findings), "", ())
    earlier = _earlier(connection, check) if check.findings else {}
    numbers = _incidents_of(connection, audit, check, known, earlier)
    told: dict[int, Told] = {}
    for finding, number in zip(check.findings, numbers, strict=True):
        _tell(told.setdefault(number, Told()), number, finding, known, earlier)
    if known:
        grade, files = _grade(connection, audit, check), _file_count(connection, check)
        every = chain.from_iterable(known.values())
        for doubt in settled_by(check, audit, grade, every, files):
            told.setdefault(doubt.incident, Told()).settled.append(doubt.number)
    as_told = incident_keeping.as_told(told)
    if as_told:
        its = (check.identity, check.version)
        incident_keeping.apply(connection, as_told, audit, its, check.ended)
    return Taken(tuple(numbers), as_told, tuple(n for n, one in told.items() if one.settled))


def _is_past(connection: Connection, check: CopyCheck) -> bool:
    if check.identity is None or check.version is None:
        return False
    copy = (check.identity, check.version, check.store)
    return copies.is_past(connection, *copy, begun=check.begun)


def _looked_at(check: CopyCheck) -> ColumnElement[bool]:
    """Doubts of the copy that is checked, or of its store."""
    its_own = and_(DOUBT.c.identity == check.identity, DOUBT.c.version == check.version)
    of_store = DOUBT.c.identity.is_(None)
    return and_(or_(its_own, of_store), INCIDENT.c.store == check.store)


def _known(connection: Connection, check: CopyCheck) -> dict[Place, list[Known]]:
    """The open doubts of what is checked, by their places."""
    query = (
        select(INCIDENT.c.outcome, *DOUBT_FIELDS)
        .join(INCIDENT, INCIDENT.c.id == DOUBT.c.incident)
        .where(_looked_at(check), INCIDENT.c.closed_at.is_(None), DOUBT.c.settled_at.is_(None))
        .order_by(DOUBT.c.incident, DOUBT.c.number)
    )
    found: dict[Place, list[Known]] = {}
    for row in connection.execute(query):
        doubt = Doubt(*row[1:])
        found.setdefault(doubt.place, []).append(Known(row[0], doubt))
    return found


def _earlier(connection: Connection, check: CopyCheck) -> Mapping[Place, list[int]]:
    """The incidents, closed ones too, that each place of what is checked was in; oldest first."""
    query = (
        select(DOUBT.c.identity, DOUBT.c.version, DOUBT.c.path, DOUBT.c.incident)
        .distinct()
        .join(INCIDENT, INCIDENT.c.id == DOUBT.c.incident)
        .where(_looked_at(check))
        .order_by(DOUBT.c.incident)
    )
    found: dict[Place, list[int]] = {}
    for identity, version, path, number in connection.execute(query):
        found.setdefault((identity, version, path), []).append(number)
    return found


def _incidents_of(
    connection: Connection,
    audit: int,
    check: CopyCheck,
    known: Mapping[Place, list[Known]],
    earlier: Mapping[Place, list[int]],
) -> list[int]:
    """The incident of each finding; those that there are not yet are opened."""
    numbers = [incident_of(one, known.get(place_of(one), ())) for one in check.findings]
    new: dict[str, list[Finding]] = {}
    for finding, number in zip(check.findings, numbers, strict=True):
        if number is None:
            new.setdefault(cause_of(finding, audit), []).append(finding)
    for cause, findings in new.items():
        open_ = select(func.max(INCIDENT.c.id)).where(
            INCIDENT.c.cause == cause, INCIDENT.c.closed_at.is_(None)
        )
        number = connection.execute(open_).scalar()
        if number is None:
            number = _open(connection, audit, check, cause, findings, earlier)
        for position, finding in enumerate(check.findings):
            if numbers[position] is None and cause_of(finding, audit) == cause:
                numbers[position] = number
    return [number for number in numbers if number is not None]


def _open(
    connection: Connection,
    audit: int,
    check: CopyCheck,
    cause: str,
    findings: Sequence[Finding],
    earlier: Mapping[Place, list[int]],
) -> int:
    number = 1 + (connection.execute(select(func.max(INCIDENT.c.id))).scalar() or 0)
    outcome = findings[0].outcome
    sentence = incident_words.opened(findings)
    if past := _closed_by_person(connection, cause, findings, earlier):
        sentence += incident_words.closed_before(past)
    ledger.append(
        connection,
        EventKind.INCIDENT_OPENED,
        EventOutcome.WARNING if outcome in INCONCLUSIVE else EventOutcome.FAIL,
        f"Incident {number} is opened by audit {audit}: {sentence}",
        at=check.ended,
        store=check.store,
        detail={
            "incident": str(number),
            "cause": cause,
            "outcome": outcome.value,
            "sentence": sentence,
            "audit": str(audit),
        },
    )
    incident = Incident(
        number, cause, check.store, outcome, sentence, opened_at=check.ended,
        last_seen_at=check.ended, opened_by=audit, event=ledger.head(connection).count,
    )  # fmt: skip
    incident_keeping.insert_opened(connection, incident)
    return number


def _closed_by_person(
    connection: Connection,
    cause: str,
    findings: Sequence[Finding],
    earlier: Mapping[Place, list[int]],
) -> Incident | None:
    """The last incident of the same cause, or of a place among these, that somebody closed."""
    numbers = {number for finding in findings for number in earlier.get(place_of(finding), ())}
    query = (
        select(*INCIDENT_FIELDS)
        .where(or_(INCIDENT.c.id.in_(numbers), INCIDENT.c.cause == cause))
        .where(INCIDENT.c.outcome == findings[0].outcome, INCIDENT.c.closed_at.is_not(None))
        .order_by(INCIDENT.c.id.desc())
    )
    past = [Incident(*row) for row in connection.execute(query)]
    return next((incident for incident in past if incident.closed_by_person), None)


def _tell(
    told: Told,
    number: int,
    finding: Finding,
    known: Mapping[Place, list[Known]],
    earlier: Mapping[Place, list[int]],
) -> None:
    place = place_of(finding)
    seen = seen_as(finding, number, known.get(place, ()))
    if seen is not None:
        told.seen.append(seen.number)
        return
    before = [other for other in earlier.get(place, ()) if other != number]
    path, last = None if place == STORE else finding.path, before[-1] if before else None
    told.new.append([path, finding.grade, finding.expected, finding.observed, last])


def _cleaned(finding: Finding) -> Finding:
    """As the database gives it back: else a name that is no Unicode would always seem new."""

    def tidy(text: str | None) -> str | None:
        return None if text is None else clean(text)

    return replace(
        finding,
        identity=tidy(finding.identity),
        path=clean(finding.path),
        expected=tidy(finding.expected),
        observed=tidy(finding.observed),
    )


def _file_count(connection: Connection, check: CopyCheck) -> int:
    query = select(VERSION.c.file_count).where(
        VERSION.c.identity == check.identity, VERSION.c.number == check.version
    )
    return connection.execute(query).scalar() or 0


def _grade(connection: Connection, audit: int, check: CopyCheck) -> Grade:
    """How strongly those files of a check were proved that it found nothing wrong with."""
    if not check.findings:
        return check.grade
    # What is wrong may have been looked at more strongly than the rest: the audit's own grade is
    # what all of it was looked at with.
    asked: Grade = connection.execute(select(AUDIT.c.grade).where(AUDIT.c.id == audit)).scalar_one()
    return min(asked, check.grade, key=lambda grade: grade.strength)
