"""Problems of what is missing from a series, less what the record says is known to be missing."""

from collections.abc import Iterable, Iterator, Sequence

from wiazka.intake.pairing.gaps import Gap, Series
from wiazka.intake.pairing.stated import MISSING, Stated, StatedMissing
from wiazka.phrase import Phrase, listed, say
from wiazka.problem_kinds import (
    PAGE_LIST_INVALID,
    PAGE_MISSING,
    PAGE_REASON_ABSENT,
    VERSO_MISSING,
    Problem,
)
from wiazka.record.model import Accepted

# A series with more gaps than this is told of in one sentence.
_MOST = 10
_REMEDY = say(
    "Add it; if it is lost or was never scanned, say so in the record, as in: "
    'pages_missing: ["7: lost at the binder\'s"]'
)


def untold(gaps: Iterable[Gap], known: Stated) -> list[Gap]:
    """The gaps, or what is left of them, that the record does not speak of."""
    left: list[Gap] = []
    for gap in gaps:
        run: list[int] = []
        for number in range(gap.first, gap.last + 2):
            there = number > gap.last or any(one.covers(number, gap.side) for one in known.missing)
            if not there:
                run.append(number)
            elif run:
                left.append(Gap(gap.series, run[0], run[-1], gap.side))
                run = []
    return left


def gap_problems(gaps: Sequence[Gap], leaves: tuple[int, int] | None) -> Iterator[Problem]:
    """A problem for each gap; one for all of a series that has many."""
    by_series: dict[tuple[str, str, bool], list[Gap]] = {}
    for gap in gaps:
        key = gap.series.folder, gap.series.prefix, gap.side is None
        by_series.setdefault(key, []).append(gap)
    for (folder, _, of_numbers), found in by_series.items():
        kind = PAGE_MISSING if of_numbers else VERSO_MISSING
        if len(found) > _MOST:
            names = [name for gap in found for name in _names(gap)]
            message = say(
                "Pages are missing from '{folder}': {pages}.",
                folder=folder,
                pages=listed(names, 20),
            )
            yield kind.at(folder, message, _REMEDY)
        else:
            yield from (kind.at(folder, _said(gap, leaves), _REMEDY) for gap in found)


def _names(gap: Gap) -> list[str]:
    ends = dict.fromkeys((gap.first, gap.last))
    return ["–".join(gap.series.name(number, gap.side) for number in ends)]


def _said(gap: Gap, leaves: tuple[int, int] | None) -> Phrase:
    series = gap.series
    if gap.side:
        other = series.name(gap.first, "recto" if gap.side == "verso" else "verso")
        return say(
            "'{page}' is missing: '{other}' is there, and nearly all other leaves have both sides.",
            page=series.name(gap.first, gap.side),
            other=other,
        )
    [page] = _names(gap)
    before = _named(series, max((one for one in series.sides if one < gap.first), default=None))
    after = _named(series, min((one for one in series.sides if one > gap.last), default=None))
    if before is None or after is None:
        first, last = leaves or (gap.first, gap.last)
        return say(
            "'{page}' is missing: the signature names the leaves from {first} to {last}.",
            page=page,
            first=first,
            last=last,
        )
    if gap.first == gap.last:
        return say(
            "'{page}' is missing between '{before}' and '{after}'.",
            page=page,
            before=before,
            after=after,
        )
    return say(
        "'{page}' are missing between '{before}' and '{after}'.",
        page=page,
        before=before,
        after=after,
    )


def _named(series: Series, number: int | None) -> str | None:
    if number is None:
        return None
    sides = series.sides[number]
    return series.name(number, next(iter(sides)) if len(sides) == 1 else None)


def stated_problems(known: Stated, series: Sequence[Series], sidecar: str) -> Iterator[Problem]:
    """What is wrong with the missing pages that a record names."""
    for text in known.unread:
        yield PAGE_LIST_INVALID.at(
            sidecar,
            say("'{text}' in 'pages_missing' names no page.", text=text),
            say('Write the number of each page and why, as in: pages_missing: ["7: lost"]'),
            field=MISSING,
        )
    unexplained = [one.label for one in known.missing if not one.reason]
    if unexplained:
        yield PAGE_REASON_ABSENT.at(
            sidecar,
            say(
                "'pages_missing' names {pages}, but does not say why.",
                pages=listed(unexplained, 20),
            ),
            say('Add the reason behind the number, as in: pages_missing: ["7: lost"]'),
            field=MISSING,
        )
    there = [one.label for one in known.missing if _is_there(one, series)]
    if there:
        yield PAGE_LIST_INVALID.at(
            sidecar,
            say(
                "'pages_missing' names {pages}, but there is a file of it.", pages=listed(there, 20)
            ),
            say("Take it out of 'pages_missing', or remove the file that is not of that page."),
            field=MISSING,
        )


def _is_there(one: StatedMissing, series: Iterable[Series]) -> bool:
    """Whether every series has all that is said to be missing."""
    found = list(series)
    if not found or one.last - one.first > 10_000:
        return False
    return all(
        number in each.sides and (one.side is None or one.side in each.sides[number])
        for each in found
        for number in range(one.first, one.last + 1)
    )


def accepted(known: Stated, series: Sequence[Series], folder: str) -> tuple[Accepted, ...]:
    """What staff looked at and let be: each missing page that has a reason."""
    return tuple(
        Accepted(
            code=(VERSO_MISSING if _half(one, series) else PAGE_MISSING).code,
            path=folder,
            message=say("'{page}' is missing.", page=one.label),
            reason=one.reason,
        )
        for one in known.missing
        if one.reason and not _is_there(one, series)
    )


def _half(one: StatedMissing, series: Iterable[Series]) -> bool:
    return one.side is not None and any(one.first in each.sides for each in series)
