"""What is proved of an archive, and what was, as values. Times are aware, sizes are bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from wiazka.catalogue.evidence_history import CheckedDay, ProvedDay, Repair
from wiazka.catalogue.fixity_model import Drill, Incident
from wiazka.evidence import Grade
from wiazka.phrase import Phrase, say, say_many, together
from wiazka.report.words import GRADES, decimal, size_in_words, span_in_words
from wiazka.settings import Archive


@dataclass(frozen=True, slots=True)
class ProvedShare:
    """How many copies in a store are proved at ``grade`` or a stronger one as often as is chosen.

    A fixity.coverage.Coverage as it is told: here each copy is in one number, and in one only.
    ``every`` is None where nothing is chosen: ``proved`` then counts whatever was ever proved so.
    ``overdue`` were proved too long ago, or never and have been there for longer, or were found
    damaged since; ``never`` are the others that were never proved so.
    """

    store: str
    grade: Grade
    every: timedelta | None
    copies: int
    proved: int
    overdue: int
    never: int
    oldest_at: datetime | None = None
    oldest_id: str | None = None

    @property
    def share(self) -> float:
        """Per cent proved, rounded down to a tenth: 100 means all."""
        return (self.proved * 1000 // self.copies) / 10 if self.copies else 0.0

    @property
    def drawn(self) -> tuple[float, float]:
        """What is proved and overdue as parts of a bar of 100: however little is not, it shows."""
        late = max(1.2, 100 * self.overdue / self.copies) if self.overdue else 0.0
        never = max(1.2, 100 * self.never / self.copies) if self.never else 0.0
        return round(max(0.0, 100 - late - never), 1), round(late, 1)

    @property
    def sentence(self) -> Phrase:
        """The coverage in words, with its grade."""
        if not self.copies:
            return say(
                "{store}: no copies are known, so there is nothing to prove.", store=self.store
            )
        told = {
            "proved": self.proved,
            "share": decimal(self.share),
            "store": self.store,
            "grade": GRADES[self.grade],
        }
        if self.every is None:
            return say_many(
                "{store}: {proved} of {number} copy ({share} %) was proved at some time: {grade}.",
                "{store}: {proved} of {number} copies ({share} %) were proved at some time: "
                "{grade}.",
                self.copies,
                **told,
            )
        return say_many(
            "{store}: {proved} of {number} copy ({share} %) proved within {time}: {grade}.",
            "{store}: {proved} of {number} copies ({share} %) proved within {time}: {grade}.",
            self.copies,
            time=span_in_words(self.every),
            **told,
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """What proving all copies of a store at ``grade`` takes, and until when it will have been done.

    ``per_day_bytes`` is what keeping to ``every`` needs a day, ``cost`` is in EUR.
    """

    store: str
    grade: Grade
    every: timedelta
    copies: int
    bytes: int
    requests: int
    cost: Decimal
    per_day_bytes: int
    all_proved_by: date | None
    late_from: date | None


@dataclass(frozen=True, slots=True)
class KeptIn:
    """A store as an auditor asks of it.

    ``daily`` is the bytes that a day's audits may read; ``begun`` when it had its first copy.
    """

    name: str
    place: str
    location: str | None
    provider: str | None
    medium: str | None
    role: str
    daily: int | None = None
    begun: date | None = None


@dataclass(frozen=True, slots=True)
class ArchiveFixity:
    """The fixity of a whole archive over the years, as it was known at ``made_at``."""

    archive: Archive
    agent: str
    made_at: datetime
    stores: tuple[KeptIn, ...]
    checked: tuple[CheckedDay, ...]
    proved: tuple[ProvedDay, ...]
    coverages: tuple[ProvedShare, ...]
    forecasts: tuple[Forecast, ...]
    incidents: tuple[Incident, ...]
    repairs: tuple[Repair, ...]
    drills: tuple[Drill, ...]
    packages: int
    copies: int
    bytes: int

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        """Those nobody and nothing has closed yet."""
        return tuple(one for one in self.incidents if one.is_open)

    @property
    def is_well(self) -> bool:
        """Whether all that was chosen is kept, and no incident is open."""
        return not self.open_incidents and not any(
            one.overdue for one in self.coverages if one.every is not None
        )

    @property
    def headline(self) -> Phrase:
        """How it stands, in one line; it promises no more than the policies that were chosen."""
        chosen = [one for one in self.coverages if one.every is not None]
        late = max((one.overdue for one in chosen), default=0)
        parts = []
        if self.open_incidents:
            parts.append(
                say_many(
                    "{number} incident open", "{number} incidents open", len(self.open_incidents)
                )
            )
        if late:
            behind = sum(1 for one in chosen if one.overdue)
            parts.append(
                say_many(
                    "{number} of {all} intervals not kept",
                    "{number} of {all} intervals not kept",
                    behind,
                    all=len(chosen),
                )
            )
        if parts:
            return together(parts, ", ")
        if not chosen:
            return say("No incident open; no intervals are chosen")
        return say("No incident open, every interval kept")

    @property
    def figures(self) -> tuple[tuple[str, str, str], ...]:
        """The sums as (number, what it counts, "good", "bad" or "")."""
        overdue = sum(one.overdue for one in self.coverages)
        never = sum(one.never for one in self.coverages)
        waiting = len(self.open_incidents)
        return (
            (str(self.packages), say_many("package kept", "packages kept", self.packages), ""),
            (str(self.copies), say_many("copy", "copies", self.copies), ""),
            (size_in_words(self.bytes), say("in all copies"), ""),
            (str(overdue), say("proofs overdue"), "bad" if overdue else "good"),
            (str(never), say("never proved so"), ""),
            (str(waiting), say("incidents open"), "bad" if waiting else "good"),
            (str(len(self.repairs)), say("repairs"), ""),
        )


def grades_checked(days: Iterable[CheckedDay]) -> tuple[Grade, ...]:
    """The grades that anything was checked at, the strongest first."""
    return tuple(sorted({one.grade for one in days}, key=lambda one: -one.strength))
