"""A packed document at hand: unpacked beside the inbox, never in it, and cleared away after."""

import hashlib
import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from wiazka import errors
from wiazka.errors import Problem
from wiazka.evidence import chunks, digests_of
from wiazka.intake.delivered.model import Unpacked
from wiazka.intake.delivered.unpack import unpack
from wiazka.intake.deliveries import Job, is_submission
from wiazka.intake.junk import junk_reason
from wiazka.intake.names import printable
from wiazka.intake.settle import unsettled
from wiazka.intake.sheet_paths import delivery_sheets, read_sheet
from wiazka.phrase import listed, say
from wiazka.settings import Intake

_ORIGIN = "origin.json"
_CONTENTS = "contents"
_UNFINISHED = ".unfinished-"


def opened(job: Job, limits: Intake, scratch: Path) -> Job:
    """The job with its files at hand: one that was handed over packed is unpacked in ``scratch``.

    What an earlier run unpacked is taken again while the packed file is untouched; what may still
    be being copied is not unpacked yet. Raises NoRoom and OSError for what is no fault of the
    packed file.
    """
    if not job.packed:
        return job
    if waiting := unsettled(
        job.delivery, timedelta(minutes=limits.quiet_minutes), datetime.now(UTC)
    ):
        return replace(job, unpacked=Unpacked(scratch, scratch, (), problems=tuple(waiting)))
    try:
        descriptor = os.open(job.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        problem = _unreadable(job.path.name, error)
        return replace(job, unpacked=Unpacked(scratch, scratch, (), problems=(problem,)))
    with os.fdopen(descriptor, "rb") as stream:
        before = _mark(os.fstat(descriptor))
        place = scratch / hashlib.sha256(repr((str(job.path), before)).encode()).hexdigest()[:24]
        done = _earlier(place) or _unpack(job, limits, place, stream)
        if _mark(os.fstat(descriptor)) != before:
            done = replace(done, problems=(_changing(job.path.name),))
    return replace(job, unpacked=done)


def discard(job: Job) -> None:
    """Clear away what was unpacked for a job."""
    if job.unpacked and job.unpacked.digests:
        shutil.rmtree(job.unpacked.scratch, ignore_errors=True)


def sweep(scratch: Path) -> None:
    """Clear away what was unpacked of files that are gone or changed, or by runs that ended."""
    for place in scratch.iterdir() if scratch.is_dir() else ():
        try:
            origin = json.loads((place / _ORIGIN).read_text("utf-8"))
            current = list(_mark(Path(origin["path"]).lstat()))
            stale = current != origin["mark"] or (
                _UNFINISHED in place.name and not _runs(place.name.rpartition("-")[2])
            )
        except (OSError, ValueError, KeyError):
            stale = True
        if stale:
            shutil.rmtree(place, ignore_errors=True)


def _runs(process: str) -> bool:
    return process.isdecimal() and Path("/proc", process).exists()


def _earlier(place: Path) -> Unpacked | None:
    try:
        origin = json.loads((place / _ORIGIN).read_text("utf-8"))
        digests = tuple((name, digest) for name, digest in origin["digests"])
        contents = _base(place / _CONTENTS)
        return Unpacked(place, contents, digests, origin["files"], origin["size"])
    except (OSError, ValueError, KeyError):
        return None


def _unpack(job: Job, limits: Intake, place: Path, stream: BinaryIO) -> Unpacked:
    name = job.path.name
    working = place.with_name(f"{place.name}{_UNFINISHED}{os.getpid()}")
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(parents=True)
    mark = list(_mark(os.fstat(stream.fileno())))
    origin = {"path": str(job.path), "mark": mark}
    try:
        (working / _ORIGIN).write_text(json.dumps(origin), "utf-8")
        _, digests = digests_of(chunks(stream), _algorithms(job))
        stream.seek(0)
        done = unpack(stream, printable(name), working / _CONTENTS, limits)
        said = {"digests": list(digests.items()), "files": done.files, "size": done.size}
        (working / _ORIGIN).write_text(json.dumps(origin | said), "utf-8")
    except BaseException:
        shutil.rmtree(working, ignore_errors=True)
        raise
    problems = done.problems or _one_document(name, working / _CONTENTS)
    final = working
    if not problems:
        # Only what there is nothing to say of is taken again: a problem is found anew each time.
        shutil.rmtree(place, ignore_errors=True)
        working.rename(place)
        final = place
    contents = _base(final / _CONTENTS)
    return Unpacked(final, contents, tuple(digests.items()), done.files, done.size, problems)


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
    problem = errors.ARCHIVE_SEVERAL.at(
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


def _mark(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_ino, status.st_dev, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _unreadable(name: str, error: OSError) -> Problem:
    return errors.UNREADABLE_FILE.at(
        printable(name),
        say(
            "'{name}' cannot be read: {why}.",
            name=printable(name),
            why=error.strerror or str(error),
        ),
        say("Give the account that runs wiazka the right to read it, or copy the file again."),
    )


def _changing(name: str) -> Problem:
    return errors.CHANGED_WHILE_READ.at(
        printable(name),
        say("'{name}' changed while it was being read.", name=printable(name)),
        say("Let the copying or editing end; the folder is taken next time."),
    )
