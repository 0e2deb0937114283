"""The keys of a record explained, from config/record-keys.toml: what each is, with an example."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from wiazka.record.keys import AGENT_KEYS, key_named
from wiazka.settings import config_dir


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
    """One key: its Polish name, what its cells hold, and its words and example by language."""

    name: str
    pl: str
    kind: Kind
    shown: bool
    examples: dict[Lang, str]
    explanations: dict[Lang, str]

    def heading(self, lang: Lang) -> str:
        """The key as it is written in that language."""
        return self.pl if lang is Lang.PL else self.name


@cache
def explained_keys() -> tuple[Key, ...]:
    """All keys in record-keys.toml, in its order; those too that keys.py does not know yet."""
    text = (config_dir() / "record-keys.toml").read_text(encoding="utf-8")
    return tuple(
        Key(
            entry["name"],
            entry["pl"],
            Kind(entry["kind"]),
            entry["shown"],
            {Lang.EN: entry["example"], Lang.PL: entry.get("example_pl", entry["example"])},
            {Lang.EN: entry["about"], Lang.PL: entry["about_pl"]},
        )
        for entry in tomllib.loads(text)["key"]
    )


def known_keys() -> tuple[Key, ...]:
    """The keys of record-keys.toml that a record has now."""
    return tuple(key for key in explained_keys() if key_named(key.name) == key.name)


def kind_of(key: str) -> Kind:
    """What the cells of a key hold; plain text where nothing is said of it."""
    if key in AGENT_KEYS:
        return Kind.LIST
    return _kinds().get(key, Kind.TEXT)


@cache
def _kinds() -> dict[str, Kind]:
    return {key.name: key.kind for key in explained_keys()}
