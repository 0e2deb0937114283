"""Reading a submission: all that is in it, and all that is wrong with it, at once."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wiazka import errors
from wiazka.errors import Problem
from wiazka.intake.checksums import Declared, checksum_algorithm, compare, read_checksums
from wiazka.intake.deliveries import Job
from wiazka.intake.description import OWN_SIDECARS, describe, shared_mark
from wiazka.intake.model import FileRole, SourceFile, Submission
from wiazka.intake.read import ReadFile, read_file
from wiazka.intake.settle import unsettled
from wiazka.intake.shared import SHARED_NAMES, lang_of, shared_digests
from wiazka.intake.tree import Found, Tree, walk
from wiazka.phrase import cause, say
from wiazka.record.acceptance import with_authorities
from wiazka.record.agents_file import read_agents
from wiazka.record.authority import Authorities
from wiazka.record.batch import BATCH_NAME
from wiazka.record.dates import disagreeing, folder_date
from wiazka.record.model import Record
from wiazka.settings import Settings


def read_submission(job: Job, settings: Settings) -> Submission:
    """The submission in a folder, every file read once, with every problem there is.

    Nothing is written. It can be packaged when it has no errors and is not held.
    """
    quiet = timedelta(minutes=settings.intake.quiet_minutes)
    waiting = unsettled(job.delivery, quiet, datetime.now(UTC))
    tree = walk(job.path)
    declared, problems = _declared(job, tree)
    algorithms = {"sha256", *settings.ingest.algorithms, *(item.algorithm for item in declared)}
    reads = [read_file(found, algorithms, settings.intake.max_pixels) for found in tree.files]
    files = tuple(read.file for read in reads if read.file)
    files += tuple(
        shared.file for shared in _shared_files(job, algorithms, settings) if shared.file
    )
    sidecars = {
        found.name: read.data if read.file else None
        for found, read in zip(tree.files, reads, strict=True)
        if found.name in OWN_SIDECARS
    }
    described = describe(job, sidecars, algorithms)
    files += described.extracts
    record, proposed = _with_names(described.record, settings)
    verified, checksum_problems = _compare(job, declared, files)
    return Submission(
        folder=job.folder,
        delivery=job.delivery_name,
        path=job.path,
        record=record,
        files=files,
        left_out=tree.left_out,
        problems=(
            *([waiting] if waiting else ()),
            *tree.problems,
            *(problem for read in reads for problem in read.problems),
            *problems,
            *checksum_problems,
            *_one_place_each(files),
            *_nothing_there(files),
            *described.problems,
            *proposed,
            *_other_date_in_name(job, record),
        ),
        checksums_verified=verified,
        lang=lang_of(job.delivery) or settings.lang,
    )


def _with_names(
    record: Record | None, settings: Settings
) -> tuple[Record | None, tuple[Problem, ...]]:
    """The record with the names that staff accepted from the archive's list."""
    if record is None:
        return None, ()
    listed = settings.record.agents
    return with_authorities(record, read_agents(listed) if listed else Authorities())


def _other_date_in_name(job: Job, record: Record | None) -> list[Problem]:
    dated = folder_date(job.folder)
    problem = disagreeing(dated, record) if dated and record else None
    return [problem] if problem else []


def fingerprint(job: Job) -> str:
    """A digest of the names, sizes, times and inodes of all that lies in the folder.

    Equal fingerprints mean that nothing was touched since: the status-change time cannot be set
    back by copying tools. It saves re-reading an inbox every night and is never taken for a proof.
    """
    tree = walk(job.path)
    hasher = hashlib.sha256()
    for found in tree.files:
        status = found.status
        mark = (found.name, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        hasher.update(repr(mark).encode("utf-8", "surrogateescape"))
    hasher.update(repr((tree.left_out, tree.problems)).encode("utf-8", "surrogateescape"))
    hasher.update(shared_mark(job).encode("utf-8", "backslashreplace"))
    return hasher.hexdigest()


def _shared_files(job: Job, algorithms: set[str], settings: Settings) -> Iterator[ReadFile]:
    """The delivery's batch.yaml, which is kept with each document. What is wrong with it is said
    where it is read as defaults.
    """
    path = job.delivery / BATCH_NAME
    if job.delivery == job.path or not path.is_file() or path.is_symlink():
        return
    read = read_file(Found(path, BATCH_NAME, path.lstat()), algorithms, settings.intake.max_pixels)
    yield replace(read, file=read.file and replace(read.file, name=f"../{BATCH_NAME}"))


def _declared(job: Job, tree: Tree) -> tuple[list[Declared], list[Problem]]:
    """The checksums declared in the submission, and those of its delivery that are about it."""
    declared: list[Declared] = []
    problems: list[Problem] = []
    for found in tree.files:
        if "/" not in found.name and checksum_algorithm(found.name):
            items, faults = _read_checksums(found)
            declared += items
            problems += faults
    if job.delivery != job.path:
        inside = f"{job.path.name}/"
        for found in _delivery_checksums(job):
            items, faults = _read_checksums(found)
            declared += [
                replace(item, name=_from_within(item.name, inside), said_in=f"../{item.said_in}")
                for item in items
                if item.name.startswith(inside) or item.name in SHARED_NAMES
            ]
            problems += [replace(fault, path=f"../{fault.path}") for fault in faults]
    return declared, problems


def _from_within(name: str, inside: str) -> str:
    return f"../{name}" if name in SHARED_NAMES else name.removeprefix(inside)


def _delivery_checksums(job: Job) -> list[Found]:
    return [
        Found(path, path.name, path.lstat())
        for path in sorted(job.delivery.glob("checksum.*"))
        if checksum_algorithm(path.name) and path.is_file() and not path.is_symlink()
    ]


def _read_checksums(found: Found) -> tuple[list[Declared], list[Problem]]:
    try:
        return read_checksums(found.path.read_bytes(), found.name)
    except OSError as error:
        return [], [
            errors.UNREADABLE_FILE.at(
                found.name,
                say("'{name}' cannot be read: {why}.", name=found.name, why=cause(error)),
                say("Give the account that runs wiazka the right to read it."),
            )
        ]


def _compare(
    job: Job, declared: Sequence[Declared], files: Sequence[SourceFile]
) -> tuple[int, list[Problem]]:
    """How many delivered checksums hold, and a problem for each that does not: of the document's
    own files, and of what the delivery says of all its documents.
    """
    shared = [item for item in declared if item.name.startswith("../")]
    own = [item for item in declared if not item.name.startswith("../")]
    observed = {file.name: file.digests for file in files if file.role is not FileRole.CHECKSUMS}
    listed = {item.name for item in own}
    # A sidecar is often written after the checksums were made: vouched for only where it is listed.
    for file in files:
        if file.role is FileRole.SIDECAR and file.name not in listed:
            observed.pop(file.name, None)
    algorithms = {item.algorithm for item in shared}
    above = {
        item.name: shared_digests(job.delivery / item.name.removeprefix("../"), algorithms)
        for item in shared
    }
    (held, problems), (held_above, problems_above) = (
        compare(own, observed),
        compare(shared, {name: digests for name, digests in above.items() if digests}),
    )
    return held + held_above, [*problems, *problems_above]


def _one_place_each(files: Iterable[SourceFile]) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for file in files:
        first = seen.setdefault(file.bag_path.casefold(), file.name)
        if first != file.name:
            problems.append(
                errors.NAME_TWINS.at(
                    file.name,
                    say(
                        "'{first}' and '{second}' would have the same place in the package.",
                        first=first,
                        second=file.name,
                    ),
                    say("Put both into one folder, under two names."),
                )
            )
    return problems


def _nothing_there(files: Iterable[SourceFile]) -> list[Problem]:
    if any(file.role not in (FileRole.SIDECAR, FileRole.CHECKSUMS) for file in files):
        return []
    return [
        errors.EMPTY_SUBMISSION.at(
            "",
            say("The folder holds no scan, transcription or other file of the document."),
            say("Put the scans into scans/, for example scans/0001r.tif, or remove the folder."),
        )
    ]
