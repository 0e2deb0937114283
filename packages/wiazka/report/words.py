"""Values of the record in words that staff and donors read."""

import textwrap
from collections.abc import Iterable
from datetime import UTC, datetime

from wiazka.evidence import Grade
from wiazka.record.model import Agent, FileEntry, Role, Source

WIDTH = 78

_ROLES = {
    Role.OBTAINED_BY: "Obtained by",
    Role.CONTRIBUTED_BY: "Contributed by",
    Role.DONOR: "Given by",
    Role.COURTESY_OF: "By courtesy of",
    Role.TRANSCRIBER: "Transcribed by",
    Role.TRANSLATOR: "Translated by",
    Role.REVISER: "Revised by",
    Role.EDITOR: "Edited by",
    Role.ANNOTATOR: "Annotated by",
    Role.COMPILER: "Compiled by",
    Role.FUNDER: "With support from",
}

_FILE_ROLES = {
    "scan": "Scan",
    "transcription": "Transcription",
    "translation": "Translation",
    "documentation": "Documentation",
    "sidecar": "Description, as delivered",
    "object": "Other file",
}

# The languages of the collections at hand; any other is shown by its BCP-47 tag.
_LANGUAGES = {
    "bg": "Bulgarian",
    "cs": "Czech",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hu": "Hungarian",
    "ko": "Korean",
    "pl": "Polish",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "uk": "Ukrainian",
    "zh": "Chinese",
}

_FORMATS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "image/jpeg": "JPEG image",
    "image/png": "PNG image",
    "image/tiff": "TIFF image",
    "text/plain": "plain text",
}

GRADES = {
    Grade.LISTED: "name seen in the store",
    Grade.SIZE: "size compared",
    Grade.STORED_DIGEST: "digest as the store reports it",
    Grade.RECOMPUTED: "digest recomputed by the store",
    Grade.READ: "every byte read back",
}


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 store``, ``2 stores``, ``2 copies``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def size_in_words(size: int) -> str:
    """A number of bytes in decimal units: ``999 bytes``, ``1.4 MB``."""
    if size < 1000:
        return counted(size, "byte")
    value = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} PB"


def time_in_words(moment: datetime) -> str:
    """An aware moment as a reader of English writes it: ``24 November 2026, 00:19 UTC``."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def language_in_words(tag: str | None) -> str:
    """A BCP-47 tag's language in English, or the tag where it is none of the usual ones."""
    return _LANGUAGES.get(tag, tag) if tag else ""


def file_in_words(file: FileEntry) -> str:
    """What a file is to its document: ``Transcription, Polish, plain text``."""
    facts = (
        _FILE_ROLES.get(file.role, file.role),
        language_in_words(file.language),
        _FORMATS.get(file.mime, file.mime),
        counted(file.pages, "page") if file.pages else "",
    )
    return ", ".join(fact for fact in facts if fact)


def source_in_words(source: Source) -> tuple[tuple[str, str], ...]:
    """What was understood of a source line, as (label, value); empty where nothing was."""
    repository, folios = source.repository, source.folios
    place = f", {repository.place}" if repository and repository.place else ""
    leaves = f"{folios.first}–{folios.last}" if folios and folios.last else folios and folios.first
    parts = (
        ("Held by", repository and f"{repository.name}{place}"),
        ("Department", source.department),
        ("Fonds", source.fonds),
        ("Series", source.series),
        ("Accession", source.accession),
        ("Bundle", source.bundle),
        ("Box", source.box),
        ("File", source.file),
        ("Leaves", leaves),
    )
    return tuple((label, value) for label, value in parts if value)


def agents_in_words(agents: Iterable[Agent]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The agents grouped by what they did, as (heading, names); givers first, funders last."""
    everyone = tuple(agents)
    groups = (
        (heading, tuple(_name(agent) for agent in everyone if agent.role is role))
        for role, heading in _ROLES.items()
    )
    return tuple((heading, names) for heading, names in groups if names)


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """``text`` in lines of at most ``WIDTH`` signs; a path or digest is never broken."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _name(agent: Agent) -> str:
    affiliation = f" ({agent.affiliation})" if agent.affiliation else ""
    programme = f", for {agent.programme}" if agent.programme else ""
    return agent.name + affiliation + programme
