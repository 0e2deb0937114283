"""PDF files, opened through PDFium, which is not safe in two threads at once."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

Source = bytes | Path | BinaryIO

_one_at_a_time = threading.Lock()
_NOT_ENCRYPTED = -1
_POINTS_AN_INCH = 72
# Readers look for the end mark in the last 1024 bytes (PDF 32000-1 annex H, note 18).
_TAIL = 1024
_START = re.compile(rb"startxref\s+(\d{1,19})\s+%%EOF")
_XREF = re.compile(rb"\s*(xref|\d+\s+\d+\s+obj)")


class Encrypted(Exception):
    """The PDF needs a password."""


class TooLong(Exception):
    """The PDF has more pages than are taken."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """What opening a PDF showed. ``restricted``: it is encrypted, but opens without a password.

    ``first_page`` is a picture of its first page, where one was asked for and could be drawn.
    """

    pages: int
    restricted: bool
    first_page: "Image | None"


def open_pdf(source: Source, most_pages: int, long_side: int | None = None) -> Pdf:
    """Open a PDF and load each of its pages.

    With ``long_side`` the first page is drawn, so many pixels along its longer side. Raises
    Encrypted, TooLong, or what PDFium raises.
    """
    from pypdfium2 import PdfiumError, raw

    with _opened(source) as document:
        pages = len(document)
        if pages > most_pages:
            raise TooLong
        for number in range(pages):
            document[number].close()
        restricted = raw.FPDF_GetSecurityHandlerRevision(document) != _NOT_ENCRYPTED
        picture = None
        if long_side and pages:
            try:
                picture = _picture(document, long_side)
            except (PdfiumError, ValueError, MemoryError):
                # A page that loads and cannot be drawn costs a receipt its picture, nothing more.
                picture = None
    return Pdf(pages, restricted, picture)


def version() -> str:
    """The version of PDFium in use."""
    import pypdfium2

    return str(pypdfium2.PDFIUM_INFO)


def ends_well(head: bytes, tail: bytes) -> bool:
    """Whether the end mark is where readers look for it (``tail``: at least the last 1024 bytes).

    A file that was cut off has none, or has that of its beginning, which points nowhere: a PDF
    for the web has its first end mark near its head (PDF 32000-1 annex F.3.3).
    """
    last = tail.rstrip(b"\0\r\n\t ")[-_TAIL:]
    at = last.rfind(b"%%EOF")
    if at < 0:
        return False
    found = _START.findall(tail)
    return not found or int(found[-1]) > 0 or head.startswith(b"%FDF")


def cross_references_found(data: bytes) -> bool:
    """Whether the last ``startxref`` points at a table of objects; if not, readers must guess."""
    found = _START.findall(data[-(1 << 16) :])
    if not found:
        return False
    begin = max(0, data[:_TAIL].find(b"%PDF-"))
    return any(
        _XREF.match(data, start) is not None
        for start in (int(found[-1]), int(found[-1]) + begin)
        if start < len(data)
    )


@contextmanager
def _opened(source: Source) -> Iterator["PdfDocument"]:
    import pypdfium2

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).casefold():
                raise Encrypted from error
            raise
        try:
            yield document
        finally:
            document.close()


def _picture(document: "PdfDocument", long_side: int, number: int = 1) -> "Image":
    page = document[number - 1]
    try:
        longest = max(page.get_size()) or _POINTS_AN_INCH
        picture: Image = page.render(scale=long_side / longest).to_pil().copy()
        return picture
    finally:
        page.close()


def page_picture(source: Source, long_side: int, number: int = 1) -> "Image":
    """A picture of a page, counted from 1, ``long_side`` pixels along its longer side.

    Raises Encrypted, what PDFium raises, and IndexError where there is no such page.
    """
    with _opened(source) as document:
        return _picture(document, long_side, number)
