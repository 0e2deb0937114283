"""A store in a directory: a disk, a NAS, a mounted share."""

import errno
import fcntl
import hashlib
import io
import os
import socket
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from wiazka.durable import sync_folder
from wiazka.errors import (
    BytesRefused,
    ObjectExists,
    ObjectMissing,
    StoreDenied,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from wiazka.evidence import CHUNK, chunks, sha256_to_end
from wiazka.stores.base import (
    NO_ANSWER,
    STORE_MARKER,
    Answer,
    Capabilities,
    Content,
    ObjectInfo,
    Past,
    Reading,
    changed_or,
    checked_key,
)

# Bytes on their way in; in the store's own tree, because a link cannot cross file systems.
TEMPORARY = ".tmp"
# What a killed process of another machine left: a file being written has a fresh mtime.
ABANDONED_SECONDS = 24 * 60 * 60

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EROFS, errno.EPERM}
_MISSING = {errno.ENOENT, errno.ENOTDIR}
_AWAY = {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN}


class DirectoryFiles:
    """Copies as files under ``root``: the key is the path, the bytes are the bytes."""

    def __init__(self, name: str, root: Path) -> None:
        self._name = name
        self._root = root
        self._swept = False
        # The device and number of the root that the marker was found in.
        self._seen: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """The name it has in the configuration."""
        return self._name

    @property
    def place(self) -> str:
        """The path of its root."""
        return str(self._root)

    def capabilities(self) -> Capabilities:
        """A file system keeps no digests, so every copy is read back; nothing needs probing."""
        return Capabilities(refuses_wrong_bytes=True, returns_digest=False, conditional_put=True)

    def put(self, key: str, content: Content) -> Answer:
        """Copy, hash while copying, make durable, and only then give it its name."""
        try:
            self._keep(key, content.pieces(CHUNK), content.size, content.sha256)
        except BytesRefused as refusal:
            raise changed_or(content, refusal) from refusal
        return NO_ANSWER

    def copy(self, source: str, target: str, size: int, sha256: str) -> None:
        """As ``put`` of what lies under ``source``."""
        with self.open(source) as stream:
            self._keep(target, chunks(stream), size, sha256)

    def _keep(
        self,
        key: str,
        pieces: Iterable[bytes],
        size: int,
        sha256: str,
        name_it: Callable[[str, Path, Path], None] | None = None,
    ) -> None:
        target = self._path(key)
        with self._explained(key):
            self._require_same_root(key)
            temporary = self._root / TEMPORARY
            make_folder(temporary)
            self._sweep(temporary)
            with _draft(temporary) as (out, draft):
                self._write(key, pieces, (size, sha256), out)
                make_folder(target.parent)
                (name_it or self._name_it)(key, draft, target)

    def require_lock(self, info: ObjectInfo) -> None:
        """Nothing: a directory is never configured to lock."""

    def crc64nvme_of(self, sha256: str) -> str | None:  # noqa: ARG002
        """None: a file system keeps no digests."""
        return None

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """The bytes under a key, from the disk rather than from the machine's memory of it."""
        path = self._path(key)
        with self._explained(key):
            raw = path.open("rb", buffering=0)
            if key == STORE_MARKER:
                self._seen = self._root_now()

        def read(size: int) -> bytes:
            with self._explained(key):
                return raw.read(size) or b""

        with raw:
            # A digest of the page cache proves nothing about the disk.
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(raw.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            yield io.BufferedReader(Reading(read), CHUNK)

    def hashed(self, key: str, size: int) -> tuple[int, str]:
        """From the disk rather than from the machine's memory of it, too."""
        path = f"{self._root}/{checked_key(key)}"
        try:
            number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                if hasattr(os, "posix_fadvise"):
                    os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
                return sha256_to_end(partial(os.read, number), size)
            finally:
                os.close(number)
        except OSError as error:
            self._require_root(key)
            raise self._explanation(key, error) from error

    def head(self, key: str) -> ObjectInfo:
        """The size of the file."""
        path = self._path(key)
        with self._explained(key):
            if not path.is_file():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return ObjectInfo(key, path.stat().st_size, None)

    def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
        """All files whose key begins with ``prefix``, sorted by key."""
        self._require_root("")
        with self._explained(prefix):
            yield from _files(self._root, prefix, after)

    @contextmanager
    def anew(self) -> Iterator["DirectoryFiles"]:
        """A directory has no connections: each look opens its file anew, past the page cache."""
        yield DirectoryFiles(self._name, self._root)

    def history(self, key: str) -> tuple[Past, ...]:  # noqa: ARG002
        """Nothing: a file system keeps no versions."""
        return ()

    def open_past(self, key: str, past: Past) -> AbstractContextManager[BinaryIO]:
        """Raises ObjectMissing."""
        raise ObjectMissing(
            f"Store {self._name!r} at {self._root}, key {key!r}: no version {past.version_id}.",
            "A directory keeps no earlier versions.",
        )

    def _path(self, key: str) -> Path:
        if checked_key(key).split("/")[0] == TEMPORARY:
            raise StoreError(
                f"Store {self._name!r} keeps the folder {TEMPORARY}/ for itself (key {key!r}).",
                "A right key looks like packages/main/1984-06-04/v1/bagit.txt",
            )
        self._require_root(key)
        return self._root / key

    def _require_root(self, key: str) -> None:
        if key != STORE_MARKER and not self._root.is_dir():
            raise StoreUnavailable(
                f"Store {self._name!r}: the directory {self._root} is not there.",
                "Mount the disk or the share it is on. A new store is made by its first ingest.",
            )

    def _require_same_root(self, key: str) -> None:
        """A disk that goes while it is written to leaves its mount point, a folder like another."""
        if self._seen is not None and self._seen != self._root_now():
            raise StoreUnavailable(
                f"Store {self._name!r}, key {key!r}: {self._root} is no longer the directory that "
                f"{STORE_MARKER} was found in.",
                "Mount the disk or the share again; then run again. Nothing was written there.",
            )

    def _root_now(self) -> tuple[int, int]:
        found = self._root.stat()
        return found.st_dev, found.st_ino

    def _write(
        self, key: str, pieces: Iterable[bytes], expected: tuple[int, str], out: BinaryIO
    ) -> None:
        hasher = hashlib.sha256()
        size = 0
        for piece in pieces:
            hasher.update(piece)
            size += len(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
        if (size, hasher.hexdigest()) != expected:
            raise BytesRefused(
                f"Store {self._name!r}, key {key!r}: expected {expected[0]} bytes with SHA-256 "
                f"{expected[1]}, got {size} bytes with {hasher.hexdigest()}.",
                "Nothing was stored. Run again; if it stays, look at this machine's memory and "
                "disks.",
            )

    def _name_it(self, key: str, draft: Path, target: Path) -> None:
        try:
            # A rename would overwrite; a link to a name that is taken fails.
            os.link(draft, target)
        except FileExistsError as error:
            raise ObjectExists(
                f"Store {self._name!r} already has an object under the key {key!r}.",
                "Nothing was overwritten. Compare it with what was to be stored: wiazka audit",
            ) from error
        except OSError as error:
            # FAT and exFAT answer EPERM, some network file systems EOPNOTSUPP.
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP):
                raise
            raise StoreError(
                f"Store {self._name!r}: the file system under {self._root} has no hard links.",
                "Use ext4, XFS, ZFS, NTFS, APFS or an NFS or SMB share of one; not FAT or exFAT.",
            ) from error
        sync_folder(target.parent)

    def _sweep(self, temporary: Path) -> None:
        if self._swept:
            return
        self._swept = True
        too_old = time.time() - ABANDONED_SECONDS
        for draft in temporary.iterdir():
            with suppress(FileNotFoundError):
                if draft.stat().st_mtime < too_old or _is_orphan(draft):
                    draft.unlink()

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._explanation(key, error) from error

    def _explanation(self, key: str, error: OSError) -> StoreError:
        told = f"Store {self._name!r} at {self._root}, key {key!r}: {error.strerror or error}."
        if error.errno in _FULL:
            return StoreFull(told, "Make room on the disk, or raise the quota; then run again.")
        if error.errno in _DENIED:
            return StoreDenied(told, "Let this user write there: look at ls -ld and at mount.")
        if error.errno in _MISSING:
            return ObjectMissing(told, f"Look at it with: wiazka audit --store {self._name}")
        if error.errno in _AWAY:
            return StoreUnavailable(told, "Look at the disk and its mount (dmesg, smartctl).")
        return StoreError(told, "Look at the disk and its mount (dmesg, smartctl).")


def _files(root: Path, prefix: str, after: str) -> Iterator[ObjectInfo]:
    # The folder that a prefix names is gone to at once: beside it may lie all packages there are.
    inside = prefix[: prefix.rfind("/") + 1]
    if not _is_folder(root, inside):
        return
    waiting = _last_first(f"{root}/{inside}", inside, after)
    while waiting:
        key, entry = waiting.pop()
        if key.endswith("/"):
            if key.startswith(prefix) and key != TEMPORARY + "/":
                waiting += _last_first(entry.path, key, after)
        elif key.startswith(prefix) and key > after:
            try:
                found = entry.stat()
            except FileNotFoundError:
                # Gone again already, or a link to nothing: it is not there.
                continue
            stored = datetime.fromtimestamp(found.st_mtime, UTC)
            yield ObjectInfo(key, found.st_size, None, stored_at=stored)


def _last_first(folder: str, inside: str, after: str) -> list[tuple[str, os.DirEntry[str]]]:
    # A folder sorts as its name with "/": the order of keys, without holding them all in memory.
    with os.scandir(folder) as entries:
        found = (
            (
                f"{inside}{one.name}/" if one.is_dir(follow_symlinks=False) else inside + one.name,
                one,
            )
            for one in entries
        )
        wanted = [one for one in found if one[0] > after or after.startswith(one[0])]
    return sorted(wanted, key=itemgetter(0), reverse=True)


def _is_folder(root: Path, inside: str) -> bool:
    """Whether each part of a path is a folder; a link to one is not the store's."""
    parts = inside.split("/")[:-1]
    # No key has such parts, and a file system would take them for another folder.
    if parts[:1] == [TEMPORARY] or {"", ".", ".."} & set(parts):
        return False
    folder = str(root)
    for part in parts:
        folder += f"/{part}"
        try:
            if not stat.S_ISDIR(os.lstat(folder).st_mode):
                return False
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
    # Without this the name of a new folder can be lost in a power cut, and all that is in it.
    sync_folder(folder.parent)


@contextmanager
def _draft(temporary: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file to be written, locked for as long as this process lives; gone afterwards."""
    while True:
        draft = temporary / f"{_here()}-{uuid4().hex}"
        out = draft.open("xb")
        _lock(out, fcntl.LOCK_EX)
        # Another process may have looked between the two, and taken it for an orphan.
        if os.fstat(out.fileno()).st_nlink:
            break
        out.close()
    try:
        with out:
            yield out, draft
    finally:
        draft.unlink(missing_ok=True)


def _is_orphan(draft: Path) -> bool:
    """Whether a process of this machine began a draft and is gone: nobody holds its lock."""
    if not draft.name.startswith(f"{_here()}-"):
        # Locks of other machines do not show on every share; their drafts have a day.
        return False
    with draft.open("rb") as found:
        return _lock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock(file: BinaryIO, how: int) -> bool:
    try:
        fcntl.flock(file, how)
    except OSError:
        return False
    return True


def _here() -> str:
    """This machine, so that no two have one name and any name is a file name."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:16]
