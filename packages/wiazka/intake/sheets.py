"""Checksum files that were handed over, and which file each of their lines is of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wiazka import problem_kinds
from wiazka.intake.checksums import (
    EXAMPLE,
    Declared,
    is_checksum_file,
    vouches_for,
)
from wiazka.intake.deliveries import Job
from wiazka.intake.junk import OWN_NAMES
from wiazka.intake.names import printable
from wiazka.intake.shared import SHARED_NAMES
from wiazka.intake.sheet_paths import (
    delivery_sheets,
    is_on_a_drive,
    normal,
    read_sheet,
    readings,
)
from wiazka.intake.tree import Tree
from wiazka.phrase import say
from wiazka.problem_kinds import Problem
from wiazka.record.text import nfc


@dataclass(frozen=True, slots=True)
class Line:
    """A checksum and the file it is of: its name as it is kept, None where there is none such.

    ``other_form`` says that the sheet encodes the accents of the name in another way.
    """

    declared: Declared
    file: str | None
    shown: str
    other_form: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A checksum file. ``scope`` is the folder whose files it lists ("" or ``scans/``), None for
    one that lies beside the one file it is of.
    """

    said_in: str
    scope: str | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheets:
    """All checksum files about one document, and what is wrong with them."""

    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def algorithms(self) -> set[str]:
        """The algorithms that files are to be read by."""
        return {line.declared.algorithm for sheet in self.sheets for line in sheet.lines}


@dataclass(frozen=True, slots=True)
class _Names:
    """The files of a document by their names on disk; ``passed_over`` are there, but not kept."""

    exact: Mapping[str, str]
    composed: Mapping[str, str]
    passed_over: frozenset[str]
    by_stem: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outside:
    """A line that names a place outside the folder it lies in."""


_OUTSIDE = _Outside()


def sheets_of(job: Job, tree: Tree) -> Sheets:
    """The checksum files in a document's folder, and those of its delivery that are about it."""
    names = _names_of(tree)
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    # The manifests of a bag are judged with it; other sheets in it speak of where it was made.
    for found in () if job.is_bag else tree.files:
        if is_checksum_file(found.name):
            sheet, faults = _own_sheet(found.path, found.name, names)
            sheets.append(sheet)
            problems += faults
    if job.delivery != job.path:
        for path in delivery_sheets(job.delivery):
            sheet, faults = _delivery_sheet(path, job, names)
            sheets.append(sheet)
            problems += faults
    return Sheets(tuple(sheets), tuple(problems))


def _names_of(tree: Tree) -> _Names:
    exact = {found.on_disk or found.name: found.name for found in tree.files}
    composed: dict[str, list[str]] = defaultdict(list)
    stems: dict[str, list[str]] = defaultdict(list)
    for on_disk, name in exact.items():
        composed[nfc(on_disk)].append(name)
        if not is_checksum_file(on_disk):
            stems[on_disk.rpartition(".")[0]].append(name)
    return _Names(
        exact,
        {name: kept[0] for name, kept in composed.items() if len(kept) == 1},
        frozenset({left.name for left in tree.left_out} | OWN_NAMES),
        {stem: tuple(kept) for stem, kept in stems.items()},
    )


def _own_sheet(path: Path, name: str, names: _Names) -> tuple[Sheet, list[Problem]]:
    declared, problems = read_sheet(path, name)
    base = name.rpartition("/")[0]
    base = f"{base}/" if base else ""
    starts = [base, ""] if base else [""]
    scope = base
    if base == "metadata/":
        # Archivematica: the paths are of objects/, from there or from metadata/ itself.
        starts.append("objects/")
        scope = "objects/"
    lines: list[Line] = []
    for item in declared:
        found = _found(item, starts, names)
        if isinstance(found, _Outside):
            problems.append(_leads_out(item))
        elif found and found.file != name:
            lines.append(found)
    one = vouches_for(name)
    is_of_one = one is not None and len(lines) <= 1
    return Sheet(name, None if is_of_one else scope, tuple(lines)), problems


def _delivery_sheet(path: Path, job: Job, names: _Names) -> tuple[Sheet, list[Problem]]:
    said_in = f"../{path.name}"
    declared, problems = read_sheet(path, path.name)
    problems = [replace(problem, path=said_in) for problem in problems]
    folder = nfc(job.folder)
    beside = {*SHARED_NAMES, *([job.path.name] if job.packed else [])}
    lines: list[Line] = []
    for item in declared:
        item = replace(item, said_in=said_in)  # noqa: PLW2901
        below = list(_within(item, folder, beside))
        if not below:
            if all(normal(reading) is None for reading in readings(item)):
                problems.append(_leads_out(item))
            continue
        above = next((one for one in below if one.startswith("../")), None)
        if above:
            lines.append(Line(item, above, above))
            continue
        found = _found(replace(item, names=tuple(below)), [""], names)
        if isinstance(found, Line):
            lines.append(found)
    scope = None if vouches_for(path.name) and len(declared) <= 1 else ""
    return Sheet(said_in, scope, tuple(lines)), problems


def _within(item: Declared, folder: str, beside: Collection[str]) -> Iterator[str]:
    """The name, as seen from a document's folder, for each reading that is of a file in it, or of
    one ``beside`` it.
    """
    for reading in readings(item):
        drive = is_on_a_drive(reading)
        path = reading.replace("\\", "/") if drive else normal(reading)
        if path in beside:
            yield f"../{path}"
        parts = (path or "").split("/")
        for at, part in enumerate(parts[:-1] if drive else parts[: min(1, len(parts) - 1)]):
            if nfc(part) == folder:
                yield "/".join(parts[at + 1 :])


def _found(item: Declared, starts: Sequence[str], names: _Names) -> Line | _Outside | None:
    """The file that a line is of; None for one that is left out anyway."""
    ways = list(readings(item))
    paths = list(dict.fromkeys(_paths(ways, starts, item)))
    if not paths:
        return _OUTSIDE
    for path in paths:
        if path in names.exact:
            return Line(item, names.exact[path], path)
    for path in paths:
        if nfc(path) in names.composed:
            return Line(item, names.composed[nfc(path)], path, other_form=True)
    for path in paths:
        if item.bare and len(names.by_stem.get(path, ())) == 1:
            return Line(item, names.by_stem[path][0], path)
        if printable(path) in names.passed_over or _is_below(path, names.passed_over):
            return None
    return Line(item, None, printable(paths[0]))


def _is_below(path: str, folders: frozenset[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:depth]) in folders for depth in range(1, len(parts)))


def _paths(ways: Iterable[str], starts: Sequence[str], item: Declared) -> Iterator[str]:
    is_manifest = item.said_in.rpartition("/")[2].startswith("manifest-")
    for reading in ways:
        if is_on_a_drive(reading):
            # Made on another computer: its longest end that is a path here.
            parts = reading.replace("\\", "/").split("/")[1:]
            yield from ("/".join(parts[at:]) for at in range(len(parts)) if parts[at])
            continue
        for start in starts:
            if not reading.startswith("/") and (path := normal(start + reading)):
                yield path
                if is_manifest:
                    yield path.removeprefix("data/")


def _leads_out(item: Declared) -> Problem:
    return problem_kinds.NAME_UNSAFE.at(
        item.said_in,
        say(
            "{file} (line {line}) names '{name}', a place outside this folder; nothing there is "
            "looked at.",
            file=item.said_in,
            line=item.line,
            name=printable(item.names[0]),
        ),
        say(
            "Make the checksums again from inside the folder, so that the paths begin there: "
            "{example}",
            example=EXAMPLE,
        ),
        field=f"line {item.line}",
    )
