"""Walking a folder from outside without ever leaving it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wiazka import problem_kinds
from wiazka.intake.junk import OWN_NAMES, junk_reason
from wiazka.intake.model import LeftOut
from wiazka.intake.names import (
    changed_problem,
    escaped,
    portability_problem,
    printable,
    safe_names,
    twin_problems,
)
from wiazka.intake.roles import Placed
from wiazka.intake.settle import (
    appeared,
    changing,
    gone,
    is_placeholder,
    mark,
    placeholder,
    vanished,
    waiting_for,
)
from wiazka.phrase import cause, say
from wiazka.problem_kinds import Problem

# Folders in folders; far more than any document has, far fewer than Python's stack holds.
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file: its path, and its name relative to the folder that was walked.

    ``name`` is the one it is kept under; ``on_disk`` is the one it has, where that is another.
    ``placed`` is its place where that is told by more than its name.
    """

    path: Path
    name: str
    status: os.stat_result
    on_disk: str | None = None
    placed: Placed | None = None

    @property
    def delivered_as(self) -> str | None:
        """The name it has, escaped so that it can be written anywhere; None where it is kept."""
        return None if self.on_disk is None else escaped(self.on_disk)


@dataclass(frozen=True, slots=True)
class Tree:
    """What a folder holds: files to take, files left out, and names or links that cannot be."""

    files: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A file's or folder's name relative to the folder walked: as it is, and as it is kept."""

    on_disk: str = ""
    kept: str = ""

    def inside(self, on_disk: str, kept: str) -> "_Place":
        before = (f"{self.on_disk}/", f"{self.kept}/") if self.on_disk else ("", "")
        return _Place(before[0] + on_disk, before[1] + kept)


def walk(folder: Path) -> Tree:
    """All that lies under ``folder``, sorted by name. Links are never followed."""
    files: list[Found] = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    for item in _walk(folder, _Place()):
        match item:
            case Found():
                files.append(item)
            case LeftOut():
                left_out.append(item)
            case Problem():
                problems.append(item)
    problems.extend(twin_problems(found.name for found in files))
    return Tree(tuple(files), tuple(left_out), tuple(problems))


def changes(before: Tree, after: Tree) -> list[Problem]:
    """What came, went or changed between two walks of one folder: somebody is still at work."""
    first = {found.path: found for found in before.files}
    second = {found.path: found for found in after.files}
    problems = [
        problem
        for problem in after.problems
        if problem.code == problem_kinds.OPEN_ELSEWHERE.code and problem not in before.problems
    ]
    for path in sorted({*first, *second}):
        old, new = first.get(path), second.get(path)
        if old is None or new is None:
            problems += [appeared(new.name)] if new else [gone(old.name)] if old else []
        elif mark(old.status) != mark(new.status):
            problems.append(changing(new.name))
    return problems


def _walk(folder: Path, place: _Place) -> Iterator[Found | LeftOut | Problem]:
    if place.on_disk.count("/") >= _DEEPEST:
        yield _too_deep(place.on_disk)
        return
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield unreadable(printable(place.on_disk), error)
        return
    taken = []
    for entry in listed:
        name = place.inside(entry.name, "").on_disk
        if not place.on_disk and entry.name in OWN_NAMES:
            continue
        if waiting := waiting_for(entry.name, name):
            yield waiting
        elif reason := junk_reason(entry.name):
            yield LeftOut(printable(name), reason)
        else:
            taken.append(entry)
    kept = safe_names(entry.name for entry in taken)
    for entry in taken:
        inside = place.inside(entry.name, kept[entry.name])
        if kept[entry.name] != entry.name:
            yield changed_problem(inside.on_disk, entry.name, kept[entry.name])
        if problem := portability_problem(inside.kept, kept[entry.name]):
            yield problem
        yield from _entry(entry, inside)


def _entry(entry: "os.DirEntry[str]", place: _Place) -> Iterator[Found | LeftOut | Problem]:
    name, path = printable(place.on_disk), Path(entry.path)
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(path, place)
        elif stat.S_ISREG(status.st_mode):
            on_disk = None if place.on_disk == place.kept else place.on_disk
            # Reading a stand-in would fetch it, or give zeros.
            if is_placeholder(path, status):
                yield placeholder(place.on_disk)
            else:
                yield Found(path, place.kept, status, on_disk)
        elif stat.S_ISLNK(status.st_mode):
            yield problem_kinds.SYMLINK.at(
                name,
                say(
                    "'{name}' is a link to '{target}', not a file or folder.",
                    name=name,
                    target=printable(str(path.readlink())),
                ),
                say("Put the file or folder itself in its place."),
            )
        else:
            yield problem_kinds.SPECIAL_FILE.at(
                name,
                say("'{name}' is a device, socket or pipe, not a file.", name=name),
                say("Remove it from the folder."),
            )
    except OSError as error:
        yield unreadable(name, error)


def _too_deep(name: str) -> Problem:
    shown = printable(name)
    return problem_kinds.NAME_TOO_LONG.at(
        shown,
        say(
            "'{name}…' lies more than {most} folders deep; what is in it was not looked at.",
            name=shown[:80],
            most=_DEEPEST,
        ),
        say("Give the folders and the file shorter names, or put the file into fewer folders."),
    )


def unreadable(name: str, error: OSError) -> Problem:
    """Why a file or folder could not be read; one that is gone by now is still being worked on."""
    if gone := vanished(name, error):
        return gone
    return problem_kinds.UNREADABLE_FILE.at(
        name,
        say(
            "'{name}' cannot be read: {why}.",
            name=name or say("the folder"),
            why=cause(error),
        ),
        say("Give the account that runs wiazka the right to read it, or copy the file again."),
    )
