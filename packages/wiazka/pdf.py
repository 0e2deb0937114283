"""PDF files, opened through PDFium, which is not safe in two threads at once."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_one_at_a_time = threading.Lock()


class Encrypted(Exception):
    """The PDF needs a password."""


def page_count(content: bytes | Path) -> int:
    """The number of pages, each of which was loaded. Raises Encrypted, or what PDFium raises."""
    import pypdfium2

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).casefold():
                raise Encrypted from error
            raise
        try:
            for number in range(len(document)):
                document[number].close()
            return len(document)
        finally:
            document.close()


def page_picture(content: bytes | Path, long_side: int, number: int = 1) -> "Image":
    """A picture of a page, counted from 1, ``long_side`` pixels along its longer side.

    Raises what PDFium raises, and IndexError where there is no such page.
    """
    import pypdfium2

    with _one_at_a_time:
        document = pypdfium2.PdfDocument(content)
        try:
            page = document[number - 1]
            scale = long_side / max(page.get_size())
            picture: Image = page.render(scale=scale).to_pil()
            return picture
        finally:
            document.close()


def first_page(content: bytes | Path, long_side: int) -> "Image":
    """A picture of the first page, ``long_side`` pixels along its longer side."""
    return page_picture(content, long_side)
