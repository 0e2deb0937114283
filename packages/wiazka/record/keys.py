"""The keys of a record, as people write them; config/record-keys.toml has them all."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from wiazka.record.model import Role
from wiazka.record.text import nearest, words
from wiazka.settings import config_dir

AGENT_KEYS = {role.value: role for role in Role}
# Understood, but of no field of the record: kept among the extra ones without a word.
PAGES_MISSING = "pages_missing"
KEPT_ASIDE = frozenset({PAGES_MISSING, "pages", "authorities"})


class Kind(StrEnum):
    """What a key's cells may hold; record-keys.toml says it in words."""

    TEXT = "text"
    LIST = "list"
    DATE = "date"
    SIGNATURE = "signature"
    MARKS = "marks"
    ID = "id"

    @property
    def is_list(self) -> bool:
        """Whether a ";" in a cell stands between two values."""
        return self in (Kind.LIST, Kind.MARKS)

    @property
    def must_be_text(self) -> bool:
        """Whether a number in a cell has most likely lost something that was typed."""
        return self in (Kind.SIGNATURE, Kind.MARKS)


class Lang(StrEnum):
    """The languages that templates are written in."""

    EN = "en"
    PL = "pl"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its other names, the usual Polish one first, what its cells hold, and its example
    and explanation by language. ``shown``: whether templates fill it in, or only name it.
    """

    name: str
    english: tuple[str, ...]
    polish: tuple[str, ...]
    kind: Kind
    shown: bool
    examples: dict[Lang, str]
    explanations: dict[Lang, str]

    def heading(self, lang: Lang) -> str:
        """The key as it is written in that language."""
        return self.polish[0] if lang is Lang.PL else self.name


@cache
def keys() -> tuple[Key, ...]:
    """All keys, in the order of the file."""
    text = (config_dir() / "record-keys.toml").read_text(encoding="utf-8")
    return tuple(
        Key(
            entry["name"],
            tuple(entry["english"]),
            tuple(entry["polish"]),
            Kind(entry["kind"]),
            entry["shown"],
            {Lang.EN: entry["example"], Lang.PL: entry.get("example_pl", entry["example"])},
            {Lang.EN: entry["about"], Lang.PL: entry["about_pl"]},
        )
        for entry in tomllib.loads(text)["key"]
    )


def key_named(name: str) -> str | None:
    """The key that ``name`` means: ``Tłumacz`` → ``translator``; None where it is unknown."""
    return _by_name().get(words(name))


def nearest_key(name: str) -> str | None:
    """The key that ``name`` is most likely a misspelling of; None where nothing is near."""
    found = nearest(words(name), _by_name(), at_least=70)
    return _by_name()[found] if found else None


def kind_of(key: str) -> Kind:
    """What the cells of a key hold; plain text where nothing is said of it."""
    if key in AGENT_KEYS:
        return Kind.LIST
    return _kinds().get(key, Kind.TEXT)


@cache
def _by_name() -> dict[str, str]:
    return {
        words(name): key.name for key in keys() for name in (key.name, *key.english, *key.polish)
    }


@cache
def _kinds() -> dict[str, Kind]:
    return {key.name: key.kind for key in keys()}
