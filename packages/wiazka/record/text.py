"""Text as people type it, compared without case and accents."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz, process, utils

# Letters that Unicode does not take apart into a base letter and an accent.
_UNACCENTED = str.maketrans("łŁøØđĐıßæÆ", "lLoOdDisaA")


def nfc(text: str) -> str:
    """``text`` with every accent joined to its letter (macOS hands them over apart)."""
    return unicodedata.normalize("NFC", text)


def unaccented(text: str) -> str:
    """``text`` without accents, its case as it is: one character for each of its characters."""
    return "".join(map(_base, text))


def fold(text: str) -> str:
    """``text`` without case and accents, one character for each of its characters.

    The length stays, so that a place found in the folded text is the same place in the text.
    """
    return "".join(map(_folded, text))


def words(text: str) -> str:
    """``text`` folded, its blanks and punctuation one space each: a key for comparing names."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(nfc(text))).split())


def nearest(name: str, names: Iterable[str], *, at_least: int = 80) -> str | None:
    """The one among ``names`` that ``name`` is most likely a misspelling of, if any is near.

    ``at_least`` is how near, of 100.
    """
    found = process.extractOne(
        name,
        list(names),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=at_least,
    )
    return found[0] if found else None


@cache
def _base(char: str) -> str:
    return unicodedata.normalize("NFD", char.translate(_UNACCENTED))[0]


@cache
def _folded(char: str) -> str:
    base = _base(char)
    lower = base.lower()
    return lower if len(lower) == 1 else base
