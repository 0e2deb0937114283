"""Where each submission stands."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from wiazka.catalogue import ledger
from wiazka.catalogue.model import EventKind, EventOutcome, State, SubmissionState
from wiazka.catalogue.schema import SUBMISSION
from wiazka.catalogue.text import clean


def submission(connection: Connection, delivery: str, folder: str) -> SubmissionState | None:
    """Where a submission stands, or None."""
    row = connection.execute(select(SUBMISSION).where(_is(delivery, folder))).one_or_none()
    return None if row is None else SubmissionState(**row._mapping)


def of_delivery(connection: Connection, delivery: str) -> list[SubmissionState]:
    """Where the submissions of a delivery stand, by folder."""
    rows = connection.execute(
        select(SUBMISSION).where(SUBMISSION.c.delivery == delivery).order_by(SUBMISSION.c.folder)
    )
    return [SubmissionState(**row._mapping) for row in rows]


def unfinished(connection: Connection, since: datetime) -> list[SubmissionState]:
    """The submissions that failed or are not in every store, and those refused since ``since``."""
    open_ = SUBMISSION.c.state.in_((State.FAILED, State.STORED))
    refused = (SUBMISSION.c.state == State.REFUSED) & (SUBMISSION.c.at >= since)
    rows = connection.execute(
        select(SUBMISSION)
        .where(open_ | refused)
        .order_by(SUBMISSION.c.delivery, SUBMISSION.c.folder)
    )
    return [SubmissionState(**row._mapping) for row in rows]


def note(
    connection: Connection,
    state: SubmissionState,
    kind: EventKind,
    outcome: EventOutcome,
    detail: Mapping[str, str],
) -> None:
    """Keep ``state`` and append the event, unless nothing changed.

    A nightly run over a refused folder that nobody mended must not make the ledger longer.
    """
    known = submission(connection, state.delivery, state.folder)
    if known is not None and _told(known) == _told(state):
        return
    connection.execute(delete(SUBMISSION).where(_is(state.delivery, state.folder)))
    connection.execute(insert(SUBMISSION).values(asdict(state)))
    ledger.append(
        connection,
        kind,
        outcome,
        state.sentence,
        at=state.at,
        identity=state.identity,
        version=state.version,
        detail={
            "delivery": state.delivery,
            "folder": state.folder,
            "fingerprint": state.fingerprint,
            **detail,
        },
    )


def _told(state: SubmissionState) -> tuple[str, str, str]:
    return state.state, state.fingerprint, clean(state.sentence)


def _is(delivery: str, folder: str) -> ColumnElement[bool]:
    return (SUBMISSION.c.delivery == delivery) & (SUBMISSION.c.folder == folder)
