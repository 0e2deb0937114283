"""Text in the forms that the database keeps."""

import unicodedata
from datetime import UTC, datetime

# Letters whose stroke Unicode does not take for an accent.
_STROKES = str.maketrans("łøđ", "lod")


def clean(text: str) -> str:
    """``text`` as both databases can keep it.

    File names that are not UTF-8 reach us as lone surrogates, which no database takes, and
    PostgreSQL takes no NUL. They are written as Python escapes, so that a refused submission with
    such a name is still in the ledger.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def in_utc(at: datetime) -> str:
    """A moment as text: one form only, so that text sorts as time does and hashes the same.

    Raises ValueError for a datetime without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone; a right value is datetime.now(UTC)")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def plain(text: str) -> str:
    """``text`` to search in or for: without accents and case, so that "lodz" finds "Łódź"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_STROKES)
