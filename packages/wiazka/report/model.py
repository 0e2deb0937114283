"""The receipt as a value: what staff get back for a submission, and what a donor can keep."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wiazka.phrase import Phrase, say, say_many, together
from wiazka.problem_kinds import Problem
from wiazka.record.model import Accepted, Check, Record
from wiazka.report.proof import CopyProof, what_was_proved
from wiazka.report.words import files_counted, size_in_words
from wiazka.settings import Archive


class ReceiptState(StrEnum):
    """How a submission ended, in the words of ``ingest --json``."""

    REGISTERED = "registered"
    STORED = "stored"
    ALREADY_HELD = "already-held"
    HELD = "held"
    REFUSED = "refused"
    FAILED = "failed"


HEADLINES = {
    ReceiptState.REGISTERED: say("Received, stored and registered"),
    ReceiptState.STORED: say("Stored, not yet registered"),
    ReceiptState.ALREADY_HELD: say("Already held; nothing new was stored"),
    ReceiptState.HELD: say("Held back for now"),
    ReceiptState.REFUSED: say("Not taken: something must be mended first"),
    ReceiptState.FAILED: say("Not finished: the system failed"),
}

_NEXT = {
    ReceiptState.STORED: say(
        "The next run proves the copies and registers them. You need do nothing."
    ),
    ReceiptState.HELD: say("Nothing was changed or lost. It is looked at again at the next run."),
    ReceiptState.REFUSED: say(
        "Nothing was changed or lost. Mend what is listed under Problems, in the folder where it "
        "is; the document is then taken at the next run."
    ),
    ReceiptState.FAILED: say(
        "Nothing was changed or lost, and the fault is not yours. "
        "It is tried again at the next run."
    ),
}


@dataclass(frozen=True, slots=True)
class LeftOutFile:
    """A file in the folder that was not taken, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small JPEG or PNG of a page, and what it shows."""

    label: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PageText:
    """What a transcription or translation says of a page: its file, and how its text begins."""

    name: str
    role: str
    language: str | None
    opening: str

    @property
    def mark(self) -> str:
        """The least that can stand under a small picture: the language, or the role's letter."""
        return self.language or self.role[:1].upper()


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page in the strip: ``picture`` is a small JPEG of its scan.

    ``scan`` names the file; None where the page has no scan, and ``missing`` where it has nothing.
    """

    label: str
    picture: bytes | None = None
    scan: str | None = None
    texts: tuple[PageText, ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that a receipt says. Times are aware; ``agent`` is the software and its version.

    ``cause`` is one sentence for a submission that was held or failed; ``changed`` lists what is
    new since the version before; ``same_as`` names the package that already holds the content.
    ``pages`` are drawn as a strip; of a document whose pages are not known ``thumbnails`` are.
    """

    archive: Archive
    state: ReceiptState
    delivery: str
    folder: str
    issued_at: datetime
    agent: str
    record: Record | None = None
    identity: str | None = None
    version: int | None = None
    registered_at: datetime | None = None
    content_digest: str | None = None
    copies: tuple[CopyProof, ...] = ()
    checksums_verified: int = 0
    left_out: tuple[LeftOutFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    thumbnails: tuple[Thumbnail, ...] = ()
    pages: tuple[ShownPage, ...] = ()
    checks: tuple[Check, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    cause: str | None = None
    changed: tuple[str, ...] = ()
    same_as: str | None = None

    @property
    def headline(self) -> str:
        """The state as a reader understands it."""
        return HEADLINES[self.state]

    @property
    def title(self) -> str:
        """The document's title as given, or the folder's name where there is none."""
        return (self.record and self.record.title) or self.folder

    @property
    def kept_as(self) -> str:
        """The package and its version; "" where there is none."""
        if self.identity is None or self.version is None:
            return self.identity or ""
        return say("{identity}, version {version}", identity=self.identity, version=self.version)

    @property
    def next(self) -> str:
        """What happens next; "" where nothing is left to do."""
        return _NEXT.get(self.state, "")

    @property
    def proof(self) -> str:
        """What was proved of all copies (never more than of the weakest), and of the delivery."""
        if not self.copies:
            return ""
        proved = what_was_proved(self.copies)
        if not self.checksums_verified:
            return proved
        own = say_many(
            "Before that, {number} checksum delivered with it matched.",
            "Before that, {number} checksums delivered with it matched.",
            self.checksums_verified,
        )
        return together((proved, own))

    @property
    def contents(self) -> Phrase:
        """How much was handed over: ``14 files, 9.1 MB``."""
        files = self.record.files if self.record else ()
        total = size_in_words(sum(file.size for file in files))
        return together((files_counted(len(files)), total), ", ")
