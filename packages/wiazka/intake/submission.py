"""Reading a submission: all that is in it, and all that is wrong with it, at once."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wiazka import problem_kinds
from wiazka.bag.plan import wrapping
from wiazka.intake.checks import format_checks
from wiazka.intake.copies import without_copies
from wiazka.intake.delivered.bag import DeliveredBag
from wiazka.intake.delivered.judge import Judged
from wiazka.intake.delivered.opening import unlike_unpacked
from wiazka.intake.deliveries import Job
from wiazka.intake.description import OWN_SIDECARS, describe, shared_mark
from wiazka.intake.model import FileRole, SourceFile, Submission, passing, stops
from wiazka.intake.names import printable, twin_key
from wiazka.intake.pairing.pair import pair
from wiazka.intake.pool import Tell, read_files, silently
from wiazka.intake.read import ReadFile, Reading, read_file
from wiazka.intake.settle import changing, mark, unsettled
from wiazka.intake.shared import lang_of, shared_digests
from wiazka.intake.sheet_paths import delivery_sheets
from wiazka.intake.sheets import Sheets, sheets_of
from wiazka.intake.tree import Found, Tree, changes, walk
from wiazka.intake.verified import verify
from wiazka.intake.virus import Clamd, virus_check
from wiazka.phrase import say
from wiazka.problem_kinds import Problem
from wiazka.record.acceptance import with_authorities
from wiazka.record.agents_file import read_agents
from wiazka.record.authority import Authorities
from wiazka.record.batch import BATCH_NAME
from wiazka.record.dates import disagreeing, folder_date
from wiazka.record.model import Check, Record
from wiazka.settings import Settings

# What is wrong with the batch.yaml itself is told where its defaults are read.
_TOLD_OF_ABOVE = frozenset(
    kind.code
    for kind in (
        problem_kinds.INFECTED,
        problem_kinds.VIRUS_SCAN_PARTIAL,
        problem_kinds.CHANGED_WHILE_READ,
    )
)


def read_submission(job: Job, settings: Settings, tell: Tell = silently) -> Submission:
    """The submission in a folder, every file read once, with every problem there is.

    ``tell`` hears of each file as it has been read. Nothing is written. It can be packaged when
    it has no errors and is not held. A job that is packed has to be opened first; what does not
    read as it was unpacked is cleared away. Raises ScannerUnavailable.
    """
    if job.unpacked and stops(job.unpacked.problems):
        why = job.unpacked.problems
        lang = lang_of(job.delivery, settings.lang)
        return Submission(job.folder, job.delivery_name, job.path, None, problems=why, lang=lang)
    waiting = _waiting(job, settings)
    tree = walk(job.root)
    sheets = sheets_of(job, tree)
    bag = DeliveredBag.of(job.root, tree) if job.is_bag else None
    tree = bag.tree if bag else tree
    how = _how(settings, sheets, bag)
    reads = read_files(tree.files, how, tell)
    above = list(_shared_files(job, how))
    own = tuple(read.file for read in reads if read.file)
    meanwhile = (*changes(tree, walk(job.root)), *unlike_unpacked(job, own))
    judged = bag.judge(own) if bag else Judged()
    described = describe(job, _sidecars(tree, reads, bag), how.algorithms, judged.said)
    files = (*own, *(read.file for read in above if read.file), *described.extracts)
    verified = verify(job, sheets, tree, files)
    copies = without_copies(files)
    record, proposed = _with_names(described.record, settings)
    told = _told(reads, [copy.name for copy in copies.left_out])
    problems = [
        *(one for one in waiting if one not in tree.problems),
        *(job.unpacked.problems if job.unpacked else ()),
        *tree.problems,
        *told,
        *(one for one in meanwhile if one not in told),
        *(one for one in _told(above) if one.code in _TOLD_OF_ABOVE),
        *_read_otherwise(job, above),
        *judged.problems,
        *copies.problems,
        *sheets.problems,
        *verified.problems,
        *_one_place_each(copies.files),
        *_reserved(copies.files),
        *_nothing_there(copies.files),
        *described.problems,
        *proposed,
        *_other_date_in_name(job, record),
    ]
    missed = _names((*told, *tree.problems, *judged.problems), files, job)
    paired = pair(copies.files, missed, record)
    # What is still being copied or edited is not counted: a page that is not there yet is not lost.
    problems += () if passing(problems) else paired.problems
    return Submission(
        folder=job.folder,
        delivery=job.delivery_name,
        path=job.path,
        record=record,
        files=copies.files,
        left_out=(*tree.left_out, *copies.left_out),
        problems=tuple(problems),
        checksums_verified=verified.number + judged.verified,
        checks=(
            *_unpacking(job),
            *judged.checks,
            *verified.checks,
            virus_check(how.clamd, len(reads) + len(above), _told((*reads, *above))),
            *format_checks(own, told),
        ),
        pages=paired.pages,
        accepted=paired.accepted,
        lang=lang_of(job.delivery, settings.lang),
    )


def _waiting(job: Job, settings: Settings) -> list[Problem]:
    quiet = timedelta(minutes=settings.intake.quiet_minutes)
    waiting = unsettled(job.delivery, job.path, quiet, datetime.now(UTC))
    if job.delivery == job.path:
        return waiting
    return [replace(one, path=one.path and f"../{one.path}") for one in waiting]


def _how(settings: Settings, sheets: Sheets, bag: DeliveredBag | None) -> Reading:
    algorithms = {"sha256", *settings.ingest.algorithms, *sheets.algorithms}
    algorithms |= bag.algorithms if bag else set()
    clamd = Clamd(settings.intake.clamd) if settings.intake.clamd else None
    return Reading(frozenset(algorithms), settings.intake.max_pixels, clamd)


def _sidecars(
    tree: Tree, reads: Sequence[ReadFile], bag: DeliveredBag | None
) -> dict[str, bytes | None]:
    """The bytes of the document's own sidecars by name, None for one that could not be read."""
    sidecars: dict[str, bytes | None] = {}
    for found, read in zip(tree.files, reads, strict=True):
        name = bag.places.sidecar(found.name) if bag else found.name
        if name in OWN_SIDECARS:
            sidecars.setdefault(name, read.data if read.file else None)
    return sidecars


def _told(reads: Iterable[ReadFile], besides: Sequence[str] = ()) -> list[Problem]:
    return [one for read in reads for one in read.problems if one.path not in besides]


def _unpacking(job: Job) -> tuple[Check, ...]:
    return (job.unpacked.check(printable(job.path.name)),) if job.unpacked else ()


def _with_names(
    record: Record | None, settings: Settings
) -> tuple[Record | None, tuple[Problem, ...]]:
    """The record with the names that staff accepted from the archive's list."""
    if record is None:
        return None, ()
    listed = settings.record.agents
    return with_authorities(record, read_agents(listed) if listed else Authorities())


def _read_otherwise(job: Job, above: Iterable[ReadFile]) -> list[Problem]:
    """A problem where the batch.yaml that is kept is not the one whose defaults were read."""
    files = [read.file for read in above if read.file]
    now = shared_digests(job.delivery / BATCH_NAME, ["sha256"]) if files else {}
    return [changing(file.name) for file in files if now.get("sha256") != file.sha256]


def _names(told: Iterable[Problem], files: Iterable[SourceFile], job: Job) -> list[str]:
    """The names of what was handed over, or was to be, and could not be taken."""
    taken = {file.name for file in files}
    payload = "data/" if job.is_bag else ""
    return [one.path.removeprefix(payload) for one in told if one.path not in taken]


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
        known = (str(found.path), mark(found.status))
        hasher.update(repr(known).encode("utf-8", "surrogateescape"))
    if job.delivery != job.path:
        for sheet in delivery_sheets(job.delivery):
            hasher.update(
                repr((sheet.name, mark(sheet.lstat()))).encode("utf-8", "backslashreplace")
            )
    hasher.update(repr((tree.left_out, tree.problems)).encode("utf-8", "surrogateescape"))
    hasher.update(shared_mark(job).encode("utf-8", "backslashreplace"))
    return hasher.hexdigest()


def _shared_files(job: Job, how: Reading) -> Iterator[ReadFile]:
    """The delivery's batch.yaml, which is kept with each document. What is wrong with it is said
    where it is read as defaults.
    """
    path = job.delivery / BATCH_NAME
    if job.delivery == job.path or not path.is_file() or path.is_symlink():
        return
    read = read_file(Found(path, BATCH_NAME, path.lstat()), how)
    yield replace(read, file=read.file and replace(read.file, name=f"../{BATCH_NAME}"))


def _one_place_each(files: Iterable[SourceFile]) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for file in files:
        first = seen.setdefault(twin_key(file.bag_path), file.name)
        # Twins of one folder are told where it was listed.
        if twin_key(first) != twin_key(file.name):
            problems.append(
                problem_kinds.NAME_TWINS.at(
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


def _reserved(files: Iterable[SourceFile]) -> list[Problem]:
    """A problem for each file that would pass for a tag file of a delivered bag."""
    kept = (FileRole.METADATA, FileRole.SIDECAR)
    return [
        problem_kinds.NAME_UNSAFE.at(
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
        problem_kinds.EMPTY_SUBMISSION.at(
            "",
            say("The folder holds no scan, transcription or other file of the document."),
            say("Put the scans into scans/, for example scans/0001r.tif, or remove the folder."),
        )
    ]
