"""The forms of one date, and of a range of dates, once its words are known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from wiazka.phrase import say
from wiazka.record.dates import words as w
from wiazka.record.dates.points import NoSuchDate, Point, point
from wiazka.record.dates.tokens import Token, kinds

Order = Literal["dm", "md"]
BOTH: tuple[Order, ...] = ("dm", "md")

# Forms over the kinds of tokens: d day, m month, y year, a and b numbers whose order is not said.
_WHOLE = tuple(
    re.compile(form)
    for form in (
        r"(?P<d>N)[-/]?(?P<m>[MR])[-/]?(?P<y>[YN])",
        r"(?P<m>M)(?P<d>N)(?P<y>[YN])",
        r"(?P<y>Y)[-/]?(?P<m>[MR])[-/]?(?P<d>N)",
        r"(?P<y>Y)(?P<s>[-/.])(?P<m>N)(?P=s)(?P<d>N)",
        r"(?P<m>[MSR])[-/]?(?P<y>Y)",
        r"(?P<y>Y)[-/]?(?P<m>[MSR])",
        r"(?P<m>N)[-/.](?P<y>Y)",
        r"(?P<y>Y)[-/.](?P<m>N)",
        r"(?P<y>Y)",
    )
)
_NUMERIC = re.compile(r"(?P<a>N)(?P<s>[-/.])(?P<b>N)(?:(?P=s)|(?<=N\.N))(?P<y>[YN])")
# What one end of a range may be short of, the other has.
_PARTIAL = tuple(
    re.compile(form)
    for form in (
        r"(?P<d>N)[-/]?(?P<m>[MR])",
        r"(?P<m>M)(?P<d>N)",
        r"(?P<m>[MSR])",
        r"(?P<d>N)",
        r"(?P<d>N)(?P<y>Y)",
    )
)
_PARTIAL_NUMERIC = re.compile(r"(?P<a>N)[/.](?P<b>N)")
_CONNECTORS = {
    **dict.fromkeys(w.TO | {"-", "/"}, "to"),
    **dict.fromkeys(w.AND, "and"),
    **dict.fromkeys(w.OR, "or"),
}
_MOST_CONNECTORS = 6


@dataclass(frozen=True, slots=True)
class Parts:
    """What one end of a range says: None is what it leaves to the other end."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    short: bool = False

    def filled(self, other: "Parts") -> "Parts":
        """These parts, the missing ones as in ``other``."""
        month = other.month if self.month is None and self.day is not None else self.month
        if self.year is not None:
            return replace(self, month=month)
        return Parts(other.year, month, self.day, other.short)

    def point(self) -> Point | None:
        """The point, if it has a year. Raises NoSuchDate where the calendar has none."""
        if self.year is None or (self.day is not None and self.month is None):
            return None
        if self.day == 0:
            raise NoSuchDate(say("there is no day 0"))
        return point(self.year, self.month or 0, self.day or 0, short=self.short)


@dataclass(frozen=True, slots=True)
class Range:
    """Two dates and what is between them: ``to``, ``and``, ``or``."""

    first: Point
    last: Point
    join: str


def numeric_style(tokens: Sequence[Token]) -> str | None:
    """The sign between the numbers of a date in numbers alone (``28.10.1962``: a full stop)."""
    found = _NUMERIC.search(kinds(list(tokens)))
    return found["s"] if found else None


def one_date(tokens: list[Token], orders: tuple[Order, ...]) -> tuple[Point, ...]:
    """The dates that the tokens can be: none where they are in no known form, several where the
    order of day and month is not said. Raises NoSuchDate where no such day is in the calendar.
    """
    if special := _decade(tokens):
        return (special,)
    if tokens and tokens[0].key == "lata":  # lata 1957-1958
        return ()
    found: list[Point] = []
    fault: NoSuchDate | None = None
    for parts in _whole(tokens, orders):
        try:
            made = parts.point()
        except NoSuchDate as error:
            fault = error
            continue
        if made and made not in found:
            found.append(made)
    if not found and fault:
        raise fault
    return tuple(found)


def ranges(tokens: list[Token], orders: tuple[Order, ...]) -> tuple[Range, ...]:
    """The ranges that the tokens can be, as ``one_date`` gives dates."""
    found: list[Range] = []
    fault: NoSuchDate | None = None
    if tokens and tokens[0].key == "lata":
        tokens = tokens[1:]
    places = [at for at, token in enumerate(tokens) if token.key in _CONNECTORS]
    for at in places if len(places) <= _MOST_CONNECTORS else ():
        join = _CONNECTORS[tokens[at].key]
        for order in orders:
            try:
                made = list(_range(tokens[:at], tokens[at + 1 :], order, join))
            except NoSuchDate as error:
                fault = error
                continue
            found += [one for one in made if one not in found]
    if not found and fault:
        raise fault
    return tuple(found)


def _range(left: list[Token], right: list[Token], order: Order, join: str) -> Iterator[Range]:
    fault: NoSuchDate | None = None
    made = 0
    for one, other in _pairs(left, right, (order,)):
        try:
            first, last = one.filled(other).point(), other.filled(one).point()
        except NoSuchDate as error:
            fault = error
            continue
        if first and last and join != "or" and first.first > last.last:
            fault = NoSuchDate(say("it ends before it begins"))
        elif first and last:
            made += 1
            yield Range(first, last, join)
    if not made and fault:
        raise fault


def _pairs(
    left: list[Token], right: list[Token], orders: tuple[Order, ...]
) -> Iterator[tuple[Parts, Parts]]:
    whole, partial = list(_whole(right, orders)), list(_partial(right, orders))
    for one in _whole(left, orders):
        yield from ((one, other) for other in whole)
        if kinds(right) == "N" and one.month is None and one.year is not None:
            later = _next_year(one.year, right[0].value)
            yield from ((one, Parts(year)) for year in (later,) if year)
        yield from ((one, other) for other in partial if _continues(one, other))
    for one in _partial(left, orders):
        yield from ((one, other) for other in whole if _precedes(one, other))
        yield from ((one, other) for other in partial if other.year and _continues(one, other))


def _precedes(one: Parts, other: Parts) -> bool:
    """Whether ``one``, of no year, is as exact as ``other`` is: "4" before "6 June 1984"."""
    return other.month is not None and (one.day is None) == (other.day is None)


def _continues(one: Parts, other: Parts) -> bool:
    """Whether ``other``, short of something, is as exact as ``one``: "6, 1984" after "June 4"."""
    return one.month is not None and (one.day is None) == (other.day is None)


def _next_year(first: int, digits: int) -> int | None:
    """The year that ``58`` is in ``1957-58``; None where that is no later year."""
    year = first // 100 * 100 + digits
    if year > first:
        return year
    return first + 1 if (first + 1) % 100 == digits else None


def _whole(tokens: list[Token], orders: tuple[Order, ...]) -> Iterator[Parts]:
    shape = kinds(tokens)
    if shape == "E":
        yield _eight(tokens[0].value)
    if found := _NUMERIC.fullmatch(shape):
        yield from _numeric(tokens, found, orders)
    for form in _WHOLE:
        if (found := form.fullmatch(shape)) and (parts := _parts(tokens, found)):
            yield parts
            return
    # "June 84": no month has that day.
    if shape == "MN" and tokens[1].value > 31:
        yield Parts(1900 + tokens[1].value, tokens[0].value, short=True)


def _partial(tokens: list[Token], orders: tuple[Order, ...]) -> Iterator[Parts]:
    shape = kinds(tokens)
    if _PARTIAL_NUMERIC.fullmatch(shape):
        for order in orders:
            day, month = (tokens[0], tokens[2]) if order == "dm" else (tokens[2], tokens[0])
            yield Parts(None, month.value, day.value)
    for form in _PARTIAL:
        if (found := form.fullmatch(shape)) and (parts := _parts(tokens, found)):
            yield parts


def _parts(tokens: list[Token], found: re.Match[str]) -> Parts | None:
    at = {name: tokens[found.start(name)] for name in found.re.groupindex if name != "s"}
    year = at.get("y")
    month, day = at.get("m"), at.get("d")
    if month and month.kind == "N" and day is None and not 0 < month.value < 13:
        return None  # 1957-58 is no month
    short = year is not None and year.kind == "N"
    return Parts(
        (year.value + 1900 * short) if year else None,
        month.value if month else None,
        day.value if day else None,
        short,
    )


def _numeric(
    tokens: list[Token], found: re.Match[str], orders: tuple[Order, ...]
) -> Iterator[Parts]:
    a, b, year = (tokens[found.start(name)] for name in "aby")
    short = year.kind == "N"
    if short and a.value > 31:  # 84.06.04
        yield Parts(1900 + a.value, b.value, year.value, short)
        return
    readings = [(a, b) if order == "dm" else (b, a) for order in orders]
    possible = [(day, month) for day, month in readings if day.value and 0 < month.value < 13]
    if not possible:
        raise NoSuchDate(say("the calendar has no such day"))
    for day, month in possible:
        yield Parts(year.value + 1900 * short, month.value, day.value, short)


def _eight(number: int) -> Parts:
    year, month, day = number // 10000, number // 100 % 100, number % 100
    if month == 0 and day:
        raise NoSuchDate(say("its year or month is 0"))
    return Parts(year, month or None, day or None)


def _decade(tokens: list[Token]) -> Point | None:
    """Decades and centuries: ``1950s``, ``lata 50. XX w.``, ``XX w.``, ``20th century``."""
    keys = [token.key for token in tokens if token.kind not in ".-"]
    year = tokens[0].value if tokens and tokens[0].kind == "Y" else 0
    if len(keys) == 2 and keys[1] in w.DECADE_SIGNS and year and year % 10 == 0:
        # The 1900s are a decade or a century; what is true of both is the century.
        return Point(year, unknown=1 if year % 100 else 2)
    if len(keys) == 2 and keys[1] in w.CENTURY_SIGNS and (century := _century(tokens[0])):
        return Point((century - 1) * 100, unknown=2)
    if keys[:1] == ["lata"] and len(keys) == 4 and keys[3] in w.CENTURY_SIGNS:
        century = w.CENTURIES.get(keys[2], 0)
        tens = w.DECADES.get(keys[1]) or (int(keys[1]) // 10 if keys[1] in _TENS else 0)
        if century and tens:
            return Point((century - 1) * 100 + tens * 10, unknown=1)
    return None


_TENS = frozenset(str(tens) for tens in range(10, 100, 10))


def _century(token: Token) -> int:
    if token.kind == "N" and 1 < token.value < 22:
        return token.value
    return w.CENTURIES.get(token.key, 0)
