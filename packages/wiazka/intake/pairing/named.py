"""Texts that name an image: one that is not there, or that of another page."""

from collections.abc import Iterable, Iterator, Sequence

from wiazka.intake.model import FileRole
from wiazka.intake.pairing.items import Item
from wiazka.intake.pairing.link import How, Laid, image_stem
from wiazka.phrase import listed, say, say_many
from wiazka.problem_kinds import IMAGE_NOT_THERE, PAGE_MARKS_DIFFER, Problem
from wiazka.record.text import nearest

_SHOWN = 20


def images_not_there(items: Sequence[Item]) -> Iterator[Problem]:
    """One problem for each folder of texts that name images which were not delivered.

    Nothing is told where no scan is, nor of a PDF or another file of several scans: its pages have
    no names. An address on the web is no file.
    """
    scans = [item for item in items if item.role is FileRole.SCAN]
    if not scans or any(map(_of_many, scans)):
        return
    there = {item.stem.key: item.name.rpartition("/")[2] for item in scans}
    folders: dict[str, list[tuple[Item, str]]] = {}
    for item in items:
        for name in _named(item):
            if image_stem(name) not in there:
                folders.setdefault(item.folder, []).append((item, name))
    for folder, absent in folders.items():
        yield _problem(folder, absent, there)


def images_of_others(laid: Iterable[Laid]) -> Iterator[Problem]:
    """Texts that are called as one scan is, and say that they are of another."""
    found = list(laid)
    stems = {place.key: place for one in found for place in one.places if place.scanned}
    for one in found:
        if one.item.role is FileRole.SCAN or one.how not in (How.STEM, How.NUMBER):
            continue
        named = [stems.get(image_stem(name)) for name in _named(one.item)]
        others = [place for place in named if place is not None]
        if others and not set(others) & set(one.places):
            yield PAGE_MARKS_DIFFER.at(
                one.item.name,
                say(
                    "'{text}' lies with the scan '{scan}', but says in itself that it is of "
                    "'{other}'.",
                    text=one.item.name,
                    scan=one.places[0].name,
                    other=others[0].name,
                ),
                say("Compare both scans with the text, and rename it after its own."),
            )


def _of_many(scan: Item) -> bool:
    return scan.pages > 1 or scan.name.casefold().endswith(".pdf")


def _named(item: Item) -> list[str]:
    names = item.file.seen.images_named if item.file else ()
    return [name for name in names if "://" not in name or name.startswith("file:")]


def _problem(folder: str, absent: Sequence[tuple[Item, str]], there: dict[str, str]) -> Problem:
    [item, name] = absent[0]
    found = nearest(image_stem(name), there, at_least=80)
    if found:
        remedy = say(
            "Did you mean '{near}'? Correct the name in the text, or add the image.",
            near=there[found],
        )
    else:
        remedy = say(
            "Add the image, or correct its name in the text, as in: {example}.",
            example=next(iter(there.values())),
        )
    if len(absent) == 1:
        message = say(
            "'{text}' says that it is of the image '{image}', which is not among the scans.",
            text=item.name,
            image=name,
        )
        return IMAGE_NOT_THERE.at(item.name, message, remedy)
    return IMAGE_NOT_THERE.at(
        folder,
        say_many(
            "The texts of '{folder}' name {number} image that is not among the scans: {images}.",
            "The texts of '{folder}' name {number} images that are not among the scans: {images}.",
            len(absent),
            folder=folder,
            images=listed([name for _, name in absent], _SHOWN),
        ),
        remedy,
    )
