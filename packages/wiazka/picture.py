"""Small pictures of pages, for receipts and lists of problems."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LONG_SIDE = 480
# Below this a picture is one of hundreds on a page, where bytes count more than detail.
_TINY = 200


def small(image: "Image", long_side: int = LONG_SIDE) -> "Image":
    """A picture made small, upright as its EXIF says; ``image`` itself stays as it is."""
    from PIL import Image, ImageOps

    if image.mode.startswith("I;16"):
        # 16-bit grey would be clipped to white by a plain conversion.
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode not in {"RGB", "L"}:
        image = image.convert("RGB")
    # By whole pixels first: a finer filter over all of them would take longer than decoding.
    factor = max(image.size) // long_side
    made = image.reduce(factor) if factor > 1 else image.copy()
    made.thumbnail((long_side, long_side), Image.Resampling.BILINEAR)
    return ImageOps.exif_transpose(made)


def jpeg(picture: "Image") -> bytes:
    """A small picture as a JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82 if max(picture.size) > _TINY else 68)
    return out.getvalue()
