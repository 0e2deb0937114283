"""PostgreSQL, as many run it: a server of its own, on a socket in a folder of the test run."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text

# Text in the order of a Polish dictionary, as no SQLite and no Python sorts it.
_SORTED = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=pl")
ABSENT = "needs initdb and pg_ctl of PostgreSQL 15 or newer, and the Python package psycopg"


def installed() -> bool:
    """Whether it can be run here."""
    return _programs() is not None and importlib.util.find_spec("psycopg") is not None


class Postgres:
    """A server that runs until the block ends. ``url`` is a new database each time.

    It refuses to be root's, and is the user ``postgres``'s where the tests are.
    """

    def __init__(self, **settings: str) -> None:
        self._settings = {"listen_addresses": "", "fsync": "off", **settings}

    def __enter__(self) -> Self:
        # The path of a socket must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._made = 0
        data = self._folder / "data"
        self._run(
            "initdb", "-D", data, "-U", "wiazka", "-A", "trust", "-E", "UTF8", "--no-sync", *_SORTED
        )
        chosen = {**self._settings, "unix_socket_directories": str(self._folder)}
        options = " ".join(f"-c {name}='{value}'" for name, value in chosen.items())
        self._run("pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "-o", options, "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def url(self) -> str:
        """The URL of a new, empty database."""
        self._made += 1
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE wiazka{self._made}"))
        engine.dispose()
        return self._url(f"wiazka{self._made}")

    def section(self) -> str:
        """The lines of a configuration by which a house has its catalogue in such a database."""
        return f'[catalogue]\nurl = "{self.url()}"\n'

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://wiazka@/{name}?host={self._folder}"

    def _run(self, program: str, *arguments: str | Path) -> None:
        folder = _programs()
        assert folder is not None, ABSENT
        done = subprocess.run(
            [folder / program, *arguments],
            cwd=self._folder,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"{program} failed: {self._folder / 'log'}"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists()), None)
