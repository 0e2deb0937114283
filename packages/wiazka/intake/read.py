"""Reading one file: every byte once, digests and contents from that one read."""

import os
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from wiazka import errors
from wiazka.errors import Problem
from wiazka.evidence import CHUNK, chunks, digests_of
from wiazka.intake.formats import inspect
from wiazka.intake.model import FileRole, SourceFile
from wiazka.intake.roles import Placed, place
from wiazka.intake.settle import changing, mark
from wiazka.intake.tree import Found, unreadable
from wiazka.intake.virus import Clamd, Verdict

# A file up to this size is opened from the bytes that were hashed; a larger one is opened again.
IN_MEMORY = 64 << 20


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What reading one file gave. ``data`` holds the bytes of sidecars and checksum files."""

    file: SourceFile | None
    data: bytes
    problems: tuple[Problem, ...]


def read_file(
    found: Found, algorithms: Iterable[str], max_pixels: int, clamd: Clamd | None = None
) -> ReadFile:
    """Read and open one file. Whatever is wrong with it becomes a problem, never an exception.

    With ``clamd`` its bytes are scanned for viruses on the way, and one that is infected is not
    opened. Raises ScannerUnavailable.
    """
    placed = found.placed or place(found.name)
    verdict = Verdict()
    try:
        # The name may have become that of a link or of a pipe since the folder was listed.
        descriptor = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            before = os.fstat(descriptor)
            in_memory = before.st_size <= IN_MEMORY
            kept: list[bytes] = []
            most = IN_MEMORY // CHUNK + 1 if in_memory else 1
            with clamd.scanning() if clamd else nullcontext() as scan:
                pieces = scan.fed(chunks(stream)) if scan else chunks(stream)
                size, digests = digests_of(_keeping(pieces, kept, most), algorithms)
                verdict = scan.verdict() if scan else verdict
            after = os.fstat(descriptor)
    except OSError as error:
        return ReadFile(None, b"", (unreadable(found.name, error),))
    if not mark(found.status) == mark(before) == mark(after) or size != after.st_size:
        return ReadFile(None, b"", (changing(found.name),))
    if size == 0:
        return ReadFile(None, b"", (_empty(found),))
    told = verdict.problem(found.name)
    if verdict.signature and told:
        return ReadFile(None, b"", (told,))
    content = b"".join(kept) if in_memory else found.path
    technical, problems = inspect(found.name, placed.role, content, kept[0], max_pixels)
    problems += [told] if told else []
    role = placed.role
    if not placed.told:
        role = FileRole.SCAN if _may_be_scan(technical.mime) else FileRole.OBJECT
        problems.append(_guessed(found, role))
    file = SourceFile(
        found.path,
        found.name,
        placed.bag_path,
        role,
        placed.language,
        size,
        digests,
        technical,
        delivered_as=found.delivered_as,
    )
    return ReadFile(file, _wanted(placed, content), tuple(problems))


def _keeping(pieces: Iterable[bytes], kept: list[bytes], most: int) -> Iterator[bytes]:
    for piece in pieces:
        if len(kept) < most:
            kept.append(piece)
        yield piece


def _wanted(placed: Placed, content: object) -> bytes:
    if placed.role in (FileRole.SIDECAR, FileRole.CHECKSUMS) and isinstance(content, bytes):
        return content
    return b""


def _may_be_scan(mime: str) -> bool:
    return mime.startswith("image/") or mime == "application/pdf"


def _empty(found: Found) -> Problem:
    return errors.EMPTY_FILE.at(
        found.name,
        f"'{found.name}' has 0 bytes: there is nothing in it.",
        "Copy the file again, or remove it if it is not meant to be there.",
    )


def _guessed(found: Found, role: FileRole) -> Problem:
    return errors.ROLE_GUESSED.at(
        found.name,
        f"'{found.name}' lies in none of the known folders; it was taken as: {role}.",
        "Put scans into scans/, transcriptions into transcription/pl/, translations into "
        "translation/en/, letters and agreements into documents/.",
    )
