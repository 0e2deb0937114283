"""A year of checks as a calendar of weeks and weekdays, drawn as few SVG paths.

A ten years' report of five stores must stay a file that opens at once: days of one shade that
follow one another are one path, over which the page lays a grid.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wiazka.catalogue.evidence_history import CheckedDay
from wiazka.evidence import INCONCLUSIVE, Grade, Outcome
from wiazka.phrase import Phrase, say, say_many, together
from wiazka.report.fixity import outcomes_in_words
from wiazka.report.proving import grades_checked
from wiazka.report.words import size_in_words

# The side of a day, in units of the drawing.
DAY = 9
WIDTH = 54 * DAY
HEIGHT = 7 * DAY
SHADES = 5
_MONTHS = (
    say("Jan"),
    say("Feb"),
    say("Mar"),
    say("Apr"),
    say("May"),
    say("Jun"),
    say("Jul"),
    say("Aug"),
    say("Sep"),
    say("Oct"),
    say("Nov"),
    say("Dec"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which something was not ok: where its middle is, and what."""

    x: float
    y: float
    failed: bool
    title: Phrase


@dataclass(frozen=True, slots=True)
class Shown:
    """Days of one ``shade`` (1 to SHADES) as one path; with a ``title`` where it is one day."""

    shade: int
    path: str
    title: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one store at one grade. ``frame`` is the outline of its days."""

    year: int
    frame: str
    days: tuple[Shown, ...]
    marks: tuple[Mark, ...]
    months: tuple[tuple[float, Phrase], ...]
    checks: int
    bytes: int
    failed: int
    unclear: int


@dataclass(frozen=True, slots=True)
class StoreYears:
    """All years of one store, the newest last."""

    store: str
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """All stores at one grade, in the same shades, so that they can be compared.

    ``steps``: each shade that is used, and from how many copies a day, lightest first.
    """

    grade: Grade
    steps: tuple[tuple[int, int], ...]
    stores: tuple[StoreYears, ...]


def calendars(
    days: Sequence[CheckedDay], stores: Sequence[str], begun: Mapping[str, date], until: date
) -> tuple[Calendar, ...]:
    """A calendar for each grade that was checked at, from when a store had its first copy on."""
    # A store that is no longer configured has its history still.
    order = [*stores, *sorted({one.store for one in days} - set(stores))]
    return tuple(_calendar(days, grade, order, begun, until) for grade in grades_checked(days))


def steps_for(most: int) -> tuple[tuple[int, int], ...]:
    """Each shade and from how many copies a day it is used: 1, then halves of the most, rounded."""
    steps = sorted({1, *(_round(most / part) for part in (16, 8, 4, 2))})
    return tuple((SHADES * rank // len(steps), step) for rank, step in enumerate(steps, 1))


def _round(value: float) -> int:
    if value < 1:
        return 1
    power = 10 ** (len(str(int(value))) - 1)
    return int(max(step for step in (1, 2, 5) if step * power <= value) * power)


def _calendar(
    days: Sequence[CheckedDay],
    grade: Grade,
    stores: Sequence[str],
    begun: Mapping[str, date],
    until: date,
) -> Calendar:
    of_store: dict[str, dict[date, list[CheckedDay]]] = defaultdict(lambda: defaultdict(list))
    for one in days:
        if one.grade is grade:
            of_store[one.store][one.day].append(one)
    counts = [_proved(those) for found in of_store.values() for those in found.values()]
    steps = steps_for(max(counts, default=1))
    shown = []
    for store in (one for one in stores if one in of_store):
        found = of_store[store]
        first = min([*found, begun.get(store, until)])
        last = max([*found, until])
        years = range(first.year, last.year + 1)
        shown.append(
            StoreYears(store, tuple(_year(year, found, steps, (first, last)) for year in years))
        )
    return Calendar(grade, steps, tuple(shown))


def _proved(those: Iterable[CheckedDay]) -> int:
    return sum(one.checks for one in those if one.outcome is Outcome.OK)


def _year(
    year: int,
    found: Mapping[date, list[CheckedDay]],
    steps: Sequence[tuple[int, int]],
    span: tuple[date, date],
) -> Year:
    those = {day: rows for day, rows in found.items() if day.year == year}
    rows = [row for rows in those.values() for row in rows]
    shades = {
        day: max(shade for shade, step in steps if count >= step)
        for day, told in those.items()
        if (count := _proved(told))
    }
    told_singly = year == span[1].year
    return Year(
        year=year,
        frame=_frame(max(date(year, 1, 1), span[0]), min(date(year, 12, 31), span[1])),
        days=_singly(shades, those) if told_singly else _merged(shades),
        marks=tuple(filter(None, (_mark(day, told) for day, told in sorted(those.items())))),
        months=tuple(
            (_spot(date(year, month, 1))[0] + DAY / 2, _MONTHS[month - 1]) for month in range(1, 13)
        ),
        checks=sum(row.checks for row in rows),
        bytes=sum(row.bytes for row in rows),
        failed=sum(row.checks for row in rows if _is_failure(row)),
        unclear=sum(row.checks for row in rows if row.outcome in INCONCLUSIVE),
    )


def _is_failure(row: CheckedDay) -> bool:
    return row.outcome is not Outcome.OK and row.outcome not in INCONCLUSIVE


def _spot(day: date) -> tuple[int, int]:
    start = date(day.year, 1, 1)
    week = ((day - start).days + start.weekday()) // 7
    return week * DAY, day.weekday() * DAY


def _frame(first: date, last: date) -> str:
    """The outline of the days of a year: a step at either end, where a week is not whole."""
    left, top = _spot(first)
    right, bottom = _spot(last)
    if left == right:
        return f"M{left} {top}V{bottom + DAY}h{DAY}V{top}Z"
    begin = left + DAY if top else left
    return f"M{left} {top}V{HEIGHT}H{right}V{bottom + DAY}h{DAY}V0H{begin}V{top}Z"


def _singly(
    shades: Mapping[date, int], those: Mapping[date, list[CheckedDay]]
) -> tuple[Shown, ...]:
    shown = []
    for day, shade in sorted(shades.items()):
        x, y = _spot(day)
        shown.append(Shown(shade, f"M{x} {y}h{DAY}v{DAY}h-{DAY}z", _told(day, those[day])))
    return tuple(shown)


def _told(day: date, rows: Iterable[CheckedDay]) -> Phrase:
    known = [row for row in rows if row.outcome is Outcome.OK]
    checks = say_many(
        "{number} copy proved", "{number} copies proved", sum(row.checks for row in known)
    )
    return together((f"{day}: ", checks, ", ", size_in_words(sum(row.bytes for row in known))), "")


def _merged(shades: Mapping[date, int]) -> tuple[Shown, ...]:
    paths: dict[int, list[str]] = defaultdict(list)
    ordered = sorted(shades.items())
    index = 0
    while index < len(ordered):
        day, shade = ordered[index]
        length = 1
        # Down one week, as far as the shade stays.
        while (
            index + length < len(ordered)
            and ordered[index + length] == (day + timedelta(days=length), shade)
            and day.weekday() + length < 7
        ):
            length += 1
        x, y = _spot(day)
        paths[shade].append(f"M{x} {y}h{DAY}v{DAY * length}h-{DAY}z")
        index += length
    return tuple(Shown(shade, "".join(parts)) for shade, parts in sorted(paths.items()))


def _mark(day: date, rows: Sequence[CheckedDay]) -> Mark | None:
    bad = [(row.outcome, row.checks) for row in rows if row.outcome is not Outcome.OK]
    if not bad:
        return None
    x, y = _spot(day)
    failed = any(outcome not in INCONCLUSIVE for outcome, _ in bad)
    return Mark(
        x + DAY / 2, y + DAY / 2, failed, together((f"{day}: ", outcomes_in_words(bad)), "")
    )
