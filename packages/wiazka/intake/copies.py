"""Copies that computers make beside a file: the same is left out, another is asked about."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wiazka import problem_kinds
from wiazka.intake.model import LeftOut, SourceFile
from wiazka.intake.names import twin_key
from wiazka.phrase import say
from wiazka.problem_kinds import Problem

# From so many on, files with numbers are a series (Windows numbers renamed files so), no copies.
_SERIES = 3
_NUMBERED = re.compile(r"(?P<base>.+?) ?\((?P<number>\d{1,4})\)")
_COPY = r"copy|kopia"
_COPIES = (
    _NUMBERED,
    # Windows: "name - Copy (2)", "name — kopia"; the Mac: "name copy 2"
    re.compile(rf"(?P<base>.+?)(?: [-–—])? (?:{_COPY})(?: ?\(?\d+\)?)?", re.I),
    re.compile(r"(?:copy (?:\(\d+\) )?of|kopia(?: \(\d+\))?(?: pliku)?) (?P<base>.+)", re.I),
    # GNOME: "name (another copy)", "name (3. kopia)"
    re.compile(rf"(?P<base>.+?) \((?:[\w.]+ )?(?:{_COPY})\)", re.I),
    # Dropbox, Nextcloud, Seafile: "name (Anna's conflicted copy 2024-05-01)"
    re.compile(r"(?P<base>.+?) ?\([^()]*(?:conflict|konflik)[^()]*\)", re.I),
    # Syncthing, ownCloud
    re.compile(r"(?P<base>.+?)[._](?:sync-)?conflict-[\w-]+", re.I),
    # OneDrive puts the computer's name behind it.
    re.compile(
        r"(?P<base>.+?)-(?:(?:DESKTOP|LAPTOP|WIN|PC)-[A-Z0-9]{4,}|[A-Z0-9]{2,}-PC)(?:-\d+)?"
    ),
)


@dataclass(frozen=True, slots=True)
class Copies:
    """What is left of the files when their copies are out, and what is to be told of these."""

    files: tuple[SourceFile, ...]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()


def without_copies(files: Sequence[SourceFile]) -> Copies:
    """The files without those that are copies of one beside them, by name and by every byte."""
    by_name = {twin_key(file.name): file for file in files}
    series = _series(files)
    kept: list[SourceFile] = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    for file in files:
        origin = None if file.name in series else _origin(file, by_name)
        if origin is None:
            kept.append(file)
        elif origin.sha256 == file.sha256:
            left_out.append(LeftOut(file.name, say("a copy of '{name}'", name=origin.name)))
            problems.append(_same(file, origin))
        else:
            kept.append(file)
            problems.append(_differs(file, origin))
    return Copies(tuple(kept), tuple(left_out), tuple(problems))


def _origin(file: SourceFile, by_name: dict[str, SourceFile]) -> SourceFile | None:
    """The file beside it that its name says it is a copy of."""
    folder, stem, suffix = _parts(file.name)
    for pattern in _COPIES:
        match = pattern.fullmatch(stem)
        origin = match and by_name.get(twin_key(f"{folder}{match['base']}{suffix}"))
        if origin and origin is not file:
            return origin
    return None


def _series(files: Iterable[SourceFile]) -> frozenset[str]:
    """The names that are numbered as the pages of a document are."""
    numbered: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for file in files:
        folder, stem, suffix = _parts(file.name)
        if match := _NUMBERED.fullmatch(stem):
            numbered[folder, match["base"], suffix.casefold()].append(file.name)
    return frozenset(name for names in numbered.values() if len(names) >= _SERIES for name in names)


def _parts(name: str) -> tuple[str, str, str]:
    folder, slash, base = name.rpartition("/")
    stem, dot, suffix = base.rpartition(".")
    return folder + slash, stem or base, dot + suffix if stem else ""


def _same(file: SourceFile, origin: SourceFile) -> Problem:
    return problem_kinds.COPY_LEFT_OUT.at(
        file.name,
        say(
            "'{name}' is a copy of '{origin}', byte for byte the same; it was left out.",
            name=file.name,
            origin=origin.name,
        ),
        say("Nothing needs doing."),
    )


def _differs(file: SourceFile, origin: SourceFile) -> Problem:
    return problem_kinds.CONFLICT_COPY.at(
        file.name,
        say(
            "'{name}' is named as a copy of '{origin}', but the two are not the same: which of "
            "them is right?",
            name=file.name,
            origin=origin.name,
        ),
        say(
            "Keep the right one as '{origin}' and remove the other. If both belong to the "
            "document, give each a name of its own, for example 0001r.tif and 0001r_b.tif.",
            origin=origin.name,
        ),
    )
