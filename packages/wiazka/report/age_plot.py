"""How long ago copies were last proved, and what falls due when, as bars."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wiazka.catalogue.evidence_history import ProvedDay
from wiazka.evidence import Grade
from wiazka.phrase import Phrase, say, say_many, together
from wiazka.report.proving import KeptIn, ProvedShare
from wiazka.report.words import size_in_words

WIDTH = 300.0
HEIGHT = 90.0
_BINS = 15
_WIDTHS = (1, 2, 7, 14, 30, 60, 90, 180, 365)
_AHEAD = timedelta(days=366)
_DAILY = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the bottom of a plot; ``kind`` is in time, late, never or damaged."""

    x: float
    width: float
    height: float
    kind: str
    title: Phrase

    @property
    def y(self) -> float:
        """Its upper end."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis of time."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Ages:
    """How long ago copies in one store were proved at one grade; late begins at ``limit``."""

    store: str
    grade: Grade
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    limit: float | None
    most: int
    copies: int
    never: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What falls due in one store at one grade, by day or week, against what a day may read.

    ``budget`` is the height of that line, ``most`` the bytes a day at the top of the plot; ``late``
    bytes were due before.
    """

    store: str
    grade: Grade
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    budget: float | None
    daily: int | None
    most: float
    late: int


def ages(
    proved: Iterable[ProvedDay], coverages: Sequence[ProvedShare], today: date
) -> tuple[Ages, ...]:
    """A plot for each store at each grade that is to be proved, and at every grade read at all."""
    rows = tuple(proved)
    return tuple(
        _ages([row for row in rows if (row.store, row.grade) == (one.store, one.grade)], one, today)
        for one in coverages
        if one.copies
    )


def _ages(rows: Sequence[ProvedDay], coverage: ProvedShare, today: date) -> Ages:
    known = [(max(0, (today - row.day).days), row) for row in rows if row.day is not None]
    never = sum(row.copies for row in rows if row.day is None)
    every = max(1, coverage.every.days) if coverage.every else None
    furthest = max((age for age, _ in known), default=0)
    # Late begins where a bar does: none is of both kinds.
    step = every / min(every, 6) if every else _even(furthest)
    count = min(_BINS, max(int(furthest / step) + 1, 8))
    sound: Counter[int] = Counter()
    doubted: Counter[int] = Counter()
    for age, row in known:
        # The last bar takes all that is older.
        number = min(int(age / step), count - 1)
        (doubted if row.doubted else sound)[number] += row.copies
    heights = [sound[number] + doubted[number] for number in range(count)]
    most = max([*heights, never, 1])
    # The last place is kept for those that were never proved.
    width = WIDTH / (count + 1.5)
    bars: list[Bar] = []
    for number, copies in enumerate(heights):
        if not copies:
            continue
        first = math.ceil(number * step)
        late = every is not None and first >= every
        title = _aged(copies, first, None if number == count - 1 else number * step + step)
        x, wide = number * width, width * 0.86
        kind = "late" if late else "in-time"
        bars.append(Bar(x, wide, _scaled(copies, most), kind, title))
        if doubted[number]:
            damaged = say_many(
                "{number} copy, found not sound since",
                "{number} copies, found not sound since",
                doubted[number],
            )
            bars.append(Bar(x, wide, _scaled(doubted[number], most), "damaged", damaged))
    if never:
        title = say_many("{number} copy never", "{number} copies never", never)
        x = (count + 0.5) * width
        bars.append(Bar(x, width * 0.86, _scaled(never, most), "never", title))
    ticks = [
        Tick(number * width, f"{number * step:.0f}")
        for number in range(0, count + 1, 3 if every else 4)
    ]
    return Ages(
        coverage.store,
        coverage.grade,
        tuple(bars),
        tuple(ticks),
        None if every is None else every / step * width,
        most,
        coverage.copies,
        never,
    )


def _even(furthest: int) -> float:
    """A round number of days for each bar, where no interval decides."""
    return next((one for one in _WIDTHS if one * _BINS > furthest), furthest // _BINS + 1)


def _aged(copies: int, first: int, end: float | None) -> Phrase:
    if end is None:
        return say_many(
            "{number} copy, proved {first} days ago or longer",
            "{number} copies, proved {first} days ago or longer",
            copies,
            first=first,
        )
    return say_many(
        "{number} copy, proved {first} to {last} days ago",
        "{number} copies, proved {first} to {last} days ago",
        copies,
        first=first,
        last=math.ceil(end) - 1,
    )


def ahead(
    proved: Iterable[ProvedDay],
    coverages: Iterable[ProvedShare],
    stores: Iterable[KeptIn],
    today: date,
) -> tuple[Ahead, ...]:
    """What falls due, for each store and grade with an interval whose proof reads bytes."""
    rows = tuple(proved)
    daily = {store.name: store.daily for store in stores}
    return tuple(
        _ahead(
            [row for row in rows if (row.store, row.grade) == (one.store, one.grade)],
            one,
            one.every,
            daily.get(one.store),
            today,
        )
        for one in coverages
        if one.grade is Grade.READ and one.every is not None and one.copies
    )


def _ahead(
    rows: Sequence[ProvedDay],
    coverage: ProvedShare,
    every: timedelta,
    daily: int | None,
    today: date,
) -> Ahead:
    span = min(max(every, timedelta(days=7)), _AHEAD).days
    weeks = every > _DAILY
    step = 7 if weeks else 1
    count = -(-span // step)
    due: Counter[int] = Counter()
    late = 0
    for row in rows:
        day = None if row.day is None else row.day + every
        if day is None or day < today or row.doubted:
            late += row.bytes
        elif (number := (day - today).days // step) < count:
            due[number] += row.bytes
    per_day = [due[number] / step for number in range(count)]
    most = max([*per_day, daily or 0, 1]) * 1.1
    width = WIDTH / count
    bars = [
        Bar(
            number * width,
            max(0.6, width * 0.86),
            _scaled(value, most),
            "late" if daily is not None and value > daily else "in-time",
            _due_title(today + timedelta(days=number * step), due[number], weeks=weeks),
        )
        for number, value in enumerate(per_day)
        if value
    ]
    apart = max(1, count // 4)
    ticks = [
        Tick(number * width, f"{today + timedelta(days=number * step):%m-%d}")
        for number in range(0, count, apart)
    ]
    return Ahead(
        coverage.store,
        coverage.grade,
        tuple(bars),
        tuple(ticks),
        None if daily is None else HEIGHT - _scaled(daily, most),
        daily,
        most,
        late,
    )


def _due_title(day: date, size: int, *, weeks: bool) -> Phrase:
    what = size_in_words(size)
    if weeks:
        return say("week from {day}: {size} due", day=day, size=what)
    return together((f"{day}: ", what), "")


def _scaled(value: float, most: float) -> float:
    return round(max(0.8, value / most * HEIGHT), 1)
