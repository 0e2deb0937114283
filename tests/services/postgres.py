"""A PostgreSQL of our own, on a socket in a folder; gone afterwards."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

ABSENT = "PostgreSQL is not installed (Debian: postgresql), or Python's psycopg is not"


def installed() -> bool:
    """Whether a server can be started, and asked from Python."""
    return bool(shutil.which("initdb") and importlib.util.find_spec("psycopg"))


class Postgres:
    """A cluster with one database; the server refuses to run as root, and then is postgres'."""

    def __init__(self, **settings: str) -> None:
        # Not in pytest's folders, whose names are too long for a socket and closed to others.
        self._folder = Path(tempfile.mkdtemp(prefix="wiazka-pg-"))
        self._settings = {"listen_addresses": "''", "fsync": "off", **settings}

    def __enter__(self) -> Self:
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres")
        self._run(
            "initdb", "-D", "data", "-U", "wiazka", "-A", "trust", "-E", "UTF8", "--no-locale"
        )
        options = [f"-c {name}={value}" for name, value in self._settings.items()]
        chosen = " ".join([*options, f"-k {self._folder}"])
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", chosen, "start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def make(self, name: str) -> str:
        """The URL of a new, empty database."""
        self._run("createdb", "-h", str(self._folder), "-U", "wiazka", name)
        return f"postgresql+psycopg://wiazka@/{name}?host={self._folder}"

    def _run(self, *command: str) -> None:
        # A file: the server keeps what it was started with open, and a pipe would never end.
        with (self._folder / "out").open("w+", encoding="utf-8") as out:
            done = subprocess.run(
                command,
                cwd=self._folder,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                user="postgres" if os.getuid() == 0 else None,
                group="postgres" if os.getuid() == 0 else None,
            )
            out.seek(0)
            assert done.returncode == 0, out.read()
