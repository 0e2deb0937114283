"""Events told again: what each of them left in the tables, from the event alone.

Whatever appends an event and changes a table is answered here; the test of a rebuilt catalogue
compares every table with the original's.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from wiazka.catalogue import copies, places
from wiazka.catalogue.chain import Link
from wiazka.catalogue.fixity_schema import DRILL
from wiazka.catalogue.incident_replay import replay_incident
from wiazka.catalogue.model import EventKind, EventOutcome, State, Unchanged, VersionState
from wiazka.catalogue.schema import COPY, DEACCESSION, SUBMISSION, VERSION
from wiazka.evidence import Grade, Outcome

_STATES = {state.value for state in State}


def replay_version(connection: Connection, link: Link) -> None:
    """Do to a version and its copies what the event told; nothing where it tells of none."""
    if link.kind == EventKind.STORE_MOVED:
        _moved(connection, link, json.loads(link.detail))
    if link.identity is None:
        return
    if step := _OF_VERSION.get(link.kind):
        step(connection, link, json.loads(link.detail))


def replay_rest(connection: Connection, link: Link) -> None:
    """Do to submissions, deaccessions and incidents what the event told."""
    replay_incident(connection, link)
    detail: Mapping[str, str] = json.loads(link.detail)
    if link.store is None and link.kind in _STATES and "folder" in detail:
        _submission(connection, link, detail)
    elif link.kind == EventKind.REGISTERED:
        connection.execute(
            update(SUBMISSION)
            .where(SUBMISSION.c.identity == link.identity, SUBMISSION.c.version == link.version)
            .where(SUBMISSION.c.state == State.VERIFIED)
            .values(state=State.REGISTERED, sentence=link.sentence, at=_at(link))
        )
    elif link.kind == EventKind.DRILLED:
        _drilled(connection, link, detail)
    elif "deaccession" in detail:
        _deaccession(connection, link, detail)


def _submission(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    delivery, folder = detail["delivery"], detail["folder"]
    mine = (SUBMISSION.c.delivery == delivery) & (SUBMISSION.c.folder == folder)
    connection.execute(delete(SUBMISSION).where(mine))
    connection.execute(
        insert(SUBMISSION).values(
            delivery=delivery,
            folder=folder,
            # Without it the folder is read anew at the next ingest, and told to be held already.
            fingerprint=detail.get("fingerprint", ""),
            state=State(link.kind),
            identity=link.identity,
            version=link.version,
            sentence=link.sentence,
            at=_at(link),
        )
    )


def _drilled(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    connection.execute(
        insert(DRILL).values(
            id=int(detail["drill"]),
            store=link.store,
            identity=link.identity,
            version=link.version,
            begun=datetime.fromisoformat(detail["begun"]),
            ended=_at(link),
            outcome=Outcome(detail["outcome"]),
            files=int(detail["files"]),
            bytes=int(detail["bytes"]),
            sentence=link.sentence,
        )
    )


def _deaccession(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    number = int(detail["deaccession"])
    if link.kind == EventKind.DEACCESSION_REQUESTED:
        connection.execute(
            insert(DEACCESSION).values(
                id=number,
                identity=link.identity,
                version=link.version,
                reason=detail["reason"],
                requested_by=detail["by"],
                requested_at=_at(link),
            )
        )
        return
    values: dict[str, object] = {}
    if link.kind == EventKind.DEACCESSION_APPROVED:
        due = detail.get("due_at")
        values = {
            "approved_by": detail["by"],
            "approved_at": _at(link),
            "due_at": datetime.fromisoformat(due) if due else None,
        }
    elif link.kind == EventKind.DEACCESSION_WITHDRAWN:
        values = {"withdrawn_by": detail["by"], "withdrawn_at": _at(link)}
    elif link.kind == EventKind.DEACCESSIONED and "approved_by" in detail:
        values = {"done_at": _at(link)}
    if values:
        connection.execute(update(DEACCESSION).where(DEACCESSION.c.id == number).values(**values))


def _kept(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    """STORED, REPLICATED: a store has a copy, or one that was read for it was found damaged."""
    if link.store is None or link.version is None or link.identity is None:
        return
    if link.outcome != EventOutcome.SUCCESS:
        _doubted(connection, link, detail)
        return
    copy = (link.identity, link.version, link.store)
    copies.keep(connection, *copy, at=_at(link), unchanged=_unchanged(detail))
    copies.prove(connection, *copy, grade=Grade(detail["grade"]), at=_at(link))
    _move(connection, link, VersionState.STORED)


def _unchanged(detail: Mapping[str, str]) -> Unchanged:
    return Unchanged(detail.get("unchanged", Unchanged.REFERENCE))


def _registered(connection: Connection, link: Link, _detail: Mapping[str, str]) -> None:
    _set_state(connection, link, VersionState.REGISTERED)


def _audited(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    if link.store is None or link.version is None or link.identity is None:
        return
    copies.take(
        connection,
        (link.identity, link.version, link.store),
        Outcome(detail["outcome"]),
        Grade(detail["grade"]),
        begun=_begun(link, detail),
        ended=_at(link),
    )


def _doubted(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    if link.store and link.version and link.identity and link.outcome != EventOutcome.SUCCESS:
        copy = (link.identity, link.version, link.store)
        copies.doubt(connection, *copy, Grade.READ, _at(link), _begun(link, detail))


def _repaired(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    if link.store and link.version and link.identity and link.outcome == EventOutcome.SUCCESS:
        # Other bits lie there now, and only the audit that follows proves them.
        copies.reset(connection, link.identity, link.version, link.store, at=_at(link))
    else:
        _doubted(connection, link, detail)


def _moved(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    if link.store is not None:
        copies.reset_store(connection, link.store, at=_at(link))
        places.keep(connection, link.store, detail["to"])


def _rebuilt(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    if link.store is None or link.version is None or link.identity is None:
        return
    copy = (link.identity, link.version, link.store)
    copies.keep(connection, *copy, at=_at(link), unchanged=_unchanged(detail))
    _move(connection, link, VersionState.REGISTERED)


def _deaccessioned(connection: Connection, link: Link, detail: Mapping[str, str]) -> None:
    if "versions" not in detail:
        return
    numbers = json.loads(detail["versions"])
    connection.execute(
        update(VERSION)
        .where(VERSION.c.identity == link.identity, VERSION.c.number.in_(numbers))
        .values(state=VersionState.DEACCESSIONED)
    )
    connection.execute(
        delete(COPY).where(COPY.c.identity == link.identity, COPY.c.version.in_(numbers))
    )


_Step = Callable[[Connection, Link, Mapping[str, str]], None]
_OF_VERSION: dict[str, _Step] = {
    EventKind.STORED: _kept,
    EventKind.REPLICATED: _kept,
    EventKind.REGISTERED: _registered,
    EventKind.AUDITED: _audited,
    EventKind.RESTORED: _doubted,
    EventKind.REPAIRED: _repaired,
    EventKind.REBUILT: _rebuilt,
    EventKind.DEACCESSIONED: _deaccessioned,
}


def _move(connection: Connection, link: Link, state: VersionState) -> None:
    """Out of the state that a version has before any store holds it."""
    _set_state(connection, link, state, only=VersionState.PACKAGED)


def _set_state(
    connection: Connection, link: Link, state: VersionState, only: VersionState | None = None
) -> None:
    values: dict[str, object] = {"state": state}
    if state is VersionState.REGISTERED:
        values["registered_at"] = _at(link)
    query = update(VERSION).where(
        VERSION.c.identity == link.identity, VERSION.c.number == link.version
    )
    if only is not None:
        query = query.where(VERSION.c.state == only)
    connection.execute(query.values(**values))


def _at(link: Link) -> datetime:
    return datetime.fromisoformat(link.at)


def _begun(link: Link, detail: Mapping[str, str]) -> datetime:
    # Events of before that was told count as they did then.
    return datetime.fromisoformat(detail.get("begun", link.at))
