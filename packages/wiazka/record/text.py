"""Text as people type it, compared without case and accents."""

import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

# Letters that Unicode does not take apart into a base letter and an accent.
_STROKES = dict(zip("łŁøØđĐıßæÆ", "lLoOdDisaA", strict=True))


def nfc(text: str) -> str:
    """``text`` with every accent joined to its letter (macOS hands them over apart)."""
    return unicodedata.normalize("NFC", text)


class _Bases(dict[int, str]):
    """Each character's base letter, found when it is first met: a table for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = self[code] = unicodedata.normalize("NFD", _STROKES.get(char, char))[0]
        return base


class _Folds(dict[int, str]):
    """As ``_Bases``, in small letters where those are as long."""

    def __missing__(self, code: int) -> str:
        base = _BASES[code]
        lower = base.lower()
        folded = self[code] = lower if len(lower) == 1 else base
        return folded


_BASES = _Bases()
_FOLDS = _Folds()


def unaccented(text: str) -> str:
    """``text`` without accents, its case as it is: one character for each of its characters."""
    return text if text.isascii() else text.translate(_BASES)


def fold(text: str) -> str:
    """``text`` without case and accents, one character for each of its characters.

    The length stays, so that a place found in the folded text is the same place in the text.
    """
    return text.lower() if text.isascii() else text.translate(_FOLDS)


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
