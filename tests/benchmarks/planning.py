"""How fast an audit of very many copies is planned: till the first copy, and all of --plan.

Run: make bench-plan (ten million copies on PostgreSQL take a quarter of an hour to generate, and
about 15 GB in $TMPDIR; COPIES=1000000 for fewer).
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine, text

from tests.services import postgres
from wiazka.catalogue.catalogue import Catalogue
from wiazka.evidence import Grade
from wiazka.fixity.coverage import coverages
from wiazka.fixity.forecast import forecasts
from wiazka.fixity.plan import scopes_today
from wiazka.fixity.scope import Scope, copies_in
from wiazka.settings import Settings

T = TypeVar("T")
POLICY = {"read_every": "90d", "stored-digest_every": "30d", "daily": "2TiB"}
SETTINGS = Settings.model_validate(
    {
        "stores": {
            "nas": {"kind": "s3", "bucket": "a"},
            "vault": {"kind": "s3", "bucket": "b"},
        },
        "fixity": {"nas": POLICY, "vault": POLICY},
    }
)
# Proved some time in the last 80 days, one in fifty never read; from a kilobyte to a gigabyte.
VERSIONS = """
INSERT INTO version SELECT 'main/1984-06-04_depesza_' || n, 1, 'Note ' || n, 'x', 'registered',
  '{came}', '{came}', 'd', 'f', '{record}', 1000 + (n % 1009) * 1000003, 4 + n % 60, 'note'
FROM {series}
"""
COPIES = """
INSERT INTO copy (identity, version, store, stored_at, standing, unchanged, proved_listed,
  proved_size, proved_stored_digest, proved_recomputed, proved_read, failed_at, size, file_count)
SELECT 'main/1984-06-04_depesza_' || n, 1, '{store}', '{came}',
  CASE WHEN n % 100003 = 0 THEN -5 ELSE 0 END, 'reference', {late}, {late}, {late}, {ever}, {ever},
  '', 1000 + (n % 1009) * 1000003, 4 + n % 60
FROM {series}
"""
SQLITE_SERIES = (
    "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {last}) "
    "SELECT n FROM s)"
)
SQLITE_AGO = (
    "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '-' || (n * {prime} % {seconds}) || ' seconds')"
)
POSTGRES_AGO = (
    "to_char(now() AT TIME ZONE 'UTC' - (n::bigint * {prime} % {seconds}) * interval '1 second', "
    """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
)
INDICES = (
    "SELECT indexname, indexdef FROM pg_indexes "
    "WHERE tablename = 'copy' AND indexname <> 'copy_pkey'"
)
CAME = "2025-01-01T00:00:00.000000Z"
RECORD = "{}" + " " * 1500


def main() -> None:
    """Generate, plan, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sqlite", type=int, default=1_000_000)
    parser.add_argument("--postgres", type=int, default=10_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.sqlite:
            _sqlite(Path(folder) / "catalogue.sqlite", chosen.sqlite)
        if chosen.postgres and not postgres.installed():
            print(postgres.ABSENT)
        elif chosen.postgres:
            _postgres(chosen.postgres)


def _sqlite(path: Path, copies: int) -> None:
    url = f"sqlite:///{path}"
    Catalogue.open(url).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA synchronous = OFF")
        series = SQLITE_SERIES.format(last=copies // 2)
        ago = SQLITE_AGO
        for statement in _rows(series, ago):
            database.execute(statement)
        database.execute("ANALYZE")
    _measure(f"SQLite, {copies:,} copies", url)


def _postgres(copies: int) -> None:
    generous = {"shared_buffers": "2GB", "work_mem": "64MB", "maintenance_work_mem": "1GB"}
    with postgres.Postgres(max_wal_size="8GB", **generous) as server:
        url = server.url()
        Catalogue.open(url).close()
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as database:
            database.execute(text("SET session_replication_role = replica"))
            database.execute(text("SET synchronous_commit = off"))
            indices = database.execute(text(INDICES)).all()
            for name, _ in indices:
                database.execute(text(f"DROP INDEX {name}"))
            series = f"generate_series(1, {copies // 2}) AS n"
            ago = POSTGRES_AGO
            for statement in _rows(series, ago):
                database.exec_driver_sql(statement.replace("%", "%%"))
            for _, definition in indices:
                database.execute(text(definition))
            database.execute(text("VACUUM ANALYZE copy"))
            print(
                "on disk:",
                database.execute(
                    text("SELECT pg_size_pretty(pg_database_size(current_database()))")
                ).scalar(),
            )
        _measure(f"PostgreSQL, {copies:,} copies", url)


def _rows(series: str, ago: str) -> list[str]:
    day = 86_400
    late = ago.format(prime=7919, seconds=25 * day)
    long_ago = ago.format(prime=104729, seconds=80 * day)
    ever = f"CASE WHEN n % 50 = 0 THEN '' ELSE {long_ago} END"
    return [
        VERSIONS.format(series=series, came=CAME, record=RECORD),
        *(
            COPIES.format(series=series, came=CAME, store=store, late=late, ever=ever)
            for store in SETTINGS.stores
        ),
    ]


def _measure(what: str, url: str) -> None:
    print(what)
    with Catalogue.open(url) as catalogue:
        now = datetime.now(UTC)
        _timed(
            "first page of all copies by age",
            lambda: list(islice(copies_in(catalogue, Scope(), now), 500)),
        )
        scopes = _timed(
            "what policies ask for today", lambda: scopes_today(catalogue, SETTINGS, now)
        )
        _timed(
            "first page of what is due",
            lambda: [list(islice(copies_in(catalogue, one, now), 500)) for one in scopes],
        )
        found = _timed("the whole of --plan", lambda: forecasts(catalogue, SETTINGS, now))
        _timed("coverage", lambda: coverages(catalogue, SETTINGS, now))
        for one in found:
            print(
                f"  {one.coverage.store} {one.coverage.sentence}; today {one.copies_today} copies"
            )
        assert {one.coverage.grade for one in found} == {Grade.READ, Grade.STORED_DIGEST}


def _timed(what: str, work: Callable[[], T]) -> T:
    begun = time.perf_counter()
    done = work()
    print(f"  {time.perf_counter() - begun:7.2f} s  {what}", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
