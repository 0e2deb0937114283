"""Pages that are missing from a numbered series, and sides that are missing from its leaves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wiazka.intake.pairing.items import Item
from wiazka.intake.pairing.stems import Side, page_name
from wiazka.record.model import Record

# So many of all numbers from the first to the last must be there: else they count something else.
DENSE = 0.8
# So few files are no series.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Series:
    """Files that are numbered together: their folder, what stands before their numbers, and which
    sides each number has (None: the whole leaf, or a page).
    """

    folder: str
    prefix: str
    digits: int
    sides: dict[int, frozenset[Side | None]]

    def name(self, number: int, side: Side | None = None) -> str:
        """A page as this series names it: ``0007v``."""
        return f"{self.prefix}{page_name(number, self.digits, side)}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing, from ``first`` to ``last``; or one side of one leaf."""

    series: Series
    first: int
    last: int
    side: Side | None = None


def series_of(items: Iterable[Item]) -> list[Series]:
    """The numbered series among files of one role and language. Cameras' numbers make none."""
    groups: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.stem.number is not None:
            groups[item.series, item.stem.prefix].append(item)
    made = []
    for (_, prefix), group in groups.items():
        stem = group[0].stem
        sides: dict[int, set[Side | None]] = defaultdict(set)
        for item in group:
            sides[item.stem.number or 0].add(item.stem.side)
        made.append(
            Series(
                group[0].folder,
                stem.text[: len(prefix)] if len(stem.text) == len(stem.key) else prefix,
                min(item.stem.digits for item in group),
                {number: frozenset(found) for number, found in sorted(sides.items())},
            )
        )
    return made


def missing_numbers(series: Series, leaves: tuple[int, int] | None = None) -> Iterator[Gap]:
    """The gaps of a series. ``leaves`` are the first and last leaf of the signature: a series
    within them that reaches neither end lacks what is beyond.
    """
    numbers = sorted(series.sides)
    if len(numbers) < FEWEST:
        return
    low, high = numbers[0], numbers[-1]
    if leaves and leaves[0] <= low and high <= leaves[1] and _dense(numbers, *leaves):
        low, high = leaves
    if not _dense(numbers, low, high):
        return
    before = low - 1
    for number in [*numbers, high + 1]:
        if number - before > 1:
            yield Gap(series, before + 1, number - 1)
        before = number


def _dense(numbers: Sequence[int], low: int, high: int) -> bool:
    return len(numbers) >= DENSE * (high - low + 1)


def missing_sides(series: Series) -> Iterator[Gap]:
    """Leaves of one side, where nearly all have both.

    The last leaf may lack its verso, and the first its recto: a document ends, or begins, there.
    """
    numbers = sorted(series.sides)
    both = sum(1 for sides in series.sides.values() if {"recto", "verso"} <= sides)
    if both < FEWEST or both < DENSE * len(numbers):
        return
    for number in numbers:
        sides = series.sides[number]
        if sides == {"recto"} and number != numbers[-1]:
            yield Gap(series, number, number, "verso")
        elif sides == {"verso"} and number != numbers[0]:
            yield Gap(series, number, number, "recto")


def leaves_of(record: Record | None) -> tuple[int, int] | None:
    """The first and last leaf that the only signature names; None where it names none."""
    sources = record.sources if record else ()
    folios = sources[0].folios if len(sources) == 1 else None
    if folios is None or folios.last is None:
        return None
    ends = [end.strip().rstrip("rvab") for end in (folios.first, folios.last)]
    if not all(end.isascii() and end.isdigit() and len(end) < 9 for end in ends):
        return None
    return int(ends[0]), int(ends[1])
