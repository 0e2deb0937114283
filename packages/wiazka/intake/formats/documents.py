"""PDF files and word processors' documents, opened: all members whole, nothing run or unpacked."""

import re
import zipfile
from typing import TYPE_CHECKING

from wiazka import pdf, problem_kinds
from wiazka.intake.formats.content import Content
from wiazka.intake.formats.limits import (
    PDF_PAGES,
    XML_BYTES,
    ZIP_BYTES,
    ZIP_MEMBERS,
    ZIP_RATIO,
    ZIP_RATIO_FROM,
    Bomb,
)
from wiazka.intake.formats.markup import UnsafeXml, parse_xml, text_of
from wiazka.intake.formats.opened import Opened, bomb, damaged, locked
from wiazka.intake.formats.pictures import seen_of
from wiazka.intake.model import Seen, Technical
from wiazka.phrase import say
from wiazka.picture import LONG_SIDE
from wiazka.problem_kinds import Problem

if TYPE_CHECKING:
    from lxml import etree

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MACROS = {
    "word/": "application/vnd.ms-word.document.macroEnabled.12",
    "xl/": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "ppt/": "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
}
_MAIN = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}
_ENCRYPTED_MEMBER = 0x1
# The parts that hold what a document says; of the others, that they are whole XML is enough.
_TEXT_PARTS = ("word/document.xml", "content.xml")
# What a document in a zip file may say of itself (OpenDocument 1.3 part 2, 3.3; EPUB OCF 3.3, 4.3).
_SAYS_ITSELF = re.compile(r"application/(vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip)")


def open_pdf(name: str, content: Content, *, draw: bool) -> Opened:
    """A PDF with every page loaded, and its first one drawn where that is wanted."""
    mime = "application/pdf"
    try:
        with content.stream() as stream:
            source = stream if content.data is None else content.data
            found = pdf.open_pdf(source, PDF_PAGES, LONG_SIDE if draw else None)
    except pdf.Encrypted:
        return Opened(Technical(mime), problems=(locked(name),))
    except pdf.TooLong:
        why = say("it has more than {most} pages", most=PDF_PAGES)
        return Opened(Technical(mime), problems=(bomb(name, why),))
    except Exception as error:  # PDFium's errors, and its wrapper's on hostile bytes
        return Opened(Technical(mime), problems=(damaged(name, "PDF", str(error)),))
    seen = seen_of(found.first_page) if found.first_page else Seen()
    problems = [*_ends(name, content)]
    if found.restricted:
        problems.append(_restricted(name))
    return Opened(Technical(mime, pages=found.pages), seen, tuple(problems))


def _ends(name: str, content: Content) -> list[Problem]:
    if not pdf.ends_well(content.head, content.tail):
        return [damaged(name, "PDF", say("its end mark, %%EOF, is missing"))]
    if content.data is not None and not pdf.cross_references_found(content.data):
        return [
            problem_kinds.PDF_REBUILT.at(
                name,
                say(
                    "'{name}' opens, but its table of objects is not where the file says: readers "
                    "have to guess what it holds.",
                    name=name,
                ),
                say("Copy it again; if it stays so, open it and save or export it again as PDF."),
            )
        ]
    return []


def _restricted(name: str) -> Problem:
    return problem_kinds.PDF_RESTRICTED.at(
        name,
        say(
            "'{name}' opens without a password, but is encrypted so that printing or copying can "
            "be forbidden; a program of later times may not read it.",
            name=name,
        ),
        say("Save the PDF again without restrictions, if you may."),
    )


def type_inside(content: Content) -> str | None:
    """The media type of a document that is a zip file: libmagic knows it only when packed one way.

    A word processor's document that holds macros has a type of its own.
    """
    try:
        with content.stream() as stream, zipfile.ZipFile(stream) as file:
            names = set(file.namelist())
            if "mimetype" in names and file.getinfo("mimetype").file_size < 100:
                said = file.read("mimetype").decode("ascii", "replace").strip()
                if _SAYS_ITSELF.fullmatch(said):
                    return said
    except Exception:  # zipfile raises many things on hostile bytes; open_zip tells of them
        return None
    for folder, macros in _MACROS.items():
        if f"{folder}vbaProject.bin" in names:
            return macros
    return next((mime for part, mime in _MAIN.items() if part in names), None)


def open_zip(name: str, mime: str, content: Content) -> Opened:
    """A zip file or a document in one: every member read against its CRC, its main part parsed."""
    what = say("zip file") if mime == "application/zip" else say("document")
    technical = Technical(mime)
    try:
        with content.stream() as stream, zipfile.ZipFile(stream) as file:
            if any(item.flag_bits & _ENCRYPTED_MEMBER for item in file.infolist()):
                return Opened(technical, problems=(locked(name),))
            _within_limits(file, content.size)
            # A member that unpacks to more than it claims is cut there, and its CRC differs.
            if (broken := file.testzip()) is not None:
                why = say("'{member}' in it is damaged", member=broken)
                return Opened(technical, problems=(damaged(name, what, why),))
            root = _main_part(file)
            text = text_of(root[1]) if root and root[0] in _TEXT_PARTS else None
            return Opened(technical, text=text, root=root[1] if root else None)
    except Bomb as error:
        return Opened(technical, problems=(bomb(name, error.why),))
    except UnsafeXml as error:
        return Opened(technical, problems=(error.at(name),))
    except Exception as error:  # zipfile and lxml raise many things on hostile bytes
        return Opened(technical, problems=(damaged(name, what, str(error)),))


def _within_limits(file: zipfile.ZipFile, packed: int) -> None:
    members = file.infolist()
    unpacked = sum(item.file_size for item in members)
    if len(members) > ZIP_MEMBERS:
        raise Bomb(say("it claims more than {most} files inside", most=ZIP_MEMBERS))
    ratio = unpacked > ZIP_RATIO_FROM and unpacked > packed * ZIP_RATIO
    if unpacked > max(ZIP_BYTES, packed * 2) or ratio:
        raise Bomb(
            say("its {packed} bytes claim to hold {unpacked}", packed=packed, unpacked=unpacked)
        )


def _main_part(file: zipfile.ZipFile) -> "tuple[str, etree._Element] | None":
    """The name and root of a document's main part; None for an archive of other things."""
    names = set(file.namelist())
    part = next((one for one in (*_MAIN, "content.xml") if one in names), None)
    if part is None:
        return None
    if file.getinfo(part).file_size > XML_BYTES:
        raise Bomb(say("'{part}' in it is larger than {most} bytes", part=part, most=XML_BYTES))
    return part, parse_xml(file.read(part))
