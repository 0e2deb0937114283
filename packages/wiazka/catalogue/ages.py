"""How long ago the copies of a store were proved, added up by days.

Each day is a stretch of one index, which has all that is added up: ten million copies are counted
without looking at one row of the table, and without sorting.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, func, literal, select

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
            stretch = [*there, time >= first, time < end]
            # What was proved on the day it came was proved by that, and by no audit.
            came_then = (day <= CAME) if proved and first >= self._lately else None
            for audited, (copies, size, files) in self._amounts(stretch, came_then):
                if copies:
                    yield AgeGroup(
                        date.fromisoformat(day),
                        self._standing,
                        proved,
                        proved and in_time,
                        proved and audited,
                        copies,
                        size,
                        files,
                    )
            begin = end

    def _amounts(
        self, stretch: list[ColumnElement[bool]], came_then: ColumnElement[bool] | None
    ) -> list[tuple[bool, list[int]]]:
        """Copies, bytes and files of a stretch, by whether an audit proved them; in one walk."""
        measures: list[ColumnElement[int]] = [literal(1), COPY.c.size, COPY.c.file_count]
        columns = [func.sum(one) for one in measures]
        if came_then is not None:
            columns += [func.sum(case((came_then, one), else_=0)) for one in measures]
        row = self._connection.execute(select(*columns).where(*stretch)).one()
        every, came = [int(one) for one in row[:3]], [int(one) for one in row[3:]] or [0, 0, 0]
        return [
            (False, came),
            (True, [one - other for one, other in zip(every, came, strict=True)]),
        ]


def _after(day: str) -> str:
    return (date.fromisoformat(day) + _DAY).isoformat()
