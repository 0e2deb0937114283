"""What was proved of copies, and what was not, as values. Times are UTC, sizes are bytes."""

from dataclasses import dataclass
from datetime import datetime

import wiazka
from wiazka.evidence import Grade, Outcome

AGENT = f"wiazka {wiazka.__version__}"
# It could not be looked at: that says nothing of the copy.
INCONCLUSIVE = frozenset({Outcome.DENIED, Outcome.THROTTLED, Outcome.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an audit saw that is not ok.

    ``path`` is the object, inside the version or (when ``identity`` is None) inside the store.
    ``expected`` and ``observed`` are digests or sizes, where there are any; ``expected_from`` says
    where the expected one came from; ``bytes`` is how many were there, ``object_version`` which
    version of the object was looked at, where the store keeps them.
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


@dataclass(frozen=True, slots=True)
class CopyCheck:
    """One look at one copy by ``agent``, which asked the store ``requests`` times for it.

    Without ``identity`` and ``version``: a look for extras in a store.
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
class Incident:
    """Findings of one cause: opened by the first, open until a later proof, or somebody, closes it.

    ``closed_because`` is what proved it well, or the reason that a person gave; nothing of it is
    ever removed.
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

    @property
    def is_open(self) -> bool:
        """Whether it still is to be mended or explained."""
        return self.closed_at is None


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
