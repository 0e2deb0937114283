"""Texts whose own page marks say that they are of another page than their scan."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wiazka.intake.model import FileRole
from wiazka.intake.pairing.link import How, Laid
from wiazka.intake.pairing.marks import Kind, Mark, read_mark
from wiazka.intake.pairing.places import Place
from wiazka.intake.pairing.stems import Side
from wiazka.phrase import say
from wiazka.problem_kinds import PAGE_MARKS_DIFFER, Problem

# So many texts must agree on how marks and names of files go together, and such a share of all.
_AGREEING = 3
_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Marked:
    text: Laid
    place: Place
    written: str
    mark: Mark


def marks_differing(laid: Sequence[Laid]) -> Iterator[Problem]:
    """A problem for each text that is marked as another page than the scan that it lies with.

    Marks may count otherwise than files do, by any constant: leaves of the bundle, say. What is
    told is the one that does not count as those before and behind it do, and two that are swapped.
    A count that changes and stays so is another numbering, not a fault.
    """
    sets: dict[tuple[str, str, str, Kind], list[_Marked]] = defaultdict(list)
    for one in laid:
        if one.item.role is FileRole.SCAN or one.how is How.WHOLE or len(one.places) != 1:
            continue
        for marked in _marked(one):
            series = marked.place.series
            sets[one.item.role, one.item.language or "", series, marked.mark.kind].append(marked)
    told: set[str] = set()
    for found in sets.values():
        for marked, other in _outliers(sorted(found, key=lambda one: one.place.order)):
            if marked.text.item.name not in told:
                told.add(marked.text.item.name)
                yield _problem(marked, other)


def _marked(one: Laid) -> Iterator[_Marked]:
    """The marks of a text, of each kind at most one: two may be where a page begins and ends."""
    [place] = one.places
    if one.item.file is None or place.number is None:
        return
    marks: dict[Kind, list[tuple[str, Mark]]] = defaultdict(list)
    for written in one.item.file.seen.page_marks:
        if mark := read_mark(written):
            marks[mark.kind].append((written, mark))
    for found in marks.values():
        if len(found) == 1:
            yield _Marked(one, place, *found[0])


def _outliers(marked: Sequence[_Marked]) -> Iterator[tuple[_Marked, Place | None]]:
    """The texts whose marks do not count as the others' do, each with the page its mark is of."""
    values, common, agreed = _counted(marked)
    wrong = [index for index, (mark, page) in enumerate(values) if mark - page != common]
    right = [index for index in range(len(values)) if index not in set(wrong)]
    pages = {page: index for index, (_, page) in enumerate(values)}
    few = agreed < _AGREEING or agreed < _SHARE * len(marked)
    # Two that are just each other's need no crowd of witnesses, where nobody contradicts.
    pair = common == 0 and len(wrong) == 2 <= agreed
    for index in wrong:
        mark, page = values[index]
        other = pages.get(mark - common)
        swapped = other is not None and values[other][0] - common == page
        between = right[0] < index < right[-1]
        if (swapped and (pair or not few)) or (between and not few):
            yield marked[index], None if other is None else marked[other].place


def _counted(marked: Sequence[_Marked]) -> tuple[list[tuple[int, int]], int, int]:
    """The marks and the pages as numbers, the difference that most of them have, and how many do.

    Sides are counted as pages are, two to a leaf, unless leaving them out makes more agree.
    """
    has_sides = {bool(side) for one in marked for side in (one.mark.side, one.place.side)}
    best: tuple[list[tuple[int, int]], int, int] = [], 0, 0
    for halves in (True, False) if len(has_sides) > 1 else (True,):
        values = [
            (
                _value(one.mark.number, one.mark.side if halves else None),
                _value(one.place.number or 0, one.place.side if halves else None),
            )
            for one in marked
        ]
        [(common, agreed)] = Counter(mark - page for mark, page in values).most_common(1)
        if agreed > best[2]:
            best = values, common, agreed
    return best


def _value(number: int, side: Side | None) -> int:
    return 2 * number + (side == "verso") if side else number


def _problem(marked: _Marked, other: Place | None) -> Problem:
    name, scan = marked.text.item.name, marked.place.name
    if other is None:
        message = say(
            "'{text}' lies with the scan '{scan}', but is marked '{mark}', which does not fit the "
            "marks before and behind it.",
            text=name,
            scan=scan,
            mark=marked.written,
        )
    else:
        message = say(
            "'{text}' lies with the scan '{scan}', but is marked '{mark}', which by the marks of "
            "the other texts is '{other}'.",
            text=name,
            scan=scan,
            mark=marked.written,
            other=other.name,
        )
    remedy = say("Compare both scans with the text, and rename it after its own.")
    return PAGE_MARKS_DIFFER.at(name, message, remedy)
