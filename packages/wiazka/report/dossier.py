"""The dossier's first page: what can be shown, cell by cell, and where the evidence lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka.report.page import render
from wiazka.report.proving import Coverage, KeptIn
from wiazka.settings import Archive

AREAS = ("Storage", "Integrity", "Control", "Metadata", "Content")
LEVELS = (
    (1, "Know your content"),
    (2, "Protect your content"),
    (3, "Monitor your content"),
    (4, "Sustain your content"),
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a cell of the matrix asks for, in our words.

    ``shown`` says what shows it, with numbers; None where nothing here does. ``files`` of the
    dossier hold the evidence; ``note`` says what is known short of that.
    """

    area: str
    level: int
    asked: str
    shown: str | None
    files: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A requirement of CoreTrustSeal and what of the dossier serves it."""

    code: str
    name: str
    serves: str | None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What may be done with the keys of one task: the file that says so, and its actions."""

    name: str
    file: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the first page tells; ``made_at`` is aware."""

    archive: Archive
    agent: str
    made_at: datetime
    packages: int
    versions: int
    copies: int
    events: int
    head: str
    checkpoints: int
    incidents: int
    open_incidents: int
    repairs: int
    drills: int
    stores: tuple[KeptIn, ...]
    coverages: tuple[Coverage, ...]
    requirements: tuple[Requirement, ...]
    headings: tuple[Heading, ...]
    roles: tuple[Role, ...]
    files: tuple[tuple[str, str], ...]

    def cell(self, area: str, level: int) -> tuple[Requirement, ...]:
        """What a cell of the matrix asks for."""
        return tuple(one for one in self.requirements if (one.area, one.level) == (area, level))

    def is_reached(self, area: str, level: int) -> bool:
        """Whether all that a cell asks for is shown."""
        return all(one.shown for one in self.cell(area, level))

    def level(self, area: str) -> int:
        """The highest level of which, and of all below, every cell is shown; 0 is none."""
        reached = 0
        for level, _ in LEVELS:
            if not self.is_reached(area, level):
                break
            reached = level
        return reached


def dossier_html(dossier: Dossier, lang: str = "en") -> str:
    """The page. Write it as UTF-8, beside the files that it links to."""
    return render(
        "dossier.html.j2",
        dossier.archive,
        lang,
        dossier=dossier,
        areas=AREAS,
        levels=LEVELS,
    )


def files_of(requirements: Sequence[Requirement]) -> set[str]:
    """The files that hold the evidence of what is shown."""
    return {file for one in requirements if one.shown for file in one.files}
