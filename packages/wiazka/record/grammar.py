"""Signature grammars as data: what ``config/archives.toml`` says, ready to read signatures with.

An archivist adds an archive in that file alone; its head explains every key.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wiazka.errors import ConfigError
from wiazka.record.model import Repository
from wiazka.record.text import fold, nfc
from wiazka.settings import config_dir

PARTS = ("department", "fonds", "series", "accession", "bundle", "box", "file", "folios")
_BETWEEN = r"(?:\s*[.:\-–]\s*|\s+)"
_END = r"(?=[\s,;.]|$)"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RepositoryEntry(_Entry):
    """One ``[[repository]]``: an archive under all its names."""

    code: str
    name: str
    place: str | None = None
    places: tuple[str, ...] = ()
    scheme: str | None = None
    aliases: Annotated[tuple[str, ...], Field(min_length=1)]


class PartEntry(_Entry):
    """One ``[[scheme.NAME.part]]``: the labels of one part, and the value that goes with them."""

    part: str
    value: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    bare: bool = False


class SchemeEntry(_Entry):
    """One ``[scheme.NAME]``: the parts of a signature; ``alone`` are labels that no other has."""

    alone: tuple[str, ...] = ()
    part: Annotated[tuple[PartEntry, ...], Field(min_length=1)]


class _File(_Entry):
    values: dict[str, str]
    scheme: dict[str, SchemeEntry]
    repository: tuple[RepositoryEntry, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one part at one place: labels are matched in the folded text, the value in the text."""

    part: str
    label: re.Pattern[str] | None
    value: re.Pattern[str]
    closing: re.Pattern[str] | None

    def read(self, text: str, folded: str, at: int) -> tuple[str, int] | None:
        """The value that stands at ``at`` and where it ends; None where this part does not."""
        if self.label is not None:
            found = self.label.match(folded, at)
            if found is None:
                return None
            at = found.end()
        value = self.value.match(text, at)
        if value is None:
            return None
        end = value.end()
        if self.closing is not None:
            closing = self.closing.match(folded, end)
            if closing is None:
                return None
            end = closing.end()
        return value.group(), end


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of writing signatures. ``alone`` finds a label that only this scheme has."""

    name: str
    readers: tuple[Reader, ...]
    alone: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Archive:
    """A repository, where a line may name it, and the scheme its signatures are written in."""

    repository: Repository
    scheme: str | None
    first: re.Pattern[str]
    last: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """All archives and schemes that are known."""

    archives: tuple[Archive, ...]
    schemes: dict[str, Scheme]


@cache
def grammar() -> Grammar:
    """The grammars that come with wiazka. Raises ConfigError that names the file and the key."""
    return load_grammar(config_dir() / "archives.toml")


def load_grammar(path: Path) -> Grammar:
    """The grammars in one TOML file. Raises ConfigError that names the file and the key."""
    try:
        data = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        return Grammar(
            tuple(_archive(entry, data) for entry in data.repository),
            {name: _scheme(name, entry, data) for name, entry in data.scheme.items()},
        )
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(key) for key in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise _unusable(path, wrong) from error
    except (OSError, ValueError, re.error) as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, why: str) -> ConfigError:
    return ConfigError(
        f"The signature grammars in {path} cannot be used: {why}.",
        "The head of config/archives.toml explains every key with an example.",
    )


def _archive(entry: RepositoryEntry, data: _File) -> Archive:
    if entry.scheme is not None and entry.scheme not in data.scheme:
        raise ValueError(f"repository {entry.code} has the scheme '{entry.scheme}', not defined")
    names = "|".join(_name(alias) for alias in sorted(entry.aliases, key=len, reverse=True))
    places = "|".join(_name(place) for place in entry.places) or r"(?!)"
    whole = rf"(?:[Tt]he\s+)?(?:{names})(?:\s*\((?:{names})\))?(?:[\s,]+(?:{places}))*"
    return Archive(
        Repository(code=entry.code, name=entry.name, place=entry.place),
        entry.scheme,
        re.compile(rf"\s*(?:{whole})(?![^\W_])"),
        re.compile(rf"(?:^|(?<=[\s,;]))(?:{whole})[\s.]*$"),
    )


def _scheme(name: str, entry: SchemeEntry, data: _File) -> Scheme:
    readers = tuple(reader for part in entry.part for reader in _readers(name, part, data))
    alone = re.compile(rf"(?<!\w)(?:{_any(entry.alone)})\W") if entry.alone else None
    return Scheme(name, readers, alone)


def _readers(scheme: str, entry: PartEntry, data: _File) -> list[Reader]:
    where = f"scheme.{scheme}.part '{entry.part}'"
    if entry.part not in PARTS:
        raise ValueError(f"{where}: no such part; one of {', '.join(PARTS)}")
    if entry.value not in data.values:
        raise ValueError(f"{where}: value '{entry.value}' is not among [values]")
    if not (entry.before or entry.after or entry.bare):
        raise ValueError(f"{where}: give labels in 'before' or 'after', or 'bare = true'")
    value = re.compile(f"(?:{data.values[entry.value]}){_END}")
    made = []
    if entry.before:
        # "W17", "DV": a label may be glued to its value, which must then match to its end.
        label = re.compile(rf"(?:{_any(entry.before)})(?:{_BETWEEN}|(?=\w))")
        made.append(Reader(entry.part, label, value, None))
    if entry.after:
        inner = re.compile(f"(?:{data.values[entry.value]})")
        closing = re.compile(rf"(?:{_BETWEEN})?(?:{_any(entry.after)}){_END}")
        made.append(Reader(entry.part, None, inner, closing))
    if entry.bare:
        made.append(Reader(entry.part, None, value, None))
    return made


def _name(alias: str) -> str:
    pattern = _flexible(nfc(alias))
    # "NA" is an archive in Prague and "na" a Polish preposition: an acronym keeps its capitals.
    return pattern if alias.isupper() else f"(?i:{pattern})"


def _any(labels: tuple[str, ...]) -> str:
    longest_first = sorted(labels, key=len, reverse=True)
    return "|".join(_flexible(fold(nfc(label))) for label in longest_first)


def _flexible(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in text.split())
