"""Reading one file: every byte once, digests and contents from that one read."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from wiazka import errors
from wiazka.errors import Problem
from wiazka.evidence import chunks, digests_of
from wiazka.intake.formats import ENDS, Content, Opened, inspect
from wiazka.intake.model import FileRole, SourceFile
from wiazka.intake.roles import Placed, place
from wiazka.intake.tree import Found
from wiazka.phrase import say

# A file up to this size is opened from the bytes that were hashed; a larger one is read again,
# through the same open file.
IN_MEMORY = 64 << 20


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What reading one file gave. ``data`` holds the bytes of sidecars and checksum files."""

    file: SourceFile | None
    data: bytes
    problems: tuple[Problem, ...]


def read_file(found: Found, algorithms: Iterable[str], max_pixels: int) -> ReadFile:
    """Read and open one file. Whatever is wrong with it becomes a problem, never an exception."""
    placed = place(found.name)
    try:
        # O_NOFOLLOW: the name may have become a link since the folder was listed.
        descriptor = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as stream:
            before = os.fstat(descriptor)
            content, digests = _content(stream, before.st_size, algorithms)
            same = content.size == before.st_size and not _changed(found.status, before)
            opened = None
            if same and content.size:
                opened = inspect(found.name, placed, content, max_pixels)
            # What was opened is what was hashed: a large file is read twice between the two looks.
            after = os.fstat(descriptor)
    except OSError as error:
        return ReadFile(None, b"", (_unreadable(found, error),))
    if not same or _changed(before, after):
        return ReadFile(None, b"", (_changing(found),))
    if opened is None:
        return ReadFile(None, b"", (_empty(found),))
    return _read(found, placed, content, digests, opened)


def _read(
    found: Found,
    placed: Placed,
    content: Content,
    digests: Mapping[str, str],
    opened: Opened,
) -> ReadFile:
    problems = list(opened.problems)
    role = placed.role
    if not placed.told:
        role = FileRole.SCAN if _may_be_scan(opened.technical.mime) else FileRole.OBJECT
        problems.append(_guessed(found, role))
    file = SourceFile(
        found.path,
        found.name,
        placed.bag_path,
        role,
        placed.language,
        content.size,
        digests,
        opened.technical,
        seen=opened.seen,
    )
    return ReadFile(file, _wanted(placed, content), tuple(problems))


def _content(
    stream: BinaryIO, size: int, algorithms: Iterable[str]
) -> tuple[Content, Mapping[str, str]]:
    """The bytes of an open file and their digests, from one read."""
    descriptor = stream.fileno()
    if size <= IN_MEMORY:
        # One byte more than there was: a file that grows is seen to.
        data = stream.read(size + 1)
        read, digests = digests_of([data], algorithms)
        return Content(descriptor, read, data[:ENDS], data[-ENDS:], data), digests
    read, digests = digests_of(chunks(stream), algorithms)
    head, tail = os.pread(descriptor, ENDS, 0), os.pread(descriptor, ENDS, max(0, read - ENDS))
    return Content(descriptor, read, head, tail, None), digests


def _wanted(placed: Placed, content: Content) -> bytes:
    wanted = placed.role in (FileRole.SIDECAR, FileRole.CHECKSUMS)
    return content.data if wanted and content.data is not None else b""


def _changed(before: os.stat_result, after: os.stat_result) -> bool:
    return _mark(before) != _mark(after)


def _mark(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_ino, status.st_dev, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _may_be_scan(mime: str) -> bool:
    return mime.startswith("image/") or mime == "application/pdf"


def _unreadable(found: Found, error: OSError) -> Problem:
    return errors.UNREADABLE_FILE.at(
        found.name,
        say("'{name}' cannot be read: {why}.", name=found.name, why=error.strerror or error),
        say("Give the account that runs wiazka the right to read it, or copy the file again."),
    )


def _changing(found: Found) -> Problem:
    return errors.CHANGED_WHILE_READ.at(
        found.name,
        say("'{name}' changed while it was being read.", name=found.name),
        say("Let the copying or editing end; the folder is taken next time."),
    )


def _empty(found: Found) -> Problem:
    return errors.EMPTY_FILE.at(
        found.name,
        say("'{name}' has 0 bytes: there is nothing in it.", name=found.name),
        say("Copy the file again, or remove it if it is not meant to be there."),
    )


def _guessed(found: Found, role: FileRole) -> Problem:
    return errors.ROLE_GUESSED.at(
        found.name,
        say(
            "'{name}' lies in none of the known folders; it was taken as: {role}.",
            name=found.name,
            role=role,
        ),
        say(
            "Put scans into scans/, transcriptions into transcription/pl/, translations into "
            "translation/en/, letters and agreements into documents/."
        ),
    )
