"""A delivery as it lies in the inbox, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wiazka.errors import (
    CHANGED_WHILE_READ,
    IN_PROGRESS,
    NOT_SETTLED,
    OPEN_ELSEWHERE,
    Problem,
    Severity,
)
from wiazka.record.model import Record

_PASSING = frozenset(
    kind.code for kind in (NOT_SETTLED, OPEN_ELSEWHERE, IN_PROGRESS, CHANGED_WHILE_READ)
)


class FileRole(StrEnum):
    """What a file is to its document; taken from the folder it was handed over in."""

    SCAN = "scan"
    TRANSCRIPTION = "transcription"
    TRANSLATION = "translation"
    DOCUMENTATION = "documentation"
    SIDECAR = "sidecar"
    CHECKSUMS = "checksums"
    METADATA = "metadata"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Technical:
    """What opening a file showed of it; absent parts do not apply to its format."""

    mime: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a submission, read once: ``name`` is its path in the folder, as delivered.

    ``content`` is None for a file that was delivered; an extract made here holds its bytes.
    """

    path: Path
    name: str
    bag_path: str
    role: FileRole
    language: str | None
    size: int
    digests: Mapping[str, str]
    technical: Technical
    content: bytes | None = None

    @property
    def sha256(self) -> str:
        """The hex SHA-256 of its bytes as first read."""
        return self.digests["sha256"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not taken, and why, for the receipt."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One document's folder, read whole. ``record`` is None when no sidecar could be read."""

    folder: str
    delivery: str
    path: Path
    record: Record | None
    files: tuple[SourceFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()
    checksums_verified: int = 0

    @property
    def held(self) -> tuple[Problem, ...]:
        """The problems that will pass by themselves; it is taken at a later run."""
        return tuple(p for p in self.problems if p.code in _PASSING)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refuse it."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)
