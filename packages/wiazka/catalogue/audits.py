"""Audits: which copies were checked, when, how strongly, and what was found."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, insert, select, update

from wiazka.catalogue import copies, incident_keeping, incident_taking, ledger
from wiazka.catalogue.fixity_model import Audit, CopyCheck, Finding, Spent
from wiazka.catalogue.fixity_schema import AUDIT, CHECK, FINDING
from wiazka.catalogue.incident_keeping import FINDING_FIELDS
from wiazka.catalogue.model import EventKind, EventOutcome
from wiazka.errors import NotFoundError
from wiazka.evidence import INCONCLUSIVE, Grade, Outcome


def begin(connection: Connection, grade: Grade, begun: datetime, scope: str) -> int:
    """A new audit's number."""
    # Counted here: audits that a rebuild told again were numbered without the database's counter.
    number = 1 + (connection.execute(select(func.max(AUDIT.c.id))).scalar() or 0)
    connection.execute(insert(AUDIT).values(id=number, grade=grade, begun=begun, scope=scope))
    return number


def record_all(
    connection: Connection, audit_id: int, checks: Iterable[tuple[CopyCheck, str]]
) -> None:
    """``record`` of each check with its sentence, in their order.

    Nearly all say no more than that a copy is well, and of no incident: those are kept together.
    """
    waiting = list(checks)
    doubted = incident_taking.doubted(connection, [check for check, _ in waiting])

    def is_plain(one: tuple[CopyCheck, str]) -> bool:
        check, _ = one
        about = {(check.store, check.identity), (check.store, None)}
        is_well = check.outcome is Outcome.OK and not check.findings
        return check.identity is not None and is_well and not about & doubted

    plain = list(takewhile(is_plain, waiting))
    if plain:
        connection.execute(insert(CHECK), [_fields(audit_id, check) for check, _ in plain])
        copies.prove_all(
            connection,
            (
                copies.Proof(c.identity, c.version, c.store, c.grade, at=c.ended, begun=c.begun)
                for c, _ in plain
                if c.identity is not None and c.version is not None
            ),
        )
        ledger.append_all(connection, [_event(audit_id, *one) for one in plain])
    # Each of the others can open an incident, or close one, that the next has to know of.
    for check, sentence in waiting[len(plain) :]:
        record(connection, audit_id, check, sentence)


def record(connection: Connection, audit_id: int, check: CopyCheck, sentence: str) -> None:
    """Keep one check, its findings, what it says of the copy and of incidents, and the event."""
    taken = incident_taking.take(connection, audit_id, check)
    made = insert(CHECK).values(**_fields(audit_id, check)).returning(CHECK.c.id)
    number = connection.execute(made).scalar_one()
    if check.findings:
        rows = [
            {"copy_check": number, "incident": incident, **asdict(finding)}
            for finding, incident in zip(check.findings, taken.incidents, strict=True)
        ]
        connection.execute(insert(FINDING), rows)
    if check.identity is not None and check.version is not None:
        copies.take(
            connection,
            (check.identity, check.version, check.store),
            check.outcome,
            check.grade,
            begun=check.begun,
            ended=check.ended,
        )
    ledger.append_all(connection, [_event(audit_id, check, sentence, taken.told)])
    incident_keeping.close_settled(
        connection, taken.settled, at=check.ended, by=f"audit {audit_id}"
    )


def _fields(audit_id: int, check: CopyCheck) -> dict[str, Any]:
    names = [name for name in CopyCheck.__dataclass_fields__ if name != "findings"]
    return {"audit": audit_id, **{name: getattr(check, name) for name in names}}


def _event(audit_id: int, check: CopyCheck, sentence: str, incidents: str = "") -> ledger.Said:
    return ledger.Said(
        EventKind.AUDITED,
        _event_outcome(check.outcome),
        sentence,
        at=check.ended,
        identity=check.identity,
        version=check.version,
        store=check.store,
        detail={
            "audit": str(audit_id),
            "begun": check.begun.isoformat(),
            "grade": check.grade.value,
            "outcome": check.outcome.value,
            "files": str(check.files),
            "bytes": str(check.bytes),
            **({"incidents": incidents} if incidents else {}),
        },
    )


# Checks of before requests were counted asked once for each file.
_REQUESTS = case((CHECK.c.requests > 0, CHECK.c.requests), else_=CHECK.c.files)


def _asked(store: str, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """The checks of a time that asked a store: not those by which its provider's job, which may
    run for weeks, is told.
    """
    its = CHECK.c.store == store, CHECK.c.grade != Grade.RECOMPUTED
    return *its, CHECK.c.ended >= since, CHECK.c.ended < until


def spent(connection: Connection, store: str, since: datetime, until: datetime) -> list[Spent]:
    """What each audit took of a store in a time."""
    query = (
        select(func.sum(CHECK.c.bytes), func.sum(_REQUESTS))
        .where(*_asked(store, since, until))
        .group_by(CHECK.c.audit)
    )
    return [Spent(int(size), int(requests)) for size, requests in connection.execute(query)]


def timed(connection: Connection, store: str, since: datetime, until: datetime) -> list[Spent]:
    """The same, with how long it took: not with the days between a kill and the next run."""
    query = (
        select(CHECK.c.audit, CHECK.c.bytes, _REQUESTS, CHECK.c.begun, CHECK.c.ended)
        .where(*_asked(store, since, until))
        .order_by(CHECK.c.audit, CHECK.c.begun)
    )
    found = []
    for _, checks in groupby(connection.execute(query), key=itemgetter(0)):
        size = requests = 0
        busy, covered = timedelta(), since
        for _, read, asked, begun, ended in checks:
            size, requests = size + read, requests + asked
            # Many looks are under way at once.
            busy += max(timedelta(), ended - max(begun, covered))
            covered = max(covered, ended)
        found.append(Spent(size, requests, busy.total_seconds()))
    return found


def end(connection: Connection, audit_id: int, ended: datetime) -> None:
    """Keep when an audit ended."""
    connection.execute(update(AUDIT).where(AUDIT.c.id == audit_id).values(ended=ended))


def audit(connection: Connection, audit_id: int) -> Audit:
    """One audit with its findings, in the order they were made. Raises NotFoundError."""
    run = connection.execute(select(AUDIT).where(AUDIT.c.id == audit_id)).one_or_none()
    if run is None:
        raise NotFoundError(f"There is no audit {audit_id}.", "`wiazka log` shows the audits.")
    checks = select(func.count(), func.coalesce(func.sum(CHECK.c.bytes), 0))
    of_copies = checks.where(CHECK.c.audit == audit_id, CHECK.c.identity.is_not(None))
    checked, read = connection.execute(of_copies).one()
    found = (
        select(*FINDING_FIELDS)
        .join(CHECK, CHECK.c.id == FINDING.c.copy_check)
        .where(CHECK.c.audit == audit_id)
        .order_by(FINDING.c.id)
    )
    findings = tuple(Finding(*row) for row in connection.execute(found))
    return Audit(run.id, run.begun, run.ended, run.grade, checked, int(read), findings)


def last(connection: Connection) -> Audit | None:
    """The audit begun last."""
    newest = connection.execute(select(func.max(AUDIT.c.id))).scalar()
    return None if newest is None else audit(connection, newest)


def _event_outcome(outcome: Outcome) -> EventOutcome:
    if outcome is Outcome.OK:
        return EventOutcome.SUCCESS
    return EventOutcome.WARNING if outcome in INCONCLUSIVE else EventOutcome.FAIL
