"""The first half of an ingest, alone: a delivery looked at, nothing written."""

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from wiazka.catalogue.catalogue import Catalogue
from wiazka.ingest.keys import too_long
from wiazka.ingest.redelivery import with_held
from wiazka.ingest.slips import with_slips
from wiazka.ingest.twins import twin_of
from wiazka.intake.delivered.opening import opened
from wiazka.intake.deliveries import Delivery, Job
from wiazka.intake.model import Submission
from wiazka.intake.pool import Tell, silently
from wiazka.intake.severity import judged
from wiazka.intake.submission import read_submission
from wiazka.intake.tree import Found, walk
from wiazka.settings import Settings

# Submissions that are being read beside the one that is waited for: enough that the threads that
# read files never wait for one that is put together.
_AHEAD = 4


class _Stopped(Exception):
    """Nobody waits for the answer any more."""


def examine(
    job: Job, settings: Settings, catalogue: Catalogue | None, tell: Tell = silently
) -> Submission:
    """A submission read whole, with every problem there is, as grave as it is to this archive.

    ``catalogue`` is None where none was made yet: what is held cannot be compared with then.
    ``tell`` hears of each file as it has been read.
    """
    submission = read_submission(job, settings, tell)
    twin = twin_of(submission, job, settings)
    problems = (*submission.problems, *too_long(submission, settings), *([twin] if twin else ()))
    submission = replace(submission, problems=problems)
    if catalogue:
        submission = with_held(with_slips(submission, catalogue), settings, catalogue)
    return judged(submission, settings.severity)


def preflight(
    delivery: Delivery, settings: Settings, catalogue: Catalogue | None, tell: Tell = silently
) -> Iterator[Submission]:
    """Each submission of a delivery, in its order, as it has been read; some are read ahead.

    What is packed is unpacked among the system's temporary files, and cleared away at once.
    ``tell`` is called from several threads.
    """
    stopped = threading.Event()

    def tell_unless_stopped(found: Found) -> None:
        if stopped.is_set():
            raise _Stopped
        tell(found)

    def look(job: Job) -> Submission:
        with TemporaryDirectory(prefix="wiazka-") as scratch:
            job = opened(job, settings.intake, Path(scratch))
            return examine(job, settings, catalogue, tell_unless_stopped)

    waiting = iter(delivery.jobs)
    begun: deque[Future[Submission]] = deque()
    pool = ThreadPoolExecutor(_AHEAD, thread_name_prefix="wiazka-examine")
    try:
        while True:
            while len(begun) < _AHEAD and (job := next(waiting, None)) is not None:
                begun.append(pool.submit(look, job))
            if not begun:
                return
            yield begun.popleft().result()
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


def bytes_to_read(delivery: Delivery) -> int:
    """The size of all files of a delivery's documents, for a bar of progress."""
    return sum(map(_size, delivery.jobs))


def _size(job: Job) -> int:
    if job.packed:
        return job.path.lstat().st_size
    return sum(found.status.st_size for found in walk(job.path).files)
