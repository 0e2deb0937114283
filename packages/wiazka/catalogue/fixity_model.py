"""What was proved of copies, and what was not, as values. Times are UTC, sizes are bytes."""

from dataclasses import dataclass
from datetime import date, datetime

import wiazka
from wiazka.evidence import Grade, Outcome

AGENT = f"wiazka {wiazka.__version__}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an audit saw that is not ok.

    ``path`` is the object, inside the version or (when ``identity`` is None) inside the store.
    ``expected`` and ``observed`` are digests or sizes, where there are any; ``expected_from`` says
    where the expected one came from; ``bytes`` is how many were there, ``object_version`` which
    version of the object was looked at, where the store keeps them, and ``sound_version`` an
    earlier one whose bytes are right. ``note`` is what else there is to say, for people.
    """

    outcome: Outcome
    store: str
    identity: str | None
    version: int | None
    path: str
    grade: Grade
    expected: str | None
    observed: str | None
    expected_from: str | None = None
    bytes: int | None = None
    object_version: str | None = None
    sound_version: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CopyCheck:
    """One look at one copy by ``agent``, which asked the store ``requests`` times for it.

    ``grade`` is the weakest at which any of its files was proved; where one was not as expected,
    how strong the look was that showed it. Without ``identity`` and ``version``: a look at a store
    as a whole.
    """

    identity: str | None
    version: int | None
    store: str
    grade: Grade
    outcome: Outcome
    files: int
    bytes: int
    begun: datetime
    ended: datetime
    findings: tuple[Finding, ...] = ()
    agent: str = AGENT
    requests: int = 0

    @property
    def told(self) -> str:
        """What it showed, for a sentence: all files proved, or what is wrong with which."""
        if self.outcome is Outcome.OK:
            return f"all {self.files} files proved {self.grade}"
        paths = ", ".join(finding.path or "the store" for finding in self.findings[:3])
        return f"{self.outcome} ({paths})"


@dataclass(frozen=True, slots=True)
class Audit:
    """One run over copies: how many were checked, the bytes that took, and all it found."""

    id: int
    begun: datetime
    ended: datetime | None
    grade: Grade
    checked: int
    bytes: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Copies in one store that were last proved at some grade on the same ``day`` (UTC).

    Of those never proved it is the day they came. ``standing`` is 0 where the last check was ok,
    below where it found damage, 1 where the store did not answer. ``in_time``: proved since the
    moment that was asked for; ``audited``: not on the day they came.
    """

    day: date
    standing: int
    proved: bool
    in_time: bool
    audited: bool
    copies: int
    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Oldest:
    """The copy that was proved the longest ago; ``proved_at`` is None when it never was."""

    identity: str
    version: int
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What one audit asked of one store. ``seconds``: how long a look was under way; None where
    that was not asked.
    """

    bytes: int
    requests: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings of one cause: opened by the first, open until a later proof, or somebody, closes it.

    ``closed_because`` is what proved it well, which deaccession took it away, or the reason that a
    person gave; nothing of it is ever removed. ``opened_by`` is the number of an audit, ``event``
    that of the opening's event.
    """

    id: int
    cause: str
    store: str
    outcome: Outcome
    sentence: str
    opened_at: datetime
    last_seen_at: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    note: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    closed_because: str | None = None
    opened_by: int = 0
    event: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it still is to be mended or explained."""
        return self.closed_at is None

    @property
    def closed_by_person(self) -> bool:
        """Whether somebody closed it, for a reason of theirs, and nothing proved it well."""
        # As a Person is written: Anna Kowalska <anna@desk>; an audit is written without.
        return self.closed_by is not None and self.closed_by.endswith(">")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place that an incident is about, until a later check proves it at ``grade`` or stronger.

    ``path`` is as in Finding; a whole copy where it is empty, and the whole store where there is no
    ``identity`` either. ``before``: the last earlier incident of the same place. Audits, by number,
    saw it first (``seen_by``), last, and settled it; a deaccession settles it without.
    """

    incident: int
    number: int
    identity: str | None
    version: int | None
    path: str
    grade: Grade
    expected: str | None
    observed: str | None
    before: int | None
    seen_at: datetime
    seen_by: int
    last_seen_at: datetime
    last_seen_by: int
    settled_at: datetime | None = None
    settled_by: int | None = None

    @property
    def place(self) -> tuple[str | None, int | None, str]:
        """What it is about."""
        return self.identity, self.version, self.path


@dataclass(frozen=True, slots=True)
class Moved:
    """The incidents that an audit opened, met again and closed."""

    opened: tuple[Incident, ...]
    met: tuple[Incident, ...]
    closed: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """A package restored from one store to scratch, whole, validated and timed; or, without
    ``identity``, the catalogue rebuilt from that store and compared.

    ``bytes`` were read for it. ``id`` is given when it is kept.
    """

    id: int
    store: str
    identity: str | None
    version: int | None
    begun: datetime
    ended: datetime
    outcome: Outcome
    files: int
    bytes: int
    sentence: str
