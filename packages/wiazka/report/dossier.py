"""The dossier's first page: what can be shown, cell by cell, and where the evidence lies."""

from dataclasses import dataclass
from datetime import datetime

from wiazka.phrase import Phrase, say, say_many
from wiazka.report.page import render
from wiazka.report.proving import KeptIn, ProvedShare
from wiazka.settings import Archive

# The titles are the standard's own; a translation is shown beside them as a gloss.
AREAS = (say("Storage"), say("Integrity"), say("Control"), say("Metadata"), say("Content"))
LEVELS = (
    (1, say("Know your content")),
    (2, say("Protect your content")),
    (3, say("Monitor your content")),
    (4, say("Sustain your content")),
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
    shown: str | None = None
    files: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A requirement of CoreTrustSeal under its own title, and what of the dossier serves it."""

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
    coverages: tuple[ProvedShare, ...]
    requirements: tuple[Requirement, ...]
    headings: tuple[Heading, ...]
    roles: tuple[Role, ...]
    files: tuple[tuple[str, str], ...]

    @property
    def headline(self) -> Phrase:
        """What the page is about."""
        return say_many(
            "What this archive can show of how it keeps {number} package",
            "What this archive can show of how it keeps {number} packages",
            self.packages,
        )

    @property
    def figures(self) -> tuple[tuple[str, Phrase, str], ...]:
        """The sums as (number, what it counts, "good", "bad" or "")."""
        sums = (
            (self.versions, say_many("version", "versions", self.versions)),
            (self.copies, say_many("copy", "copies", self.copies)),
            (len(self.stores), say_many("store", "stores", len(self.stores))),
            (self.events, say_many("event in the ledger", "events in the ledger", self.events)),
            (self.checkpoints, say_many("checkpoint", "checkpoints", self.checkpoints)),
            (self.drills, say_many("drill", "drills", self.drills)),
            (self.repairs, say_many("repair", "repairs", self.repairs)),
        )
        waiting = say_many(
            "of {number} incident open", "of {number} incidents open", self.incidents
        )
        mood = "bad" if self.open_incidents else "good"
        return (
            *((str(number), what, "") for number, what in sums),
            (str(self.open_incidents), waiting, mood),
        )

    def standing(self, area: str, level: int) -> Phrase:
        """How much of what a cell asks for is shown, in words."""
        asked = self.cell(area, level)
        shown = sum(1 for one in asked if one.shown)
        if shown == len(asked):
            return say("shown")
        if not shown:
            return say("not shown")
        return say("partly: {shown} of {asked}", shown=shown, asked=len(asked))

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
