"""What is packed in a zip file, nothing trusted; and what a member is, of whatever file."""

import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto
from typing import BinaryIO, cast

from wiazka.record.encoding import decode

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075  # APPNOTE.TXT 4.6.9


class Kind(Enum):
    """What a member would become on disk."""

    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    SPECIAL = auto()
    ENCRYPTED = auto()


class Damaged(Exception):
    """A packed file that does not read to its end."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name as packed, and how to read it. ``size`` is what it says of itself."""

    name: str
    kind: Kind
    size: int
    open: Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Names:
    """Names in a zip file that did not say their encoding: what it was assumed to be."""

    encoding: str
    example: str


def zip_members(stream: BinaryIO) -> tuple[list[Member], Names | None]:
    """The members of a zip file, and what was assumed of their names' encoding.

    zipfile checks each CRC as it reads, that both headers of a member name the same file, and
    that no two members share bytes. Raises what ``zipfile`` raises.
    """
    file = zipfile.ZipFile(stream)
    infos = file.infolist()
    undeclared = [info for info in infos if _raw(info) is not None]
    encoding = _encoding(undeclared)
    codec, shown = encoding or ("utf-8", "")
    members = []
    for info in infos:
        raw = _raw(info)
        name = info.filename if raw is None else raw.decode(codec, "surrogateescape")
        members.append(Member(name, _zip_kind(info), info.file_size, _opener(file, info)))
    if not encoding or codec == "utf-8":
        return members, None
    example = (_raw(undeclared[0]) or b"").decode(codec, "backslashreplace")
    return members, Names(shown, example)


def _opener(
    file: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Callable[[], AbstractContextManager[BinaryIO]]:
    return lambda: cast("AbstractContextManager[BinaryIO]", file.open(info))


def _raw(info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that does not say its encoding; None for one that does, or is ASCII."""
    if info.flag_bits & _UTF8_FLAG or info.orig_filename.isascii():
        return None
    return _unicode_path(info.extra) or info.filename.encode("cp437")


def _unicode_path(extra: bytes) -> bytes | None:
    while len(extra) >= 4:
        field, length = struct.unpack("<HH", extra[:4])
        if field == _UNICODE_PATH and length > 5:
            return extra[9 : 4 + length]
        extra = extra[4 + length :]
    return None


def _encoding(infos: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    """The codec of the names, and what it is called: UTF-8 where they are, else most likely DOS."""
    if not infos:
        return None
    names = b"\n".join(_raw(info) or b"" for info in infos)
    try:
        names.decode("utf-8")
    except UnicodeDecodeError:
        found = decode(names)
        if found and found.encoding == "Windows CP1250" and found.certain:
            return "cp1250", found.encoding
        return "cp852", "DOS CP852"
    return "utf-8", "UTF-8"


def _zip_kind(info: zipfile.ZipInfo) -> Kind:
    mode = info.external_attr >> 16
    if info.flag_bits & _ENCRYPTED_FLAG:
        return Kind.ENCRYPTED
    if stat.S_ISLNK(mode):
        return Kind.LINK
    if info.is_dir():
        return Kind.FOLDER
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return Kind.SPECIAL
    return Kind.FILE
