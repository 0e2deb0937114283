"""What was looked at in every file, and with which programs, for the record (PREMIS events)."""

from collections.abc import Sequence
from functools import cache

from wiazka import pdf
from wiazka.errors import BOMB, DAMAGED_FILE, XML_ENTITIES, Problem
from wiazka.intake.formats.libmagic import libmagic_version
from wiazka.intake.formats.pronom import signatures
from wiazka.intake.model import SourceFile
from wiazka.record.model import Check

_NOT_WHOLE = frozenset(kind.code for kind in (DAMAGED_FILE, BOMB, XML_ENTITIES))


def format_checks(files: Sequence[SourceFile], problems: Sequence[Problem]) -> tuple[Check, ...]:
    """Format identification ("for") and the opening of files ("val") of one submission."""
    if not files:
        return ()
    known = sum(1 for file in files if file.technical.puid)
    broken = sum(1 for problem in problems if problem.code in _NOT_WHOLE)
    return (
        Check(
            event="for",
            detail=f"The formats of {len(files)} files were identified, {known} of them in PRONOM.",
            agents=_identifying(),
        ),
        Check(
            event="val",
            detail="All pixels of images were decoded; PDF files, documents and XML were opened.",
            outcome="fail" if broken else "success",
            agents=_opening(),
        ),
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
