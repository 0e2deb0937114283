"""The receipt as a value: what staff get back for a submission, and what a donor can keep."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wiazka.errors import Problem
from wiazka.record.model import Record
from wiazka.report.proof import CopyProof, what_was_proved
from wiazka.report.words import counted, size_in_words
from wiazka.settings import Archive


class ReceiptState(StrEnum):
    """How a submission ended, in the words of ``ingest --json``."""

    REGISTERED = "registered"
    STORED = "stored"
    ALREADY_HELD = "already-held"
    HELD = "held"
    REFUSED = "refused"
    FAILED = "failed"


_HEADLINES = {
    ReceiptState.REGISTERED: "Received, stored and registered",
    ReceiptState.STORED: "Stored, not yet registered",
    ReceiptState.ALREADY_HELD: "Already held; nothing new was stored",
    ReceiptState.HELD: "Held back for now",
    ReceiptState.REFUSED: "Not taken: something must be mended first",
    ReceiptState.FAILED: "Not finished: the system failed",
}

_NEXT = {
    ReceiptState.STORED: "The next run proves the copies and registers them. You need do nothing.",
    ReceiptState.HELD: "Nothing was changed or lost. It is looked at again at the next run.",
    ReceiptState.REFUSED: (
        "Nothing was changed or lost. Mend what is listed under Problems, in the folder where it "
        "is; the document is then taken at the next run."
    ),
    ReceiptState.FAILED: (
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
class Receipt:
    """All that a receipt says. Times are aware; ``agent`` is the software and its version.

    ``cause`` is one sentence for a submission that was held or failed; ``changed`` says what is
    new since the version before; ``same_as`` names the package that already holds the content.
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
    cause: str | None = None
    changed: str | None = None
    same_as: str | None = None

    @property
    def headline(self) -> str:
        """The state as a reader understands it."""
        return _HEADLINES[self.state]

    @property
    def title(self) -> str:
        """The document's title as given, or the folder's name where there is none."""
        return (self.record and self.record.title) or self.folder

    @property
    def next(self) -> str:
        """What happens next; "" where nothing is left to do."""
        return _NEXT.get(self.state, "")

    @property
    def proof(self) -> str:
        """What was proved of all copies (never more than of the weakest), and of the delivery."""
        if not self.copies:
            return ""
        number = self.checksums_verified
        own = f" Before that, {counted(number, 'checksum')} delivered with it matched."
        return what_was_proved(self.copies) + (own if number else "")

    @property
    def contents(self) -> str:
        """How much was handed over: ``14 files, 9.1 MB``."""
        files = self.record.files if self.record else ()
        total = size_in_words(sum(file.size for file in files))
        return f"{counted(len(files), 'file')}, {total}"
