"""Room on the disk that is written to: looked at first, and said plainly when it ends."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from wiazka.errors import NoRoom

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def require_room(folder: Path, size: int) -> None:
    """Raises NoRoom when ``size`` more bytes do not fit on the disk that ``folder`` is on."""
    there = next(one for one in (folder, *folder.parents) if one.is_dir())
    free = shutil.disk_usage(there).free
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


@contextmanager
def spool_in(home: Path) -> Iterator[Path]:
    """A folder for bytes on their way from one place to another, removed afterwards.

    What a killed process left in another is removed too: only the living hold theirs locked.
    """
    place = home / "spool"
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
