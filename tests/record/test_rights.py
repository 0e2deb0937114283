"""Rights statements and licences, whichever way they are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.record.fields import Given, Reading, build
from wiazka.record.rights import STATEMENTS, read_rights, statement_uri


def read(**values: str) -> Reading:
    return build((Given(key, (value,)) for key, value in values.items()), "record.yaml")


@pytest.mark.parametrize("code", STATEMENTS)
@pytest.mark.parametrize(
    "written",
    [
        "{code}",
        "{name}",
        "http://rightsstatements.org/vocab/{code}/1.0/",
        "https://rightsstatements.org/vocab/{code}/1.0",
        "https://rightsstatements.org/page/{code}/1.0/?language=pl",
    ],
)
def test_every_statement_is_known_by_code_name_and_address(code: str, written: str) -> None:
    expected = f"http://rightsstatements.org/vocab/{code}/1.0/"
    text = written.format(code=code, name=STATEMENTS[code])
    assert statement_uri(text) == expected
    assert statement_uri(text.lower()) == expected


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("CC BY 4.0", "licenses/by/4.0/"),
        ("cc-by-nc-sa 3.0", "licenses/by-nc-sa/3.0/"),
        ("CC0", "publicdomain/zero/1.0/"),
        ("Public Domain Mark 1.0", "publicdomain/mark/1.0/"),
        ("https://creativecommons.org/licenses/by/4.0/deed.pl", "licenses/by/4.0/"),
        ("http://creativecommons.org/licenses/by-sa/3.0/pl/", "licenses/by-sa/3.0/pl/"),
    ],
)
def test_a_licence_of_creative_commons_becomes_its_address(written: str, path: str) -> None:
    assert statement_uri(written) == f"https://creativecommons.org/{path}"


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("https://rightsstatements.org/vocab/InCC/1.0/", "vocab/InC/1.0/"),
        ("http://rightsstatements.org/vocab/InC/9.9/", "vocab/InC/1.0/"),
        ("CNEE", "CNE"),
        ("CC BY", "CC BY 4.0"),
        ("CC BY 7.0", "CC BY-NC-SA 4.0"),
        ("https://creativecommons.org/licenses/by-xx/4.0/", "CC BY-NC-SA 4.0"),
    ],
)
def test_one_that_does_not_exist_is_kept_and_the_nearest_is_named(
    written: str, remedy: str
) -> None:
    reading = read(rights=written)
    [problem] = reading.problems
    assert (problem.code, problem.severity) == ("rights-unknown", "warning")
    assert remedy in problem.remedy
    assert reading.record is not None
    assert (reading.record.rights.statement, reading.record.rights.note) == (None, written)


@pytest.mark.parametrize("note", ["free to use", "Some documents may be subject to copyright."])
def test_a_sentence_is_a_note_and_nothing_is_concluded_from_it(note: str) -> None:
    reading = read_rights([note])
    assert (reading.rights.statement, reading.rights.note) == (None, note)
    assert reading.problems == ()


def test_two_statements_warn_and_the_second_is_kept() -> None:
    reading = read_rights(["CNE", "InC", "http://rightsstatements.org/vocab/CNE/1.0/"])
    assert reading.rights.statement == "http://rightsstatements.org/vocab/CNE/1.0/"
    assert reading.rights.note == "InC"
    assert [problem.code for problem in reading.problems] == ["values-disagree"]


def test_holder_restriction_and_review_have_keys_in_polish() -> None:
    reading = build(
        [
            Given("prawa", ("InC",)),
            Given("właściciel praw", ("Kyungnam University",)),
            Given("ograniczenie", ("dane osobowe",)),
            Given("data przeglądu", ("styczeń 2031",)),
        ],
        "record.yaml",
    )
    assert reading.problems == ()
    assert reading.record is not None
    rights = reading.record.rights
    assert (rights.holder, rights.restriction) == ("Kyungnam University", "dane osobowe")
    assert rights.review_date == "2031-01"


@pytest.mark.parametrize("review", ["", "one day", "undated"])
def test_a_restriction_without_a_date_of_review_warns_with_an_example(review: str) -> None:
    reading = read(restriction="names a living person", review_date=review)
    problem = reading.problems[-1]
    assert (problem.code, problem.severity) == ("review-date-missing", "warning")
    assert "review_date: 2031-01" in problem.remedy
    assert reading.record is not None
    assert reading.record.extra == ({"review_date": review} if review else {})


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_values_give_rights_and_no_text_is_lost(values: list[str]) -> None:
    reading = read_rights(values)
    for value in values:
        assert statement_uri(value) or value in (reading.rights.note or "")
