"""Values of the record in words that staff and donors read."""

import textwrap
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from wiazka.evidence import Grade
from wiazka.phrase import Phrase, in_language, say, say_many, together
from wiazka.problem_kinds import Problem, Severity
from wiazka.record.model import Accepted, Agent, FileEntry, Language, Role, Source
from wiazka.settings import Archive

WIDTH = 78

_ROLES = {
    Role.OBTAINED_BY: say("Obtained by"),
    Role.CONTRIBUTED_BY: say("Contributed by"),
    Role.DONOR: say("Given by"),
    Role.COURTESY_OF: say("By courtesy of"),
    Role.AUTHOR: say("Written by"),
    Role.ISSUING_BODY: say("Issued by"),
    Role.ADDRESSEE: say("Addressed to"),
    Role.PARTICIPANT: say("Took part"),
    Role.TRANSCRIBER: say("Transcribed by"),
    Role.TRANSLATOR: say("Translated by"),
    Role.REVISER: say("Revised by"),
    Role.EDITOR: say("Edited by"),
    Role.ANNOTATOR: say("Annotated by"),
    Role.COMPILER: say("Compiled by"),
    Role.FUNDER: say("With support from"),
}

FILE_ROLES = {
    "scan": say("Scan"),
    "transcription": say("Transcription"),
    "translation": say("Translation"),
    "documentation": say("Documentation"),
    "sidecar": say("Description, as delivered"),
    "checksums": say("Checksums, as delivered"),
    "metadata": say("Metadata, as delivered"),
    "object": say("Other file"),
}

# The languages of the collections at hand; any other is shown by its BCP-47 tag.
_LANGUAGES = {
    "be": say("Belarusian"),
    "bg": say("Bulgarian"),
    "cs": say("Czech"),
    "de": say("German"),
    "en": say("English"),
    "es": say("Spanish"),
    "fr": say("French"),
    "hr": say("Croatian"),
    "hu": say("Hungarian"),
    "it": say("Italian"),
    "ja": say("Japanese"),
    "ko": say("Korean"),
    "la": say("Latin"),
    "lt": say("Lithuanian"),
    "mn": say("Mongolian"),
    "pl": say("Polish"),
    "pt": say("Portuguese"),
    "ro": say("Romanian"),
    "ru": say("Russian"),
    "sk": say("Slovak"),
    "sq": say("Albanian"),
    "sr": say("Serbian"),
    "uk": say("Ukrainian"),
    "vi": say("Vietnamese"),
    "yi": say("Yiddish"),
    "zh": say("Chinese"),
}
_LANGUAGE_ROLES = {
    "original": say("original"),
    "relay": say("translated from it"),
    "translation": say("translation"),
}

_FORMATS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": say("Word document"),
    "application/vnd.oasis.opendocument.text": say("OpenDocument text"),
    "image/jp2": say("JPEG 2000 image"),
    "image/jpeg": say("JPEG image"),
    "image/png": say("PNG image"),
    "image/tiff": say("TIFF image"),
    "text/csv": say("table (CSV)"),
    "text/html": say("web page (HTML)"),
    "text/plain": say("plain text"),
    "text/xml": "XML",
    "application/xml": "XML",
}

GRADES = {
    Grade.LISTED: say("name seen in the store"),
    Grade.SIZE: say("size compared"),
    Grade.STORED_DIGEST: say("digest as the store reports it"),
    Grade.RECOMPUTED: say("digest recomputed by the store"),
    Grade.READ: say("every byte read back"),
}

SEVERITIES = {
    Severity.ERROR: say("To mend"),
    Severity.WARNING: say("To look at"),
    Severity.NOTE: say("For your information"),
}

# What was looked at, by the code of its PREMIS event.
CHECKS = {
    "vir": say("Virus scan"),
    "for": say("Formats"),
    "fix": say("Delivered checksums"),
    "val": say("Validation"),
    "unp": say("Unpacking"),
    "fil": say("File names"),
    "ins": say("Taking in"),
    "mes": say("Checksums"),
}
OUTCOMES_OF_CHECKS = {
    "success": say("done"),
    "warning": say("done, with a warning"),
    "fail": say("failed"),
    "not run": say("not run"),
}


def size_in_words(size: int) -> Phrase:
    """A number of bytes in decimal units: ``999 bytes``, ``1.4 MB``."""
    if size < 1000:
        return say_many("{number} byte", "{number} bytes", size)
    value = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.95:
            return together((decimal(value), unit))
    return together((decimal(value / 1000), "PB"))


def decimal(value: float) -> Phrase:
    """A number with one decimal place, and the sign before it that the reader's language has."""
    whole, tenths = f"{value:.1f}".split(".")
    return say("{whole}.{tenths}", whole=whole, tenths=tenths)


def span_in_words(span: timedelta) -> Phrase:
    """``90 days``, ``12 hours``."""
    hours = int(span.total_seconds() // 3600)
    if hours % 24:
        return say_many("{number} hour", "{number} hours", hours)
    return say_many("{number} day", "{number} days", max(1, hours // 24))


def euro_in_words(cost: Decimal) -> Phrase:
    """An amount with its sign: ``€12.30``."""
    whole, cents = f"{cost:.2f}".split(".")
    return say("€{whole}.{cents}", whole=whole, cents=cents)


def time_in_words(moment: datetime) -> Phrase:
    """An aware moment as a reader writes it: ``24 November 2026, 00:19 UTC``."""
    utc = moment.astimezone(UTC)
    parts = {"day": utc.day, "year": utc.year, "clock": f"{utc:%H:%M}"}
    # A month in a date has another form than its name alone in many languages: whole dates.
    dates = (
        say("{day} January {year}, {clock} UTC", **parts),
        say("{day} February {year}, {clock} UTC", **parts),
        say("{day} March {year}, {clock} UTC", **parts),
        say("{day} April {year}, {clock} UTC", **parts),
        say("{day} May {year}, {clock} UTC", **parts),
        say("{day} June {year}, {clock} UTC", **parts),
        say("{day} July {year}, {clock} UTC", **parts),
        say("{day} August {year}, {clock} UTC", **parts),
        say("{day} September {year}, {clock} UTC", **parts),
        say("{day} October {year}, {clock} UTC", **parts),
        say("{day} November {year}, {clock} UTC", **parts),
        say("{day} December {year}, {clock} UTC", **parts),
    )
    return dates[utc.month - 1]


def language_in_words(tag: str | None) -> str:
    """A BCP-47 tag's language by name, or the tag where it is none of the usual ones."""
    if not tag:
        return ""
    name = _LANGUAGES.get(tag.partition("-")[0])
    if name is None or "-" not in tag:
        return name or tag
    return with_detail(name, tag)


def text_language(language: Language) -> str:
    """A language of the record and which text is in it: ``Polish (original)``."""
    name = language_in_words(language.tag)
    if language.role is None:
        return name
    return with_detail(name, _LANGUAGE_ROLES[language.role])


def with_detail(thing: str, detail: str) -> Phrase:
    """Something, and more of it in brackets."""
    return together((thing, " (", detail, ")"), "")


def files_counted(number: int) -> Phrase:
    """``1 file``, ``14 files``."""
    return say_many("{number} file", "{number} files", number)


def pages_counted(number: int) -> Phrase:
    """``1 page``, ``14 pages``."""
    return say_many("{number} page", "{number} pages", number)


def copies_counted(number: int) -> Phrase:
    """``1 copy``, ``14 copies``."""
    return say_many("{number} copy", "{number} copies", number)


def checks_counted(number: int) -> Phrase:
    """``1 check``, ``14 checks``."""
    return say_many("{number} check", "{number} checks", number)


def file_in_words(file: FileEntry) -> Phrase:
    """What a file is to its document: ``Transcription, Polish, plain text``."""
    facts = (
        FILE_ROLES.get(file.role, file.role),
        language_in_words(file.language),
        _FORMATS.get(file.mime, file.mime),
        pages_counted(file.pages) if file.pages else "",
    )
    return together([fact for fact in facts if fact], ", ")


def technical_in_words(file: FileEntry) -> Phrase:
    """What opening a file showed: ``2480 × 3508 pixels, 300 ppi, 8 bits, grey, Gray Gamma 2.2``."""
    size = (
        say("{width} × {height} pixels", width=file.width, height=file.height)
        if file.width and file.height
        else ""
    )
    guess = language_in_words(file.text_language)
    same = file.text_language == file.language
    facts = (
        size,
        say("{number} ppi", number=_rounded(file.ppi)) if file.ppi else "",
        say_many("{number} bit", "{number} bits", file.bit_depth) if file.bit_depth else "",
        file.colour or "",
        file.profile or "",
        file.encoding or "",
        say("the text looks {language}", language=guess) if guess and not same else "",
        file.puid or "",
    )
    return together([fact for fact in facts if fact], ", ")


def source_in_words(source: Source) -> tuple[tuple[str, str], ...]:
    """What was understood of a source line, as (label, value); empty where nothing was."""
    repository, folios = source.repository, source.folios
    place = f", {repository.place}" if repository and repository.place else ""
    leaves = f"{folios.first}–{folios.last}" if folios and folios.last else folios and folios.first
    parts = (
        (say("Held by"), repository and f"{repository.name}{place}"),
        (say("Department"), source.department),
        (say("Fonds"), source.fonds),
        (say("Series"), source.series),
        (say("Accession"), source.accession),
        (say("Bundle"), source.bundle),
        (say("Box"), source.box),
        (say("Archival file"), source.file),
        (say("Leaves"), leaves),
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


def place(problem: Problem) -> str:
    """Where a problem is: the file (or the folder) and, where there is one, the field or line."""
    where = problem.path or say("the folder itself")
    return together((where, problem.field), ", ") if problem.field else where


def contact_of(archive: Archive) -> list[str]:
    """The ways in which an archive can be asked."""
    ways = (archive.contact_name, archive.contact_email, archive.contact_phone)
    return [way for way in ways if way]


def accepted_in_words(accepted: Accepted) -> Phrase:
    """Who let a warning be, and why."""
    if accepted.by is None:
        return say("Accepted, because: {reason}", reason=accepted.reason)
    return say("Accepted by {name}, because: {reason}", name=accepted.by, reason=accepted.reason)


def written_by(agent: str, moment: datetime | None = None) -> Phrase:
    """Which software wrote a report, and when."""
    if moment is None:
        return say("Written by {agent}.", agent=agent)
    return say("Written by {agent} on {time}.", agent=agent, time=time_in_words(moment))


def held_as(identity: str) -> Phrase:
    """The package that has the very content already."""
    return say("Held as {identity}.", identity=identity)


def is_missing(label: str) -> Phrase:
    """What stands in the empty frame of a page that is not there."""
    return say("{page} is missing", page=label)


def more_pages(number: int) -> Phrase:
    """How many pages are not drawn."""
    return say_many(
        "{number} more page is listed under Files.",
        "{number} more pages are listed under Files.",
        number,
    )


def spoken(lang: str) -> Callable[[str], str]:
    """What says a phrase in a language; any other text stays as it is."""
    return partial(in_language, lang=lang)


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """``text`` in lines of at most ``WIDTH`` signs; a path or digest is never broken.

    A line of an example stays a line.
    """
    lines = []
    for number, line in enumerate(text.split("\n")):
        begin = first if first is not None and not number else indent
        lines.append(
            textwrap.fill(
                line,
                WIDTH,
                initial_indent=begin,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    return "\n".join(lines)


def _name(agent: Agent) -> str:
    name: str = agent.name
    if agent.affiliation:
        name = with_detail(name, agent.affiliation)
    if agent.programme:
        name = say("{name}, for {programme}", name=name, programme=agent.programme)
    return name


def _rounded(value: float) -> Phrase | int:
    return int(value) if value == int(value) else decimal(value)
