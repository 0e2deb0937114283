"""Writing a bag to a folder: for export and for restores."""

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from wiazka.bag.model import BagPlan
from wiazka.errors import BytesRefused, UsageError
from wiazka.evidence import chunks, digests_of
from wiazka.stores.base import Content
from wiazka.stores.layout import StoredFile

Opener = Callable[[str], AbstractContextManager[BinaryIO]]


def write_plan(bag: BagPlan, folder: Path) -> None:
    """Write a planned bag into a new folder; see ``write_bag``."""
    sources = {entry.path: Content(entry.source, entry.size, entry.sha256) for entry in bag.entries}
    files = [StoredFile(path=e.path, size=e.size, sha256=e.sha256) for e in bag.entries]
    write_bag(files, folder, lambda path: sources[path].open())


def write_bag(files: Iterable[StoredFile], folder: Path, opener: Opener) -> None:
    """Write every file of a bag into a new folder, checking each digest as its bytes go by.

    ``opener`` gives the bytes of a path in the bag. Raises UsageError when the folder is there
    already, BytesRefused when bytes are not those declared. The folder appears under its name only
    once it is whole.
    """
    if folder.exists() or folder.is_symlink():
        raise UsageError(
            f"{folder} is there already; nothing is written over.", "Name a folder that is new."
        )
    unfinished = folder.with_name(f".{folder.name}.unfinished-{os.getpid()}")
    unfinished.mkdir(parents=True)
    try:
        for file in files:
            _write(file, _inside(unfinished, file.path), opener)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _inside(folder: Path, path: str) -> Path:
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise BytesRefused(
            f"The bag names a file outside itself: {path!r}.",
            "The copy is not to be trusted: restore from another store and audit this one.",
        )
    return folder.joinpath(*parts)


def _write(file: StoredFile, target: Path, opener: Opener) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with opener(file.path) as source, target.open("xb") as out:
        size, digests = digests_of(_through(source, out), ["sha256"])
        out.flush()
        os.fsync(out.fileno())
    if (size, digests["sha256"]) != (file.size, file.sha256):
        raise BytesRefused(
            f"{file.path}: expected {file.size} bytes with SHA-256 {file.sha256}, read {size} "
            f"bytes with {digests['sha256']}.",
            "Restore from another store, and audit this one.",
        )


def _through(source: BinaryIO, out: BinaryIO) -> Iterable[bytes]:
    for piece in chunks(source):
        out.write(piece)
        yield piece
