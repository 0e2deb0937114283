"""Languages as people write them, and the chain from the original to the last translation."""

from collections.abc import Callable

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.record.fields import Given, build
from wiazka.record.languages import _NAMES, language_tag, read_languages

Chain = list[tuple[str, str | None, str | None]]


def chain(listed: list[str], original: list[str] | None = None) -> Chain:
    found = read_languages(listed, original or []).languages
    return [(one.tag, one.role, one.note) for one in found]


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("pl", "pl"),
        ("pol", "pl"),
        ("chi", "zh"),
        ("ger", "de"),
        ("mon", "mn"),
        ("cze", "cs"),
        ("rum", "ro"),
        ("alb", "sq"),
        ("zh-Hant", "zh-Hant"),
        ("sr_latn", "sr-Latn"),
        ("ko-Latn", "ko-Latn"),
        ("sh", "sh"),
        ("Polish", "pl"),
        ("język polski", "pl"),
        ("po rosyjsku", "ru"),
        ("z rosyjskiego", "ru"),
        ("w języku węgierskim", "hu"),
        ("from the Russian", "ru"),
        ("Russian language", "ru"),
        ("русский", "ru"),
        ("duński", "da"),
        ("한국어", "ko"),
        ("Serbo-Croatian", "sh"),
    ],
)
def test_a_code_or_a_name_gives_its_tag(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize("written", ["", "elvish", "by", "kr", "CZ", "jp", "pl ru", "x" * 200])
def test_what_is_no_language_gives_none(written: str) -> None:
    assert language_tag(written) is None


@given(
    st.sampled_from([(tag, name) for tag, names in _NAMES.items() for name in names.split()]),
    st.sampled_from(["{}", " {} ", "język {}", "{} language", "w języku {}"]),
    st.sampled_from([str.upper, str.lower, str.title]),
)
def test_every_name_means_its_language_however_it_is_set(
    named: tuple[str, str], form: str, cased: Callable[[str], str]
) -> None:
    tag, name = named
    assert language_tag(cased(form.format(name))) == tag


@given(
    st.text(max_size=30) | st.from_regex(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8}){0,2}", fullmatch=True)
)
def test_any_text_gives_a_tag_that_stands_or_none(text: str) -> None:
    tag = language_tag(text)
    if tag is not None:
        assert langcodes.Language.get(tag).is_valid()
        assert language_tag(tag) == tag


def test_a_chain_keeps_its_order_roles_and_remarks() -> None:
    given_ = ["ru (original, inferred)", "pl (working translation)", "en (translation)"]
    assert chain(given_) == [
        ("ru", "original", "inferred"),
        ("pl", "relay", None),
        ("en", "translation", None),
    ]
    assert chain(
        ["rosyjski (oryginał)", "polski (tłumaczenie robocze)", "angielski (przekład)"]
    ) == [
        ("ru", "original", None),
        ("pl", "relay", None),
        ("en", "translation", None),
    ]


def test_a_working_translation_that_nothing_was_made_from_is_a_translation() -> None:
    assert chain(["ru (original)", "pl (working translation)"]) == [
        ("ru", "original", None),
        ("pl", "translation", "working translation"),
    ]


def test_a_role_is_given_only_where_it_was_said() -> None:
    assert chain(["ru (original)", "pl", "en"]) == [
        ("ru", "original", None),
        ("pl", None, None),
        ("en", None, None),
    ]
    assert chain(["Polish, Russian and English"]) == [
        ("pl", None, None),
        ("ru", None, None),
        ("en", None, None),
    ]


def test_a_remark_that_is_no_role_is_kept() -> None:
    assert chain(["en (translation from Polish, 1999)"]) == [
        ("en", "translation", "translation from Polish, 1999")
    ]


@pytest.mark.parametrize(
    ("listed", "original", "expected"),
    [
        (["ru", "en"], "ru", [("ru", "original", None), ("en", None, None)]),
        (["en (translation)"], "ru", [("ru", "original", None), ("en", "translation", None)]),
        (["zh-Hant (original)"], "zh", [("zh-Hant", "original", None)]),
        ([], "pl", [("pl", "original", None)]),
    ],
)
def test_the_shorthand_adds_what_the_list_does_not_say(
    listed: list[str], original: str, expected: Chain
) -> None:
    assert chain(listed, [original]) == expected
    assert read_languages(listed, [original]).problems == ()


@pytest.mark.parametrize("listed", ["ru (original)", "pl (translation)", "pl (relay)"])
def test_a_shorthand_that_contradicts_the_list_is_kept_and_warned_of(listed: str) -> None:
    reading = build(
        [Given("languages", (listed,)), Given("język oryginału", ("pl",))], "record.yaml"
    )
    [problem] = reading.problems
    assert (problem.code, problem.field) == ("values-disagree", "original_language")
    assert reading.record is not None
    assert len(reading.record.languages) == 1
    assert reading.record.extra == {"original_language": "pl"}


def test_an_unknown_language_is_kept_and_a_country_is_explained() -> None:
    reading = build([Given("languages", ("pl", "elvish", "cz"))], "record.yaml")
    assert [problem.code for problem in reading.problems] == ["language-unknown"] * 2
    assert "'cs'" in reading.problems[1].remedy
    assert reading.record is not None
    assert reading.record.extra == {"languages": "elvish; cz"}


@given(st.lists(st.text(max_size=20), max_size=4), st.lists(st.text(max_size=10), max_size=2))
def test_nothing_given_is_lost(listed: list[str], original: list[str]) -> None:
    reading = read_languages(listed, original)
    told = [one for one in reading.problems if one.code in {"language-unknown", "values-disagree"}]
    assert len(reading.kept) == len(told)
