"""Restoring a version, or some of its files, into a new folder."""

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wiazka.bag.judge import require_valid
from wiazka.catalogue.model import File
from wiazka.errors import BytesRefused, UsageError
from wiazka.restore.reader import Reader
from wiazka.restore.room import require_room, room_explained

# Small files are bound by the round trip, not by the core or the disk.
READ_AT_ONCE = 8


def restore_folder(
    reader: Reader,
    files: Sequence[File],
    to: Path,
    judge: Callable[[Path], None] = require_valid,
) -> None:
    """Write ``files`` into the new folder ``to``, many at a time, then have it judged as a bag.

    The folder has its name only once all is written and judged. Raises UsageError when ``to`` is
    there already, BagInvalid, NoRoom, and as ``Reader.read`` does.
    """
    require_new(to)
    require_room(to.parent, sum(file.size for file in files))
    unfinished = to.with_name(f".{to.name}.unfinished-{os.getpid()}")
    with room_explained(to.parent):
        unfinished.mkdir(parents=True)
        try:
            _write_all(reader, files, unfinished)
            judge(unfinished)
            require_new(to)
            unfinished.rename(to)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise


def require_new(to: Path) -> None:
    """Raises UsageError when anything has that name already."""
    if to.exists() or to.is_symlink():
        raise UsageError(
            f"{to} is there already; nothing is written over.", "Give a name that is new."
        )


def _write_all(reader: Reader, files: Sequence[File], folder: Path) -> None:
    targets = [_inside(folder, file.path) for file in files]
    for parent in {target.parent for target in targets}:
        parent.mkdir(parents=True, exist_ok=True)

    def write(file: File, target: Path) -> None:
        with target.open("xb") as out:
            reader.read(file, out)
            out.flush()
            os.fsync(out.fileno())

    pool = ThreadPoolExecutor(READ_AT_ONCE, thread_name_prefix="wiazka-restore")
    try:
        written = [pool.submit(write, *one) for one in zip(files, targets, strict=True)]
        for one in written:
            one.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _inside(folder: Path, path: str) -> Path:
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise BytesRefused(
            f"The bag names a file outside itself: {path!r}.",
            "The catalogue is not to be trusted: compare it with a store's (wiazka rebuild).",
        )
    return folder.joinpath(*parts)
