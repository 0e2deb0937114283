"""A date as people and machines write it, to EDTF."""

from collections.abc import Iterable
from dataclasses import dataclass

from wiazka.phrase import say
from wiazka.problem_kinds import DATE_UNREADABLE, Problem
from wiazka.record.dates.forms import BOTH, numeric_style
from wiazka.record.dates.peel import peeled
from wiazka.record.dates.points import NoSuchDate
from wiazka.record.dates.reader import LONGEST, ProvenOrder, Reader, readable
from wiazka.record.model import DocumentDate
from wiazka.record.text import nfc

EXAMPLE = say(
    "Write it as 1984-06-04, June 4, 1984, 4 czerwca 1984, 1984-06 or 1984; "
    "an uncertain date in EDTF, as 1984~; or 'undated'."
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a date was read as; ``date`` is None only where there is an error among the problems."""

    date: DocumentDate | None
    problems: tuple[Problem, ...] = ()


def read_date(text: str, *, field: str = "date", proven: Iterable[ProvenOrder] = ()) -> DateReading:
    """A date as people and machines write it. ``edtf`` is None for an undated document.

    A date that can be read in two ways becomes an EDTF one-of-a-set with a warning, unless
    ``proven`` shows the order of its numbers; one that is no date of the calendar is an error.
    ``field`` is the key that problems name.
    """
    reader = Reader(text, tuple(proven))
    try:
        edtf = reader.edtf_of(" ".join(nfc(text).split()))
    except NoSuchDate as error:
        message = say(
            "The date '{date}' cannot be used: {why}.", date=text[:LONGEST], why=error.why
        )
        return DateReading(None, (DATE_UNREADABLE.at("", message, EXAMPLE, field=field),))
    problems = (
        kind.at("", message, remedy, field=field) for kind, message, remedy in reader.doubts
    )
    return DateReading(DocumentDate(verbatim=text, edtf=edtf), tuple(problems))


def proven_order(text: str) -> ProvenOrder | None:
    """The order of day and month that a date in numbers shows, where it can be only one."""
    tokens = peeled(" ".join(nfc(text[:LONGEST]).split())).tokens
    style = numeric_style(tokens)
    possible = [order for order in BOTH if style and readable(tokens, order)]
    if style is None or len(possible) != 1:
        return None
    return ProvenOrder(style, possible[0], text)
