"""What the catalogue holds, as values. Times are timezone-aware UTC, sizes are bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wiazka.evidence import Grade


class State(StrEnum):
    """How far a submission has come, one way only (DESIGN §5)."""

    FOUND = "found"
    HELD = "held"
    CHECKED = "checked"
    REFUSED = "refused"
    PACKAGED = "packaged"
    STORED = "stored"
    VERIFIED = "verified"
    REGISTERED = "registered"
    ALREADY_HELD = "already-held"
    FAILED = "failed"


class VersionState(StrEnum):
    """How far a version has come: numbered, in at least one store, or proved in all of them.

    Or its end: ``abandoned`` before any store held all of it, ``deaccessioned`` by two persons.
    """

    PACKAGED = "packaged"
    STORED = "stored"
    REGISTERED = "registered"
    ABANDONED = "abandoned"
    DEACCESSIONED = "deaccessioned"


KEPT = (VersionState.STORED, VersionState.REGISTERED)


class Unchanged(StrEnum):
    """What a store does with files that an earlier version holds: refer to them, or copy them."""

    REFERENCE = "reference"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a package.

    ``content`` is the digest of its payload alone. ``record_json``, ``size`` and ``file_count`` are
    empty until ``Catalogue.describe_version`` was called; ``size`` counts every file of the bag.
    """

    identity: str
    number: int
    title: str
    content: str
    state: VersionState
    bagged_at: datetime
    registered_at: datetime | None
    delivery: str
    folder: str
    record_json: str
    size: int
    file_count: int

    @property
    def is_kept(self) -> bool:
        """Whether a store holds it: not begun only, given up or let go."""
        return self.state in KEPT


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version: ``path`` inside the bag, and the digest of its first read.

    ``held_in``: the earlier version that holds its bytes, where they were not handed over anew;
    ``held_as``: its path there, where that is another.
    """

    path: str
    size: int
    sha256: str
    role: str
    held_in: int | None = None
    held_as: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A source line of a version: ``stem`` and ``likeness`` are the keys of record.search_key."""

    verbatim: str
    stem: str
    likeness: str


@dataclass(frozen=True, slots=True)
class KnownStem:
    """What signatures begin with that are held, in how many packages, and one of them."""

    stem: str
    packages: int
    example: str


@dataclass(frozen=True, slots=True)
class HeldSignature:
    """A signature of a package that is held, as its latest version has it."""

    identity: str
    version: int
    title: str
    verbatim: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One version in one store, with its last good proof.

    The latest proof counts, and of proofs at the same moment the strongest. Both are None when the
    copy was never proved. ``unchanged``: where the files lie that an earlier version holds.
    ``size`` and ``file_count`` are those of its version. ``reset_at``: when a repair, or a store
    that moved, last put other bits there.
    """

    identity: str
    version: int
    store: str
    stored_at: datetime
    grade: Grade | None
    proved_at: datetime | None
    unchanged: Unchanged = Unchanged.REFERENCE
    size: int = 0
    file_count: int = 0
    reset_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deaccession:
    """That a package, or one ``version`` of it, is no longer to be kept: who asked, who approved.

    Persons are as ``persons.Person`` writes them. It may be carried out from ``due_at`` on.
    """

    id: int
    identity: str
    version: int | None
    reason: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    due_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it."""
        return self.withdrawn_at is None and self.done_at is None

    @property
    def target(self) -> str:
        """What it is about, for people: ``main/note v2``, or the whole of ``main/note``."""
        return self.identity if self.version is None else f"{self.identity} v{self.version}"


@dataclass(frozen=True, slots=True)
class Removal:
    """How far the carrying out of a deaccession has come, by the ledger.

    ``versions`` that are removed, ``kept_in``: the stores that had copies of them when it began,
    ``removed_from``: those where nothing of them is left.
    """

    versions: tuple[int, ...]
    kept_in: tuple[str, ...]
    removed_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubmissionState:
    """Where one submission stands; ``fingerprint`` tells whether its folder changed since."""

    delivery: str
    folder: str
    fingerprint: str
    state: State
    identity: str | None
    version: int | None
    sentence: str
    at: datetime


class EventKind(StrEnum):
    """What was done. The word is ours; ``premis`` is the code preservation systems share."""

    FOUND = "found"
    HELD = "held"
    CHECKED = "checked"
    REFUSED = "refused"
    PACKAGED = "packaged"
    STORED = "stored"
    VERIFIED = "verified"
    REGISTERED = "registered"
    ALREADY_HELD = "already-held"
    FAILED = "failed"
    AUDITED = "audited"
    REPAIRED = "repaired"
    RESTORED = "restored"
    REBUILT = "rebuilt"
    REPLICATED = "replicated"
    ABANDONED = "abandoned"
    DEACCESSION_REQUESTED = "deaccession-requested"
    DEACCESSION_APPROVED = "deaccession-approved"
    DEACCESSION_WITHDRAWN = "deaccession-withdrawn"
    DEACCESSIONED = "deaccessioned"
    INCIDENT_OPENED = "incident-opened"
    INCIDENT_ACKNOWLEDGED = "incident-acknowledged"
    INCIDENT_CLOSED = "incident-closed"
    DRILLED = "drilled"
    STORE_MOVED = "store-moved"

    @property
    def premis(self) -> str:
        """The code in https://id.loc.gov/vocabulary/preservation/eventType."""
        return _PREMIS[self]


_PREMIS = {
    EventKind.FOUND: "ins",  # ingestion start
    EventKind.HELD: "qua",  # quarantine
    EventKind.CHECKED: "val",  # validation
    EventKind.REFUSED: "val",
    EventKind.PACKAGED: "ipc",  # information package creation
    EventKind.STORED: "rep",  # replication
    EventKind.VERIFIED: "fix",  # fixity check
    EventKind.REGISTERED: "ine",  # ingestion end
    EventKind.ALREADY_HELD: "ine",
    EventKind.FAILED: "ing",  # ingestion
    EventKind.AUDITED: "fix",
    EventKind.REPAIRED: "rec",  # recovery
    EventKind.RESTORED: "dis",  # dissemination
    EventKind.REBUILT: "rec",
    EventKind.REPLICATED: "rep",
    EventKind.ABANDONED: "ipc",
    EventKind.DEACCESSION_REQUESTED: "dea",  # deaccession
    EventKind.DEACCESSION_APPROVED: "dea",
    EventKind.DEACCESSION_WITHDRAWN: "dea",
    EventKind.DEACCESSIONED: "dea",
    EventKind.INCIDENT_OPENED: "fix",
    EventKind.INCIDENT_ACKNOWLEDGED: "fix",
    EventKind.INCIDENT_CLOSED: "fix",
    EventKind.DRILLED: "val",
    EventKind.STORE_MOVED: "mig",  # migration
}


class EventOutcome(StrEnum):
    """How it went: https://id.loc.gov/vocabulary/preservation/eventOutcome."""

    SUCCESS = "success"
    WARNING = "warning"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Event:
    """Something done to a package, by an agent, with an outcome (PREMIS event).

    ``hash`` chains it to the event before, whose hash is ``previous``: see docs/ledger.md.
    """

    seq: int
    at: datetime
    kind: EventKind
    outcome: EventOutcome
    identity: str | None
    version: int | None
    store: str | None
    agent: str
    sentence: str
    detail: Mapping[str, str]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """How many events there are and the last one's hash: what a checkpoint keeps elsewhere."""

    count: int
    hash: str


class FaultKind(StrEnum):
    """What was done to the ledger behind its back."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    REWRITTEN = "rewritten"
    FORKED = "forked"
    SWAPPED = "swapped"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """One place where the ledger is not what was written, with a sentence for people."""

    seq: int
    kind: FaultKind
    sentence: str


@dataclass(frozen=True, slots=True)
class Probe:
    """What a store was seen to do (``seen``, JSON), when and at which place."""

    store: str
    place: str
    at: datetime
    seen: str
