"""The pages that there are, each at its place, and how a text finds the one that it is of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wiazka.intake.pairing.items import Item
from wiazka.intake.pairing.stems import Natural, Side, natural


@dataclass(frozen=True, slots=True)
class Place:
    """A page: where it stands, what its files call it, and its number where that is one.

    ``of`` is its page in a file of several; ``mark`` is a letter that tells it from its neighbours
    (``0001c``). ``scanned`` is whether a scan shows it.
    """

    series: str
    key: str
    of: int | None
    label: str
    order: tuple[Natural, ...]
    prefix: str = ""
    number: int | None = None
    side: Side | None = None
    mark: str | None = None
    scanned: bool = False

    @property
    def name(self) -> str:
        """Its label, and its series where there is one: ``k1/0007``."""
        return f"{self.series}/{self.label}" if self.series else self.label

    @property
    def halved(self) -> bool:
        """Whether it is one side, or one of several parts, of what has its number."""
        return bool(self.side or self.mark)


def scanned_places(item: Item, *, only: bool) -> tuple[Place, ...]:
    """The pages in a scan. ``only``: whether no other scan is in its series, so that the pages of
    its file are numbers enough.
    """
    if item.pages == 1:
        return (own_place(item, item.stem.text, scanned=True),)
    order = natural(item.series), natural(item.stem.text)
    return tuple(
        Place(
            series=item.series,
            key=item.stem.key,
            of=page,
            label=str(page) if only else f"{item.stem.text} {page}",
            order=(*order, (("", page),)),
            number=page if only else None,
            scanned=True,
        )
        for page in range(1, item.pages + 1)
    )


def own_place(item: Item, order: str, *, scanned: bool) -> Place:
    """The page that a file names itself, standing where ``order`` would."""
    stem = item.stem
    return Place(
        series=item.series,
        key=stem.key,
        of=None,
        label=stem.text,
        order=(natural(item.series), natural(order)),
        prefix=stem.prefix,
        number=stem.number,
        side=stem.side,
        mark=stem.mark,
        scanned=scanned,
    )


class Places:
    """All pages so far, found by a stem, or by a number and a side."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str, int | None], Place] = {}
        self._stems: dict[str, list[Place]] = defaultdict(list)
        self._numbers: dict[int | None, list[Place]] = defaultdict(list)
        self.series: set[str] = set()
        self.scanned: list[Place] = []
        self.prefixes: set[str] = set()

    def __iter__(self) -> Iterator[Place]:
        return iter(self._all.values())

    def add(self, place: Place) -> Place:
        """The page itself, or the one of the same name that was there already."""
        key = place.series, place.key, place.of
        if key in self._all:
            return self._all[key]
        self._all[key] = place
        self._stems[place.key].append(place)
        self._numbers[place.number].append(place)
        if place.scanned:
            self.scanned.append(place)
        if place.scanned or not self.scanned:
            self.series.add(place.series)
            if place.number is not None:
                self.prefixes.add(place.prefix)
        return place

    def of_stem(self, stem: str, series: str) -> tuple[Place, ...]:
        """The pages of the file with this stem; none where several series have one."""
        return self._one_series(self._stems.get(stem, ()), series)

    def of_number(self, item: Item) -> tuple[Place, ...]:
        """The page with the number and side of a text; both sides where the text has none."""
        stem = item.stem
        if stem.number is None:
            return ()
        found = self._one_series(self._numbers.get(stem.number, ()), item.series)
        same = [place for place in found if place.prefix == stem.prefix] or list(found)
        whole = [place for place in same if not place.halved]
        if stem.side or stem.mark:
            exact = [p for p in same if (p.side, p.mark) == (stem.side, stem.mark)]
            # The scan of a whole leaf, or of two pages side by side, has no side.
            same = exact or [place for place in whole if place.of is None]
        else:
            same = whole or same
        return tuple(same) if len({place.prefix for place in same}) == 1 else ()

    def _one_series(self, places: Sequence[Place], series: str) -> tuple[Place, ...]:
        own = tuple(place for place in places if place.series == series)
        if own or series in self.series:
            return own
        return tuple(places) if len({place.series for place in places}) == 1 else ()
