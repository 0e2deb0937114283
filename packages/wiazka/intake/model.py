"""A delivery as it lies in the inbox, as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wiazka.phrase import Lang
from wiazka.problem_kinds import (
    CHANGED_WHILE_READ,
    IN_PROGRESS,
    NOT_SETTLED,
    OPEN_ELSEWHERE,
    PLACEHOLDER,
    Problem,
    Severity,
)
from wiazka.record.model import Accepted, Check, Page, Record

_PASSING = frozenset(
    kind.code
    for kind in (NOT_SETTLED, OPEN_ELSEWHERE, PLACEHOLDER, IN_PROGRESS, CHANGED_WHILE_READ)
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
    """What opening a file showed of it; absent parts do not apply to its format.

    The parts are those of ``wiazka.record.model.FileEntry``, which says what each means.
    """

    mime: str
    puid: str | None = None
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    ppi: float | None = None
    bit_depth: int | None = None
    colour: str | None = None
    profile: str | None = None
    encoding: str | None = None
    text_language: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on the way through a file, for pairing pages and for receipts; never kept.

    ``thumbnail`` is a small JPEG of the first page, ``likeness`` a perceptual hash of it as hex,
    ``text`` the first thousand characters of a text, ``page_marks`` the pages that its marks name
    (``[k. 12v]``), ``images_named`` the images that PAGE, ALTO, TEI or hOCR says it is of.
    """

    thumbnail: bytes | None = None
    likeness: str | None = None
    text: str | None = None
    page_marks: tuple[str, ...] = ()
    images_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a submission, read once: ``name`` is its path in the folder.

    ``delivered_as`` is the path it has there, escaped, where no bag could hold it as it is.
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
    seen: Seen = Seen()
    delivered_as: str | None = None

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
    """One document's folder, read whole. ``record`` is None when no sidecar could be read.

    ``lang`` is the language that its receipt and problems are written in.
    """

    folder: str
    delivery: str
    path: Path
    record: Record | None
    files: tuple[SourceFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()
    checksums_verified: int = 0
    pages: tuple[Page, ...] = ()
    checks: tuple[Check, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    lang: Lang = "en"

    @property
    def held(self) -> tuple[Problem, ...]:
        """The problems that will pass by themselves; it is taken at a later run."""
        return passing(self.problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refuse it."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)


def passing(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of the problems that pass by themselves."""
    return tuple(one for one in problems if one.code in _PASSING)


def stops(problems: Iterable[Problem]) -> bool:
    """Whether a submission with these problems is refused or held."""
    return any(p.severity is Severity.ERROR or p.code in _PASSING for p in problems)
