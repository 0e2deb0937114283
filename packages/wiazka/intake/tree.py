"""Walking a folder from outside without ever leaving it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wiazka import errors
from wiazka.errors import Problem
from wiazka.intake.junk import OWN_NAMES, is_lock, is_unfinished, junk_reason
from wiazka.intake.model import LeftOut
from wiazka.intake.names import name_problem, printable, twin_problems
from wiazka.intake.roles import Placed


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file: its path, and its name relative to the folder that was walked.

    ``placed`` is its place where that is told by more than its name.
    """

    path: Path
    name: str
    status: os.stat_result
    placed: Placed | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """What a folder holds: files to take, files left out, and names or links that cannot be."""

    files: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


def walk(folder: Path) -> Tree:
    """All that lies under ``folder``, sorted by name. Links are never followed."""
    files: list[Found] = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    for item in _walk(folder, ""):
        match item:
            case Found():
                files.append(item)
            case LeftOut():
                left_out.append(item)
            case Problem():
                problems.append(item)
    problems.extend(twin_problems(found.name for found in files))
    return Tree(tuple(files), tuple(left_out), tuple(problems))


def _walk(folder: Path, prefix: str) -> Iterator[Found | LeftOut | Problem]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(prefix.rstrip("/"), error)
        return
    for entry in listed:
        name = prefix + entry.name
        if not prefix and entry.name in OWN_NAMES:
            continue
        if is_lock(entry.name) or is_unfinished(entry.name):
            yield _busy(name)
        elif reason := junk_reason(entry.name):
            yield LeftOut(printable(name), reason)
        elif problem := name_problem(name):
            yield problem
        else:
            yield from _entry(entry, name)


def _entry(entry: "os.DirEntry[str]", name: str) -> Iterator[Found | LeftOut | Problem]:
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(Path(entry.path), f"{name}/")
        elif stat.S_ISREG(status.st_mode):
            yield Found(Path(entry.path), name, status)
        elif stat.S_ISLNK(status.st_mode):
            target = printable(str(Path(entry.path).readlink()))
            yield errors.SYMLINK.at(
                name,
                f"'{name}' is a link to '{target}', not a file.",
                "Put the file itself in its place.",
            )
        else:
            yield errors.SPECIAL_FILE.at(
                name,
                f"'{name}' is a device, socket or pipe, not a file.",
                "Remove it from the folder.",
            )
    except OSError as error:
        yield _unreadable(name, error)


def _busy(name: str) -> Problem:
    shown = printable(name)
    return errors.OPEN_ELSEWHERE.at(
        shown,
        f"'{shown}' shows that a file is being edited or is still being copied.",
        "Close the program that has it open, or let the copy end; the folder is taken next time.",
    )


def _unreadable(name: str, error: OSError) -> Problem:
    shown = printable(name) or "the folder"
    return errors.UNREADABLE_FILE.at(
        printable(name),
        f"'{shown}' cannot be read: {error.strerror or error}.",
        "Give the account that runs wiazka the right to read it, or copy the file again.",
    )
