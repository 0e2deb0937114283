"""Days, months and years as values, and as EDTF (ISO 8601-2:2019, levels 0 to 2)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from wiazka.phrase import Phrase, say

_POINT = re.compile(r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")


class NoSuchDate(ValueError):
    """Why a text is no date; ends in no full stop."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why)
        self.why = why


_MONTHS = (
    say("January"),
    say("February"),
    say("March"),
    say("April"),
    say("May"),
    say("June"),
    say("July"),
    say("August"),
    say("September"),
    say("October"),
    say("November"),
    say("December"),
)


@dataclass(frozen=True, slots=True)
class Point:
    """A date as far as it is known; 0 stands for a month or day that is not.

    ``month`` 21 to 24 is a season; ``unknown`` is how many last digits of the year are not known;
    ``short`` says that its year was written with two digits.
    """

    year: int
    month: int = 0
    day: int = 0
    unknown: int = 0
    short: bool = False

    @property
    def edtf(self) -> str:
        """The point as EDTF."""
        year = f"{self.year:04}"[: 4 - self.unknown] + "X" * self.unknown
        month = f"-{self.month:02}" if self.month else ""
        return year + month + (f"-{self.day:02}" if self.day else "")

    @property
    def first(self) -> date:
        """Its first day; of a season, that of the year: where it is spring is not known."""
        return date(self.year, self.month if 0 < self.month < 13 else 1, self.day or 1)

    @property
    def last(self) -> date:
        """Its last day."""
        if self.day:
            return self.first
        if 0 < self.month < 12:
            return date(self.year, self.month + 1, 1) - timedelta(days=1)
        return date(self.year + 10**self.unknown - 1, 12, 31)


def point(year: int, month: int, day: int, *, short: bool = False) -> Point:
    """A point of the calendar. Raises NoSuchDate where there is none."""
    if year == 0 or (month == 0 and day != 0):
        raise NoSuchDate(say("its year or month is 0"))
    if 12 < month < 21 or month > 24:
        raise NoSuchDate(say("there is no month {month}", month=month))
    found = Point(year, month, day, short=short)
    try:
        _ = found.first
    except ValueError as error:
        named = _MONTHS[month - 1]
        raise NoSuchDate(
            say("{month} {year} has no day {day}", month=named, year=year, day=day)
        ) from error
    return found


def before(known: Point) -> str:
    """EDTF of a date that is earlier than ``known``, as exact as that is."""
    if known.month > 12:
        raise NoSuchDate(say("'before' a season cannot be written in EDTF"))
    if known.first == date.min:
        raise NoSuchDate(say("there is no date before it"))
    eve = known.first - timedelta(days=1)
    return f"[..{_as_exact(eve, known).edtf}]"


def after(known: Point) -> str:
    """EDTF of a date that is later than ``known``."""
    if known.month > 12:
        raise NoSuchDate(say("'after' a season cannot be written in EDTF"))
    if known.last == date.max:
        raise NoSuchDate(say("there is no date after it"))
    return f"[{_as_exact(known.last + timedelta(days=1), known).edtf}..]"


def one_between(first: Point, last: Point) -> str:
    """EDTF of one date, not known which, from ``first`` to ``last``."""
    alike = (first.month == 0) == (last.month == 0) and (first.day == 0) == (last.day == 0)
    if alike and not (first.unknown or last.unknown or max(first.month, last.month) > 12):
        return f"[{first.edtf}..{last.edtf}]"
    return f"[{first.first.isoformat()}..{last.last.isoformat()}]"


def _as_exact(day: date, known: Point) -> Point:
    month = day.month if known.month else 0
    return Point(day.year, month, day.day if known.day else 0)


def is_edtf(text: str) -> bool:
    """Whether ``text`` is EDTF, and every day in it one of the calendar."""
    # Longer than any date; the parser's time grows faster than its input.
    if len(text) > 60:
        return False
    import edtf  # a fifth of a second that most commands need not spend

    try:
        edtf.parse_edtf(text)
    except Exception:
        # Some of what is no EDTF ("/..") raises what the library does not say that it does.
        return False
    # The library takes 29 February in any year.
    return all(_in_calendar(found) for found in re.finditer(r"(\d{4})-(\d\d)-(\d\d)", text))


def _in_calendar(found: re.Match[str]) -> bool:
    try:
        date(*(int(part) for part in found.groups()))
    except ValueError:
        return False
    return True


def spans(edtf: str) -> tuple[tuple[date, date], ...]:
    """First and last day of each date that ``edtf`` may mean; none where it is not certain enough
    to say (``?``, ``~``) or in a form that is not weighed here.
    """
    if edtf.startswith("[") and ".." in edtf:
        low, _, high = edtf[1:-1].partition("..")
        bounds = (date.min if not low else None, date.max if not high else None)
        first, last = _span(low), _span(high)
        if (first or bounds[0]) and (last or bounds[1]):
            return ((first[0] if first else date.min, last[1] if last else date.max),)
        return ()
    if edtf.startswith(("[", "{")):
        each = [_span(one.strip()) for one in edtf[1:-1].split(",")]
        return tuple(one for one in each if one) if all(each) else ()
    low, slash, high = edtf.partition("/")
    first, last = _span(low), _span(high if slash else low)
    return ((first[0], last[1]),) if first and last else ()


def _span(edtf: str) -> tuple[date, date] | None:
    found = _POINT.fullmatch(edtf)
    year = int(found["year"].replace("X", "0")) if found else 0
    if found is None or year == 0:
        return None
    unknown = found["year"].count("X")
    month, day = int(found["month"] or 0), int(found["day"] or 0)
    if month == 24:  # a winter may be of this year or the next
        return None
    try:
        known = Point(year, month, day, unknown)
        span = known.first, known.last
    except ValueError:
        return None
    return span
