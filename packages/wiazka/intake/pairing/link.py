"""Which files are of the same page: each scan makes one, each text is laid beside its scan."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from wiazka.intake.model import FileRole
from wiazka.intake.pairing.items import Item
from wiazka.intake.pairing.places import Place, Places, own_place, scanned_places
from wiazka.intake.pairing.stems import stem_of

# What may stand before a page's number in a text's name, though not in its scan's.
_PAGE_WORDS = frozenset(
    (
        *("p", "pg", "page", "pages", "s", "str", "strona", "k", "karta", "f", "fol", "folio"),
        *("l", "leaf", "scan", "skan", "image", "л", "лист", "с", "стр"),
    )
)
_VERSION = re.compile(r"(?:^|[\s._-])(?:v|ver|version|wersja|rev|draft|popr|copy|kopia)[\s._-]*$")


class How(StrEnum):
    """Why a file lies where it lies."""

    STEM = "stem"
    IMAGE = "image"
    NUMBER = "number"
    ORDER = "order"
    ALONE = "alone"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Laid:
    """A file and the pages it is of: one, both sides of a leaf, or all for a whole document."""

    item: Item
    places: tuple[Place, ...]
    how: How


def link(items: Sequence[Item]) -> tuple[Laid, ...]:
    """Every item at its pages. ``items`` are in natural order.

    A text lies with the scan of the same stem, else with the image that it names, else with that
    of the same number and side. Where numbers cannot tell, as many texts as scans lie with them in
    their order. What has no number of a page is of the whole document.
    """
    places = Places()
    scans = [item for item in items if item.role is FileRole.SCAN]
    in_series = Counter(item.series for item in scans)
    laid = []
    for item in scans:
        shown = scanned_places(item, only=in_series[item.series] == 1)
        laid.append(Laid(item, tuple(map(places.add, shown)), How.STEM))
    whole: list[Item] = []
    for texts in sets_of_texts(items):
        for one in list(_lay(texts, places)):
            if one.how is How.WHOLE:
                whole.append(one.item)
            else:
                laid.append(Laid(one.item, tuple(map(places.add, one.places)), one.how))
    if whole and not any(True for _ in places):
        places.add(own_place(whole[0], whole[0].stem.text, scanned=False))
    everything = tuple(places)
    return (*laid, *(Laid(item, _covered(item, everything), How.WHOLE) for item in whole))


def sets_of_texts(items: Iterable[Item]) -> list[list[Item]]:
    """The texts of one role in one language, transcriptions first."""
    sets: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.role is not FileRole.SCAN:
            sets[item.role, item.language or ""].append(item)
    return [sets[key] for key in sorted(sets)]


def image_stem(name: str) -> str:
    """What is compared of an image's name: neither its way, nor its extension, nor its case."""
    return stem_of(unquote(name).replace("\\", "/").partition("?")[0]).key


def _lay(texts: Sequence[Item], places: Places) -> Iterator[Laid]:
    sole = len(texts) == 1
    left: list[Item] = []
    for item in texts:
        found = places.of_stem(item.stem.key, item.series)
        named = () if found else _of_images(item, places)
        if item.stem.text in places.series or (
            sole and _many_pages(item) and len(found or named) < 2 <= len(places.scanned)
        ):
            yield Laid(item, (), How.WHOLE)
        elif found:
            yield Laid(item, found, How.STEM)
        elif named:
            yield Laid(item, named, How.IMAGE)
        else:
            left.append(item)
    prefixes = Counter(item.stem.prefix for item in left)
    numbered = [item for item in left if _has_page_number(item, prefixes, places)]
    if len(numbered) == len(texts) and _in_order(numbered, places):
        ordered = sorted(places.scanned, key=lambda place: place.order)
        pairs = zip(numbered, ordered, strict=True)
        yield from (Laid(item, (place,), How.ORDER) for item, place in pairs)
        return
    of_pages = {item.name for item in numbered}
    for item in left:
        if item.name not in of_pages:
            yield Laid(item, (), How.WHOLE)
        elif found := places.of_number(item):
            yield Laid(item, found, How.NUMBER)
        elif sole:
            yield Laid(item, (), How.WHOLE)
        else:
            yield Laid(item, (_alone(item, places),), How.ALONE)


def _many_pages(item: Item) -> bool:
    return item.file is not None and (item.file.technical.pages or 1) > 1


def _of_images(item: Item, places: Places) -> tuple[Place, ...]:
    if item.file is None:
        return ()
    stems = dict.fromkeys(map(image_stem, item.file.seen.images_named))
    found = (place for stem in stems for place in places.of_stem(stem, item.series))
    return tuple(dict.fromkeys(found))


def _has_page_number(item: Item, prefixes: Counter[str], places: Places) -> bool:
    """Whether the number at the end of a text's name is that of a page, and not of a version, a
    bundle or a part.
    """
    prefix = item.stem.prefix
    if item.stem.number is None:
        return False
    if prefix.strip(" ._-") in _PAGE_WORDS or not prefix.strip(" ._-"):
        return True
    if _VERSION.search(prefix):
        return False
    if places.scanned and prefix in places.prefixes:
        return True
    # Two files "part 1" and "part 2" beside twelve scans are no pages.
    return prefixes[prefix] > 1 and 2 * prefixes[prefix] >= len(places.scanned)


def _in_order(texts: Sequence[Item], places: Places) -> bool:
    """Whether texts and scans count the same pages, each in a way of its own."""
    scanned = places.scanned
    if not 1 < len(texts) == len(scanned):
        return False
    if len({item.series for item in texts} | {place.series for place in scanned}) != 1:
        return False
    sides = any(item.stem.side for item in texts)
    if not sides:
        numbers = [item.stem.number or 0 for item in texts]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            return False
    uncounted = all(place.number is None for place in scanned)
    return uncounted or sides != any(place.side for place in scanned)


def _alone(item: Item, places: Places) -> Place:
    stem = item.stem
    order = stem.text
    if places.scanned and len(places.prefixes) == 1:
        # It stands among the scans, though they are called otherwise.
        [prefix] = places.prefixes
        order = f"{prefix}{stem.number}{stem.side[0] if stem.side else stem.mark or ''}"
    return own_place(item, order, scanned=False)


def _covered(item: Item, places: tuple[Place, ...]) -> tuple[Place, ...]:
    """What a text of the whole is of: its series, where it lies in one or is called after it."""
    series = {place.series for place in places}
    for name in (item.series, item.stem.text):
        if name and name in series:
            return tuple(place for place in places if place.series == name)
    return places
