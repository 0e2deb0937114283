"""A small picture of a document's first page, for its receipt."""

import io
from pathlib import Path

from PIL import Image, ImageOps

LONG_SIDE = 480

_IMAGES = {"image/tiff", "image/jpeg", "image/png"}
_DPI_OF_PDF = 72


def thumbnail(source: bytes | Path, mime: str) -> bytes | None:
    """The first page of a TIFF, JPEG, PNG or PDF as a JPEG, its long side 480 pixels.

    None for another format or where the page cannot be drawn: a receipt without a picture is
    better than none, and what is wrong with the file is the intake's to say.
    """
    try:
        if mime in _IMAGES:
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
                return _small(image)
        if mime == "application/pdf":
            return _small(_first_page(source))
    except Exception:  # decoders raise whatever they like at damaged bytes
        return None
    return None


def _first_page(source: bytes | Path) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(source) as document:
        page = document[0]
        longest = max(page.get_size()) or _DPI_OF_PDF
        picture: Image.Image = page.render(scale=LONG_SIDE / longest).to_pil()
        return picture


def _small(image: Image.Image) -> bytes:
    # JPEG decodes at 1/2, 1/4 or 1/8 for a fraction of the work; other formats ignore this.
    image.draft("RGB", (LONG_SIDE * 2, LONG_SIDE * 2))
    if image.mode.startswith("I;16"):
        # 16-bit grey would be clipped to white by a plain conversion.
        image = image.point(lambda value: value / 256).convert("L")
    small = image.convert("RGB") if image.mode not in {"RGB", "L"} else image.copy()
    if max(small.size) > LONG_SIDE * 3:
        small = small.reduce(max(small.size) // (LONG_SIDE * 2))
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    small = ImageOps.exif_transpose(small)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
