"""The pages as values of the record, in the order in which they are read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from wiazka.intake.model import FileRole
from wiazka.intake.pairing.link import Laid
from wiazka.intake.pairing.places import Place
from wiazka.intake.pairing.stated import ORDER
from wiazka.intake.pairing.stems import read_stem, stem_of
from wiazka.phrase import listed, say
from wiazka.problem_kinds import PAGE_LIST_INVALID, Problem
from wiazka.record.model import Page, PagePart

_ROLES = (FileRole.SCAN, FileRole.TRANSCRIPTION, FileRole.TRANSLATION)


def in_order(laid: Sequence[Laid]) -> list[Place]:
    """The pages by series and number, 2 before 10."""
    places = {place: None for one in laid for place in one.places}
    return sorted(places, key=lambda place: (place.order, place.label, place.of or 0))


def as_stated(
    places: Sequence[Place], order: Sequence[str], sidecar: str
) -> tuple[list[Place], list[Problem]]:
    """The pages in the order that the record gives, those that it does not name behind them."""
    if not order or order == (str(len(places)),):  # "pages: 4" may be how many there are
        return list(places), []
    by_stem: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        for name in dict.fromkeys((place.key, place.label.casefold(), place.name.casefold())):
            by_stem[name].append(place)
    first: dict[Place, None] = {}
    unknown = []
    for name in order:
        found = (
            by_stem.get(stem_of(name).key)
            or by_stem.get(name.casefold())
            or _by_number(places, name)
        )
        first.update(dict.fromkeys(found))
        if not found:
            unknown.append(name)
    rest = [place for place in places if place not in first]
    problems = [
        PAGE_LIST_INVALID.at(sidecar, message, remedy, field=ORDER)
        for names, message, remedy in (
            (
                unknown,
                say("'pages' names {names}, and there is no such page.", names=listed(unknown, 20)),
                say("Write the names of the scans, as in: pages: [0001r, 0001v, 0003r, 0002r]"),
            ),
            (
                rest,
                say(
                    "'pages' does not name {names}; they were put behind all that it names.",
                    names=listed([place.name for place in rest], 20),
                ),
                say("Name every page in 'pages', in their order; or none, if names tell it right."),
            ),
        )
        if names
    ]
    return [*first, *rest], problems


def _by_number(places: Sequence[Place], name: str) -> list[Place]:
    stem = read_stem(name)
    if stem.number is None:
        return []
    return [
        place for place in places if place.number == stem.number and stem.side in (None, place.side)
    ]


def as_pages(laid: Sequence[Laid], places: Sequence[Place]) -> Iterator[Page]:
    """The pages with their parts: scans, transcriptions, translations. A page of which no file
    could be read is none.
    """
    parts: dict[Place, list[Laid]] = defaultdict(list)
    for one in laid:
        if one.item.file is not None:
            for place in one.places:
                parts[place].append(one)
    several = len({place.series for place in places}) > 1
    for place in places:
        if found := parts.get(place):
            found.sort(key=_rank)
            yield Page(
                label=place.name if several else place.label,
                number=place.number,
                side=place.side,
                parts=tuple(_part(one, place) for one in found),
            )


def _rank(one: Laid) -> tuple[int, str, str]:
    return _ROLES.index(one.item.role), one.item.language or "", one.item.name


def _part(one: Laid, place: Place) -> PagePart:
    item = one.item
    return PagePart(
        path=item.file.bag_path if item.file else item.name,
        role=item.role,
        language=item.language,
        page=place.of if item.role is FileRole.SCAN else None,
    )
