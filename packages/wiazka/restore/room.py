"""Room on the disk that is written to: looked at first, and said plainly when it ends."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from wiazka.errors import NoRoom

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def room_on(folder: Path) -> int:
    """How many bytes are free on the disk that ``folder`` is on, or would be on."""
    there = next(one for one in (folder, *folder.parents) if one.is_dir())
    return shutil.disk_usage(there).free


def require_room(folder: Path, size: int) -> None:
    """Raises NoRoom when ``size`` more bytes do not fit on the disk that ``folder`` is on."""
    free = room_on(folder)
    if free < size:
        raise NoRoom(
            f"{size:,} bytes are to be written to {folder}; its disk has {free:,} left.",
            "Free some room there, or name a folder on another disk. Nothing was written.",
        )


@contextmanager
def room_explained(folder: Path) -> Iterator[None]:
    """A disk that fills up meanwhile, as NoRoom."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NoRoom(
            f"The disk of {folder} is full.",
            "Free some room there, or name a folder on another disk. What was begun was removed.",
        ) from error


def spool_in(home: Path) -> AbstractContextManager[Path]:
    """A folder for bytes on their way from one place to another; see ``scratch_in``."""
    return scratch_in(home / "spool")


@contextmanager
def scratch_in(place: Path) -> Iterator[Path]:
    """A folder of one's own in ``place``, removed afterwards.

    What a killed process left in another is removed too: only the living hold theirs locked.
    """
    place.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        # One at a time: else a folder could be swept that was made but not locked yet.
        with _locked(place, fcntl.LOCK_EX):
            _sweep(place)
            mine = Path(mkdtemp(dir=place))
            held.enter_context(_locked(mine, fcntl.LOCK_EX))
        try:
            yield mine
        finally:
            shutil.rmtree(mine, ignore_errors=True)


def _sweep(place: Path) -> None:
    for left in place.iterdir():
        with suppress(OSError), _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
