"""Sentences are English where they are made and of the reader's language where they are read."""

import pickle
import string

import pytest

from tests.messages import PO, compiled, extracted, translation
from wiazka.phrase import listed, say, say_many, together


@pytest.mark.parametrize(
    ("names", "english", "polish"),
    [
        ([], "", ""),
        (["a"], "'a'", "„a”"),
        (["a", "b"], "'a' and 'b'", "„a” i „b”"),
        (
            list("abcdefg"),
            "'a', 'b', 'c', 'd', 'e' and 2 more",
            "„a”, „b”, „c”, „d”, „e” i jeszcze 2",
        ),
    ],
)
def test_a_list_of_names_is_said_in_the_readers_language(
    names: list[str], english: str, polish: str
) -> None:
    phrase = listed(names)
    assert (phrase, phrase.into("en"), phrase.into("pl")) == (english, english, polish)


def test_a_phrase_within_a_phrase_is_translated_too() -> None:
    inner = listed(["a", "b"])
    assert say("<{which}>", which=inner).into("pl") == "<„a” i „b”>"
    assert together([inner, "x"]).into("pl") == "„a” i „b” x"


def test_a_phrase_can_be_sent_to_another_process_and_said_there() -> None:
    assert pickle.loads(pickle.dumps(listed(["a", "b"]))).into("pl") == "„a” i „b”"  # noqa: S301


def test_braces_in_a_name_are_only_braces() -> None:
    assert say("'{name}'", name="{number}").into("pl") == "„{number}”"


def test_english_has_a_plural_and_no_language_is_lost() -> None:
    assert [say_many("{number} leaf", "{number} leaves", n) for n in (1, 2)] == [
        "1 leaf",
        "2 leaves",
    ]
    assert say("No translation of this.").into("pl") == "No translation of this."


def test_every_sentence_of_the_code_is_translated_and_no_other() -> None:
    polish = translation()
    have = {message.id for message in polish if message.id}
    assert have == {message.id for message in extracted() if message.id}, "run: make messages"
    untold = [
        message.id
        for message in polish
        if message.id and (message.fuzzy or not all(_forms(message.string)))
    ]
    assert untold == []


def test_the_compiled_translation_is_of_the_one_that_is_read() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(translation()), "run: make messages"


def test_a_translation_has_the_values_of_its_sentence() -> None:
    wrong = []
    for message in translation():
        wanted = set().union(*(_names(form) for form in _forms(message.id)))
        if any(_names(form) != wanted for form in _forms(message.string)) and message.id:
            wrong.append(message.id)
    assert wrong == []


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _names(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name}
