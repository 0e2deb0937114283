"""A packed document at hand: unpacked beside the inbox, never in it, and cleared away after."""

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from wiazka import problem_kinds
from wiazka.durable import sync_folder
from wiazka.errors import NoRoom
from wiazka.evidence import chunks, digests_of
from wiazka.intake.delivered.model import Unpacked
from wiazka.intake.delivered.origin import (
    Origin,
    contents_of,
    origin_of,
    sync_folders,
    unlike,
)
from wiazka.intake.delivered.unpack import unpack
from wiazka.intake.deliveries import Job, is_submission
from wiazka.intake.junk import junk_reason
from wiazka.intake.model import SourceFile
from wiazka.intake.names import printable
from wiazka.intake.settle import changing, mark, unsettled
from wiazka.intake.sheet_paths import delivery_sheets, read_sheet
from wiazka.intake.tree import unreadable
from wiazka.phrase import listed, say
from wiazka.problem_kinds import Problem
from wiazka.settings import Intake

_UNFINISHED = ".unfinished-"
# Another run, on another machine too, may be at work in it for as long.
_ABANDONED = timedelta(days=1)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def opened(job: Job, limits: Intake, scratch: Path) -> Job:
    """The job with its files at hand: one that was handed over packed is unpacked in ``scratch``.

    What an earlier run unpacked is taken again while the packed file is untouched; what may still
    be being copied is not unpacked yet. Raises NoRoom and OSError for what is no fault of the
    packed file.
    """
    if not job.packed:
        return job
    if waiting := unsettled(
        job.delivery, job.path, timedelta(minutes=limits.quiet_minutes), datetime.now(UTC)
    ):
        return replace(job, unpacked=Unpacked(scratch, scratch, (), problems=tuple(waiting)))
    try:
        descriptor = os.open(job.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        problem = unreadable(printable(job.path.name), error)
        return replace(job, unpacked=Unpacked(scratch, scratch, (), problems=(problem,)))
    with os.fdopen(descriptor, "rb") as stream:
        before = mark(os.fstat(descriptor))
        place = scratch / hashlib.sha256(repr((str(job.path), before)).encode()).hexdigest()[:24]
        algorithms = _algorithms(job)
        done = _earlier(place, algorithms) or _unpack(job, limits, place, stream, algorithms)
        if mark(os.fstat(descriptor)) != before:
            done = replace(done, problems=(changing(printable(job.path.name)),))
    return replace(job, unpacked=done)


def discard(job: Job) -> None:
    """Clear away what was unpacked for a job."""
    if job.unpacked and job.unpacked.digests:
        shutil.rmtree(job.unpacked.scratch, ignore_errors=True)


def unlike_unpacked(job: Job, files: Iterable[SourceFile]) -> tuple[Problem, ...]:
    """What holds a packed document whose ``files`` were not read as they were unpacked.

    What was unpacked is cleared away then, and unpacked anew at the next run.
    """
    if job.unpacked is None:
        return ()
    names = unlike(job.unpacked.scratch, {file.path: file.digests["sha256"] for file in files})
    if names:
        discard(job)
    return tuple(changing(printable(name or job.path.name)) for name in names)


def sweep(scratch: Path) -> None:
    """Clear away what was unpacked of files that are gone or changed, or by runs that ended."""
    for place in scratch.iterdir() if scratch.is_dir() else ():
        if _is_abandoned(place) if _UNFINISHED in place.name else _is_stale(place):
            shutil.rmtree(place, ignore_errors=True)


def _is_abandoned(place: Path) -> bool:
    try:
        return time.time() - place.lstat().st_mtime > _ABANDONED.total_seconds()
    except OSError:
        return False


def _is_stale(place: Path) -> bool:
    origin = origin_of(place)
    try:
        return origin is None or mark(Path(origin.path).lstat()) != origin.mark
    except OSError:
        return True


def _earlier(place: Path, algorithms: set[str]) -> Unpacked | None:
    """What an earlier run unpacked, if it is all there and has the digests that are asked for."""
    origin = origin_of(place)
    if origin is None or not algorithms <= dict(origin.digests).keys():
        return None
    if not origin.is_all_there(place):
        return None
    return Unpacked(place, _base(contents_of(place)), origin.digests, origin.files, origin.size)


def _unpack(
    job: Job, limits: Intake, place: Path, stream: BinaryIO, algorithms: set[str]
) -> Unpacked:
    name = job.path.name
    place.parent.mkdir(parents=True, exist_ok=True)
    working = Path(mkdtemp(prefix=f"{place.name}{_UNFINISHED}", dir=place.parent))
    origin = Origin(str(job.path), mark(os.fstat(stream.fileno())))
    try:
        _, digests = digests_of(chunks(stream), algorithms)
        stream.seek(0)
        done = unpack(stream, printable(name), contents_of(working), limits)
        said = tuple(digests.items())
        replace(origin, digests=said, files=done.files, size=done.size, written=done.written).write(
            working
        )
        problems = done.problems or _one_document(name, contents_of(working))
        if not problems:
            # Only what there is nothing to say of is taken again: a problem is found anew each time
            sync_folders(working)
            shutil.rmtree(place, ignore_errors=True)
            working.rename(place)
            sync_folder(place.parent)
    except BaseException as error:
        shutil.rmtree(working, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise _no_room(name, place.parent) from error
        raise
    final = working if problems else place
    return Unpacked(final, _base(contents_of(final)), said, done.files, done.size, problems)


def _algorithms(job: Job) -> set[str]:
    """SHA-256, and what the delivery's own checksum files speak of."""
    sheets = delivery_sheets(job.delivery) if job.delivery != job.path else []
    lines = (item for path in sheets for item in read_sheet(path, path.name)[0])
    return {"sha256", *(item.algorithm for item in lines)}


def _base(contents: Path) -> Path:
    """The document's folder: the one that everything is packed in (RFC 8493 4.2), or all of it."""
    items = [item for item in contents.iterdir() if not junk_reason(item.name)]
    if len(items) == 1 and items[0].is_dir() and not is_submission(contents):
        return items[0]
    return contents


def _one_document(name: str, contents: Path) -> tuple[Problem, ...]:
    base = _base(contents)
    if is_submission(base):
        return ()
    documents = sorted(item.name for item in base.iterdir() if is_submission(item))
    if len(documents) < 2:
        return ()
    shown = printable(name)
    problem = problem_kinds.ARCHIVE_SEVERAL.at(
        shown,
        say(
            "'{name}' holds more than one document: {documents}.",
            name=shown,
            documents=listed([printable(one) for one in documents]),
        ),
        say(
            "Pack each document's folder into a file of its own, or hand the folders over unpacked."
        ),
    )
    return (problem,)


def _no_room(name: str, scratch: Path) -> NoRoom:
    return NoRoom(
        f"There is no room to unpack '{printable(name)}' under {scratch}.",
        f"Make room on the disk of {scratch}, or unpack elsewhere: wiazka ingest unpacks under "
        "paths.home of wiazka.toml, wiazka check in the system's folder for temporary files, which "
        "TMPDIR names.",
    )
