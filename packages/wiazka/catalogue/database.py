"""The database: connections, transactions, and bringing it to the code's revision.

The one place where SQLite and PostgreSQL are told apart. One writer at a time on either: SQLite by
BEGIN IMMEDIATE, PostgreSQL by locking the ledger's head row first. Every change also appends to the
ledger, so nothing is lost by it, and neither deadlocks nor lost upserts can happen.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from wiazka.catalogue.schema import HEAD, LEDGER
from wiazka.errors import CatalogueError

# How long a writer waits for its turn, in seconds.
PATIENCE = 30
# Any number, as long as every wiazka asks PostgreSQL for the same one.
MIGRATION_LOCK = 0x7769617A

EXAMPLES = (
    "A right catalogue.url looks like sqlite:////srv/wiazka/catalogue.sqlite or "
    "postgresql+psycopg://user@host/wiazka"
)


class Database:
    """An open database at the code's revision."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine
        if engine.dialect.name == "postgresql":
            # All queries of one read see one moment, as they do in SQLite.
            self._reading = engine.execution_options(isolation_level="REPEATABLE READ")

    @classmethod
    def open(cls, url: str) -> Self:
        """The database at ``url``. Raises CatalogueError that says what to do."""
        parsed = _parsed(url)
        shown = parsed.render_as_string(hide_password=True)
        engine = _engine(parsed)
        try:
            with _explained(shown):
                _bring_up_to_date(engine, shown)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    @classmethod
    def at_hand(cls, url: str) -> Self | None:
        """The database at ``url`` if there is one at the code's revision; nothing is made."""
        parsed = _parsed(url)
        if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).is_file():
            return None
        engine = _engine(parsed)
        with _explained(parsed.render_as_string(hide_password=True)), engine.connect() as there:
            revision = _revision(there)
        return cls(engine) if revision == HEAD else None

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database."""
        with _explained(self._place), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that nobody else writes beside; all of it happens or none."""
        with _explained(self._place), _writing(self._engine) as connection:
            connection.execute(select(LEDGER.c.count).with_for_update())
            yield connection

    @property
    def _place(self) -> str:
        return self._engine.url.render_as_string(hide_password=True)


def _locked(place: str) -> CatalogueError:
    return CatalogueError(
        f"The catalogue {place} stayed locked for {PATIENCE} s.",
        "See which other program has the file open: a backup, a database browser, a stopped run. "
        "Then do it again: nothing was lost.",
    )


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        if "database is locked" in str(cause):
            raise _locked(place) from error
        raise CatalogueError(
            f"The catalogue {place} failed: {str(cause).strip()}",
            "See that the database runs, has room, and may be written by this user. " + EXAMPLES,
        ) from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise CatalogueError(f"catalogue.url {url!r} is no database URL.", EXAMPLES) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise CatalogueError(f"catalogue.url {url!r} names no file.", EXAMPLES)
    return parsed


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True, max_overflow=-1)
        Path(str(url.database)).absolute().parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": PATIENCE}, max_overflow=-1)
    except OSError as error:
        raise CatalogueError(
            f"The folder of the catalogue {url.database} cannot be made: {error.strerror}.",
            EXAMPLES,
        ) from error
    except ModuleNotFoundError as error:
        raise CatalogueError(
            f"catalogue.url needs the Python package {error.name}, which is not installed.",
            f"pip install '{error.name}[binary]', or choose another database. {EXAMPLES}",
        ) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by us: Python's own handling would begin them too late to lock.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # A commit is on the disk before we say so, also when the power fails.
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.execution_options(writing=True)
        with connection.begin():
            yield connection


def _bring_up_to_date(engine: Engine, place: str) -> None:
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    if engine.dialect.name == "sqlite":
        _use_wal(engine, place)
    with _writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
        # Another process may have been faster while we waited for our turn.
        if _revision(connection) != HEAD:
            _migrate(connection, place)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _migrate(connection: Connection, place: str) -> None:
    # Alembic takes longer to import than all else here, and is needed once in a release.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # Alembic reads "%" in a path as the start of a variable.
    scripts = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config.set_main_option("script_location", scripts)
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    revision = _revision(connection)
    if revision is not None and revision not in known:
        raise CatalogueError(
            f"The catalogue {place} has revision {revision}; this wiazka knows none after {HEAD}.",
            "A newer wiazka made it. Update wiazka on this machine; the database is as it was.",
        )
    command.upgrade(config, "head")


def _use_wal(engine: Engine, place: str) -> None:
    # SQLite does not wait for its turn here, unlike everywhere else, when two processes make a new
    # database at once.
    give_up = time.monotonic() + PATIENCE
    while not _wal_is_on(engine):
        if time.monotonic() > give_up:
            raise _locked(place)
        time.sleep(0.05)


def _wal_is_on(engine: Engine) -> bool:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # Where WAL cannot be (some shared disks), SQLite's older journal is safe too.
        return "locked" not in str(error)
    finally:
        connection.close()
    return True
