"""Checksum files as they lie on disk, and the paths in them: from Windows, or hostile."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from wiazka import problem_kinds
from wiazka.intake.checksums import Declared, is_checksum_file, read_checksums
from wiazka.intake.settle import mark, vanished
from wiazka.phrase import cause, say
from wiazka.problem_kinds import Problem

_LARGEST = 32 << 20
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def readings(item: Declared) -> Iterator[str]:
    """The ways to read the name in a line, the likeliest first."""
    for name in item.names:
        yield name
        if "\\" in name:
            yield name.replace("\\", "/")
        if name != name.strip():
            yield name.strip()


def is_on_a_drive(path: str) -> bool:
    """Whether a path begins at a drive or share of Windows: ``D:\\scans``."""
    return _DRIVE.match(path) is not None


def normal(path: str) -> str | None:
    """A relative path without ``.`` and ``..``; None where it leads out of where it starts."""
    if path.startswith("/"):
        return None
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def folder_named(item: Declared) -> str | None:
    """The folder that a line of a delivery's checksum file names a file in; None for a file beside
    the folders, or outside.
    """
    for reading in readings(item):
        if is_on_a_drive(reading):
            return None
        if path := normal(reading):
            return path.split("/", 1)[0] if "/" in path else None
    return None


def delivery_sheets(delivery: Path) -> list[Path]:
    """The checksum files beside the documents' folders."""
    with os.scandir(delivery) as entries:
        names = sorted(
            entry.name
            for entry in entries
            if is_checksum_file(entry.name) and entry.is_file(follow_symlinks=False)
        )
    return [delivery / name for name in names]


def read_sheet(path: Path, name: str) -> tuple[list[Declared], list[Problem]]:
    """The lines of the checksum file at ``path``; ``name`` is how problems name it.

    It is read anew only when it was touched: that of a delivery is asked for by each document.
    """
    try:
        declared, problems = _read(path, name, mark(path.lstat()))
    except OSError as error:
        return [], [
            vanished(name, error)
            or problem_kinds.UNREADABLE_FILE.at(
                name,
                say("'{name}' cannot be read: {why}.", name=name, why=cause(error)),
                say("Give the account that runs wiazka the right to read it."),
            )
        ]
    return [*declared], [*problems]


@lru_cache(maxsize=16)
def _read(
    path: Path, name: str, _mark: tuple[int, ...]
) -> tuple[Sequence[Declared], Sequence[Problem]]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return (), (_too_large(name),)
        return read_checksums(stream.read(_LARGEST), name)


def _too_large(name: str) -> Problem:
    return problem_kinds.CHECKSUM_UNREADABLE.at(
        name,
        say(
            "'{name}' is larger than {size} MB, which no list of checksums is.",
            name=name,
            size=_LARGEST >> 20,
        ),
        say("See whether it is the right file."),
    )
