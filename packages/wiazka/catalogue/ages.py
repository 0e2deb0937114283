"""How long ago the copies of a store were proved, added up by days.

Each day is a stretch of one index, which has all that is added up: ten million copies are counted
without looking at one row of the table, and without sorting.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from wiazka.catalogue.copies import NEVER, SOUND, UNANSWERED
from wiazka.catalogue.due import CAME
from wiazka.catalogue.fixity_model import AgeGroup
from wiazka.catalogue.schema import COPY, PROOFS
from wiazka.catalogue.text import in_utc
from wiazka.evidence import Grade

_DAY = timedelta(days=1)
# Before every time, and behind "never".
_FIRST = "0"
_LENGTH = len("2026-11-25")
# As far back as it is asked which proofs are an audit's.
_AUDITED_DAYS = 8


def ages(
    connection: Connection, grade: Grade, store: str, since: datetime, now: datetime
) -> list[AgeGroup]:
    """All copies in a store by the day of their last proof at ``grade``: see Audits.ages."""
    proved = COPY.c[PROOFS[grade]]
    found: list[AgeGroup] = []
    for standing in (*range(-len(Grade), 0), SOUND, UNANSWERED):
        there = [COPY.c.store == store, COPY.c.standing == standing]
        count = _Count(connection, standing, in_utc(since), now - _AUDITED_DAYS * _DAY)
        found += count.by_day([*there, proved == NEVER], CAME, proved=False)
        found += count.by_day(there, proved, proved=True)
    return found


class _Count:
    def __init__(self, connection: Connection, standing: int, since: str, lately: datetime) -> None:
        self._connection = connection
        self._standing = standing
        self._since = since
        self._lately = in_utc(lately)

    def by_day(
        self, there: list[ColumnElement[bool]], time: ColumnElement[str], *, proved: bool
    ) -> Iterator[AgeGroup]:
        """The groups of one stretch of the index; ``time`` is what it is sorted by."""
        # One lower bound alone: of two SQLite may take the looser for its way into the index.
        begin = _FIRST
        while True:
            first = self._connection.execute(
                select(time).where(*there, time >= begin).order_by(time).limit(1)
            ).scalar()
            if first is None:
                return
            day, in_time = first[:_LENGTH], first >= self._since
            # What is out of time is one group, however long ago.
            end = _after(day) if in_time else self._since
            stretch = [*there, time >= first, time < end]
            # What was proved on the day it came was proved by that, and by no audit.
            came_then = (day <= CAME) if proved and first >= self._lately else None
            for audited, condition in _apart(came_then):
                row = self._connection.execute(
                    select(func.count(), func.sum(COPY.c.size), func.sum(COPY.c.file_count)).where(
                        *stretch, *condition
                    )
                ).one()
                if row[0]:
                    yield AgeGroup(
                        date.fromisoformat(day),
                        self._standing,
                        proved,
                        proved and in_time,
                        proved and audited,
                        int(row[0]),
                        int(row[1]),
                        int(row[2]),
                    )
            begin = end


def _apart(
    came_then: ColumnElement[bool] | None,
) -> list[tuple[bool, list[ColumnElement[bool]]]]:
    if came_then is None:
        return [(True, [])]
    return [(False, [came_then]), (True, [~came_then])]


def _after(day: str) -> str:
    return (date.fromisoformat(day) + _DAY).isoformat()
