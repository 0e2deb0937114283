"""Dates as people write them: kept as written, and as EDTF that others can read."""

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiazka.record.dates import read_date
from wiazka.record.dates.words import _MONTH_NAMES, MONTHS
from wiazka.record.text import fold


def codes(text: str) -> list[str]:
    return [problem.code for problem in read_date(text).problems]


def edtf_of(text: str) -> str | None:
    date = read_date(text).date
    assert date is not None, text
    return date.edtf


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("1984-06-04", "1984-06-04"),
        ("1984/06/04", "1984-06-04"),
        ("1984-06-04 00:00:00", "1984-06-04"),
        ("June 4, 1984", "1984-06-04"),
        ("4 June 1984", "1984-06-04"),
        ("4th of June, 1984", "1984-06-04"),
        ("Jun. 4 1984", "1984-06-04"),
        ("4 czerwca 1984 r.", "1984-06-04"),
        ("4-go czerwca 1984", "1984-06-04"),
        ("w czerwcu 1984", "1984-06"),
        ("4 VI 1984", "1984-06-04"),
        ("28.X.1962", "1962-10-28"),
        ("28.Х.1962", "1962-10-28"),
        ("28 октября 1962 г.", "1962-10-28"),
        ("28 oktiabria 1962 g.", "1962-10-28"),
        ("4. Juni 1984", "1984-06-04"),
        ("4 de junio de 1984", "1984-06-04"),
        ("1er juin 1984", "1984-06-01"),
        ("1984. június 4.", "1984-06-04"),
        ("1984年6月4日", "1984-06-04"),
        ("1962년 10월 28일", "1962-10-28"),
        ("30.10.1962", "1962-10-30"),
        ("10.18.1962", "1962-10-18"),
        ("10.11.1962 r.", "1962-11-10"),
        ("November 1967", "1967-11"),
        ("06.1984", "1984-06"),
        ("19671100", "1967-11"),
        ("19550000", "1955"),
        ("1984", "1984"),
        ("Friday 19 September 1958", "1958-09-19"),
    ],
)
def test_a_date_is_kept_as_printed_and_understood(printed: str, expected: str) -> None:
    reading = read_date(printed)
    assert reading.date is not None
    assert (reading.date.verbatim, reading.date.edtf) == (printed, expected)
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("June 4-6, 1984", "1984-06-04/1984-06-06"),
        ("4–6 June 1984", "1984-06-04/1984-06-06"),
        ("4-6.VI.1984", "1984-06-04/1984-06-06"),
        ("od 4 do 6 czerwca 1984", "1984-06-04/1984-06-06"),
        ("с 4 по 6 июня 1984 г.", "1984-06-04/1984-06-06"),
        ("28 October - 2 November 1962", "1962-10-28/1962-11-02"),
        ("October 28 to November 2, 1962", "1962-10-28/1962-11-02"),
        ("1962-10-28 – 1962-11-02", "1962-10-28/1962-11-02"),
        ("10.11.1962 - 30.11.1962", "1962-11-10/1962-11-30"),
        ("May–June 1957", "1957-05/1957-06"),
        ("1957-1958", "1957/1958"),
        ("1957/58", "1957/1958"),
        ("1899/00", "1899/1900"),
        ("1957-06/1958", "1957-06/1958"),
        ("4 and 6 June 1984", "{1984-06-04,1984-06-06}"),
        ("4 i 6 czerwca 1984", "{1984-06-04,1984-06-06}"),
        ("4 or 5 June 1984", "[1984-06-04,1984-06-05]"),
        ("between 1957 and 1958", "[1957..1958]"),
        ("between May 1957 and 1958", "[1957-05-01..1958-12-31]"),
    ],
)
def test_a_range_says_whether_it_is_a_span_all_of_it_or_one_of_it(
    printed: str, expected: str
) -> None:
    assert edtf_of(printed) == expected
    assert codes(printed) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("before 1957", "[..1956]"),
        ("przed 1957", "[..1956]"),
        ("before 1 March 1956", "[..1956-02-29]"),
        ("after 1957", "[1958..]"),
        ("po czerwcu 1984", "[1984-07..]"),
        ("not later than 1957", "[..1957]"),
        ("since 1957", "[1957..]"),
    ],
)
def test_a_bound_is_one_date_of_many_and_leaves_out_what_it_excludes(
    printed: str, expected: str
) -> None:
    assert edtf_of(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("ca. 1957", "1957~"),
        ("circa May 1957", "1957-05~"),
        ("około 1957", "1957~"),
        ("ok. 1957", "1957~"),
        ("1957?", "1957?"),
        ("probably ca. 1957", "1957%"),
        ("probably 4 June 1984", "1984-06-04?"),
        ("ca. 1957-1958", "1957~/1958~"),
        ("1957/1958~", "1957/1958~"),
        ("1950s", "195X"),
        ("the 1950s", "195X"),
        ("lata 50. XX w.", "195X"),
        ("lata pięćdziesiąte XX wieku", "195X"),
        ("XX w.", "19XX"),
        ("Spring 1957", "1957-21"),
        ("wiosna 1957", "1957-21"),
        ("n.d., ca. 1957", "1957~"),
        ("1955 undated", "1955"),
    ],
)
def test_what_is_not_exact_is_said_in_edtf(printed: str, expected: str) -> None:
    assert edtf_of(printed) == expected


@pytest.mark.parametrize("said", ["undated", "n.d.", "N.D.", "b.d.", "[b.d.]", "bez daty", "б/д"])
def test_an_undated_document_has_no_edtf_and_is_no_fault(said: str) -> None:
    assert edtf_of(said) is None
    assert codes(said) == []


@pytest.mark.parametrize("printed", ["[1957]", "[1957?]", "b.d. [1957]", "June 4, [1984]"])
def test_square_brackets_are_told_in_a_note(printed: str) -> None:
    assert codes(printed) == ["date-inferred"]


@pytest.mark.parametrize("printed", ["28.X.62", "28.X 62", "24.III.50", "4 June '84", "June 84"])
def test_two_digits_of_a_year_warn(printed: str) -> None:
    [problem] = read_date(printed).problems
    assert problem.code == "date-ambiguous"
    assert "two digits" in problem.message


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("10.11.1962", "[1962-10-11,1962-11-10]"),
        ("10/11/1962", "[1962-10-11,1962-11-10]"),
        ("1905/06", "1905/1906"),
        ("1918-21", "1918/1921"),
        ("1900s", "19XX"),
    ],
)
def test_a_date_of_two_readings_covers_both_and_warns(printed: str, expected: str) -> None:
    assert edtf_of(printed) == expected
    assert codes(printed) == ["date-ambiguous"]


def test_a_weekday_that_does_not_fit_warns_and_one_that_fits_decides() -> None:
    assert edtf_of("Thursday 19 September 1958") == "1958-09-19"
    assert codes("Thursday 19 September 1958") == ["dates-disagree"]
    assert edtf_of("sobota, 10.11.1962") == "1962-11-10"
    # Before 1919 an office may have counted by the other calendar.
    assert codes("Monday 6 January 1898") == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Warsaw 4 June 1984", "1984-06-04"),
        ("Warszawa, dnia 4 czerwca 1984 r.", "1984-06-04"),
        ("New York, June 4, 1984", "1984-06-04"),
        ("Frankfurt am Main, 4. Juni 1984", "1984-06-04"),
        ("Moscow, 28.X.1962", "1962-10-28"),
    ],
)
def test_a_place_may_stand_before_a_whole_date(printed: str, expected: str) -> None:
    assert edtf_of(printed) == expected
    assert codes(printed) == []


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("1984-06-31", "June 1984 has no day 31"),
        ("31 June 1984", "June 1984 has no day 31"),
        ("1983-02-29?", "February 1983 has no day 29"),
        ("19840631", "June 1984 has no day 31"),
        ("1984-06-04/1984-06-31", "June 1984 has no day 31"),
        ("1958-1957", "ends before it begins"),
        ("1958/1957", "ends before it begins"),
        ("2 November - 28 October 1962", "ends before it begins"),
        ("10.11.1962-12.11.1962", "can mean"),
        ("0000-01-01", "year"),
        ("40.10.1962", "October 1962 has no day 40"),
        ("14.14.1962", "no such day"),
        ("lata 50.", "no form"),
        ("Juen 1984", "no form"),
        ("Juen 4 1984", "no form"),
        ("May 15", "no form"),
        ("Received 5 June 1984", "no form"),
        ("banana", "no form"),
        ("1984 " * 100, "too long"),
    ],
)
def test_a_date_that_is_none_is_refused_with_its_reason_and_an_example(
    printed: str, reason: str
) -> None:
    reading = read_date(printed)
    assert reading.date is None
    [problem] = reading.problems
    assert problem.code == "date-unreadable"
    assert reason in problem.message
    assert "1984-06-04" in problem.remedy


def test_no_name_of_a_month_is_of_two() -> None:
    for number, names in enumerate(_MONTH_NAMES, 1):
        assert {MONTHS[fold(name)] for name in names.split()} == {number}


WORDS = """
1984 1957 06 4 31 29 X VI June czerwca maja октября - – / . , ? ~ [ ] ( ) { } .. ca. before between
and to do od i or spring 1950s lata XX w. r. s undated b.d. Warsaw Friday 00 0000 9999 19671100 年
T00:00 % th of not early
"""
PIECES = st.sampled_from(WORDS.split())
DATES = st.one_of(
    st.text(max_size=40),
    st.lists(PIECES, max_size=8).map(" ".join),
    st.lists(PIECES, max_size=8).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(DATES)
def test_any_text_gives_a_reading_and_its_edtf_is_edtf(text: str) -> None:
    reading = read_date(text)
    assert reading.date or reading.problems
    if reading.date and reading.date.edtf:
        assert reading.date.verbatim == text
        edtf.parse_edtf(reading.date.edtf)
        again = read_date(reading.date.edtf)
        doubted = "date-ambiguous" in {problem.code for problem in again.problems}
        assert again.date is not None
        assert doubted or again.date.edtf == reading.date.edtf


WRITTEN = st.sampled_from(
    [
        "June 4, 1984",
        "4-6 June 1984",
        "28 October - 2 November 1962",
        "28.X.62",
        "1984-06-04",
        "10.11.1962",
        "1957-58",
        "Warszawa, dnia 4 czerwca 1984 r.",
        "ca. 1957",
        "od 4 do 6 czerwca 1984",
    ]
)


@given(WRITTEN, st.sampled_from("-‐‑‒–—−"), st.integers(1, 3), st.sampled_from(["", " "]))
def test_blanks_and_kinds_of_dashes_change_nothing(
    written: str, dash: str, blanks: int, beside: str
) -> None:
    changed = written.replace("-", beside + dash + beside).replace(" ", " " * blanks)
    assert edtf_of(changed) == edtf_of(written)
