"""The rows of a provider's report, on disk: found by key, whatever their number."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from wiazka.evidence import Outcome
from wiazka.fixity.completion import Row

_AT_ONCE = 1000
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE row (number INTEGER PRIMARY KEY, place, bucket, version_id, sha256, etag, outcome,
                  note, met INTEGER DEFAULT 0);
CREATE TABLE key (key TEXT, row INTEGER);
"""


class Rows:
    """Rows that can be found by each key that they can be about."""

    def __init__(self, scratch: sqlite3.Connection) -> None:
        self._scratch = scratch

    def add(self, rows: Iterable[Row]) -> int:
        """Take rows in; how many there were."""
        numbered = enumerate(rows, start=1)
        total = 0
        while page := list(islice(numbered, _AT_ONCE)):
            self._scratch.executemany(
                "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
                (
                    (number, row.place, row.bucket, row.version_id, row.sha256, row.etag,
                     row.outcome.value, row.note)
                    for number, row in page
                ),
            )  # fmt: skip
            self._scratch.executemany(
                "INSERT INTO key VALUES (?, ?)",
                ((key, number) for number, row in page for key in row.keys),
            )
            total += len(page)
        self._scratch.execute("CREATE INDEX key_key ON key (key)")
        self._scratch.execute("CREATE INDEX key_row ON key (row)")
        return total

    def buckets(self) -> list[str]:
        """The buckets that the rows are of."""
        found = self._scratch.execute("SELECT DISTINCT bucket FROM row ORDER BY bucket LIMIT 9")
        return [bucket for (bucket,) in found]

    def about(self, bucket: str, key: str) -> list[Row]:
        """The rows that can be about a key in a bucket; they count as met."""
        query = "SELECT number FROM key JOIN row ON number = row WHERE key = ? AND bucket = ?"
        numbers = [number for (number,) in self._scratch.execute(query, (key, bucket))]
        for number in numbers:
            self._scratch.execute("UPDATE row SET met = 1 WHERE number = ?", (number,))
        return [self._row(number) for number in numbers]

    def unmet(self) -> Iterator[Row]:
        """The rows that nobody asked for, in the order of the report."""
        cursor = self._scratch.execute("SELECT number FROM row WHERE met = 0 ORDER BY number")
        return (self._row(number) for (number,) in cursor)

    def _row(self, number: int) -> Row:
        place, bucket, version_id, sha256, etag, outcome, note = self._scratch.execute(
            "SELECT place, bucket, version_id, sha256, etag, outcome, note FROM row "
            "WHERE number = ?",
            (number,),
        ).fetchone()
        keys = self._scratch.execute("SELECT key FROM key WHERE row = ? ORDER BY rowid", (number,))
        return Row(
            place, bucket, tuple(key for (key,) in keys), version_id, sha256, etag,
            Outcome(outcome), note,
        )  # fmt: skip


@contextmanager
def rows_on_disk(folder: Path) -> Iterator[Rows]:
    """An empty collection in a scratch file under ``folder``, gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=folder, prefix="report-") as scratch,
        closing(sqlite3.connect(Path(scratch) / "rows", isolation_level=None)) as database,
    ):
        database.executescript(_TABLES)
        # One transaction that is never to be committed to anything that lasts.
        database.execute("BEGIN")
        yield Rows(database)
