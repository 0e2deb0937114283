"""The keys of a record: no name means two things, and the page of docs shows what there is."""

import re
from pathlib import Path

import pytest

from wiazka.record.dates import read_date
from wiazka.record.fields import Given, build
from wiazka.record.keys import KEPT_ASIDE, Key, Lang, key_named, keys, nearest_key
from wiazka.record.model import Role
from wiazka.record.text import words

PAGE = (Path(__file__).parents[2] / "docs/records.md").read_text("utf-8")
ROW = re.compile(
    r"^\| `(?P<key>\w+)` \| (?P<english>.*?) ?\| (?P<polish>.*?) \| (?P<about>.+) "
    r"\| `(?P<example>.+)` \|$"
)


def rows() -> dict[str, re.Match[str]]:
    found = (ROW.match(line) for line in PAGE.splitlines())
    return {row["key"]: row for row in found if row}


def test_no_name_means_two_keys() -> None:
    names = [words(name) for key in keys() for name in (key.name, *key.english, *key.polish)]
    assert sorted(names) == sorted(set(names))


def test_every_role_has_a_key() -> None:
    assert {role.value for role in Role} <= {key.name for key in keys()}


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.name)
def test_every_key_is_explained_with_its_names_and_example(key: Key) -> None:
    row = rows()[key.name]
    assert row["english"].strip() == ", ".join(key.english)
    assert row["polish"] == ", ".join(key.polish)
    assert row["about"] == key.explanations[Lang.EN]
    assert row["example"] == key.examples[Lang.EN]


def test_the_page_explains_no_key_that_is_not_there() -> None:
    assert set(rows()) == {key.name for key in keys()}


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.name)
def test_the_example_of_every_key_is_taken_without_a_word(key: Key) -> None:
    example = key.examples[Lang.EN]
    values = tuple(example.split("; ")) if key.kind.is_list else (example,)
    given = [Given(key.polish[0].upper(), values)]
    if key.name == "restriction":
        given.append(Given("review_date", ("2031-01",)))
    reading = build(given, "record.yaml")
    told = {problem.code for problem in reading.problems}
    assert told <= {"date-inferred"}
    assert reading.record is not None
    assert key.name in KEPT_ASIDE or reading.record.extra == {}
    empty = build([], "record.yaml").record
    assert reading.record != empty


DATES = re.findall(r"^\| (`.+`) \| `(.+)` \|$", PAGE.split("## Dates")[1].split("##")[0], re.M)


@pytest.mark.parametrize(("written", "edtf"), DATES)
def test_every_date_on_the_page_is_read_as_it_says(written: str, edtf: str) -> None:
    for example in written.strip("`").split("` · `"):
        date = read_date(example).date
        assert date is not None
        assert date.edtf == edtf


def test_there_are_dates_on_the_page() -> None:
    assert len(DATES) > 15


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("translater", "translator"),
        ("tłumcz", "translator"),
        ("recieved", "received"),
        ("restricton", "restriction"),
        ("klauzla", "classification"),
        ("custodial_histroy", "custodial_history"),
        ("titel", "title"),
        ("adressee", "addressee"),
    ],
)
def test_a_misspelt_key_is_told_the_nearest(written: str, near: str) -> None:
    assert key_named(written) is None
    assert nearest_key(written) == near


def test_a_key_that_is_near_nothing_is_told_no_other() -> None:
    assert nearest_key("qwxz") is None
