"""What a digest says, as values. Times are aware; sentences are phrases where staff read them."""

from dataclasses import dataclass
from datetime import datetime

from wiazka.catalogue.fixity_model import Audit, Drill, Incident
from wiazka.catalogue.model import SubmissionState
from wiazka.digest.standing import Standing
from wiazka.fixity.forecast import Forecast
from wiazka.settings import Archive


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at ``at``, gathered: everything that a digest is made from.

    ``since``: when the last digest was done with, None for never. ``faults`` are sentences about
    what could not be asked or is broken: the catalogue, the ledger, the schedules; ``unasked`` are
    those about stores that no policy looks at.
    """

    at: datetime
    since: datetime | None
    incidents: tuple[Incident, ...] = ()
    policies: tuple[Forecast, ...] = ()
    unasked: tuple[str, ...] = ()
    submissions: tuple[SubmissionState, ...] = ()
    drills: tuple[Drill, ...] = ()
    standings: tuple[Standing, ...] = ()
    faults: tuple[str, ...] = ()
    packages: int = 0
    events: int = 0
    last_audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody has to see to; ``then`` is what to do; ``new`` since the last."""

    text: str
    then: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind, ``more`` of which are not listed."""

    heading: str
    entries: tuple[Entry, ...]
    more: int = 0

    @property
    def number(self) -> int:
        """How many things there are."""
        return len(self.entries) + self.more


@dataclass(frozen=True, slots=True)
class Digest:
    """One message: what needs somebody, what is known of already, and signs of life."""

    at: datetime
    archive: Archive
    headline: str
    sections: tuple[Section, ...]
    known: Section | None
    life: tuple[tuple[str, str], ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing needs anybody."""
        return not self.sections
