"""What a file is, found by reading it: identified by libmagic and PRONOM, then really opened."""

from dataclasses import replace
from pathlib import PurePosixPath

from wiazka import problem_kinds
from wiazka.intake.formats.content import ENDS, Content
from wiazka.intake.formats.documents import open_pdf, open_zip, type_inside
from wiazka.intake.formats.language import guessed_language
from wiazka.intake.formats.libmagic import identify, libmagic_version
from wiazka.intake.formats.markup import open_html, open_xml
from wiazka.intake.formats.opened import Opened, damaged
from wiazka.intake.formats.pictures import OPENABLE, open_image
from wiazka.intake.formats.plain import (
    encoding_problems,
    language_problems,
    read_plain,
    text_problems,
)
from wiazka.intake.formats.policy import against_name, against_policy, not_what_is_named
from wiazka.intake.formats.pronom import puid
from wiazka.intake.model import FileRole, Technical
from wiazka.intake.pairing.marks import images_named, page_marks
from wiazka.intake.roles import Placed
from wiazka.phrase import say
from wiazka.problem_kinds import Problem

__all__ = ["ENDS", "Content", "Opened", "inspect", "is_openable", "libmagic_version"]

_ZIP = b"PK\x03\x04"
_OCTETS, _ANY_ZIP = "application/octet-stream", "application/zip"
_PLAIN, _HTML, _SVG = "text/plain", "text/html", "image/svg+xml"
_XML = frozenset({"text/xml", "application/xml", "application/xhtml+xml", _SVG})
_TEXTUAL = frozenset(
    f"application/{kind}"
    for kind in ("json", "csv", "x-ndjson", "x-setupscript", "x-wine-extension-ini", "x-subrip")
)
# What a name says of a text; its beginning alone does not tell a transcription from a program.
_BY_NAME = {
    ".txt": _PLAIN,
    ".md": _PLAIN,
    ".xml": "text/xml",
    ".html": _HTML,
    ".htm": _HTML,
    ".hocr": _HTML,
    ".svg": _SVG,
}
_TEXTS = (FileRole.TRANSCRIPTION, FileRole.TRANSLATION)
_DRAWN = (FileRole.SCAN, FileRole.OBJECT)
# Read by readers of their own, which say what is wrong with them.
_OWN = (FileRole.SIDECAR, FileRole.CHECKSUMS)
_SEEN = 1000


def inspect(name: str, placed: Placed, content: Content, max_pixels: int) -> Opened:
    """What opening a file shows, and what is wrong with it; nothing of it is an exception."""
    mime = _media_type(name, content)
    try:
        opened = _open(name, mime, placed, content, max_pixels)
    except Exception as error:  # openers raise what they like on hostile bytes
        why = f"{type(error).__name__}: {error}"
        opened = Opened(Technical(mime), problems=(damaged(name, say("file"), why),))
    problems = [] if placed.role in _OWN else _told_of(name, placed.role, opened)
    technical = replace(opened.technical, puid=puid(content, mime))
    seen = opened.seen
    if opened.text is not None:
        # The one place where a file's whole text, and the root of its parsed XML, are at hand.
        seen = replace(
            seen,
            text=opened.text[:_SEEN],
            page_marks=page_marks(opened.text),
            images_named=images_named(opened.root) if opened.root is not None else (),
        )
        technical = replace(technical, text_language=guessed_language(opened.text))
        if placed.role in _TEXTS:
            problems += text_problems(name, opened.text)
            problems += language_problems(name, technical.text_language, placed.language)
    return Opened(technical, seen, tuple(problems))


def is_openable(mime: str) -> bool:
    """Whether a file of this type is opened, not only identified."""
    zipped = ("zip", "vnd.openxml", "vnd.oasis", "epub")
    opened = ("text/", "application/pdf", *(f"application/{kind}" for kind in zipped))
    return mime in OPENABLE or mime in _XML or mime.startswith(opened)


def _told_of(name: str, role: FileRole, opened: Opened) -> list[Problem]:
    """What is wrong with a file: with its format, its name, and what opening it showed."""
    mime = opened.technical.mime
    if opened.problems and mime in (_OCTETS, _ANY_ZIP):
        # What it was meant to be cannot be told from what is left of it.
        return list(opened.problems)
    if (meant := not_what_is_named(name, mime)) is not None:
        return [damaged(name, meant, say("its beginning is not that of one")), *opened.problems]
    told = against_policy(name, role, mime)
    # What is refused need not be named rightly.
    if not any(problem.code == problem_kinds.FORMAT_REFUSED.code for problem in told):
        told += against_name(name, mime)
    return [*told, *opened.problems]


def _media_type(name: str, content: Content) -> str:
    mime = identify(content.head)
    if content.head.startswith(_ZIP):
        return type_inside(content) or mime
    named = _BY_NAME.get(PurePosixPath(name).suffix.casefold())
    if mime == _OCTETS and named == _PLAIN and read_plain(content):
        # UTF-16 without its mark is no text to libmagic.
        return _PLAIN
    # Among texts the name decides: libmagic takes a list for a program, and hOCR for XML.
    textual = mime.startswith(("text/", "message/")) or mime in _XML or mime in _TEXTUAL
    if named and textual and not content.head.startswith(b"#!"):
        return named
    return mime


def _open(name: str, mime: str, placed: Placed, content: Content, max_pixels: int) -> Opened:
    if mime == _OCTETS and content.all_zeros():
        why = say("it holds nothing but zeros")
        return Opened(Technical(mime), problems=(damaged(name, say("file"), why),))
    if mime in OPENABLE:
        draw = placed.role in _DRAWN
        return open_image(name, mime, content, max_pixels, draw=draw)
    if mime == "application/pdf":
        return open_pdf(name, content, draw=placed.role in _DRAWN)
    if content.head.startswith(_ZIP):
        return open_zip(name, mime, content)
    if mime in _XML:
        return open_xml(name, mime, content)
    if mime.startswith("text/") or (mime == _OCTETS and _is_named_text(name)):
        return _open_text(name, mime, placed, content)
    return Opened(Technical(mime))


def _open_text(name: str, mime: str, placed: Placed, content: Content) -> Opened:
    plain = read_plain(content)
    if plain is None:
        why = say("it holds zero bytes, which no text has")
        return Opened(Technical(mime), problems=(damaged(name, say("text"), why),))
    if mime == _HTML:
        opened = open_html(name, mime, content, plain.text)
    else:
        opened = Opened(Technical(mime), text=plain.text)
    problems: list[Problem] = [*opened.problems]
    if placed.role in _TEXTS and mime != _HTML:
        problems += encoding_problems(name, plain)
    technical = replace(opened.technical, encoding=plain.encoding)
    return replace(opened, technical=technical, problems=tuple(problems))


def _is_named_text(name: str) -> bool:
    return _BY_NAME.get(PurePosixPath(name).suffix.casefold()) == _PLAIN
