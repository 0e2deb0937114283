"""Reading a submission: all that is in it, and all that is wrong with it, at once."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wiazka import errors
from wiazka.bag.plan import wrapping
from wiazka.errors import Problem
from wiazka.intake.checksums import Declared, checksum_algorithm, compare, read_checksums
from wiazka.intake.delivered.bag import DeliveredBag
from wiazka.intake.delivered.judge import Judged
from wiazka.intake.deliveries import Job
from wiazka.intake.description import OWN_SIDECARS, describe, shared_mark
from wiazka.intake.model import FileRole, SourceFile, Submission, stops
from wiazka.intake.names import printable
from wiazka.intake.read import ReadFile, read_file
from wiazka.intake.settle import unsettled
from wiazka.intake.shared import SHARED_NAMES, shared_digests
from wiazka.intake.tree import Found, Tree, walk
from wiazka.intake.virus import Clamd, virus_check
from wiazka.phrase import say
from wiazka.record.acceptance import with_authorities
from wiazka.record.agents_file import read_agents
from wiazka.record.authority import Authorities
from wiazka.record.batch import BATCH_NAME
from wiazka.record.dates import disagreeing, folder_date
from wiazka.record.model import Check, Record
from wiazka.settings import Settings


def read_submission(job: Job, settings: Settings) -> Submission:
    """The submission in a folder, every file read once, with every problem there is.

    Nothing is written. It can be packaged when it has no errors and is not held. A job that is
    packed has to be opened first. Raises ScannerUnavailable.
    """
    if job.unpacked and stops(job.unpacked.problems):
        told = job.unpacked.problems
        return Submission(job.folder, job.delivery_name, job.path, None, problems=told)
    quiet = timedelta(minutes=settings.intake.quiet_minutes)
    waiting = unsettled(job.delivery, quiet, datetime.now(UTC))
    tree = walk(job.root)
    bag = DeliveredBag.of(job.root, tree) if job.is_bag else None
    tree = bag.tree if bag else tree
    declared, problems = _declared(job, tree)
    algorithms = {"sha256", *settings.ingest.algorithms, *(item.algorithm for item in declared)}
    algorithms |= bag.algorithms if bag else set()
    clamd = Clamd(settings.intake.clamd) if settings.intake.clamd else None
    pixels = settings.intake.max_pixels
    reads = [read_file(found, algorithms, pixels, clamd) for found in tree.files]
    files = tuple(read.file for read in reads if read.file)
    judged = bag.judge(files) if bag else Judged()
    shared_files = [*_shared_files(job, algorithms, settings, clamd)]
    files += tuple(shared.file for shared in shared_files if shared.file)
    sidecars: dict[str, bytes | None] = {}
    for found, read in zip(tree.files, reads, strict=True):
        name = bag.places.sidecar(found.name) if bag else found.name
        if name in OWN_SIDECARS:
            sidecars.setdefault(name, read.data if read.file else None)
    described = describe(job, sidecars, algorithms, judged.said)
    files += described.extracts
    record, proposed = _with_names(described.record, settings)
    verified, checksum_problems = _compare(job, declared, files)
    viruses = [problem for read in (*reads, *shared_files) for problem in read.problems]
    checks = (
        *([job.unpacked.check(printable(job.path.name))] if job.unpacked else ()),
        *judged.checks,
        *([_verified(declared, verified)] if verified else ()),
        virus_check(clamd, len(reads) + len(shared_files), viruses),
    )
    return Submission(
        folder=job.folder,
        delivery=job.delivery_name,
        path=job.path,
        record=record,
        files=files,
        left_out=tree.left_out,
        problems=(
            *([waiting] if waiting else ()),
            *(job.unpacked.problems if job.unpacked else ()),
            *tree.problems,
            *(problem for read in reads for problem in read.problems),
            *(p for read in shared_files for p in read.problems if p.code == errors.INFECTED.code),
            *judged.problems,
            *problems,
            *checksum_problems,
            *_one_place_each(files),
            *_reserved(files),
            *_nothing_there(files),
            *described.problems,
            *proposed,
            *_other_date_in_name(job, record),
        ),
        checksums_verified=verified + judged.verified,
        checks=checks,
    )


def _verified(declared: Iterable[Declared], verified: int) -> Check:
    names = ", ".join(sorted({item.said_in.removeprefix("../") for item in declared}))
    detail = f"{verified} delivered checksums were verified ({names}); all agreed."
    return Check(event="fix", detail=detail)


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
    packed = [Found(job.path, job.path.name, job.path.lstat())] if job.packed else []
    tree = Tree(tuple(packed), (), ()) if packed else walk(job.path)
    hasher = hashlib.sha256()
    for found in tree.files:
        status = found.status
        mark = (found.name, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        hasher.update(repr(mark).encode("utf-8", "surrogateescape"))
    hasher.update(repr((tree.left_out, tree.problems)).encode("utf-8", "surrogateescape"))
    hasher.update(shared_mark(job).encode("utf-8", "backslashreplace"))
    return hasher.hexdigest()


def _shared_files(
    job: Job, algorithms: set[str], settings: Settings, clamd: Clamd | None
) -> Iterator[ReadFile]:
    """The delivery's batch.yaml, which is kept with each document. What is wrong with it is said
    where it is read as defaults.
    """
    path = job.delivery / BATCH_NAME
    if job.delivery == job.path or not path.is_file() or path.is_symlink():
        return
    found = Found(path, BATCH_NAME, path.lstat())
    read = read_file(found, algorithms, settings.intake.max_pixels, clamd)
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
                if item.name.startswith(inside)
                or item.name in SHARED_NAMES
                or (job.packed and item.name == job.path.name)
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
                f"'{found.name}' cannot be read: {error.strerror or error}.",
                "Give the account that runs wiazka the right to read it.",
            )
        ]


def _compare(
    job: Job, declared: Sequence[Declared], files: Sequence[SourceFile]
) -> tuple[int, list[Problem]]:
    """How many delivered checksums hold, and a problem for each that does not: of the document's
    own files, and of what the delivery says of all its documents.
    """
    shared = [item for item in declared if item.name.startswith("../")]
    beside = job.path.name if job.packed else None
    packed = [item for item in declared if item.name == beside]
    own = [i for i in declared if not i.name.startswith("../") and i.name != beside]
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
    digests = dict(job.unpacked.digests) if job.unpacked else {}
    compared = (
        compare(own, observed),
        compare([item for item in packed if item.algorithm in digests], {job.path.name: digests}),
        compare(shared, {name: digests for name, digests in above.items() if digests}),
    )
    return sum(held for held, _ in compared), [one for _, told in compared for one in told]


def _one_place_each(files: Iterable[SourceFile]) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for file in files:
        first = seen.setdefault(file.bag_path.casefold(), file.name)
        if first != file.name:
            problems.append(
                errors.NAME_TWINS.at(
                    file.name,
                    f"'{first}' and '{file.name}' would have the same place in the package.",
                    "Put both into one folder, under two names.",
                )
            )
    return problems


def _reserved(files: Iterable[SourceFile]) -> list[Problem]:
    """A problem for each file that would pass for a tag file of a delivered bag."""
    kept = (FileRole.METADATA, FileRole.SIDECAR)
    return [
        errors.NAME_UNSAFE.at(
            file.name,
            say("'{name}' lies where wiazka keeps the files that describe a bag.", name=file.name),
            say("Give the folder 'delivered/bag' another name, for example 'delivered/letters'."),
        )
        for file in files
        if wrapping(file.bag_path) and file.role not in kept
    ]


def _nothing_there(files: Iterable[SourceFile]) -> list[Problem]:
    beside = (FileRole.SIDECAR, FileRole.CHECKSUMS, FileRole.METADATA)
    if any(file.role not in beside for file in files):
        return []
    return [
        errors.EMPTY_SUBMISSION.at(
            "",
            "The folder holds no scan, transcription or other file of the document.",
            "Put the scans into scans/, for example scans/0001r.tif, or remove the folder.",
        )
    ]
