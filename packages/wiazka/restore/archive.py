"""Restoring a version into one zip or tar file, the same bytes each time."""

import hashlib
import os
import tarfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path
from typing import BinaryIO, Protocol
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from wiazka.catalogue.model import File, Version
from wiazka.durable import sync_folder
from wiazka.errors import BytesRefused, UsageError
from wiazka.evidence import CHUNK
from wiazka.restore.fetch import IN_MEMORY, fetched
from wiazka.restore.folder import READ_AT_ONCE, require_new
from wiazka.restore.reader import Reader
from wiazka.restore.room import require_room, room_explained
from wiazka.stores.base import Content

_MODE = 0o644
# Headers, padding and the lists at the end, of each member.
_OVERHEAD = 2048


class _Writer(Protocol):
    def add(self, name: str, size: int, stream: "_Hashed") -> None:
        """One member, read from ``stream`` to its end."""
        ...


def restore_archive(
    reader: Reader, files: Sequence[File], to: Path, kind: str, spool: Path
) -> None:
    """Write ``files`` into the new file ``to``, a ``zip`` or ``tar``, beneath one folder.

    The folder is ``<slug>_v<number>``, the times are the bag's own: two restores are alike, byte
    for byte. Nothing is packed tighter, and each member's digest is checked as it is written.
    Written as ``to`` with ``.part`` behind it, it has its name only once it is whole. Raises
    UsageError, NoRoom, and as ``Reader.read`` does.
    """
    require_new(to)
    part = to.with_name(f"{to.name}.part")
    size = sum(file.size + _OVERHEAD for file in files)
    require_room(to.parent, size)
    to.parent.mkdir(parents=True, exist_ok=True)
    with room_explained(to.parent):
        try:
            out = part.open("xb")
        except FileExistsError as error:
            raise UsageError(
                f"{part} is there: another restore writes it, or one that was interrupted left it.",
                "Remove it when no restore runs; nothing is written over.",
            ) from error
        try:
            with out:
                _write(reader, files, out, kind, spool)
                out.flush()
                os.fsync(out.fileno())
            _name_it(part, to)
        finally:
            part.unlink(missing_ok=True)


def _write(reader: Reader, files: Sequence[File], out: BinaryIO, kind: str, spool: Path) -> None:
    version = reader.version
    folder = f"{version.identity.rpartition('/')[2]}_v{version.number}"
    with (_Zip if kind == "zip" else _Tar).to(out, version) as writer:
        for file, content in _in_order(reader, files, spool):
            with content.open() as raw:
                stream = _Hashed(raw)
                writer.add(f"{folder}/{file.path}", file.size, stream)
            if stream.sha256 != file.sha256:
                raise BytesRefused(
                    f"{file.path} changed on its way into the {kind} file: expected SHA-256 "
                    f"{file.sha256}, wrote {stream.sha256}.",
                    "Run again; if it stays, look at this machine's memory and disks.",
                )


def _in_order(reader: Reader, files: Sequence[File], spool: Path) -> Iterator[tuple[File, Content]]:
    """Each file with its bytes; small ones are read ahead, a large one when its turn comes."""
    pool = ThreadPoolExecutor(READ_AT_ONCE, thread_name_prefix="wiazka-restore")
    begun: deque[Future[Content] | None] = deque()
    coming = iter(files)

    def small(file: File) -> Content:
        with fetched(reader, file, spool) as content:
            return content

    try:
        for file in files:
            while len(begun) < READ_AT_ONCE and (ahead := next(coming, None)) is not None:
                begun.append(pool.submit(small, ahead) if ahead.size <= IN_MEMORY else None)
            waiting = begun.popleft()
            if waiting is not None:
                yield file, waiting.result()
                continue
            with fetched(reader, file, spool) as content:
                yield file, content
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Hashed:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hasher = hashlib.sha256()

    def read(self, size: int = CHUNK) -> bytes:
        piece = self._stream.read(size)
        self._hasher.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        return self._hasher.hexdigest()


class _Zip:
    def __init__(self, archive: ZipFile, version: Version) -> None:
        self._archive = archive
        self._at = version.bagged_at.astimezone(UTC).timetuple()[:6]

    @classmethod
    @contextmanager
    def to(cls, out: BinaryIO, version: Version) -> Iterator[_Writer]:
        with ZipFile(out, "w", ZIP_STORED, strict_timestamps=False) as archive:
            yield cls(archive, version)

    def add(self, name: str, size: int, stream: _Hashed) -> None:
        info = ZipInfo(name, self._at)
        info.file_size = size
        info.external_attr = _MODE << 16
        info.create_system = 3
        with self._archive.open(info, "w") as member:
            while piece := stream.read():
                member.write(piece)


class _Tar:
    def __init__(self, archive: tarfile.TarFile, version: Version) -> None:
        self._archive = archive
        self._at = int(version.bagged_at.timestamp())

    @classmethod
    @contextmanager
    def to(cls, out: BinaryIO, version: Version) -> Iterator[_Writer]:
        with tarfile.TarFile(
            fileobj=out, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8"
        ) as archive:
            yield cls(archive, version)

    def add(self, name: str, size: int, stream: _Hashed) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._at, _MODE
        self._archive.addfile(info, stream)


def _name_it(part: Path, to: Path) -> None:
    # A rename would write over what has come there meanwhile; a link to a name that is taken fails.
    try:
        os.link(part, to)
    except FileExistsError:
        require_new(to)
        raise
    except OSError:
        # A disk without links, as sticks and cards are.
        require_new(to)
        part.rename(to)
    with suppress(OSError):
        sync_folder(to.parent)
