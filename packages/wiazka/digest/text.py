"""A digest in words: the subject, plain text, and HTML that mail programs show."""

from collections.abc import Iterator

from wiazka import __version__
from wiazka.digest.model import Digest, Entry, Section
from wiazka.phrase import Lang, Phrase, say, say_many
from wiazka.report.page import render
from wiazka.report.words import spoken, time_in_words, wrapped, written_by

_NEW = say("new")


def subject(digest: Digest, lang: Lang) -> str:
    """The archive and the headline."""
    return f"{digest.archive.name}: {spoken(lang)(digest.headline)}"


def plain(digest: Digest, lang: Lang) -> str:
    """The digest as plain text."""
    said = spoken(lang)
    lines = [f"{said(digest.headline)}.", said(time_in_words(digest.at)), ""]
    for section in _sections(digest):
        lines += [f"{said(section.heading).upper()} ({section.number})", ""]
        for entry in section.entries:
            lines += [*_entry(entry, lang)]
        if section.more:
            lines.append(said(and_more(section.more)))
        lines.append("")
    lines += [f"{said(label)}: {said(value)}" for label, value in digest.life]
    return "\n".join([*lines, "", said(_written()), ""])


def html(digest: Digest, lang: Lang) -> str:
    """The digest as an HTML page without anything that a mail program would not show."""
    return render(
        "digest.html.j2",
        digest.archive,
        lang,
        digest=digest,
        sections=tuple(_sections(digest)),
        new=_NEW,
        and_more=and_more,
        written=_written(),
    )


def and_more(number: int) -> Phrase:
    """How many things are not listed."""
    return say_many("and {number} more", "and {number} more", number)


def _sections(digest: Digest) -> Iterator[Section]:
    yield from digest.sections
    if digest.known:
        yield digest.known


def _entry(entry: Entry, lang: Lang) -> Iterator[str]:
    said = spoken(lang)
    mark = f"[{said(_NEW)}] " if entry.new else ""
    yield wrapped(f"{mark}{said(entry.text)}", "  ", "- ")
    if entry.then:
        yield f"  → {said(entry.then)}"


def _written() -> Phrase:
    return written_by(f"wiazka {__version__}")
