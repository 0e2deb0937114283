"""The dates of one document, wherever they stand: all kept, and what disagrees is said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.problem_kinds import Problem
from wiazka.record.dates import dates_in, disagreeing, folder_date, letterhead
from wiazka.record.fields import Given, Reading, build
from wiazka.record.model import DocumentDate, Record
from wiazka.record.sidecar import read_sidecar

PAGE = Path(__file__).parents[2].parent / "shared/data/record-page-olszowski-1984.txt"


def read(**values: str) -> Reading:
    return build((Given(key, (value,)) for key, value in values.items()), "record.yaml")


def found(reading: Reading) -> list[tuple[str, str | None]]:
    assert reading.record is not None
    return [(one.place, one.edtf) for one in reading.record.other_dates]


def about_dates(reading: Reading) -> list[Problem]:
    return [one for one in reading.problems if one.code == "dates-disagree"]


@pytest.mark.parametrize(
    ("title", "edtf"),
    [
        ("Conversation of 3 June 1984 in Warsaw", ["1984-06-03"]),
        ("Telegram No. 45, January 12, 1980", ["1980-01-12"]),
        ("Notatka z rozmowy, 4 czerwca 1984 r.", ["1984-06-04"]),
        ("Talks of 4-6 June 1984", ["1984-06-04/1984-06-06"]),
        ("From 28 October to 2 November 1962", ["1962-10-28/1962-11-02"]),
        ("Letters of 8 June 1963 from Kim and 9 June 1963", ["1963-06-08", "1963-06-09"]),
        ("Events of May 1957", []),
        ("Note of 10.11.1962", []),
        ("Note Pf-444/28.10.1984", []),
        ("World War II 4 June 1984", []),
        ("Plan for 1984-1985", []),
    ],
)
def test_a_title_gives_only_whole_days_that_are_certain(title: str, edtf: list[str]) -> None:
    assert [date.edtf for date in dates_in(title)] == edtf


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_title_and_any_lines_can_be_looked_through(title: str, line: str) -> None:
    for date in dates_in(title):
        assert date.edtf
    assert isinstance(letterhead([title, line]), tuple)


def test_a_title_that_names_another_day_warns_and_both_are_kept() -> None:
    reading = read(title="Report, January 12, 1980", date="January 20, 1980")
    [problem] = about_dates(reading)
    assert problem.severity == "warning"
    assert "1980-01-12" in problem.message
    assert "1980-01-20" in problem.message
    assert found(reading) == [("title", "1980-01-12")]
    assert reading.record is not None
    assert reading.record.date == DocumentDate(verbatim="January 20, 1980", edtf="1980-01-20")


@pytest.mark.parametrize(
    ("date", "title"),
    [
        ("June 1984", "Report, June 4, 1984"),
        ("ca. 1979", "Report, June 4, 1984"),
        ("10.11.1962", "Report, November 10, 1962"),
        ("4-6 June 1984", "Report, June 5, 1984"),
        ("undated", "Report, June 4, 1984"),
        ("June 4, 1984", "Letters of 4 June 1984 from Kim and 9 May 1984 from Jaruzelski"),
    ],
)
def test_dates_that_may_be_one_do_not_disagree(date: str, title: str) -> None:
    assert about_dates(read(title=title, date=date)) == []


def test_a_letterhead_of_another_day_warns_under_its_polish_name_too() -> None:
    reading = build(
        [
            Given("data", ("4 czerwca 1984 r.",)),
            Given("nagłówek", ("Warszawa, dnia 14 czerwca 1984 r.",)),
        ],
        "record.yaml",
    )
    [problem] = about_dates(reading)
    assert "the letterhead 'Warszawa, dnia 14 czerwca 1984 r.' (1984-06-14)" in problem.message
    assert found(reading) == [("letterhead", "1984-06-14")]


def test_what_came_in_or_was_filed_a_day_later_is_in_order_but_not_a_day_before() -> None:
    later = read(date="4 June 1984", received="5 June 1984", filed="5 June 1984", published="1999")
    assert about_dates(later) == []
    assert found(later) == [
        ("received", "1984-06-05"),
        ("filed", "1984-06-05"),
        ("published", "1999"),
    ]
    [problem] = about_dates(read(date="4 June 1984", received="3 June 1984"))
    assert problem.field == "received"


def test_another_date_in_the_same_manner_proves_the_order_of_day_and_month() -> None:
    reading = read(date="10.11.1962", received="30.11.1962")
    assert reading.record is not None
    assert reading.record.date is not None
    assert reading.record.date.edtf == "1962-11-10"
    [note] = [one for one in reading.problems if one.code.startswith("date")]
    assert (note.code, note.severity) == ("date-inferred", "note")
    assert "30.11.1962" in note.message


@pytest.mark.parametrize("received", ["30/11/1962", "11.11.1962", "4 June 1984"])
def test_a_date_in_another_manner_proves_nothing(received: str) -> None:
    reading = read(date="10.11.1962", received=received)
    assert reading.record is not None
    assert reading.record.date is not None
    assert reading.record.date.edtf == "[1962-10-11,1962-11-10]"


def test_two_proofs_that_contradict_each_other_prove_nothing() -> None:
    reading = read(date="10.11.1962", received="30.11.1962", filed="11.30.1962")
    assert reading.record is not None
    assert reading.record.date is not None
    assert reading.record.date.edtf == "[1962-10-11,1962-11-10]"


def test_a_date_beside_the_documents_that_is_not_understood_is_kept_and_refuses_nothing() -> None:
    reading = read(date="4 June 1984", received="in early spring, it seems")
    assert [one.severity for one in reading.problems] == ["warning"]
    assert reading.problems[0].code == "other-date-unreadable"
    assert reading.record is not None
    [kept] = reading.record.other_dates
    assert (kept.verbatim, kept.edtf) == ("in early spring, it seems", None)


def test_the_letterhead_and_the_filing_note_of_a_body_are_told_apart() -> None:
    lines = [
        "Ministry",
        "No: 44/84",
        "Warsaw 4 June 1984",
        "to the file of Mr Nowak",
        "5 June 1984",
    ]
    assert letterhead(lines) == (
        ("letterhead_date", "Warsaw 4 June 1984"),
        ("filed", "5 June 1984"),
    )
    stamped = ["Moscow, 28.X.62", "Received: 30 October 1962"]
    assert letterhead(stamped) == (
        ("letterhead_date", "Moscow, 28.X.62"),
        ("received", "30 October 1962"),
    )


def test_a_date_further_down_or_in_prose_is_no_letterhead() -> None:
    prose = "On 4 June 1984 I received the ambassador, who told me at length of the visit."
    assert letterhead([prose, "4 June 1984"]) == ()
    assert letterhead([*["To whom it may concern"] * 20, "4 June 1984"]) == ()
    assert letterhead(["Meeting 4 June 1984", "June 1984", "File 44"]) == ()


def test_the_letterhead_of_the_real_page_is_kept_and_agrees() -> None:
    if not PAGE.is_file():
        pytest.skip("the real record page is not here")
    text = PAGE.read_text("utf-8")
    reading = read_sidecar("record.txt", text.encode())
    assert found(reading) == [("letterhead", "1984-06-04"), ("filed", "1984-06-05")]
    assert reading.problems == ()
    moved = read_sidecar("record.txt", text.replace("Warsaw 4 June", "Warsaw 14 June").encode())
    [problem] = moved.problems
    assert problem.code == "dates-disagree"


def test_the_date_in_a_folders_name_is_compared() -> None:
    record = Record(date=DocumentDate(verbatim="June 4, 1984", edtf="1984-06-04"))
    assert folder_date("1984-06-04_AMSZ_30-87_w5") == "1984-06-04"
    assert folder_date("19840604 AMSZ") == "19840604"
    assert folder_date("30-87_w5") is None
    assert disagreeing("1984-06-04", record) is None
    assert disagreeing("1984-06", record) is None
    problem = disagreeing("1984-06-14", record)
    assert problem is not None
    assert problem.code == "dates-disagree"
    assert "1984-06-14" in problem.message
