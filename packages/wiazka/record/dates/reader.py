"""Reads one date to EDTF, and says what is to be said of it beside. Nothing is chosen silently."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wiazka.phrase import Phrase, either, say
from wiazka.problem_kinds import DATE_AMBIGUOUS, DATE_INFERRED, DATES_DISAGREE, ProblemKind
from wiazka.record.dates import words as w
from wiazka.record.dates.forms import BOTH, Order, Range, numeric_style, one_date, ranges
from wiazka.record.dates.peel import Peeled, peeled
from wiazka.record.dates.points import (
    NoSuchDate,
    Point,
    after,
    before,
    is_edtf,
    one_between,
    spans,
)
from wiazka.record.dates.tokens import Token, kinds, tokens_of
from wiazka.record.dates.words import Means

_UNKNOWN_FORM = say("it is in no form that is known here")
_WEEKDAYS = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)
LONGEST = 200
_LONGEST_PLACE = 5
_PARTICLES = frozenset({"am", "an", "der", "la", "nad", "na", "upon", "sur"})
# Before it, Russian offices counted by the Julian calendar, and its weekdays are others.
_FIRST_WEEKDAY_YEAR = 1919
_BOUNDS = frozenset({Means.BEFORE, Means.AFTER, Means.UNTIL, Means.SINCE})
_SIGNS = {Means.UNCERTAIN: "?", Means.APPROXIMATE: "~"}
_PLAIN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_WINTER = re.compile("SY[-/][YN]")  # winter 1957/58
_DAYS = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ProvenOrder:
    """The order of day and month in dates of numbers with one sign between them, and which date
    shows it: ``30.10.1962`` can only be of October.
    """

    style: str
    order: Order
    shown_by: str


def readable(tokens: list[Token], order: Order) -> bool:
    """Whether the tokens are a date with day and month in that order."""
    try:
        return bool(one_date(tokens, (order,)) or ranges(tokens, (order,)))
    except NoSuchDate:
        return False


class Reader:
    """Reads one date, and collects what is to be said of it beside its EDTF.

    ``written`` is the date as those sentences show it.
    """

    def __init__(self, written: str, proven: tuple[ProvenOrder, ...]) -> None:
        self.written = written
        self.proven = proven
        self.doubts: list[tuple[ProblemKind, Phrase, Phrase]] = []

    def edtf_of(self, text: str) -> str | None:
        if len(text) > LONGEST:
            raise NoSuchDate(say("it is too long for a date"))
        if "/" in text and is_edtf(text):
            return _interval(text)
        found = peeled(text)
        if not found.tokens and Means.UNDATED in found.marks:
            return None
        if edtf := self._read(found):
            return edtf
        if is_edtf(text):
            return text
        if edtf := self._after_place(text):
            return edtf
        raise NoSuchDate(_UNKNOWN_FORM)

    def _read(self, found: Peeled) -> str | None:
        tokens, marks = found.tokens, found.marks
        if _WINTER.fullmatch(kinds(tokens)) and tokens[0].value == 24:
            tokens, marks = tokens[1:], marks | {Means.PART}
        orders = ("dm",) if found.local else self._orders(tokens)
        if points := one_date(tokens, orders):
            edtf = self._covering(found) or self._of_points(points, found)
        elif read := ranges(tokens, orders):
            edtf = self._of_ranges(read, found)
        else:
            return None
        if not _PLAIN.fullmatch(edtf) and not is_edtf(edtf):
            raise NoSuchDate(say("EDTF has no way to write it"))
        if found.supplied:
            self._say(
                DATE_INFERRED,
                say(
                    "The date '{date}' stands in square brackets: it was supplied, not found on "
                    "the document.",
                    date=self.written,
                ),
                say("Nothing is to be done; the brackets are kept in the date as written."),
            )
        if Means.PART in marks:
            self._say(
                DATE_INFERRED,
                say(
                    "The date '{date}' names a part of a time, which EDTF cannot; {edtf} is the "
                    "whole of it.",
                    date=self.written,
                    edtf=edtf,
                ),
                say("Nothing is to be done, unless the date is known more exactly."),
            )
        return edtf

    def _orders(self, tokens: list[Token]) -> tuple[Order, ...]:
        style = numeric_style(tokens)
        shown = [one for one in self.proven if one.style == style]
        undecided = bool(shown) and all(readable(tokens, order) for order in BOTH)
        if not undecided or len({one.order for one in shown}) > 1:
            return BOTH
        known = {"date": self.written, "other": shown[0].shown_by}
        self._say(
            DATE_INFERRED,
            say(
                "The date '{date}' was read day first, as '{other}' in the same record shows.",
                **known,
            )
            if shown[0].order == "dm"
            else say(
                "The date '{date}' was read month first, as '{other}' in the same record shows.",
                **known,
            ),
            say("If that is wrong, write the date as 1984-06-04."),
        )
        return (shown[0].order,)

    def _covering(self, found: Peeled) -> str | None:
        """The years of ``1905/06``, which may be a month as well: they are true of both."""
        if kinds(found.tokens) != "Y/N" or found.marks:
            return None
        first, _, last = found.tokens
        if first.value % 100 >= last.value:
            return None
        years = f"{first.value:04}/{first.value // 100:02}{last.value:02}"
        self._ambiguous(years, f"{first.value:04}-{last.value:02}")
        return years

    def _of_points(self, points: tuple[Point, ...], found: Peeled) -> str:
        if found.weekday is not None and len(points) > 1:
            fitting = [one for one in points if one.first.weekday() == found.weekday]
            points = tuple(fitting) if len(fitting) == 1 else points
        self._two_digits(points)
        sign = _sign(found.marks)
        if len(points) > 1:
            if found.marks & _BOUNDS:
                raise NoSuchDate(_can_mean(sorted(point.edtf for point in points)))
            one, other = sorted(point.edtf for point in points)
            self._ambiguous(one, other)
            return f"[{one}{sign},{other}{sign}]"
        [known] = points
        if known.unknown == 2 and found.tokens[-1].key in w.DECADE_SIGNS:
            self._ambiguous(f"{known.edtf[:2]}0X", known.edtf)
        self._weekday(known, found.weekday)
        return self._marked(known, sign, found.marks)

    def _marked(self, known: Point, sign: str, marks: frozenset[Means]) -> str:
        bounds = [mark for mark in marks if mark in _BOUNDS]
        if Means.BETWEEN in marks or len(bounds) > 1 or (bounds and sign):
            raise NoSuchDate(_UNKNOWN_FORM)
        if Means.BEFORE in marks:
            return before(known)
        if Means.AFTER in marks:
            return after(known)
        if Means.UNTIL in marks:
            return f"[..{known.edtf}]"
        if Means.SINCE in marks:
            return f"[{known.edtf}..]"
        if sign and known.month > 12:
            # EDTF has uncertain seasons, but the library that reads it back does not.
            return f"{known.year:04}{sign}"
        return known.edtf + sign

    def _of_ranges(self, read: tuple[Range, ...], found: Peeled) -> str:
        if found.marks & {Means.BEFORE, Means.AFTER, Means.UNTIL}:
            raise NoSuchDate(_UNKNOWN_FORM)
        sign = _sign(found.marks)
        made = dict.fromkeys(_range(one, sign, found.marks) for one in read)
        if len(made) > 1:
            raise NoSuchDate(_can_mean(list(made)))
        for one in read:
            self._two_digits((one.first, one.last))
        if kinds(found.tokens) == "Y-N" and 20 < found.tokens[2].value < 25:
            years = next(iter(made))
            self._say(
                DATE_AMBIGUOUS,
                say(
                    "The date '{date}' is {years} or a season in EDTF.",
                    date=self.written,
                    years=years,
                ),
                say("Write {years} or a season in EDTF, whichever is meant.", years=years),
            )
        return next(iter(made))

    def _after_place(self, text: str) -> str | None:
        """A whole date behind the name of a place, as in a letterhead: ``Warsaw 4 June 1984``."""
        tokens = tokens_of(text)
        size = 0
        while size + 1 < len(tokens) and (
            _is_name(tokens[size])
            or (size and tokens[size].key in _PARTICLES and _is_name(tokens[size + 1]))
        ):
            size += 1
        if not 0 < size <= _LONGEST_PLACE:
            return None
        start = tokens[size].start
        edtf = self._read(peeled(text[start:]))
        if edtf is None or not all(map(_DAYS.fullmatch, re.findall(r"[^\[\]{},/]+", edtf))):
            return None
        return edtf

    def _weekday(self, known: Point, weekday: int | None) -> None:
        if weekday is None or not known.day or known.year < _FIRST_WEEKDAY_YEAR:
            return
        real = known.first.weekday()
        if real != weekday:
            self._say(
                DATES_DISAGREE,
                say(
                    "The date '{date}' says {weekday}, and {edtf} was a {real}; both are kept.",
                    date=self.written,
                    weekday=_WEEKDAYS[weekday],
                    edtf=known.edtf,
                    real=_WEEKDAYS[real],
                ),
                say("Look at the document again; leave it if that is what is written there."),
            )

    def _two_digits(self, points: Iterable[Point]) -> None:
        for year in dict.fromkeys(one.year for one in points if one.short):
            self._say(
                DATE_AMBIGUOUS,
                say(
                    "The date '{date}' gives two digits of its year, read as {year}.",
                    date=self.written,
                    year=year,
                ),
                say("Write the year in full, as {year}.", year=year),
            )

    def _ambiguous(self, one: str, other: str) -> None:
        self._say(
            DATE_AMBIGUOUS,
            say("The date '{date}' is {one} or {other}.", date=self.written, one=one, other=other),
            say("Write {one} or {other}, whichever is meant.", one=one, other=other),
        )

    def _say(self, kind: ProblemKind, message: Phrase, remedy: Phrase) -> None:
        if (kind, message, remedy) not in self.doubts:
            self.doubts.append((kind, message, remedy))


def _interval(edtf: str) -> str:
    for first, last in spans(edtf):
        if first > last:
            raise NoSuchDate(say("it ends before it begins"))
    return edtf


def _is_name(token: Token) -> bool:
    common = token.key in w.NO_PLACES or token.key in w.WEEKDAYS or (token.key,) in w.PHRASES
    return token.kind == "w" and token.text[0].isupper() and not common


def _sign(marks: frozenset[Means]) -> str:
    signs = [sign for mark, sign in _SIGNS.items() if mark in marks]
    return "%" if len(signs) > 1 else "".join(signs)


def _range(one: Range, sign: str, marks: frozenset[Means]) -> str:
    if Means.BETWEEN in marks:
        return one_between(one.first, one.last)
    first, last = one.first.edtf + sign, one.last.edtf + sign
    if one.join == "to":
        return f"{first}/{last}"
    return f"[{first},{last}]" if one.join == "or" else f"{{{first},{last}}}"


def _can_mean(dates: list[str]) -> Phrase:
    return say("it can mean {dates}", dates=either(dates))
