"""Unpacking a zip or tar file into a folder, without letting it do any harm."""

import errno
import lzma
import os
import re
import tarfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from wiazka.evidence import chunks, digests_of
from wiazka.intake.delivered import refusals
from wiazka.intake.delivered.members import Damaged, Kind, Member, Names, zip_members
from wiazka.intake.delivered.origin import Written
from wiazka.intake.delivered.packing import is_zip
from wiazka.intake.delivered.tar import tar_members
from wiazka.intake.names import printable
from wiazka.phrase import Phrase, say
from wiazka.problem_kinds import Problem
from wiazka.settings import Intake

_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, Damaged)
_NO_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENOTDIR, errno.EEXIST}
_NO_NAME |= {errno.EISDIR}
_DRIVE = re.compile(r"^[A-Za-z]:")
_GIB = 1 << 30
# A small text of one letter shrinks beyond all measure and harms nobody.
_RATIO_FROM = 16 << 20
# Deeper or longer than any path of a document: programs that walk it would fail.
_DEEPEST = 100
_LONGEST_PATH = 4096
_SHOWN = 200


class _TooLarge(Exception):
    """A limit was gone beyond; ``limit`` says which, as the end of a sentence."""

    def __init__(self, limit: Phrase) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(slots=True)
class _Unpacking:
    """One packed file being unpacked: what was written, and the names of what cannot be."""

    into: Path
    packed: int
    limits: Intake
    files: int = 0
    size: int = 0
    read: int = 0
    written: list[Written] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    refused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, member: Member) -> None:
        """Write one member, or remember why not; once one is refused nothing more is written."""
        self.files += member.kind is not Kind.FOLDER
        if self.files > self.limits.max_members:
            raise _TooLarge(say("more than {limit} files", limit=self.limits.max_members))
        parts = [part for part in member.name.split("/") if part not in ("", ".")]
        if fault := _fault(member, parts) or self._twice(parts, member.kind):
            self.refused[fault].append(printable(member.name[:_SHOWN]))
        elif member.kind is Kind.FILE and not self.refused:
            try:
                self._write(member, "/".join(parts))
            except (OSError, ValueError) as error:
                if isinstance(error, OSError) and error.errno not in _NO_NAME:
                    raise
                self.refused["name"].append(printable(member.name[:_SHOWN]))

    def _twice(self, parts: list[str], kind: Kind) -> str | None:
        name = "/".join(parts)
        if kind is Kind.FOLDER or not name:
            return None
        twice = name in self.seen
        self.seen.add(name)
        return "twice" if twice else None

    def _write(self, member: Member, name: str) -> None:
        target = self.into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as source, target.open("xb") as out:
            size, digests = digests_of(self._through(source, out), ["sha256"])
            out.flush()
            # What is found unpacked at a later run is taken without unpacking it again.
            os.fsync(out.fileno())
        self.written.append(Written(name, size, digests["sha256"]))

    def _through(self, source: BinaryIO, out: BinaryIO) -> Iterator[bytes]:
        for piece in chunks(source):
            self._grow(len(piece))
            out.write(piece)
            yield piece

    def count(self, size: int) -> None:
        """Count bytes that were unpacked, whatever they are: headers and padding grow too."""
        self.read += size
        self._limit(self.read)

    def _grow(self, size: int) -> None:
        self.size += size
        self._limit(self.size)

    def _limit(self, size: int) -> None:
        if size > self.limits.max_unpacked_gib * _GIB:
            raise _TooLarge(say("more than {limit:g} GiB", limit=self.limits.max_unpacked_gib))
        if size > max(_RATIO_FROM, self.limits.max_ratio * self.packed):
            raise _TooLarge(say("more than {limit:g} times its size", limit=self.limits.max_ratio))


@dataclass(frozen=True, slots=True)
class Contents:
    """What was written into the folder, and what is wrong with the packed file."""

    files: int
    size: int
    written: tuple[Written, ...]
    problems: tuple[Problem, ...]


def unpack(stream: BinaryIO, name: str, into: Path, limits: Intake) -> Contents:
    """Write the files in a zip or tar file under the new folder ``into``.

    No link, device or path out of the folder is ever made. ``name`` is how problems call the
    packed file. Raises OSError when it cannot be written to.
    """
    into.mkdir(parents=True)
    packed = os.fstat(stream.fileno()).st_size
    work = _Unpacking(into, packed, limits)
    found: list[Problem] = []
    try:
        members, assumed = _members(stream, name, work)
        for member in members:
            work.take(member)
        if assumed:
            found.append(refusals.assumed(name, assumed))
    except _TooLarge as error:
        found.append(refusals.too_large(name, error.limit))
    except NotImplementedError as error:
        found.append(refusals.unknown_method(name, str(error)))
    except (*_DAMAGE, UnicodeDecodeError) as error:
        found.append(refusals.damaged(name, str(error) or type(error).__name__))
    except OSError as error:
        if error.errno is not None:
            raise
        found.append(refusals.damaged(name, str(error)))
    found += [refusals.refused(name, fault, names) for fault, names in work.refused.items()]
    return Contents(work.files, work.size, tuple(work.written), tuple(found))


def _members(
    stream: BinaryIO, name: str, work: _Unpacking
) -> tuple[Iterator[Member], Names | None]:
    if is_zip(name):
        members, assumed = zip_members(stream)
        return iter(members), assumed
    return tar_members(stream, work.count), None


def _fault(member: Member, parts: list[str]) -> str | None:
    if member.kind is Kind.ENCRYPTED:
        return "locked"
    if member.kind is Kind.LINK:
        return "link"
    if member.kind is Kind.SPECIAL:
        return "special"
    if member.name.startswith(("/", "\\", "~")) or ".." in parts or _DRIVE.match(member.name):
        return "outside"
    if len(parts) > _DEEPEST or len(member.name) > _LONGEST_PATH:
        return "name"
    return None if parts or member.kind is Kind.FOLDER else "name"
