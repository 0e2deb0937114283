"""What was proved over the years, added up in the database: its size is of days, not of copies."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import compress
from typing import Any

from sqlalchemy import ColumnElement, Text, case, exists, func, select, type_coerce

from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_schema import CHECK, CHECKPOINT
from wiazka.catalogue.model import KEPT, EventKind, EventOutcome, Probe, VersionState
from wiazka.catalogue.schema import COPY, EVENT, FILE, PROBE, PROOFS, VERSION
from wiazka.evidence import Grade, Outcome

_DAY = len("2026-11-25")
_NEVER = ""
_PAGE = 2000


@dataclass(frozen=True, slots=True)
class CheckedDay:
    """The checks of copies in one store on one day (UTC), of one grade and outcome."""

    day: date
    store: str
    grade: Grade
    outcome: Outcome
    checks: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ProvedDay:
    """The copies in a store whose last proof at ``grade`` or a stronger one was on ``day`` (UTC).

    ``day`` is None of those never proved so. ``doubted``: a later check was not ok.
    """

    store: str
    grade: Grade
    day: date | None
    doubted: bool
    copies: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Oldest:
    """The copy whose proof is the longest ago; ``at`` is None when it was never proved."""

    identity: str
    version: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Repair:
    """A copy that was put right, as the ledger tells it."""

    at: datetime
    store: str | None
    identity: str | None
    version: int | None
    outcome: str
    sentence: str
    detail: tuple[tuple[str, str], ...]


# Of a bag: what is known of it, in the words of a standard (docs/bags.md).
METADATA_FILES = ("metadata/dc.xml", "metadata/premis.xml")


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A version that is kept. ``size`` is bytes, ``record_json`` its record.

    ``metadata``: those of METADATA_FILES that are in its bag.
    """

    identity: str
    number: int
    title: str
    content: str
    state: VersionState
    bagged_at: datetime
    registered_at: datetime | None
    size: int
    file_count: int
    record_json: str
    metadata: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """A copy, and when it was last proved at each grade or a stronger one (text, UTC).

    ``doubted``: a later check was not ok.
    """

    identity: str
    version: int
    store: str
    stored_at: datetime
    size: int
    doubted: bool
    proved: Mapping[Grade, str]


@dataclass(frozen=True, slots=True)
class EvidenceHistory:
    """What was proved, when and how strongly; only of versions that are kept.

    Every method raises CatalogueError when the database fails.
    """

    database: Database

    def checked(self) -> list[CheckedDay]:
        """All checks of copies, by day, store, grade and outcome."""
        day = _day_of(CHECK.c.ended)
        groups = (day, CHECK.c.store, CHECK.c.grade, CHECK.c.outcome)
        of_copy = CHECK.c.identity.is_not(None)
        # Not as WHERE: for that SQLite takes the index of copies, and from it jumps to every row.
        checks = func.count(CHECK.c.identity)
        query = (
            select(*groups, checks, func.sum(case((of_copy, CHECK.c.bytes), else_=0)))
            .group_by(*groups)
            .having(checks > 0)
            .order_by(*groups)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return [
            CheckedDay(
                day=date.fromisoformat(row[0]),
                store=row[1],
                grade=row[2],
                outcome=row[3],
                checks=int(row[4]),
                bytes=int(row[5]),
            )
            for row in rows
        ]

    def proved(self, grade: Grade) -> list[ProvedDay]:
        """All copies, by store and the day of their last proof at ``grade`` or a stronger one."""
        day = _day_of(COPY.c[PROOFS[grade]]).label("day")
        doubted = case((COPY.c.standing < 0, 1), else_=0).label("doubted")
        # Only what is kept has copies, so one index tells all of it, without the versions.
        query = (
            select(COPY.c.store, day, doubted, func.count(), func.sum(COPY.c.size))
            .group_by(COPY.c.store, "day", "doubted")
            .order_by(COPY.c.store, "day", "doubted")
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return [
            ProvedDay(
                store=row[0],
                grade=grade,
                day=date.fromisoformat(row[1]) if row[1] != _NEVER else None,
                doubted=bool(row[2]),
                copies=int(row[3]),
                bytes=int(row[4]),
            )
            for row in rows
        ]

    def begun(self) -> dict[str, date]:
        """The day (UTC) on which each store had its first copy that is kept."""
        first = func.min(type_coerce(COPY.c.stored_at, Text))
        with self.database.read() as connection:
            rows = connection.execute(select(COPY.c.store, first).group_by(COPY.c.store)).all()
        return {row[0]: date.fromisoformat(row[1][:_DAY]) for row in rows}

    def repairs(self) -> list[Repair]:
        """All repairs that were done or refused, oldest first; not what each told as it began."""
        query = select(EVENT).where(
            EVENT.c.kind == EventKind.REPAIRED.value,
            EVENT.c.outcome != EventOutcome.WARNING.value,
        )
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(EVENT.c.seq)).all()
        return [
            Repair(
                datetime.fromisoformat(row.at),
                row.store,
                row.identity,
                row.version,
                row.outcome,
                row.sentence,
                tuple(sorted(json.loads(row.detail).items())),
            )
            for row in rows
        ]

    def versions(self) -> Iterator[HeldVersion]:
        """Every version that is kept, by identity and number; a page at a time."""
        names = [name for name in HeldVersion.__dataclass_fields__ if name != "metadata"]
        there = [
            exists().where(
                FILE.c.identity == VERSION.c.identity,
                FILE.c.version == VERSION.c.number,
                FILE.c.path == path,
            )
            for path in METADATA_FILES
        ]
        query = select(*(VERSION.c[name] for name in names), *there).where(
            VERSION.c.state.in_(KEPT)
        )
        with self.database.read() as connection:
            rows = connection.execution_options(yield_per=_PAGE).execute(
                query.order_by(VERSION.c.identity, VERSION.c.number)
            )
            for row in rows:
                known = dict(zip(names, row, strict=False))
                seen = compress(METADATA_FILES, row[len(names) :])
                yield HeldVersion(**known, metadata=tuple(seen))

    def copies(self) -> Iterator[HeldCopy]:
        """Every copy of a version that is kept, by identity, version and store."""
        proofs = [COPY.c[name] for name in PROOFS.values()]
        query = (
            select(
                COPY.c.identity,
                COPY.c.version,
                COPY.c.store,
                COPY.c.stored_at,
                VERSION.c.size,
                COPY.c.standing,
                *proofs,
            )
            .join(VERSION, _ITS_VERSION)
            .where(VERSION.c.state.in_(KEPT))
            .order_by(COPY.c.identity, COPY.c.version, COPY.c.store)
        )
        with self.database.read() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                times = dict(zip(PROOFS, row[6:], strict=True))
                yield HeldCopy(
                    identity=row[0],
                    version=row[1],
                    store=row[2],
                    stored_at=row[3],
                    size=row[4],
                    doubted=row[5] < 0,
                    proved={grade: time for grade, time in times.items() if time != _NEVER},
                )

    def probes(self) -> list[Probe]:
        """What each store was seen to do when it was last probed."""
        with self.database.read() as connection:
            rows = connection.execute(select(PROBE).order_by(PROBE.c.store)).all()
        return [Probe(row.store, row.place, row.at, row.seen) for row in rows]

    def checkpoints(self) -> list[dict[str, str | int]]:
        """The checkpoints of the ledger that were made here: count, root (hex), at, note."""
        columns = (CHECKPOINT.c.count, CHECKPOINT.c.root, CHECKPOINT.c.at, CHECKPOINT.c.note)
        query = select(*columns)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(CHECKPOINT.c.count)).all()
        return [
            {"count": row[0], "root": row[1], "at": row[2].isoformat(), "note": row[3]}
            for row in rows
        ]


_ITS_VERSION = (VERSION.c.identity == COPY.c.identity) & (VERSION.c.number == COPY.c.version)


def _day_of(column: ColumnElement[Any]) -> ColumnElement[str]:
    # As text stands in the table: its first signs are the day in UTC.
    return func.substr(type_coerce(column, Text), 1, _DAY, type_=Text())
