"""Dates that stand in other text: in a title, in the letterhead of a document's body."""

import re
from collections.abc import Iterable
from typing import Literal

from wiazka.record.dates import words as w
from wiazka.record.dates.reading import read_date
from wiazka.record.dates.tokens import Token, tokens_of
from wiazka.record.model import DocumentDate
from wiazka.record.text import nfc, words

_JOINING = w.TO | w.AND | w.OR | {"-", "/", "."}
_NUMBERED = frozenset({"no", "nr", "number", "numer"})  # Telegram No. 45, June 4, 1984
_LONGEST_PROSE = 2000
_PIECES = re.compile(r"[^\[\]{},/]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_LINES = 14
_PROSE_WORDS = 12
# A line above a date that says what the date is of.
_FILED = re.compile(r"\b(?:to the files?|to file|filed|do akt|a a|ad acta)\b")
_RECEIVED = re.compile(rf"(?:date )?(?:{'|'.join(sorted(w.RECEIVED))})\b[\s:,.]*(?P<rest>.*)")

LetterheadKey = Literal["letterhead_date", "received", "filed"]


def dates_in(prose: str) -> tuple[DocumentDate, ...]:
    """The dates that stand in a text, such as a title: only whole days that are certain.

    What is beside a date and may be a part of it ("the II 4 June 1984") makes it uncertain.
    """
    text = nfc(prose)[:_LONGEST_PROSE]
    found = (_certain(text, run) for run in _runs(tokens_of(text)))
    return tuple(dict.fromkeys(date for date in found if date))


def letterhead(lines: Iterable[str]) -> tuple[tuple[LetterheadKey, str], ...]:
    """The dates in the first lines of a document, each with the key of the record it is of.

    The first line that is a whole date, with a place before it or not, is the letterhead's; one
    that a note of filing or receipt stands above or before is that note's. Others are left out.
    """
    found: dict[LetterheadKey, str] = {}
    above = ""
    for number, line in enumerate(lines):
        if number == _FIRST_LINES or len(line.split()) > _PROSE_WORDS:
            break
        said = words(line)
        noted = _RECEIVED.fullmatch(said)
        if noted and noted["rest"] and _is_day(rest := _behind(line)):
            found.setdefault("received", rest)
        elif _is_day(line):
            key: LetterheadKey = "letterhead_date"
            if _RECEIVED.match(above):
                key = "received"
            elif _FILED.search(above):
                key = "filed"
            found.setdefault(key, line)
        above = said
    return tuple(found.items())


def _behind(line: str) -> str:
    """What follows the first word of a line, or its first colon."""
    return line.split(None, 1)[1] if ":" not in line else line.split(":", 1)[1].strip()


def _is_day(text: str) -> bool:
    date = read_date(text).date
    return date is not None and date.edtf is not None and _whole_days(date.edtf)


def _whole_days(edtf: str) -> bool:
    return all(map(_DAY.fullmatch, _PIECES.findall(edtf)))


def _runs(tokens: list[Token]) -> Iterable[list[Token]]:
    """Tokens that follow one another and can be of one date, without what joins at the ends."""
    run: list[Token] = []
    before = ""
    for token in [*tokens, None]:
        of_date = token and (token.kind in "NYMR-/." or token.key in _JOINING | w.YEAR_SIGNS)
        counted, before = before in _NUMBERED, token.key if token else ""
        if token and of_date and not counted:
            run.append(token)
            continue
        while run and run[0].key in _JOINING and run[0].kind != "R":
            run = run[1:]
        while run and run[-1].key in _JOINING:
            run = run[:-1]
        if len(run) > 2:
            yield run
        run = []


def _certain(text: str, run: list[Token]) -> DocumentDate | None:
    start, end = run[0].start, run[-1].end
    end += run[-1].key in w.YEAR_SIGNS and text[end : end + 1] == "."
    # Digits that hang on to something are of a number: Pf-444/28.10.1984.
    if text[:start][-1:] in tuple("/-–.:") or text[end : end + 1] in tuple("/-–"):
        return None
    reading = read_date(text[start:end])
    date = reading.date
    if date is None or reading.problems or date.edtf is None or not _whole_days(date.edtf):
        return None
    return date
