"""A date's text in pieces: numbers, words and the signs between them."""

import re
from dataclasses import dataclass

from wiazka.record.dates import words as w
from wiazka.record.text import fold

_PIECE = re.compile(r"\d+|[^\W\d_]+|\S")
_DASHES = "‐‑‒–—―−﹘－"
_SIGNS = str.maketrans({**dict.fromkeys(_DASHES, "-"), **dict.fromkeys("'’‘ʹ´`ʼ,", None)})
_LETTERED = frozenset("MRSw")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a date, and where it stands in the text.

    ``kind`` is one character, so that the kinds of some tokens can be matched as a string: ``Y`` a
    number of four digits, ``N`` of one or two, ``E`` of eight, ``M`` a month, ``R`` one in Roman
    figures, ``S`` a season, ``w`` another word, ``x`` another number; a sign is itself.
    """

    text: str
    key: str
    kind: str
    value: int
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, without what makes no difference: blanks, commas, ordinal endings, and
    full stops beside words (``4. Juni``, ``28.X.62``).
    """
    found: list[Token] = []
    for piece in _PIECE.finditer(text):
        key = fold(piece[0]).translate(_SIGNS)
        if not key or (key == "-" and found and found[-1].kind == "-"):
            continue
        kind, value = _kind(key)
        found.append(Token(piece[0], key, kind, value, piece.start(), piece.end()))
    return _stopped(_plain(found))


def kinds(tokens: list[Token]) -> str:
    """The kinds of tokens as a string."""
    return "".join(token.kind for token in tokens)


def _kind(key: str) -> tuple[str, int]:
    if key.isdecimal():
        sizes = {1: "N", 2: "N", 4: "Y", 8: "E"}
        kind = sizes.get(len(key), "x")
        return kind, int(key) if kind != "x" else 0
    if month := w.MONTHS.get(key):
        return "M", month
    if roman := w.ROMANS.get(key.translate(w.ROMAN_ALIKE)):
        return "R", roman
    if season := w.SEASONS.get(key):
        return "S", season
    return ("w", 0) if key[0].isalpha() else (key if len(key) == 1 else "x", 0)


def _plain(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        before = kept[-1].kind if kept else ""
        if token.key in w.FILLERS:
            continue
        if token.key in w.ORDINALS and (before == "N" or kinds(kept[-2:]) in {"N-", "Y-"}):
            if before == "-":  # 4-go czerwca, 1950-е годы
                kept.pop()
            continue
        kept.append(token)
    return kept


def _stopped(tokens: list[Token]) -> list[Token]:
    """The tokens without full stops that are at the end, or beside a word or another sign."""
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        before = tokens[at - 1].kind if at else "w"
        after = tokens[at + 1].kind if at + 1 < len(tokens) else "w"
        beside = before in _LETTERED or after in _LETTERED or after in "-/?"
        if token.kind != "." or not beside:
            kept.append(token)
    return kept
