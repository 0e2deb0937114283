"""Taking the words around a date off it: "circa", "before", a weekday, square brackets."""

import re
from dataclasses import dataclass

from wiazka.record.dates import words as w
from wiazka.record.dates.tokens import Token, kinds, tokens_of
from wiazka.record.dates.words import Means

_BRACKETS = str.maketrans(dict.fromkeys("()[]<>", None))
_MARKS = {"?": Means.UNCERTAIN, "~": Means.APPROXIMATE}
# What stands behind a date as well as before it.
_BEHIND = frozenset({Means.UNCERTAIN, Means.APPROXIMATE, Means.UNDATED})
_LOOSE = frozenset("-/;:.")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?Z?")
_EASTERN = re.compile(
    r"(?P<y>\d{4})\s?[年년](?:\s?(?P<m>\d{1,2})\s?[月월](?:\s?(?P<d>\d{1,2})\s?[日일号])?)?"
)


@dataclass(frozen=True, slots=True)
class Peeled:
    """What is left of a date's text, and what the words around it say.

    ``supplied`` is whether square brackets say that it was not found on the document; ``local`` is
    whether a sign of the year shows a language that writes the day before the month.
    """

    tokens: list[Token]
    marks: frozenset[Means]
    weekday: int | None
    supplied: bool
    local: bool


def peeled(text: str) -> Peeled:
    """A date's text without the words around it. ``text`` has single blanks and joined accents."""
    marks: set[Means] = set()
    weekday: int | None = None
    tokens = tokens_of(_western(text).translate(_BRACKETS))
    while tokens:
        taken, meaning = _front(tokens)
        if taken == 0 and marks | {weekday} != {None} and tokens[0].kind in _LOOSE:
            taken = 1
        if taken == 0 and tokens[0].key in w.WEEKDAYS:
            weekday, taken = w.WEEKDAYS[tokens[0].key], 1
        if taken:
            tokens = tokens[taken:]
            marks |= {meaning} if meaning else set()
            continue
        taken, meaning = _back(tokens)
        if taken == 0 and tokens[-1].key in w.WEEKDAYS:
            weekday, taken = w.WEEKDAYS[tokens[-1].key], 1
        if taken == 0:
            break
        tokens = tokens[:-taken]
        marks |= {meaning} if meaning else set()
    bare = [token for token in tokens if token.key not in w.YEAR_SIGNS]
    supplied = "[" in text and bool(bare)
    return Peeled(bare, frozenset(marks), weekday, supplied, len(bare) < len(tokens))


def _western(text: str) -> str:
    if found := _MIDNIGHT.fullmatch(text):  # a spreadsheet's day
        return found[1]
    if found := _EASTERN.fullmatch(text):
        return "-".join(part for part in found.groups() if part)
    return text


def _front(tokens: list[Token]) -> tuple[int, Means | None]:
    if meaning := _MARKS.get(tokens[0].kind):
        return 1, meaning
    for size in range(min(w.LONGEST_PHRASE, len(tokens)), 0, -1):
        if meaning := w.PHRASES.get(tuple(token.key for token in tokens[:size])):
            return size, meaning
    return 0, None


def _back(tokens: list[Token]) -> tuple[int, Means | None]:
    if meaning := _MARKS.get(tokens[-1].kind):
        return 1, meaning
    if tokens[-1].kind in _LOOSE and kinds(tokens[:-1]).strip("YN") == "":
        return 0, None
    for size in range(min(w.LONGEST_PHRASE, len(tokens)), 0, -1):
        meaning = w.PHRASES.get(tuple(token.key for token in tokens[-size:]))
        if meaning in _BEHIND:
            return size, meaning
    return 0, None
