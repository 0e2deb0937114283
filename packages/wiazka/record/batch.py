"""batch.yaml: what is the same for every document of a delivery, said once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wiazka.phrase import LANGUAGES, Lang, all_of, say
from wiazka.problem_kinds import LANGUAGE_UNKNOWN, VALUE_INVALID, Problem
from wiazka.record.fields import Given
from wiazka.record.keys import key_named
from wiazka.record.languages import language_tag
from wiazka.record.said import Said
from wiazka.record.sidecar import sidecar_said
from wiazka.record.text import words

BATCH_NAME = "batch.yaml"
# What names one document: as a default it would make all of them versions of one package.
_OF_ONE = ("record_id",)
# Of no record: the language in which the delivery's senders are answered. "język" is a document's.
_LANG_KEYS = {"lang", "jezyk komunikatow"}


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch.yaml says of its documents, and in which language it asks to be answered."""

    said: Said
    lang: Lang | None = None


def batch_read(path: str, data: bytes) -> Batch:
    """The defaults in a batch.yaml; they give way to a document's own values without a word.

    A language that messages are not written in is a warning, and none is taken.
    """
    said = sidecar_said(path, data)
    faults = [
        _of_one(path, given.key, given.where)
        for given in said.given or ()
        if key_named(given.key) in _OF_ONE
    ]
    asked = [one for one in said.given or () if _asks(one) and one.values]
    lang = _lang(asked)
    if asked and lang is None:
        faults.append(_no_lang(path, asked))
    kept = said.given and tuple(
        one for one in said.given if key_named(one.key) not in _OF_ONE and not _asks(one)
    )
    label = path.removeprefix("../")
    told = (*said.problems, *faults)
    return Batch(replace(said, label=label, given=kept, problems=told, defaults=True), lang)


def _asks(given: Given) -> bool:
    return words(given.key) in _LANG_KEYS


def _lang(asked: Sequence[Given]) -> Lang | None:
    tags = {language_tag(value) for given in asked for value in given.values}
    return next((lang for lang in LANGUAGES if tags == {lang}), None)


def _no_lang(path: str, asked: Sequence[Given]) -> Problem:
    return LANGUAGE_UNKNOWN.at(
        path,
        say(
            "{where}: '{value}' is no language that messages can be written in; there are "
            "{languages}.",
            where=asked[0].where,
            value=", ".join(value for given in asked for value in given.values),
            languages=all_of(LANGUAGES),
        ),
        say("Write one of them, as in: lang: pl   or leave the line out."),
        field="lang",
    )


def _of_one(path: str, key: str, where: str) -> Problem:
    return VALUE_INVALID.at(
        path,
        say(
            "{where}: '{key}' names one document, and cannot be the same for all.",
            where=where,
            key=key,
        ),
        say("Move it into the record.yaml, or the row, of the document that it names."),
        field=key_named(key),
    )
