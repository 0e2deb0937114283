"""Signature grammars as data: what ``config/archives.toml`` says, ready to read signatures with.

An archivist adds an archive in that file alone; its head explains every key.
"""

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wiazka.errors import ConfigError
from wiazka.record import readers
from wiazka.record.model import Repository
from wiazka.record.readers import Reader
from wiazka.record.text import fold, nfc, unaccented
from wiazka.settings import config_dir

PARTS = ("department", "fonds", "series", "accession", "bundle", "box", "file", "folios", "year")
REMARK = "remark"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RepositoryEntry(_Entry):
    """One ``[[repository]]``: an archive under all its names."""

    code: str
    name: str
    place: str | None = None
    isil: str | None = None
    scheme: str
    aliases: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class PartEntry(_Entry):
    """One ``[[scheme.NAME.part]]``: the labels of one part, and the value that goes with them."""

    part: str
    value: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    bare: bool = False
    joins: bool = False
    since: str | None = None
    then: str | None = None


class FormEntry(_Entry):
    """One ``[[scheme.NAME.form]]``: parts that are written as one."""

    form: str
    since: str | None = None
    then: str | None = None
    alone: bool = False
    repository: str | None = None


class SchemeEntry(_Entry):
    """One ``[scheme.NAME]``: the parts of a signature, and what tells it without an archive."""

    alone: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()
    signature: bool = True
    values: dict[str, str] = Field(default_factory=dict)
    part: tuple[PartEntry, ...] = ()
    form: tuple[FormEntry, ...] = ()


class _File(_Entry):
    values: dict[str, str]
    remarks: tuple[str, ...]
    scheme: dict[str, SchemeEntry]
    repository: Annotated[tuple[RepositoryEntry, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Telling:
    """A form that tells its scheme, and perhaps its archive, wherever a line begins with it."""

    reader: Reader
    repository: Repository | None


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """One way of writing signatures.

    ``alone`` finds a label that only this scheme has; ``complete`` are parts that together tell it
    as well. ``signature`` is False for numbers of registries, which are no place in an archive.
    """

    name: str
    readers: tuple[Reader, ...]
    alone: re.Pattern[str] | None
    complete: frozenset[str]
    telling: tuple[Telling, ...]
    labels: dict[str, str]
    signature: bool
    _by_start: dict[str, tuple[Reader, ...]] = field(default_factory=dict)

    def readers_at(self, char: str) -> tuple[Reader, ...]:
        """The readers whose part can begin with ``char`` (folded), in the order of the file."""
        if char not in self._by_start:
            self._by_start[char] = tuple(
                reader for reader in self.readers if reader.starts is None or char in reader.starts
            )
        return self._by_start[char]


@dataclass(frozen=True, eq=False)
class Archive:
    """A repository, where a line may name it, and the scheme its signatures are written in.

    Names are compiled when a line first has one of their words: there are thousands, and most
    runs meet a few.
    """

    repository: Repository
    scheme: Scheme
    _names: str
    _own: str
    _places: str

    @cached_property
    def first(self) -> re.Pattern[str]:
        """A name at the beginning of a line, with the places that may stand about it."""
        before = rf"(?:(?:{self._places})[\s,:;]+)?"
        return re.compile(rf"{before}(?:{self._placed})(?![^\W_])")

    @cached_property
    def last(self) -> re.Pattern[str]:
        """A name at the end of a line."""
        return re.compile(rf"(?:^|(?<=[\s,;(]))(?:{self._placed})[\s.)]*$")

    @cached_property
    def enough(self) -> re.Pattern[str]:
        """A name that is this archive's alone; others need a signature beside them."""
        return re.compile(rf"(?<![^\W_])(?:{self._own})(?![^\W_])")

    @property
    def _placed(self) -> str:
        names, placed = self._names, rf"(?:[\s,;]+\(?(?:{self._places})\)?)*"
        former = r"(?:the |formerly |now |ex-|hereafter |dawniej )?"
        within = rf"(?:[\s,]*[(\[]{former}(?:{names})[)\]]|[\s,]+(?:{names})|\s*/\s*(?:{names}))?"
        return rf"(?:[Tt]he\s+)?(?:{names}){placed}{within}{placed}"


@dataclass(frozen=True, slots=True)
class Grammar:
    """All archives and schemes that are known; archives by the first and last word of names.

    ``alone`` finds a label that only one scheme has, whichever that is; ``telling`` are the forms
    of all schemes that tell them.
    """

    schemes: tuple[Scheme, ...]
    by_first: dict[str, tuple[Archive, ...]]
    by_last: dict[str, tuple[Archive, ...]]
    remarks: re.Pattern[str]
    alone: re.Pattern[str]
    telling: tuple[tuple[Scheme, Telling], ...]


@cache
def grammar() -> Grammar:
    """The grammars that come with wiazka. Raises ConfigError that names the file and the key."""
    return load_grammar(config_dir() / "archives.toml")


def load_grammar(path: Path) -> Grammar:
    """The grammars in one TOML file. Raises ConfigError that names the file and the key."""
    try:
        return _grammar(_File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(key) for key in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise _unusable(path, wrong) from error
    except (OSError, ValueError, LookupError, RecursionError, re.error) as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, why: str) -> ConfigError:
    return ConfigError(
        f"The signature grammars in {path} cannot be used: {why}.",
        "The head of config/archives.toml explains every key with an example.",
    )


def _grammar(data: _File) -> Grammar:
    repositories = {
        entry.code: Repository(code=entry.code, name=entry.name, place=entry.place, isil=entry.isil)
        for entry in data.repository
    }
    schemes = {
        name: _scheme(name, entry, data.values, repositories) for name, entry in data.scheme.items()
    }
    first: dict[str, list[Archive]] = defaultdict(list)
    last: dict[str, list[Archive]] = defaultdict(list)
    for entry in data.repository:
        if entry.scheme not in schemes:
            raise ValueError(f"repository {entry.code} has the scheme '{entry.scheme}', undefined")
        archive = _archive(entry, repositories[entry.code], schemes[entry.scheme])
        names = [fold(nfc(name)).split() for name in (*entry.aliases, *entry.shared)]
        places = [fold(nfc(place)).split() for place in entry.places]
        for word in dict.fromkeys(_bare_word(words[0]) for words in names):
            first[word].append(archive)
        for word in dict.fromkeys(_bare_word(words[-1]) for words in (*names, *places)):
            last[word].append(archive)
    return Grammar(
        tuple(schemes.values()),
        {word: tuple(archives) for word, archives in first.items()},
        {word: tuple(archives) for word, archives in last.items()},
        re.compile(rf"(?:^|[\s,;.]+)(?P<remark>[(\[]?(?:{'|'.join(data.remarks)}))[\s.,;)\]\"]*$"),
        _alone(tuple(label for entry in data.scheme.values() for label in entry.alone)),
        tuple((scheme, form) for scheme in schemes.values() for form in scheme.telling),
    )


def _bare_word(word: str) -> str:
    return re.split(r"[\W_]", word.strip("()[].,;:"))[0]


def _archive(entry: RepositoryEntry, repository: Repository, scheme: Scheme) -> Archive:
    if not entry.aliases and not entry.shared:
        raise ValueError(f"repository {entry.code}: give its names in 'aliases'")
    longest_first = sorted((*entry.aliases, *entry.shared), key=len, reverse=True)
    return Archive(
        repository,
        scheme,
        "|".join(map(_name, longest_first)),
        "|".join(map(_name, sorted(entry.aliases, key=len, reverse=True))) or r"(?!)",
        "|".join(map(_name, entry.places)) or r"(?!)",
    )


def _scheme(
    name: str, entry: SchemeEntry, values: dict[str, str], repositories: dict[str, Repository]
) -> Scheme:
    values = {**values, **entry.values}
    values = {key: _expanded(value, values) for key, value in values.items()}
    made: list[Reader] = []
    telling: list[Telling] = []
    for form in entry.form:
        try:
            reader = readers.form(form.form, values, form.since, form.then)
        except KeyError as error:
            raise ValueError(f"scheme.{name}.form: {error} is not among [values]") from error
        for group in reader.pattern.groupindex:
            _known_part(f"scheme.{name}.form '{form.form}'", group.rstrip("_0123456789"))
        made.append(reader)
        if form.repository is not None and form.repository not in repositories:
            raise ValueError(f"scheme.{name}.form: no repository has the code {form.repository}")
        if form.alone or form.repository:
            telling.append(Telling(reader, repositories.get(form.repository or "")))
    labels: dict[str, str] = {}
    for part in entry.part:
        made += _readers(name, part, values)
        for label in (*part.before, *part.after):
            labels.setdefault(fold(nfc(label)).strip("."), part.part)
    return Scheme(
        name,
        tuple(made),
        _alone(entry.alone) if entry.alone else None,
        frozenset(entry.complete),
        tuple(telling),
        labels,
        entry.signature,
    )


def _alone(labels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{readers.any_of(labels)})(?=[\W\d])")


def _readers(scheme: str, entry: PartEntry, values: dict[str, str]) -> list[Reader]:
    where = f"scheme.{scheme}.part '{entry.part}'"
    _known_part(where, entry.part)
    if entry.value not in values:
        raise ValueError(f"{where}: value '{entry.value}' is not among [values]")
    if not (entry.before or entry.after or entry.bare):
        raise ValueError(f"{where}: give labels in 'before' or 'after', or 'bare = true'")
    value, order = values[entry.value], (entry.since, entry.then)
    made: list[Reader] = []
    if entry.before:
        made.append(readers.before(entry.part, tuple(map(nfc, entry.before)), value, *order))
    if entry.after:
        made.append(readers.after(entry.part, tuple(map(nfc, entry.after)), value, *order))
    if entry.bare:
        made.append(readers.bare(entry.part, value, *order))
    return [replace(reader, joins=entry.joins) for reader in made]


def _expanded(value: str, values: dict[str, str]) -> str:
    return re.sub(
        r"<([a-z][\w-]*)>", lambda found: f"(?:{_expanded(values[found[1]], values)})", value
    )


def _known_part(where: str, part: str) -> None:
    if part not in (*PARTS, REMARK):
        raise ValueError(f"{where}: no such part; one of {', '.join((*PARTS, REMARK))}")


def _name(alias: str) -> str:
    pattern = readers.flexible(unaccented(nfc(alias)))
    # "NA" is an archive in Prague and "na" a Polish preposition: an acronym keeps its capitals.
    return pattern if alias.isupper() else f"(?i:{pattern})"
