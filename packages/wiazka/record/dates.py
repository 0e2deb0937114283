"""Document dates: as printed, and as EDTF (ISO 8601-2:2019)."""

import re
from dataclasses import dataclass
from datetime import date

from wiazka.errors import DATE_AMBIGUOUS, DATE_UNREADABLE, Problem
from wiazka.record.model import DocumentDate
from wiazka.record.text import fold, nfc

_UNDATED = {
    "undated",
    "nd",
    "sd",
    "bd",
    "b d",
    "bez daty",
    "nie datowany",
    "niedatowany",
    "niedatowane",
}
_MONTH_NAMES = (
    "january jan styczen stycznia sty",
    "february feb luty lutego lut",
    "march mar marzec marca",
    "april apr kwiecien kwietnia kwi",
    "may maj maja",
    "june jun czerwiec czerwca cze",
    "july jul lipiec lipca lip",
    "august aug sierpien sierpnia sie",
    "september sep sept wrzesien wrzesnia wrz",
    "october oct pazdziernik pazdziernika paz",
    "november nov listopad listopada lis",
    "december dec grudzien grudnia gru",
)
_MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_ROMAN = {
    name: n
    for n, name in enumerate(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], 1
    )
}  # the manner of Polish and Russian offices: 28.X.62

_YEAR = r"(?P<year>\d{4}|\d{2})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WORD = r"(?P<month>[a-z]+)\.?"
_SPACE = r"[\s.,]*"
_WORDED = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY}{_SPACE}(?:of )?{_WORD}{_SPACE}{_YEAR}",
        rf"{_WORD}\s*{_DAY},?\s+{_YEAR}",
        rf"{_WORD},?\s+(?P<year>\d{{4}})",
    )
)
_NUMERIC = re.compile(rf"(?P<a>\d{{1,2}})([./-])\s?(?P<b>\d{{1,2}})\2\s?{_YEAR}")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ISO_LOOSE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_POLISH_TAIL = re.compile(r"\s*(?:r\.?|roku)$")
_EXAMPLE = (
    "Write it as 1984-06-04, June 4, 1984, 4 czerwca 1984, 1984-06 or 1984; "
    "an uncertain date in EDTF, as 1984~; or 'undated'."
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a date was read as; ``date`` is None only where there is an error among the problems."""

    date: DocumentDate | None
    problems: tuple[Problem, ...] = ()


def read_date(text: str) -> DateReading:
    """A date as people and machines write it. ``edtf`` is None for an undated document.

    A date that can be read in two ways becomes an EDTF one-of-a-set with a warning; one that is no
    date of the calendar is an error. Nothing is chosen silently.
    """
    plain = re.sub(r"\s+", " ", fold(nfc(text)).strip()).rstrip(",;")
    if plain.replace(".", "").strip("[]() ") in _UNDATED:
        return DateReading(DocumentDate(verbatim=text, edtf=None))
    try:
        edtf, doubts = _edtf_of(text.strip(), plain)
    except _NoSuchDate as error:
        problem = DATE_UNREADABLE.at(
            "", f"The date '{text}' cannot be used: {error}.", _EXAMPLE, field="date"
        )
        return DateReading(None, (problem,))
    problems = tuple(
        DATE_AMBIGUOUS.at("", f"The date '{text}' {doubt}.", remedy, field="date")
        for doubt, remedy in doubts
    )
    return DateReading(DocumentDate(verbatim=text, edtf=edtf), problems)


class _NoSuchDate(ValueError):
    """Why a text is no date; ends in no full stop."""


_Doubts = tuple[tuple[str, str], ...]


def _edtf_of(text: str, plain: str) -> tuple[str, _Doubts]:
    if found := _EIGHT.fullmatch(plain):
        return _iso(*(int(part) for part in found.groups())), ()
    if found := _ISO_LOOSE.fullmatch(plain):
        year, month, day = (int(part or 0) for part in found.groups())
        if month <= 12:
            return _iso(year, month, day), ()
    if _is_edtf(text):
        return text, ()
    if found := re.fullmatch(r"(?:circa|ca\.?|c\.|ok\.?|okolo) ?(\d{4})", plain):
        return f"{found[1]}~", ()
    if found := re.fullmatch(r"(\d{3})0s", plain):
        return f"{found[1]}X", ()
    if found := re.fullmatch(r"(\d{4}) ?[–—-] ?(\d{4})", plain):
        return _years(found[1], found[2]), ()
    if found := re.fullmatch(r"(\d{4}),? \(?(?:undated|b\. ?d\.?|bez daty)\)?", plain):
        return found[1], ()
    polish = _POLISH_TAIL.search(plain) is not None
    plain = _POLISH_TAIL.sub("", plain)
    if re.fullmatch(r"\d{4}", plain):
        return _iso(int(plain), 0, 0), ()
    if found := _NUMERIC.fullmatch(plain):
        orders = ("dm",) if polish else ("dm", "md")
        return _numeric(int(found["a"]), int(found["b"]), found["year"], orders)
    for form in _WORDED:
        found = form.fullmatch(plain)
        if found is None:
            continue
        named = _MONTHS.get(found["month"]) or _ROMAN.get(found["month"])
        if named:
            day = int(found.groupdict().get("day") or 0)
            year, doubts = _year(found["year"])
            if "day" in found.groupdict() and day == 0:
                raise _NoSuchDate("there is no day 0")
            return _iso(year, named, day), doubts
    raise _NoSuchDate("it is in no form that is known here")


def _is_edtf(text: str) -> bool:
    # Longer than any date; the parser's time grows faster than its input.
    if len(text) > 60:
        return False
    import edtf  # a fifth of a second that most commands need not spend

    try:
        edtf.parse_edtf(text)
    except edtf.parser.edtf_exceptions.EDTFParseException:
        return False
    return True


def _iso(year: int, month: int, day: int) -> str:
    """An ISO date; 0 stands for a month or day that is not known."""
    if year == 0 or (month == 0 and day != 0):
        raise _NoSuchDate("its year or month is 0")
    try:
        date(year, month or 1, day or 1)
    except ValueError as error:
        raise _NoSuchDate(f"year {year} has no day {day} in a month {month}") from error
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def _years(first: str, last: str) -> str:
    if first > last:
        raise _NoSuchDate("it ends before it begins")
    return f"{first}/{last}"


def _year(digits: str) -> tuple[int, _Doubts]:
    if len(digits) == 4:
        return int(digits), ()
    doubt = f"gives two digits of its year, read as 19{digits}"
    return 1900 + int(digits), ((doubt, f"Write the year in full, as 19{digits}."),)


def _numeric(a: int, b: int, digits: str, orders: tuple[str, ...]) -> tuple[str, _Doubts]:
    year, doubts = _year(digits)
    readings = set()
    for order in orders:
        day, month = (a, b) if order == "dm" else (b, a)
        if month and day:
            try:
                readings.add(_iso(year, month, day))
            except _NoSuchDate:
                continue
    if not readings:
        raise _NoSuchDate("the calendar has no such day")
    first, *more = sorted(readings)
    if not more:
        return first, doubts
    both = f"{first} or {more[0]}"
    ambiguous = (f"is {both}", f"Write {first} or {more[0]}, whichever is meant.")
    return f"[{first},{more[0]}]", (*doubts, ambiguous)
