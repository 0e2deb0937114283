"""Small pictures of pages, for receipts and lists of problems."""

import io
from pathlib import Path

from PIL import Image

from wiazka.pdf import page_picture
from wiazka.picture import LONG_SIDE, jpeg, small

_IMAGES = {"image/tiff", "image/jpeg", "image/png", "image/jp2"}


def thumbnail(
    source: bytes | Path, mime: str, *, page: int = 1, long_side: int = LONG_SIDE
) -> bytes | None:
    """A page of a TIFF, JPEG, PNG, JPEG 2000 or PDF as a JPEG, its long side so many pixels.

    None for another format or where the page cannot be drawn: a receipt without a picture is
    better than none, and what is wrong with the file is the intake's to say.
    """
    try:
        if mime in _IMAGES:
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
                if page > 1:
                    image.seek(page - 1)
                return _small(image, long_side)
        if mime == "application/pdf":
            return _small(page_picture(source, long_side, page), long_side)
    except Exception:  # decoders raise whatever they like at damaged bytes
        return None
    return None


def smaller(picture: bytes, long_side: int) -> bytes:
    """A small JPEG made smaller still; as it is where it is small enough or cannot be opened."""
    try:
        with Image.open(io.BytesIO(picture)) as image:
            if max(image.size) <= long_side:
                return picture
            return _small(image, long_side)
    except Exception:  # as above
        return picture


def _small(image: Image.Image, long_side: int) -> bytes:
    # JPEG decodes at 1/2, 1/4 or 1/8 for a fraction of the work; other formats ignore this.
    image.draft("RGB", (long_side * 2, long_side * 2))
    return jpeg(small(image, long_side))
