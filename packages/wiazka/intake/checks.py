"""What was looked at in every file, and with which programs, for the record (PREMIS events)."""

from collections.abc import Iterator, Sequence
from functools import cache

from wiazka import pdf
from wiazka.intake.formats import is_openable
from wiazka.intake.formats.libmagic import libmagic_version
from wiazka.intake.formats.pronom import signatures
from wiazka.intake.model import SourceFile
from wiazka.phrase import Phrase, say_many, together
from wiazka.problem_kinds import BOMB, DAMAGED_FILE, XML_ENTITIES, Problem
from wiazka.record.model import Check

_NOT_WHOLE = frozenset(kind.code for kind in (DAMAGED_FILE, BOMB, XML_ENTITIES))


def format_checks(files: Sequence[SourceFile], problems: Sequence[Problem]) -> tuple[Check, ...]:
    """Format identification ("for") and the opening of files ("val") of one submission."""
    if not files:
        return ()
    known = sum(1 for file in files if file.technical.puid)
    opened = sum(1 for file in files if is_openable(file.technical.mime))
    broken = sum(1 for problem in problems if problem.code in _NOT_WHOLE)
    return (
        Check(
            event="for",
            detail=say_many(
                "The format of {number} file was identified; {known} in PRONOM.",
                "The formats of {number} files were identified; {known} in PRONOM.",
                len(files),
                known=known,
            ),
            agents=_identifying(),
        ),
        Check(
            event="val",
            detail=together(_opened(opened, len(files) - opened)),
            outcome="fail" if broken else "success",
            agents=_opening(),
        ),
    )


def _opened(number: int, others: int) -> Iterator[Phrase]:
    yield say_many(
        "{number} file was opened: all pixels of images were decoded, PDF files, documents and "
        "texts read to their end.",
        "{number} files were opened: all pixels of images were decoded, PDF files, documents and "
        "texts read to their end.",
        number,
    )
    if others:
        yield say_many(
            "{number} file is of a format that is not looked into.",
            "{number} files are of formats that are not looked into.",
            others,
        )


@cache
def _identifying() -> tuple[str, ...]:
    found = signatures()
    return (
        f"libmagic {libmagic_version()}",
        f"siegfried {found.siegfried}, PRONOM {found.pronom}",
    )


@cache
def _opening() -> tuple[str, ...]:
    import PIL
    from lxml import etree

    parser = ".".join(str(part) for part in etree.LIBXML_VERSION)
    return (f"Pillow {PIL.__version__}", f"PDFium {pdf.version()}", f"libxml2 {parser}")
