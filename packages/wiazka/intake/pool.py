"""The threads that read files: one pool for the whole process, as many as there are cores.

Hashing and decoding let go of Python's lock, so that threads keep all cores busy; what is in
memory at a time is bounded by their number (read.IN_MEMORY each, limits.room for what is decoded).
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from wiazka.intake.read import ReadFile, Reading, read_file
from wiazka.intake.tree import Found

Tell = Callable[[Found], None]
_one_maker = threading.Lock()


def silently(_found: Found) -> None:
    """Tell nobody of a file that was read."""


def read_files(files: Sequence[Found], how: Reading, tell: Tell = silently) -> list[ReadFile]:
    """Read files side by side; the answers are in the order of the files.

    ``tell`` hears of each as it has been read, in that order. Where it raises, or the run is
    interrupted, what has not been begun is not read. Never to be called from the pool's threads.
    """
    futures: list[Future[ReadFile]] = [_pool().submit(read_file, found, how) for found in files]
    done = []
    try:
        for found, future in zip(files, futures, strict=True):
            done.append(future.result())
            tell(found)
    finally:
        for future in futures:
            future.cancel()
    return done


def _pool() -> ThreadPoolExecutor:
    with _one_maker:
        return _made()


@cache
def _made() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_cores(), thread_name_prefix="wiazka-read")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
