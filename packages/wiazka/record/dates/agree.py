"""Whether the dates of one document can all be right. All are kept, whatever comes out."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from wiazka.phrase import Phrase, quoted, say, together
from wiazka.problem_kinds import DATES_DISAGREE, Problem
from wiazka.record.dates.points import spans
from wiazka.record.dates.reading import read_date
from wiazka.record.model import DocumentDate, OtherDate, Record

_FOLDER_DATE = re.compile(r"(\d{4}-\d\d(?:-\d\d)?|\d{8})(?=[_ .-]|$)")
_REMEDY = say("Correct whichever is mistyped; leave them if the document has them so.")
_LATER = ("received", "filed", "published")


def disagreements(date: DocumentDate | None, others: Sequence[OtherDate]) -> list[Problem]:
    """What is certainly wrong among the date of a document, those in its title and letterhead, and
    those of its receipt, filing and publication, which may be later but not earlier.
    """
    named: list[tuple[str, Sequence[DocumentDate]]] = [("date", [date])] if date else []
    for place in ("title", "letterhead"):
        there = [one for one in others if one.place == place]
        named += [(place, there)] if there else []
    apart = [
        name
        for (one, first), (other, last) in combinations(named, 2)
        if _apart(first, last)
        for name in (one, other)
    ]
    problems = []
    if apart:
        said = together((_said(name, there) for name, there in named if name in apart), "; ")
        message = say("The dates of the document disagree: {dates}. All are kept.", dates=said)
        problems.append(DATES_DISAGREE.at("", message, _REMEDY, field="date"))
    later = [one for one in others if one.place in _LATER]
    return problems + [_too_early(date, one) for one in later if date and _precedes(one, date)]


def folder_date(name: str) -> str | None:
    """The date that the name of a folder begins with (``1984-06-04_AMSZ…``); None without one."""
    found = _FOLDER_DATE.match(name)
    return found[1] if found else None


def disagreeing(folder_date: str, record: Record) -> Problem | None:
    """The problem that a folder's date is certainly another than its record's; None without."""
    folder = read_date(folder_date).date
    if folder is None or record.date is None or not _apart([folder], [record.date]):
        return None
    return DATES_DISAGREE.at(
        record.sidecar or "",
        say(
            "The folder's name begins with {in_name}, the date is {date}. Both are kept.",
            in_name=folder_date,
            date=_shown([record.date]),
        ),
        say("Correct whichever is mistyped."),
        field="date",
    )


def _apart(some: Iterable[DocumentDate], others: Iterable[DocumentDate]) -> bool:
    """Whether no date of the one can be one of the other, and all are certain."""
    mine = [spans(one.edtf or "") for one in some]
    theirs = [spans(one.edtf or "") for one in others]
    if not all([*mine, *theirs]):
        return False
    return not any(
        first <= end and start <= last
        for one in mine
        for other in theirs
        for first, last in one
        for start, end in other
    )


def _precedes(one: DocumentDate, other: DocumentDate) -> bool:
    mine, theirs = spans(one.edtf or ""), spans(other.edtf or "")
    if not mine or not theirs:
        return False
    return max(last for _, last in mine) < min(first for first, _ in theirs)


def _too_early(date: DocumentDate, other: OtherDate) -> Problem:
    dates = {"other": _shown([other]), "date": _shown([date])}
    if other.place == "received":
        message = say(
            "The document was received on {other}, before its date {date}. Both are kept.", **dates
        )
    elif other.place == "filed":
        message = say(
            "The document was filed on {other}, before its date {date}. Both are kept.", **dates
        )
    else:
        message = say(
            "The document was published on {other}, before its date {date}. Both are kept.", **dates
        )
    return DATES_DISAGREE.at("", message, _REMEDY, field=other.place)


def _said(place: str, dates: Iterable[DocumentDate]) -> Phrase:
    shown = _shown(dates)
    if place == "date":
        return say("the date {dates}", dates=shown)
    if place == "title":
        return say("the title {dates}", dates=shown)
    return say("the letterhead {dates}", dates=shown)


def _shown(dates: Iterable[DocumentDate]) -> Phrase:
    return together(map(_with_edtf, dates), ", ")


def _with_edtf(date: DocumentDate) -> Phrase:
    shown = quoted(date.verbatim)
    return shown if date.edtf == date.verbatim else together([shown, f"({date.edtf})"])
