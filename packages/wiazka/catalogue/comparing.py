"""A catalogue that was rebuilt from a store beside the live one: every row that the store keeps.

Not in the stores, and so not compared: audits with their findings, probes, claims, the tree that is
computed of the ledger. Nor what is made of a record so that it is found: another wiazka may make it
otherwise.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, select

from wiazka.catalogue import rebuilding
from wiazka.catalogue.fixity_schema import DRILL, INCIDENT
from wiazka.catalogue.ledger import head
from wiazka.catalogue.model import KEPT, VersionState
from wiazka.catalogue.rebuilding import Rebuilt
from wiazka.catalogue.schema import COPY, DEACCESSION, EVENT, FILE, SIGNATURE, SUBMISSION, VERSION

_PAGE = 100
_TOLD = 1000
_SHOWN = 200
# Each with the column by which its rows are taken page by page.
_OF_EVENTS = (
    (EVENT, "seq"),
    (SUBMISSION, "delivery"),
    (DEACCESSION, "identity"),
    (DRILL, "store"),
    (INCIDENT, "id"),
)
_OF_VERSIONS = (FILE, SIGNATURE, COPY)
_FOR_FINDING = {VERSION.c.search, SIGNATURE.c.stem, SIGNATURE.c.likeness}

_COMING = (VersionState.PACKAGED, *KEPT)

_Key = tuple[Any, ...]
_Rows = dict[_Key, Row[Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the two differ.

    Without a ``column``: the whole row is only in the one, or only in the other.
    """

    table: str
    row: str
    column: str | None
    live: str | None
    rebuilt: str | None

    @property
    def sentence(self) -> str:
        """It in words."""
        where = f"{self.table}: {self.row}"
        if self.column is not None:
            return f"{where}: {self.column} is {self.live!r}, rebuilt it is {self.rebuilt!r}"
        if self.live is None:
            return f"{where}: the store tells of it, and the catalogue does not have it"
        return f"{where}: the catalogue has it, and it does not come back from the store"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared: ``rows`` of the live catalogue; and where the two differ.

    ``count`` of differences, of which the first are told. ``newest``: events that the store did not
    have yet. ``elsewhere``: versions that it is not said to hold. ``begun``: versions that it holds
    and a run is still at work on.
    """

    rows: int
    differences: tuple[Difference, ...]
    count: int
    newest: int
    elsewhere: int
    begun: int


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    count: int = 0
    elsewhere: int = 0
    begun: int = 0
    told: list[Difference] = field(default_factory=list)

    def differ(self, difference: Difference) -> None:
        self.count += 1
        if self.count <= _TOLD:
            self.told.append(difference)


def compare(
    live: Connection, rebuilt: Connection, store: str, done: Rebuilt, begun: datetime
) -> Comparison:
    """See Drills.compare; ``rebuilt`` is written to."""
    known = done.events - len(done.adopted)
    rebuilding.catch_up(rebuilt, store, done, rebuilding.events_after(live, known))
    tally = _Tally()
    _packages(live, rebuilt, store, begun, tally)
    for table, by in _OF_EVENTS:
        column = table.c[by]
        for page in _pages(live, column):
            mine, theirs = (_rows(one, table, column, page) for one in (live, rebuilt))
            tally.rows += len(mine)
            _differ(table, mine, theirs, tally)
        for page in _pages(rebuilt, column):
            _surplus(
                table, _rows(live, table, column, page), _rows(rebuilt, table, column, page), tally
            )
    count = max(0, head(live).count - known)
    return Comparison(
        tally.rows, tuple(tally.told), tally.count, count, tally.elsewhere, tally.begun
    )


def _packages(
    live: Connection, rebuilt: Connection, store: str, begun: datetime, tally: _Tally
) -> None:
    by = VERSION.c.identity
    for page in _pages(live, by):
        mine, theirs = (_rows(one, VERSION, by, page) for one in (live, rebuilt))
        here = {
            (row.identity, row.version)
            for row in _rows(live, COPY, COPY.c.identity, page).values()
            # What came after the store was looked through cannot have come back from it.
            if row.store == store and row.stored_at < begun
        }
        # A copy that the store has whole, and no event tells of: the run that made it goes on.
        both = mine.keys() & theirs.keys()
        coming = {key for key in both - here if mine[key].state in _COMING}
        tally.begun += len(coming)
        expected = both - coming
        tally.elsewhere += sum(
            mine[key].state in KEPT for key in mine.keys() - theirs.keys() - here
        )
        wanted = expected | (here & mine.keys())
        tally.rows += len(wanted)
        _differ(VERSION, {key: mine[key] for key in wanted}, theirs, tally)
        for table in _OF_VERSIONS:
            in_live, back = (
                {
                    key: row
                    for key, row in _rows(one, table, table.c.identity, page).items()
                    if key[:2] in expected
                }
                for one in (live, rebuilt)
            )
            tally.rows += len(in_live)
            _differ(table, in_live, back, tally)
            _surplus(table, in_live, back, tally)
    for page in _pages(rebuilt, by):
        _surplus(VERSION, _rows(live, VERSION, by, page), _rows(rebuilt, VERSION, by, page), tally)


def _differ(table: Table, live: _Rows, rebuilt: _Rows, tally: _Tally) -> None:
    """Rows that do not come back, or come back otherwise."""
    columns = [column for column in table.c if column not in _FOR_FINDING]
    for key, mine in live.items():
        theirs = rebuilt.get(key)
        if theirs is None:
            tally.differ(Difference(table.name, _named(table, key), None, "", None))
            continue
        for column in columns:
            values = (mine._mapping[column], theirs._mapping[column])
            if values[0] != values[1]:
                told = (_shown(value) for value in values)
                tally.differ(Difference(table.name, _named(table, key), column.name, *told))


def _surplus(table: Table, live: _Rows, rebuilt: _Rows, tally: _Tally) -> None:
    """Rows that come back, and are not there."""
    for key in rebuilt.keys() - live.keys():
        tally.differ(Difference(table.name, _named(table, key), None, None, ""))


def _rows(connection: Connection, table: Table, by: Column[Any], page: Collection[Any]) -> _Rows:
    keys = list(table.primary_key)
    found = connection.execute(select(table).where(by.in_(page)))
    return {tuple(row._mapping[key] for key in keys): row for row in found}


def _pages(connection: Connection, column: Column[Any]) -> Iterator[list[Any]]:
    """The values of a column, each once, in pages: memory stays flat."""
    query = select(column).distinct().order_by(column).limit(_PAGE)
    page = list(connection.execute(query).scalars())
    while page:
        yield page
        page = list(connection.execute(query.where(column > page[-1])).scalars())


def _named(table: Table, key: _Key) -> str:
    if table in (VERSION, *_OF_VERSIONS):
        identity, number, *rest = key
        return " ".join((f"{identity} v{number}", *map(str, rest)))
    return "/".join(map(str, key))


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
