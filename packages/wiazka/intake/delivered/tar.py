"""What is packed in a tar file, one member after the other, nothing trusted."""

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BytesIO
from itertools import pairwise
from typing import BinaryIO, cast

from wiazka.evidence import CHUNK
from wiazka.intake.delivered.members import Damaged, Kind, Member

_BLOCK = 512
# Headers are read whole: long names, attributes, the maps of files with holes.
_LONGEST_HEADER = 1 << 20
_CUT_OFF = "it is cut off before its end mark"


def tar_members(stream: BinaryIO, count: Callable[[int], None]) -> Iterator[Member]:
    """The members of a tar file, in its order, compressed or not; each is read before the next.

    ``count`` hears of the bytes that were read, unpacked, and may raise. Raises Damaged where a
    header is not sound, or where it does not end with its end mark, and what ``tarfile`` and the
    decompressors raise: at the end of the loop too, because only there a compressed file's CRC is
    compared.
    """
    forward = _Forward(_decompressed(stream), count)
    with _headers(forward):
        file = tarfile.TarFile(
            fileobj=cast("BinaryIO", forward), encoding="utf-8", errors="surrogateescape"
        )
    while info := _next(file, forward):
        content = file.extractfile(info) if info.isreg() else None
        opened = cast("BinaryIO", content or BytesIO())
        yield Member(info.name, _kind(info), info.size, _reader(opened))
    while data := forward.read(CHUNK):
        if data.strip(b"\0"):
            raise Damaged("something follows its end mark")


class _Forward:
    """A stream that is only read on, and by whose ``header_room`` a header is kept short."""

    def __init__(self, stream: BinaryIO, count: Callable[[int], None]) -> None:
        self._stream = stream
        self._count = count
        self._position = 0
        self.header_room: int | None = None
        self.last = b""

    def read(self, size: int) -> bytes:
        if self.header_room is not None:
            self.header_room -= size
            if self.header_room < 0:
                raise Damaged(f"a header in it is longer than {_LONGEST_HEADER} bytes")
        self.last = self._read(size)
        return self.last

    def _read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._position += len(data)
        self._count(len(data))
        return data

    def seek(self, position: int) -> int:
        if position < self._position:
            raise Damaged("its members lie over each other")
        while self._position < position:
            if not self._read(min(CHUNK, position - self._position)):
                raise Damaged(_CUT_OFF)
        return position

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return False


@contextmanager
def _headers(forward: _Forward) -> Iterator[None]:
    """While headers are read: few bytes of them, and whatever is wrong with them is damage."""
    forward.header_room = _LONGEST_HEADER
    try:
        yield
    except RecursionError as error:
        raise Damaged("too many headers in it follow each other") from error
    except (ValueError, ArithmeticError, LookupError) as error:
        raise Damaged(f"a header in it is not sound: {error}") from error
    finally:
        forward.header_room = None


def _next(file: tarfile.TarFile, forward: _Forward) -> tarfile.TarInfo | None:
    """The next member; None at the end mark only, for which ``tarfile`` takes any faulty header."""
    with _headers(forward):
        info = file.next()
    if info is None and forward.last != bytes(_BLOCK):
        cut_off = len(forward.last) < _BLOCK
        raise Damaged(
            _CUT_OFF if cut_off else f"a header in it is not sound, before byte {forward.tell()}"
        )
    if info and not _ordered(info):
        raise Damaged(f"the map of the holes in a file is none, before byte {forward.tell()}")
    return info


def _ordered(info: tarfile.TarInfo) -> bool:
    """Whether the pieces of a file with holes follow each other, so that it reads to its end."""
    pieces = cast("list[tuple[int, int]]", info.sparse or [])
    # What a header has room for and does not use is written as pieces of no bytes.
    used = [(start, start + size) for start, size in pieces if size]
    spans = [(0, 0), *used, (info.size, info.size)]
    return all(start <= end for start, end in spans) and all(
        before[1] <= after[0] for before, after in pairwise(spans)
    )


def _reader(content: BinaryIO) -> Callable[[], AbstractContextManager[BinaryIO]]:
    return lambda: nullcontext(content)


def _decompressed(stream: BinaryIO) -> BinaryIO:
    head = stream.read(6)
    stream.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    if head.startswith(b"BZh"):
        return cast("BinaryIO", bz2.BZ2File(stream))
    if head.startswith(b"\xfd7zXZ"):
        return cast("BinaryIO", lzma.LZMAFile(stream))
    return stream


def _kind(info: tarfile.TarInfo) -> Kind:
    if info.isreg():
        return Kind.FILE
    if info.isdir():
        return Kind.FOLDER
    return Kind.LINK if info.issym() or info.islnk() else Kind.SPECIAL
