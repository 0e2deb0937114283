"""Whether delivered checksums hold, and which files they say nothing of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wiazka import problem_kinds
from wiazka.intake.checksums import EXAMPLE, Declared
from wiazka.intake.deliveries import Job
from wiazka.intake.model import FileRole, SourceFile
from wiazka.intake.settle import changing
from wiazka.intake.shared import shared_digests
from wiazka.intake.sheets import Line, Sheet, Sheets
from wiazka.intake.tree import Tree
from wiazka.phrase import listed, say, say_many, together
from wiazka.problem_kinds import Problem
from wiazka.record.model import Check
from wiazka.record.text import nearest


@dataclass(frozen=True, slots=True)
class Verified:
    """How many delivered checksums hold, what is wrong with the others, and the event of it."""

    number: int = 0
    problems: tuple[Problem, ...] = ()
    checks: tuple[Check, ...] = ()


def verify(job: Job, sheets: Sheets, tree: Tree, files: Sequence[SourceFile]) -> Verified:
    """What the delivered checksums say of the files as they were read."""
    observed: dict[str, Mapping[str, str]] = {file.name: file.digests for file in files}
    there = {found.name for found in tree.files}
    problems: list[Problem] = []
    held: dict[tuple[str, str], int] = defaultdict(int)
    for sheet in sheets.sheets:
        other_form = []
        for line in sheet.lines:
            item = line.declared
            digests = _shared(job, line) or observed.get(line.file or "")
            if digests is None:
                # What is there but could not be read is told where it was read.
                problems += [] if line.file in there else [_absent(line, observed)]
            elif (found := digests.get(item.algorithm)) is None:
                # The list came, or changed, after the file was read.
                problems.append(changing(item.said_in))
            elif found != item.digest:
                problems.append(differs(line.file or line.shown, item, found))
            else:
                held[sheet.said_in, item.algorithm] += 1
            if line.other_form:
                other_form.append(line.shown)
        if other_form:
            problems.append(_other_form(sheet.said_in, other_form))
    unlisted = {} if _vouched_packed(job, sheets) else _unlisted(sheets, files)
    problems += [_not_listed(sheet, names) for sheet, names in unlisted.items()]
    number = sum(held.values())
    missed = sum(map(len, unlisted.values()))
    return Verified(number, tuple(problems), (_check(held, missed),) if number else ())


def _vouched_packed(job: Job, sheets: Sheets) -> bool:
    """Whether a list vouches for the packed file that all of it came in."""
    packed = f"../{job.path.name}" if job.packed else None
    return any(line.file == packed for sheet in sheets.sheets for line in sheet.lines if packed)


def _shared(job: Job, line: Line) -> Mapping[str, str] | None:
    if line.file is None or not line.file.startswith("../"):
        return None
    name = line.file.removeprefix("../")
    if job.unpacked and name == job.path.name:
        return dict(job.unpacked.digests)
    path = job.delivery / name
    return shared_digests(path, [line.declared.algorithm]) or None


def _check(held: Mapping[tuple[str, str], int], missed: int) -> Check:
    sheets = "; ".join(f"{said_in}: {number} {name}" for (said_in, name), number in held.items())
    agree = say_many(
        "{number} delivered checksum agrees with the file as it was first read ({sheets}).",
        "{number} delivered checksums agree with the files as they were first read ({sheets}).",
        sum(held.values()),
        sheets=sheets,
    )
    left = say_many("{number} file is in no list.", "{number} files are in no list.", missed)
    return Check(
        event="fix",
        detail=together((agree, left)) if missed else agree,
        outcome="warning" if missed else "success",
    )


def _unlisted(sheets: Sheets, files: Iterable[SourceFile]) -> dict[Sheet, list[str]]:
    """By checksum file: those that lie where it lists files, and that none of them lists.

    A sidecar is often written after the checksums were made: vouched for only where it is listed.
    """
    vouched = {line.file for sheet in sheets.sheets for line in sheet.lines}
    above = [sheet for sheet in sheets.sheets if sheet.said_in.startswith("../")]
    own = [sheet for sheet in sheets.sheets if sheet.lines and sheet not in above]
    # A document that its delivery's list has no line for is not vouched for, if no other list is.
    lists = own or [sheet for sheet in above if sheet.scope is not None]
    missed: dict[Sheet, list[str]] = defaultdict(list)
    for file in files:
        if file.role in (FileRole.CHECKSUMS, FileRole.SIDECAR) or file.name in vouched:
            continue
        sheet = next((one for one in lists if file.name.startswith(_scope(one))), None)
        if sheet and file.content is None:
            missed[sheet].append(file.name)
    return missed


def _scope(sheet: Sheet) -> str:
    if sheet.scope is not None:
        return sheet.scope
    folder = sheet.said_in.rpartition("/")[0]
    return f"{folder}/" if folder else ""


def _absent(line: Line, observed: Iterable[str]) -> Problem:
    near = nearest(line.shown, observed, at_least=90)
    return problem_kinds.CHECKSUM_FILE_MISSING.at(
        line.shown,
        say(
            "{file} (line {line}) lists '{name}', but there is no such file.",
            file=line.declared.said_in,
            line=line.declared.line,
            name=line.shown,
        ),
        say(
            "If '{near}' is meant, correct its line; else copy the file into the folder, or remove "
            "its line if it is not meant to be kept.",
            near=near,
        )
        if near
        else say(
            "Copy the file into the folder, or remove its line if it is not meant to be kept."
        ),
        field=f"line {line.declared.line}",
    )


def differs(name: str, item: Declared, found: str) -> Problem:
    """The problem of a file that has another digest, ``found``, than was declared."""
    return problem_kinds.CHECKSUM_MISMATCH.at(
        name,
        say(
            "'{name}' is not the file that was checksummed: {file} (line {line}) says {algorithm} "
            "{digest}, the file has {found}.",
            name=name,
            file=item.said_in,
            line=item.line,
            algorithm=item.algorithm,
            digest=item.digest,
            found=found,
        ),
        say(
            "Copy the file again from its origin. If it was changed on purpose, make the checksum "
            "file again."
        ),
        field=f"line {item.line}",
    )


def _other_form(said_in: str, names: list[str]) -> Problem:
    return problem_kinds.CHECKSUM_NAME_FORM.at(
        said_in,
        say(
            "{file} encodes the accents of {names} otherwise than the disk does; the files were "
            "found all the same.",
            file=said_in,
            names=listed(names),
        ),
        say("Nothing needs doing: a Mac and Windows write these letters in two ways."),
    )


def _not_listed(sheet: Sheet, missed: list[str]) -> Problem:
    names = listed(sorted(missed))
    return problem_kinds.CHECKSUM_NOT_LISTED.at(
        sheet.said_in,
        say(
            "Other files have a checksum beside them, as {file} is; nothing vouches for {names}.",
            file=sheet.said_in,
            names=names,
        )
        if sheet.scope is None
        else say(
            "{file} has no line for {names}; nothing vouches for what was copied.",
            file=sheet.said_in,
            names=names,
        ),
        say("Add them, one line a file: {example}", example=EXAMPLE),
    )
