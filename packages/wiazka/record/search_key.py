"""Keys that find a signature however it is typed, and tell which others it could be a slip of."""

import re

from wiazka.record.model import Source
from wiazka.record.text import fold, nfc

# Cyrillic letters that look like Latin ones; people and OCR put one for the other.
_LOOK_ALIKE = str.maketrans("аекмнорстухіјѕАВЕКМНОРСТУХІЈЅ", "aekmhopctyxijsABEKMHOPCTYXIJS")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_ROMAN = re.compile("[ivx]*[vx][ivx]*")


def search_key(text: str) -> str:
    """Letters and numbers of ``text``, one blank between them: ``W17`` and ``w. 17`` are ``w 17``.

    Case, accents, dashes, quotes and look-alike letters are gone; a roman I is the digit 1.
    """
    folded = fold(nfc(text).translate(_LOOK_ALIKE))
    return " ".join(
        token.replace("i", "1") if not token.strip("i") else token
        for token in _TOKEN.findall(folded)
    )


def stem(source: Source) -> str | None:
    """The key of what documents from one transfer or inventory share; None where that is unknown.

    It is the archive with the accession, or with fonds and series: what a cataloguer types again
    and again, and so what shows a slip.
    """
    if source.repository is None or source.repository.code is None:
        return None
    parts = [source.accession] if source.accession else [source.fonds, source.series]
    if not any(parts):
        return None
    return search_key(" ".join([source.repository.code, *filter(None, parts)]))


def likeness(key: str) -> str:
    """What a key has in common with all that it is easily confused with.

    Digits that changed places (``30/78``) and roman numbers misread (``XIV`` for ``XIX``) are
    alike; other digits are another signature.
    """
    return " ".join("".join(sorted(_misread(token))) for token in key.split())


def is_slip(key: str, known: str) -> bool:
    """Whether ``key`` is one slip of the hand or eye away from ``known``."""
    from rapidfuzz.distance import OSA

    if key == known or likeness(key) != likeness(known):
        return False
    first = " ".join(map(_misread, key.split()))
    second = " ".join(map(_misread, known.split()))
    return OSA.distance(first, second) <= 1


def _misread(token: str) -> str:
    return token.replace("v", "x") if _ROMAN.fullmatch(token) else token
