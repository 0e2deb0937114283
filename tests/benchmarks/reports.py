"""How long an archive's two reports take, and how much memory, as it grows tenfold.

Run: make bench-reports (100,000 copies with 565,000 checks in two stores; COPIES=10000 for fewer).
"""

import argparse
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from tests.benchmarks.measuring import measure
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import ORIGIN, canonical, digest
from wiazka.catalogue.schema import PROOFS
from wiazka.catalogue.text import in_utc

STORES = ("nas", "vault")
CONFIG = '[paths]\nhome = "."\n' + "".join(
    f'[stores.{name}]\nkind = "directory"\npath = "{name}"\nlocation = "{place}"\n'
    f'medium = "{medium}"\n[fixity.{name}]\nread_every = "365d"\nstored-digest_every = "90d"\n'
    for name, place, medium in (("nas", "Łódź", "disk"), ("vault", "Gdańsk", "tape"))
)
CHECKS_OF_A_COPY = 5.65
YEARS = timedelta(days=4 * 365)
STANDARDS = ("metadata/dc.xml", "metadata/premis.xml")
NOW = datetime.now(UTC)

# What is late ends with 1, and has been reported all the same.
_PROGRAM = """
import sys
from wiazka.cli.main import main
try:
    main()
except SystemExit as end:
    sys.exit(end.code if end.code != 1 else 0)
"""

Row = dict[str, str | int | None]


def main() -> int:
    """Generate two archives, make both reports of each, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=100_000)
    copies = parser.parse_args().copies
    for number in (copies // 10, copies):
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), number)
    return 0


def _measure(home: Path, copies: int) -> None:
    begun = perf_counter()
    # A child begins with the memory of what started it: this must stay small.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        checks = pool.submit(_generate, home, copies).result()
    print(f"{copies:,} copies, {checks:,} checks (made in {perf_counter() - begun:.0f} s)")
    config = home / "wiazka.toml"
    config.write_text(CONFIG, encoding="utf-8")
    for part, to in (("fixity", home / "to"), ("dossier", home / "dossier.zip")):
        report = ("report", part, "--to", to, "--config", config)
        cost, _ = measure((sys.executable, "-c", _PROGRAM, *report), server=1, cwd=home)
        size = sum(p.stat().st_size for p in ([to] if to.is_file() else to.iterdir()))
        print(
            f"  report {part:<8} {cost.seconds:6.1f} s {cost.peak / 1e6:6.0f} MB of memory, "
            f"writes {size / 1e6:.1f} MB",
            flush=True,
        )
    begun = perf_counter()
    verifier = Path(__file__).parents[2] / "packages/wiazka/dossier/verify_dossier.py"
    cost, _ = measure((sys.executable, verifier, home / "dossier.zip"), server=1)
    print(f"  its verifier    {cost.seconds:6.1f} s {cost.peak / 1e6:6.0f} MB", flush=True)


def _generate(home: Path, copies: int) -> int:
    """An archive in the catalogue of ``home``: how many checks it has had."""
    path = home / "catalogue.sqlite"
    Catalogue.open(f"sqlite:///{path}").close()
    chance = random.Random(6)  # noqa: S311
    versions = copies // len(STORES)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA synchronous = OFF")
        _fill(database, "version", map(_version, range(versions)))
        _fill(database, "file", (_file(n, path) for n in range(versions) for path in STANDARDS))
        told = sorted(_history(versions, chance), key=lambda event: str(event["at"]))
        checks = [event for event in told if event["kind"] == "audited"]
        _fill(database, "audit", [_audit()])
        _fill(database, "copy_check", map(_check, checks))
        _fill(database, "copy", _copies(told))
        _fill(database, "event", _chained(told))
        database.execute(
            "UPDATE ledger SET (count, hash) = (SELECT seq, hash FROM event ORDER BY seq DESC)"
        )
        database.execute("ANALYZE")
    return len(checks)


def _fill(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    rows = iter(rows)
    first = next(rows)
    names = ", ".join(first)
    places = ", ".join(f":{name}" for name in first)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608
    database.execute(statement, first)
    database.executemany(statement, rows)


def _identity(number: int) -> str:
    return f"main/1984-06-04_depesza_{number:06}"


def _came(number: int, versions: int) -> datetime:
    return NOW - YEARS + YEARS * number / versions * 0.7


def _version(number: int) -> Row:
    files = [
        {"path": f"data/objects/scans/{n:04}r.tif", "puid": "fmt/353", "sha256": f"{n:064x}"}
        for n in range(7)
    ]
    return {
        "identity": _identity(number),
        "number": 1,
        "title": f"Depesza {number}",
        "content": f"{number:064x}",
        "state": "registered",
        "bagged_at": in_utc(NOW - YEARS),
        "registered_at": in_utc(NOW - YEARS),
        "delivery": "d",
        "folder": f"{number}",
        "record_json": canonical({"title": f"Depesza {number}", "files": files}),
        "size": 7_000_000 + number % 1009,
        "file_count": 9,
        "search": "",
    }


def _file(number: int, path: str) -> Row:
    return {
        "identity": _identity(number),
        "version": 1,
        "path": path,
        "size": 4000,
        "sha256": f"{number:064x}",
        "role": "metadata",
    }


def _history(versions: int, chance: random.Random) -> Iterator[Row]:
    """Each copy is stored, and checked some times by turns, by its store's word and by reading."""
    for number in range(versions):
        came = _came(number, versions)
        for store in STORES:
            yield _event(number, store, "stored", came, "stored-digest")
            checks = int(CHECKS_OF_A_COPY + chance.random())
            for turn in range(checks):
                at = came + (NOW - came) * (turn + chance.random()) / checks
                yield _event(number, store, "audited", at, ("stored-digest", "read")[turn % 2])


def _event(number: int, store: str, kind: str, at: datetime, grade: str) -> Row:
    detail = {"grade": grade, "outcome": "ok", "files": "9", "bytes": "7000000", "audit": "1"}
    return {
        "at": in_utc(at),
        "kind": kind,
        "outcome": "success",
        "identity": _identity(number),
        "version": 1,
        "store": store,
        "agent": "wiazka 0.1.0",
        "sentence": f"{_identity(number)} v1 in store '{store}': {grade}, all 9 files as expected.",
        "detail": canonical(detail),
    }


def _grade(event: Row) -> str:
    return "read" if '"grade":"read"' in str(event["detail"]) else "stored-digest"


def _audit() -> Row:
    return {"id": 1, "begun": in_utc(NOW - YEARS), "ended": in_utc(NOW), "grade": "read"}


def _check(event: Row) -> Row:
    of_it = {name: event[name] for name in ("identity", "version", "store")}
    read = _grade(event) == "read"
    return of_it | {
        "audit": 1,
        "grade": _grade(event),
        "outcome": "ok",
        "files": 9,
        "bytes": 7_000_000 if read else 0,
        "begun": event["at"],
        "ended": event["at"],
    }


def _copies(events: Iterable[Row]) -> Iterator[Row]:
    names = list(PROOFS.values())
    last: dict[tuple[object, object], Row] = {}
    for event in events:
        key = (event["identity"], event["store"])
        row = last.setdefault(
            key,
            {
                **{name: event[name] for name in ("identity", "version", "store")},
                "stored_at": event["at"],
                "standing": 0,
                **dict.fromkeys(names, ""),
                "size": 7_000_000,
                "file_count": 9,
            },
        )
        proved = names if _grade(event) == "read" else names[:3]
        row |= dict.fromkeys(proved, event["at"])
    return iter(last.values())


def _chained(events: Iterable[Row]) -> Iterator[Row]:
    previous = ORIGIN
    for seq, event in zip(count(1), events):
        row = {"seq": seq, **event, "previous": previous}
        previous = digest(row)
        yield row | {"hash": previous}


if __name__ == "__main__":
    sys.exit(main())
