"""What was proved, in plain words: nothing weak is ever called verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka.evidence import Grade
from wiazka.report.words import counted


@dataclass(frozen=True, slots=True)
class CopyProof:
    """A copy in one store, and the strongest proof of it so far. ``place`` is for people."""

    store: str
    place: str
    grade: Grade
    proved_at: datetime


def what_was_proved(copies: Sequence[CopyProof]) -> str:
    """One or two sentences that hold for every one of ``copies``.

    The weakest grade chooses the words: a reader must not take the best copy for all of them.
    """
    if not copies:
        return "No copy has been stored, so nothing has been proved."
    number = len({copy.store for copy in copies})
    stores, alone = counted(number, "store"), number == 1
    match min((copy.grade for copy in copies), key=lambda grade: grade.strength):
        case Grade.READ:
            return f"Every byte was read back from {stores} and matches what you handed over."
        case Grade.RECOMPUTED:
            whom = "1 store has" if alone else f"{stores} have each"
            return (
                f"{whom} recomputed the digest of every file from the bytes it keeps, and the "
                "digests match what you handed over. The bytes themselves have not been read back."
            )
        case Grade.STORED_DIGEST:
            whom = "1 store reports" if alone else f"{stores} each report"
            return (
                f"{whom} for every file the digest of what you handed over. "
                "This is the store's word: the bytes have not been read back."
            )
        case Grade.SIZE:
            whom = "1 store holds" if alone else f"{stores} each hold"
            return (
                f"{whom} every file under its name and in its size. "
                "The content has not been compared with what you handed over."
            )
        case Grade.LISTED:
            whom = "1 store lists" if alone else f"{stores} each list"
            return (
                f"{whom} every file by its name. "
                "Neither size nor content has been compared with what you handed over."
            )
