"""All dates of one document: its own, those beside it, and whether they agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wiazka.phrase import say, together
from wiazka.problem_kinds import DATE_UNREADABLE, OTHER_DATE_UNREADABLE, Problem
from wiazka.record.dates.agree import disagreements
from wiazka.record.dates.found import dates_in
from wiazka.record.dates.reader import ProvenOrder
from wiazka.record.dates.reading import DateReading, proven_order, read_date
from wiazka.record.model import DatePlace, DocumentDate, OtherDate

# The keys of dates beside the document's own, each with the place where it stands.
DATE_PLACES: dict[str, DatePlace] = {
    "letterhead_date": "letterhead",
    "received": "received",
    "filed": "filed",
    "published": "published",
}


@dataclass(frozen=True, slots=True)
class DatesReading:
    """The document's date, None where it has none that can be read, and those beside it."""

    date: DocumentDate | None
    others: tuple[OtherDate, ...]
    problems: tuple[Problem, ...]


def read_dates(
    date: str | None, title: str | None, beside: Sequence[tuple[str, str]]
) -> DatesReading:
    """The dates of a document from its date, its title, and pairs of a key of ``DATE_PLACES`` and
    its value. Where one shows the order of day and month, it holds for those written as it is.
    """
    in_title = dates_in(title or "")
    texts = [date or "", *(text for _, text in beside), *(one.verbatim for one in in_title)]
    proven = [order for text in texts if (order := proven_order(text))]
    problems: list[Problem] = []
    others = [OtherDate(verbatim=one.verbatim, edtf=one.edtf, place="title") for one in in_title]
    for key, text in beside:
        reading = read_beside(text, field=key, proven=proven)
        problems += reading.problems
        edtf = reading.date.edtf if reading.date else None
        others.append(OtherDate(verbatim=text, edtf=edtf, place=DATE_PLACES[key]))
    own = None
    if date is not None:
        reading = read_date(date, proven=proven)
        problems += reading.problems
        own = reading.date
    problems += disagreements(own, others)
    return DatesReading(own, tuple(others), tuple(problems))


def read_beside(text: str, *, field: str, proven: Iterable[ProvenOrder] = ()) -> DateReading:
    """A date that is not the document's own: one that is not understood refuses nothing."""
    reading = read_date(text, field=field, proven=proven)
    problems = tuple(
        replace(
            one,
            code=OTHER_DATE_UNREADABLE.code,
            severity=OTHER_DATE_UNREADABLE.severity,
            message=together([one.message, say("It is kept as it is.")]),
        )
        if one.code == DATE_UNREADABLE.code
        else one
        for one in reading.problems
    )
    return DateReading(reading.date, problems)
