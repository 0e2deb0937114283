"""The pages of a document, from the names of its files and from what was seen in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from wiazka.intake.model import FileRole, SourceFile
from wiazka.intake.pairing.alike import alike, twice
from wiazka.intake.pairing.differ import differing
from wiazka.intake.pairing.gaps import (
    FEWEST,
    Gap,
    leaves_of,
    missing_numbers,
    missing_sides,
    series_of,
)
from wiazka.intake.pairing.items import Item, items_of
from wiazka.intake.pairing.link import link, sets_of_texts
from wiazka.intake.pairing.marked import marks_differing
from wiazka.intake.pairing.named import images_not_there, images_of_others
from wiazka.intake.pairing.order import as_pages, as_stated, in_order
from wiazka.intake.pairing.stated import stated
from wiazka.intake.pairing.told_gaps import accepted, gap_problems, stated_problems, untold
from wiazka.problem_kinds import Problem
from wiazka.record.model import Accepted, Page, Record


@dataclass(frozen=True, slots=True)
class Paired:
    """The pages in reading order, all that is wrong with them, and what staff let be."""

    pages: tuple[Page, ...] = ()
    problems: tuple[Problem, ...] = ()
    accepted: tuple[Accepted, ...] = ()


def pair(files: Iterable[SourceFile], unread: Iterable[str], record: Record | None) -> Paired:
    """The pages that the files of a submission make.

    ``unread`` are names of files that are there but could not be read: they are told of elsewhere
    and count as present. The order of ``files`` does not matter.
    """
    items = items_of(files, unread)
    laid = link(items)
    known = stated(record)
    sidecar = (record and record.sidecar) or ""
    gaps: list[Gap] = []
    numbered = []
    leaves = leaves_of(record)
    for counted in _counted(items):
        series = series_of(counted)
        numbered += series
        for one in series:
            gaps += [*missing_numbers(one, leaves), *missing_sides(one)]
    main = [one for one in numbered if len(one.sides) >= FEWEST] or numbered
    told = untold(gaps, known)
    places, disordered = as_stated(in_order(laid), known.order, sidecar)
    return Paired(
        tuple(as_pages(laid, places)),
        (
            *gap_problems(told, leaves),
            *differing(laid, told, known),
            *twice(laid),
            *alike(laid),
            *images_not_there(items),
            *images_of_others(laid),
            *marks_differing(laid),
            *stated_problems(known, main, sidecar),
            *disordered,
        ),
        accepted(known, main, main[0].folder if main else ""),
    )


def _counted(items: Iterable[Item]) -> list[list[Item]]:
    """The files that are counted: scans, or each set of texts where nothing is scanned."""
    found = list(items)
    scans = [item for item in found if item.role is FileRole.SCAN]
    return [scans] if scans else sets_of_texts(found)
