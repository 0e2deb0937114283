"""Marks that scheduled runs leave: which are to come, when each began last and how it ended.

Files in ``paths.home``, not rows: that the catalogue cannot be opened has to be told as well.
"""

import fcntl
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from wiazka.report.page import file_name, write_whole
from wiazka.schedules import Schedule

_LOCKS: dict[Path, IO[str]] = {}


@dataclass(frozen=True, slots=True)
class Served:
    """A schedule that is being served, and since when."""

    schedule: Schedule
    since: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """The last run of a schedule: when it ``begun``; ``ended`` when a run last did its work;
    ``fault`` is why the last one could not. ``alive``: it is running still.
    """

    begun: datetime
    ended: datetime | None = None
    fault: str | None = None
    alive: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks in a folder. Every method raises OSError when the folder cannot be used."""

    folder: Path

    def serve(self, schedules: Iterable[Schedule], at: datetime) -> None:
        """Keep which schedules are served from now on; those that were keep since when."""
        known = {_when(one.schedule): one.since for one in self.served()}
        rows = [
            {
                "name": one.name,
                "entrypoint": one.entrypoint,
                "cron": one.cron,
                "timezone": one.timezone,
                "since": known.get(_when(one), at).isoformat(),
            }
            for one in schedules
        ]
        self._write(self._schedules, rows)

    def served(self) -> tuple[Served, ...]:
        """The schedules that are served; none when nothing ever was."""
        rows = _read(self._schedules)
        if not isinstance(rows, list):
            return ()
        return tuple(
            Served(
                Schedule(row["name"], row["entrypoint"], row["cron"], row["timezone"]),
                datetime.fromisoformat(row["since"]),
            )
            for row in rows
        )

    def begin(self, key: str, at: datetime) -> None:
        """Keep that a run began, in this process: it is alive until it ends or the process does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self._path(key).with_suffix(".lock").open("a")
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _LOCKS[self._path(key)] = lock
        last = self.of(key)
        ended = last.ended.isoformat() if last and last.ended else None
        self._write(self._path(key), {"begun": at.isoformat(), "ended": ended})

    def end(self, key: str, at: datetime, fault: str | None = None) -> None:
        """Keep that the run ended, having done its work or, for ``fault``, not."""
        last = self.of(key)
        ended = at if fault is None else last.ended if last else None
        row = {
            "begun": (last.begun if last else at).isoformat(),
            "ended": ended.isoformat() if ended else None,
            "fault": fault,
        }
        self._write(self._path(key), row)
        if lock := _LOCKS.pop(self._path(key), None):
            lock.close()

    def of(self, key: str) -> Mark | None:
        """The mark of a schedule (``Schedule.key``); None when none of its runs ever began."""
        row = _read(self._path(key))
        if not isinstance(row, dict):
            return None
        ended = row.get("ended")
        return Mark(
            datetime.fromisoformat(row["begun"]),
            datetime.fromisoformat(ended) if ended else None,
            row.get("fault"),
            _is_locked(self._path(key).with_suffix(".lock")),
        )

    @property
    def _schedules(self) -> Path:
        return self.folder / "schedules.json"

    def _path(self, key: str) -> Path:
        return self.folder / f"{file_name(key.replace('/', '_'))}.json"

    def _write(self, path: Path, value: object) -> None:
        write_whole(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _when(schedule: Schedule) -> tuple[str, str, str]:
    return schedule.key, schedule.cron, schedule.timezone


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        # What somebody spoilt by hand is as if it were not there: the run counts as missed.
        return None


def _is_locked(path: Path) -> bool:
    """Whether a process holds the lock: the system takes it from one that was killed."""
    try:
        with path.open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
