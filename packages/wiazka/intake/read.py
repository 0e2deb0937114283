"""Reading one file: every byte once, digests and contents from that one read."""

import os
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import BinaryIO

from wiazka import problem_kinds
from wiazka.evidence import chunks, digests_of
from wiazka.intake.formats import ENDS, Content, Opened, inspect
from wiazka.intake.model import FileRole, SourceFile
from wiazka.intake.roles import Placed, place
from wiazka.intake.settle import changing, mark
from wiazka.intake.tree import Found, unreadable
from wiazka.intake.virus import Clamd, Scan, Verdict
from wiazka.phrase import say
from wiazka.problem_kinds import Problem

# A file up to this size is opened from the bytes that were hashed; a larger one is read again,
# through the same open file.
IN_MEMORY = 64 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: the digests that are made of them, the largest picture that is opened,
    and the scanner that sees their bytes on the way; what it finds infected is not opened.
    """

    algorithms: frozenset[str]
    max_pixels: int
    clamd: Clamd | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What reading one file gave. ``data`` holds the bytes of sidecars and checksum files."""

    file: SourceFile | None
    data: bytes
    problems: tuple[Problem, ...]


def read_file(found: Found, how: Reading) -> ReadFile:
    """Read and open one file. Whatever is wrong with it becomes a problem, never an exception.

    Raises ScannerUnavailable.
    """
    placed = found.placed or place(found.name)
    verdict = Verdict()
    try:
        # The name may have become that of a link or of a pipe since the folder was listed.
        descriptor = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            before = os.fstat(descriptor)
            if mark(found.status) != mark(before):
                return ReadFile(None, b"", (changing(found.name),))
            with how.clamd.scanning() if how.clamd else nullcontext() as scan:
                content, digests = _content(stream, before.st_size, how.algorithms, scan)
                verdict = scan.verdict() if scan else verdict
            same = content.size == before.st_size
            opened = None
            if same and content.size and not verdict.signature:
                opened = inspect(found.name, placed, content, how.max_pixels)
            # What was opened is what was hashed: a large file is read twice between the two looks.
            after = os.fstat(descriptor)
    except OSError as error:
        return ReadFile(None, b"", (unreadable(found.name, error),))
    if not same or mark(before) != mark(after):
        return ReadFile(None, b"", (changing(found.name),))
    told = verdict.problem(found.name)
    if verdict.signature and told:
        return ReadFile(None, b"", (told,))
    if opened is None:
        return ReadFile(None, b"", (_empty(found),))
    if told:
        opened = replace(opened, problems=(*opened.problems, told))
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
        delivered_as=found.delivered_as,
    )
    return ReadFile(file, _wanted(placed, content), tuple(problems))


def _content(
    stream: BinaryIO, size: int, algorithms: Iterable[str], scan: Scan | None
) -> tuple[Content, Mapping[str, str]]:
    """The bytes of an open file and their digests, from one read, which the scan sees too."""
    descriptor = stream.fileno()
    if size <= IN_MEMORY:
        # One byte more than there was: a file that grows is seen to.
        data = stream.read(size + 1)
        read, digests = digests_of(scan.fed([data]) if scan else [data], algorithms)
        return Content(descriptor, read, data[:ENDS], data[-ENDS:], data), digests
    pieces = chunks(stream)
    read, digests = digests_of(scan.fed(pieces) if scan else pieces, algorithms)
    head, tail = os.pread(descriptor, ENDS, 0), os.pread(descriptor, ENDS, max(0, read - ENDS))
    return Content(descriptor, read, head, tail, None), digests


def _wanted(placed: Placed, content: Content) -> bytes:
    wanted = placed.role in (FileRole.SIDECAR, FileRole.CHECKSUMS)
    return content.data if wanted and content.data is not None else b""


def _may_be_scan(mime: str) -> bool:
    return mime.startswith("image/") or mime == "application/pdf"


def _empty(found: Found) -> Problem:
    return problem_kinds.EMPTY_FILE.at(
        found.name,
        say("'{name}' has 0 bytes: there is nothing in it.", name=found.name),
        say("Copy the file again, or remove it if it is not meant to be there."),
    )


def _guessed(found: Found, role: FileRole) -> Problem:
    return problem_kinds.ROLE_GUESSED.at(
        found.name,
        say("'{name}' lies in none of the known folders; it was taken as a scan.", name=found.name)
        if role is FileRole.SCAN
        else say(
            "'{name}' lies in none of the known folders; it was kept as it is.", name=found.name
        ),
        say(
            "Put scans into scans/, transcriptions into transcription/pl/, translations into "
            "translation/en/, letters and agreements into documents/."
        ),
    )
