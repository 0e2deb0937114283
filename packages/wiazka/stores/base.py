"""What a store is: one place that keeps copies, and what it can be trusted with."""

import errno
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from wiazka.errors import BytesRefused, SourceChanged, StoreError
from wiazka.evidence import CHUNK, sha256_of_file
from wiazka.phrase import cause, say

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# The first object of a store. Only it may make a store's root: a directory that was there and is
# gone is a disk that is not mounted, and writing on would fill the machine's own disk instead.
STORE_MARKER = "wiazka-store.json"

# The access key id and the secret that a block of that name holds; None where there is none.
Credentials = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a probe saw a store do, not what its documentation says (docs/stores.md).

    refuses_wrong_bytes: bytes that differ from the digest declared with them are answered with an
    error; refuses_wrong_payload: also where only the request's signature tells it. returns_digest:
    the digest it kept can be asked for later. conditional_put: a second put to the same key is
    refused. whole_crc: what is sent in parts gets a CRC64NVME of the whole that the store checks
    and returns. keeps_versions: what is overwritten or removed can be had again. locks: the
    retention that is asked for with a put is there when it is read back.
    """

    refuses_wrong_bytes: bool
    returns_digest: bool
    conditional_put: bool
    whole_crc: bool = False
    keeps_versions: bool = False
    locks: bool = False
    refuses_wrong_payload: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to be stored, with the digest of their first read.

    ``source`` is a file, or bytes in memory (the tag files of a bag).
    """

    source: Path | bytes
    size: int
    sha256: str

    def pieces(self, size: int) -> Iterator[bytes]:
        """The bytes in pieces of at most ``size``. Raises SourceChanged as ``open`` does."""
        with self.open() as stream:
            while piece := self._read(stream, size):
                yield piece

    def section(self, offset: int, size: int) -> Iterator[bytes]:
        """``size`` bytes from ``offset``, in pieces of at most ``CHUNK``.

        Raises SourceChanged as ``open`` does, and when the file ends before.
        """
        with self.open() as stream:
            stream.seek(offset)
            while size:
                piece = self._read(stream, min(CHUNK, size))
                if not piece:
                    raise _unreadable(self.source, OSError(errno.ENODATA, "the file was cut off"))
                size -= len(piece)
                yield piece

    def open(self) -> BinaryIO:
        """A new stream over the bytes, at their beginning.

        Raises SourceChanged when the source file is gone or can no longer be read.
        """
        if isinstance(self.source, bytes):
            return io.BytesIO(self.source)
        try:
            return self.source.open("rb")
        except OSError as error:
            raise _unreadable(self.source, error) from error

    def _read(self, stream: BinaryIO, size: int) -> bytes:
        try:
            return stream.read(size)
        except OSError as error:
            raise _unreadable(self.source, error) from error


def _unreadable(path: Path | bytes, error: OSError) -> SourceChanged:
    return SourceChanged(
        say(
            "{path} was read before and can no longer be read: {why}.", path=path, why=cause(error)
        ),
        say(
            "Put the file back as it was, or take the submission out of the inbox; then ingest "
            "again."
        ),
    )


def changed_or(content: Content, refusal: BytesRefused) -> SourceChanged | BytesRefused:
    """Whose fault a refusal is: the source file's, when its bytes are no longer those declared.

    Reads the file once more: only for the path of failure.
    """
    if isinstance(content.source, bytes):
        return refusal
    try:
        size, sha256 = sha256_of_file(content.source)
    except OSError as error:
        return _unreadable(content.source, error)
    if (size, sha256) == (content.size, content.sha256):
        return refusal
    return SourceChanged(
        say(
            "{path} changed after it was first read: expected {expected} bytes with SHA-256 "
            "{expected_sha256}, found {found} bytes with {found_sha256}.",
            path=content.source,
            expected=content.size,
            expected_sha256=content.sha256,
            found=size,
            found_sha256=sha256,
        ),
        say("Nothing was stored. Leave the file alone and ingest again: it is then read anew."),
    )


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a store says of an object, without its bytes.

    ``sha256`` and ``crc64nvme`` (hex) only where it kept one of the whole object; ``locked_until``
    (UTC), ``lock_mode`` and ``legal_hold`` say whether it can be removed, ``stored_at`` (UTC) since
    when it is there; ``etag`` is another as soon as other bytes are put there.
    """

    key: str
    size: int
    sha256: str | None
    crc64nvme: str | None = None
    version_id: str | None = None
    locked_until: datetime | None = None
    legal_hold: bool = False
    lock_mode: str | None = None
    stored_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One of all that ever lay under a key; ``is_marker``: that the object was deleted then."""

    version_id: str
    size: int
    is_marker: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a store answered to a put: the SHA-256 (hex) of what arrived, and the tag it goes by.

    None where it told nothing of the kind.
    """

    sha256: str | None = None
    etag: str | None = None


NO_ANSWER = Answer()


class Reading(io.RawIOBase):
    """A stream over a ``read(size) -> bytes`` that raises a store's own errors.

    Wrap it in ``io.BufferedReader``. Without it a disk error in a copy and one in the file that the
    caller writes meanwhile would both be a bare OSError, and the wrong disk would be blamed.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill ``buffer``; the number of bytes, 0 at the end."""
        view = memoryview(buffer).cast("B")
        piece = self._read(len(view))
        view[: len(piece)] = piece
        return len(piece)


_NO_SEGMENTS = frozenset({"", ".", ".."})


def checked_key(key: str) -> str:
    """``key``, when every store can keep it as it is. Raises StoreError when not.

    Some servers and HTTP libraries resolve ``..`` and ``//`` on the way, so that what is written
    under one key is found under another; a directory would be left altogether.
    """
    if not _NO_SEGMENTS.isdisjoint(key.split("/")) or "\0" in key:
        raise StoreError(
            f"No object can have the key {key!r}: a part of it is empty, '.', '..' or holds NUL.",
            "A right key looks like packages/main/1984-06-04/v1/bagit.txt",
        )
    try:
        key.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StoreError(
            f"No object can have the key {key!r}: it is not valid Unicode.",
            "Rename the file that it was made from.",
        ) from error
    return key


class Store(Protocol):
    """One place that keeps copies. Keys are ``/``-separated, relative to the store's prefix.

    Every method raises StoreUnavailable, StoreDenied, StoreFull or StoreError, whose message names
    the store and the key. A store may be used by several threads at once.
    """

    @property
    def name(self) -> str:
        """The name it has in the configuration."""
        ...

    @property
    def place(self) -> str:
        """Where it is, for people: ``s3://bucket/prefix`` or a path."""
        ...

    def capabilities(self) -> Capabilities:
        """What it was seen to do; probed on first use (writes a few bytes under ``probe/``)."""
        ...

    def put(self, key: str, content: Content) -> Answer:
        """Keep ``content`` under a new key, durably.

        Raises ObjectExists when the key is taken (where the store can tell), BytesRefused when what
        arrived is not what was declared, SourceChanged when the source file no longer has the bytes
        that were declared.
        """
        ...

    def copy(self, source: str, target: str, size: int, sha256: str) -> None:
        """Keep under the new key ``target`` the bytes that lie under ``source``; none are sent.

        What came of it has to be proved as after a put (``attest``). Raises ObjectMissing,
        ObjectExists when ``target`` is taken, BytesRefused when what lies under ``source`` is seen
        not to be ``size`` bytes of ``sha256``.
        """
        ...

    def require_lock(self, info: ObjectInfo) -> None:
        """Raise LockNotKept when an object is not locked as the store is configured to."""
        ...

    def crc64nvme_of(self, sha256: str) -> str | None:
        """The hex CRC64NVME of what was sent by this object and had that SHA-256 as it was read.

        None where none was taken: then a CRC64NVME that the store tells proves nothing.
        """
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """The bytes under a key, streamed. Raises ObjectMissing."""
        ...

    def hashed(self, key: str, size: int) -> tuple[int, str]:
        """The size and hex SHA-256 of the bytes under a key, all of them read now.

        As of what ``open`` gives, at half the cost for a small file; ``size`` is what it should
        have. Raises ObjectMissing.
        """
        ...

    def head(self, key: str) -> ObjectInfo:
        """What the store says of a key. Raises ObjectMissing."""
        ...

    def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
        """All objects whose key begins with ``prefix``, sorted by key (no digests).

        Only those whose keys sort behind ``after``: of what grows for years, the end alone.
        """
        ...

    def anew(self) -> AbstractContextManager["Store"]:
        """The same store by connections that carried nothing before: for a second look."""
        ...

    def history(self, key: str) -> Sequence[Past]:
        """All that ever lay under a key, the newest first; empty where no versions are kept."""
        ...

    def open_past(self, key: str, past: Past) -> AbstractContextManager[BinaryIO]:
        """The bytes of an earlier version, streamed. Raises ObjectMissing."""
        ...
