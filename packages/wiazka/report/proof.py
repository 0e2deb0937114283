"""What was proved, in plain words: nothing weak is ever called verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka.evidence import Grade
from wiazka.phrase import Phrase, say, say_many


@dataclass(frozen=True, slots=True)
class CopyProof:
    """A copy in one store, and the strongest proof of it so far. ``place`` is for people."""

    store: str
    place: str
    grade: Grade
    proved_at: datetime


def what_was_proved(copies: Sequence[CopyProof]) -> Phrase:
    """One or two sentences that hold for every one of ``copies``.

    The weakest grade chooses the words: a reader must not take the best copy for all of them.
    """
    if not copies:
        return say("No copy has been stored, so nothing has been proved.")
    stores = len({copy.store for copy in copies})
    match min((copy.grade for copy in copies), key=lambda grade: grade.strength):
        case Grade.READ:
            return say_many(
                "Every byte was read back from {number} store and matches what you handed over.",
                "Every byte was read back from {number} stores and matches what you handed over.",
                stores,
            )
        case Grade.RECOMPUTED:
            return say_many(
                "{number} store has recomputed the digest of every file from the bytes it keeps, "
                "and the digests match what you handed over. The bytes themselves have not been "
                "read back.",
                "{number} stores have each recomputed the digest of every file from the bytes they "
                "keep, and the digests match what you handed over. The bytes themselves have not "
                "been read back.",
                stores,
            )
        case Grade.STORED_DIGEST:
            return say_many(
                "{number} store reports for every file the digest of what you handed over. This is "
                "the store's word: the bytes have not been read back.",
                "{number} stores each report for every file the digest of what you handed over. "
                "This is the stores' word: the bytes have not been read back.",
                stores,
            )
        case Grade.SIZE:
            return say_many(
                "{number} store holds every file under its name and in its size. The content has "
                "not been compared with what you handed over.",
                "{number} stores each hold every file under its name and in its size. The content "
                "has not been compared with what you handed over.",
                stores,
            )
        case Grade.LISTED:
            return say_many(
                "{number} store lists every file by its name. Neither size nor content has been "
                "compared with what you handed over.",
                "{number} stores each list every file by its name. Neither size nor content has "
                "been compared with what you handed over.",
                stores,
            )
