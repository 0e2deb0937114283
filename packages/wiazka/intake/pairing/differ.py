"""Scans without a text, and texts without a scan."""

from collections.abc import Iterable, Iterator, Sequence
from posixpath import commonpath

from wiazka.intake.model import FileRole
from wiazka.intake.pairing.gaps import Gap
from wiazka.intake.pairing.items import Item
from wiazka.intake.pairing.link import How, Laid
from wiazka.intake.pairing.places import Place
from wiazka.intake.pairing.stated import Stated
from wiazka.phrase import Phrase, listed, say, say_many, together
from wiazka.problem_kinds import PAGES_DIFFER, Problem

_SHOWN = 20


def differing(laid: Sequence[Laid], gaps: Sequence[Gap], known: Stated) -> Iterator[Problem]:
    """One problem for each set of texts that is not of the pages that are scanned.

    Nothing is told where nothing is scanned, nor of a set with a text of the whole document. A
    text whose scan is told to be missing is not told of again, nor is a blank page.
    """
    scanned = {place: None for one in laid for place in one.places if place.scanned}
    if not scanned:
        return
    blank = _blank(laid)
    sets: dict[tuple[str, str], list[Laid]] = {}
    for one in laid:
        if one.item.role is not FileRole.SCAN:
            sets.setdefault((one.item.role, one.item.language or ""), []).append(one)
    for texts in sets.values():
        if any(one.how is How.WHOLE for one in texts):
            continue
        covered = {place for one in texts for place in one.places}
        without = [place for place in scanned if place not in covered and place not in blank]
        alone = [
            one.item
            for one in texts
            if one.how is How.ALONE and not _explained(one.item, gaps, known)
        ]
        if without or alone:
            yield _problem(texts, without, alone, len(scanned))


def _blank(laid: Iterable[Laid]) -> set[Place]:
    """Pages with nothing on them: seen, but with nothing that a likeness could be made of."""
    shown: dict[Place, bool] = {}
    for one in laid:
        if one.item.role is FileRole.SCAN and one.item.pages == 1:
            seen = one.item.file.seen if one.item.file else None
            empty = seen is not None and seen.thumbnail is not None and seen.likeness is None
            for place in one.places:
                shown[place] = shown.get(place, True) and empty
    return {place for place, empty in shown.items() if empty}


def _explained(item: Item, gaps: Iterable[Gap], known: Stated) -> bool:
    number, side = item.stem.number, item.stem.side
    if number is None:
        return False
    if any(one.covers(number, side) for one in known.missing):
        return True
    return any(gap.first <= number <= gap.last and gap.side in (None, side) for gap in gaps)


def _problem(
    texts: Sequence[Laid], without: Sequence[Place], alone: Sequence[Item], scanned: int
) -> Problem:
    folder = commonpath([one.item.folder for one in texts])
    if len(alone) == len(texts):
        return PAGES_DIFFER.at(
            folder,
            say(
                "'{folder}' has {texts} texts for {scans} scanned pages, and their names do not "
                "say which belong together.",
                folder=folder,
                texts=len(texts),
                scans=scanned,
            ),
            say("Give each text the name of its scan, as in: scans/0001r.tif and 0001r.txt."),
        )
    said: list[Phrase] = []
    if without:
        said.append(
            say_many(
                "'{folder}' has no text of {number} page of the {all} that are scanned: {pages}.",
                "'{folder}' has no text of {number} pages of the {all} that are scanned: {pages}.",
                len(without),
                folder=folder,
                all=scanned,
                pages=listed([place.name for place in without], _SHOWN),
            )
        )
    if alone:
        said.append(
            say_many(
                "{number} text is of no page that is scanned: {names}.",
                "{number} texts are of no page that is scanned: {names}.",
                len(alone),
                names=listed([item.name for item in alone], _SHOWN),
            )
        )
    return PAGES_DIFFER.at(
        alone[0].name if len(alone) == 1 and not without else folder,
        together(said),
        say(
            "Add what is missing, or give each text the name of its scan, as in: scans/0001r.tif "
            "and 0001r.txt."
        ),
    )
