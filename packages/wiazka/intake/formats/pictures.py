"""Images: every page's pixels decoded, and the small picture made of the first one on the way."""

import io
import struct
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wiazka.intake.formats.content import Content
from wiazka.intake.formats.likeness import likeness
from wiazka.intake.formats.limits import IMAGE_PAGES, IMAGE_PAGES_FULL, Bomb, room
from wiazka.intake.formats.opened import Opened, bomb, damaged
from wiazka.intake.formats.whole import cut_off
from wiazka.intake.model import Seen, Technical
from wiazka.phrase import say
from wiazka.picture import jpeg, small
from wiazka.problem_kinds import Problem

if TYPE_CHECKING:
    from PIL.Image import Image

# What Pillow opens of itself; another image is kept without having been looked into.
OPENABLE = frozenset(
    f"image/{kind}"
    for kind in ("tiff", "jpeg", "png", "jp2", "gif", "bmp", "x-ms-bmp", "webp", "jpx")
)
_COLOURS = {
    "1": "bilevel",
    "L": "grey",
    "LA": "grey",
    "I": "grey",
    "F": "grey",
    "I;16": "grey",
    "I;16B": "grey",
    "I;16L": "grey",
    "P": "palette",
    "PA": "palette",
    "RGB": "rgb",
    "RGBA": "rgb",
    "RGBX": "rgb",
    "CMYK": "cmyk",
    "YCbCr": "ycbcr",
    "LAB": "lab",
}
_DEPTHS = {"1": 1, "I": 32, "F": 32, "I;16": 16, "I;16B": 16, "I;16L": 16}
_BITS_PER_SAMPLE = 258
_X_RESOLUTION = 0x011A
# What Pillow warns of in metadata is no matter of the pixels, which are decoded all the same.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True, slots=True)
class _First:
    """What the first page showed."""

    technical: Technical
    seen: Seen


def open_image(name: str, mime: str, content: Content, max_pixels: int, *, draw: bool) -> Opened:
    """Decode all pixels of all pages. With ``draw`` the first page's small picture is made."""
    try:
        return _decoded(name, mime, content, max_pixels, draw=draw)
    except Bomb as error:
        return Opened(Technical(mime), problems=(bomb(name, error.why),))
    except Exception as error:  # Decoders raise what they like on hostile bytes
        return Opened(Technical(mime), problems=(damaged(name, say("image"), _why(error)),))


def _decoded(name: str, mime: str, content: Content, max_pixels: int, *, draw: bool) -> Opened:
    from PIL import Image

    # The limit is ours (intake.max_pixels) and an error; Pillow's own would only warn.
    Image.MAX_IMAGE_PIXELS = None
    problems: list[Problem] = []
    with content.stream() as stream, Image.open(stream) as image:
        first = _First(_facts(mime, image, content.head), Seen())
        pages = getattr(image, "n_frames", 1)
        if pages > IMAGE_PAGES:
            raise Bomb(say("it claims more than {most} pages", most=IMAGE_PAGES))
        pixels = 0
        for page in range(pages):
            image.seek(page)
            pixels += _size_allowed(image, max_pixels, pixels)
            with room.taken(image.width * image.height * max(1, len(image.getbands()))):
                image.load()
                if page == 0 and draw:
                    first = replace(first, seen=seen_of(image))
        if why := cut_off(mime, content):
            problems.append(damaged(name, say("image"), why))
    technical = replace(first.technical, pages=pages)
    return Opened(technical, first.seen, tuple(problems))


def _size_allowed(image: "Image", max_pixels: int, before: int) -> int:
    pixels = image.width * image.height
    if pixels > max_pixels:
        raise Bomb(
            say(
                "it claims {width} × {height} pixels, more than the limit of {most}",
                width=image.width,
                height=image.height,
                most=max_pixels,
            )
        )
    if before + pixels > max_pixels * IMAGE_PAGES_FULL:
        most = max_pixels * IMAGE_PAGES_FULL
        raise Bomb(say("its pages together claim more than {most} pixels", most=most))
    return pixels


def _facts(mime: str, image: "Image", head: bytes) -> Technical:
    return Technical(
        mime,
        width=image.width,
        height=image.height,
        ppi=_ppi(image),
        bit_depth=_depth(image, head),
        colour=_COLOURS.get(image.mode, image.mode),
        profile=_profile(image.info.get("icc_profile")),
    )


def _ppi(image: "Image") -> float | None:
    if image.format == "JPEG" and "jfif_unit" not in image.info:
        # Pillow says 72 where a camera said nothing.
        if _X_RESOLUTION not in image.getexif():
            return None
    elif image.format == "JPEG" and not image.info.get("jfif_unit"):
        return None
    found = image.info.get("dpi")
    try:
        across = float(found[0]) if found else 0.0
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    # Rounded: centimetres, and fractions that stand for whole numbers, leave a tail.
    return round(across, 2) if 1 <= across < 100_000 else None


def _depth(image: "Image", head: bytes) -> int:
    if image.format == "TIFF":
        bits = image.tag_v2.get(_BITS_PER_SAMPLE)  # type: ignore[attr-defined]
        if bits:
            return int(bits[0] if isinstance(bits, tuple) else bits)
    if image.format == "PNG" and head[12:16] == b"IHDR":
        return head[24]
    if image.format == "JPEG2000" and (at := head.find(b"ihdr")) > 0:
        # ISO/IEC 15444-1 I.5.3.1: height, width, components, then bits less one, and the sign.
        bits_less_one: int = struct.unpack_from(">B", head, at + 14)[0]
        if bits_less_one != 255:
            return (bits_less_one & 0x7F) + 1
    return _DEPTHS.get(image.mode, 8)


def _profile(data: object) -> str | None:
    if not isinstance(data, bytes):
        return None
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        return " ".join(ImageCms.getProfileDescription(profile).split())[:200] or None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def seen_of(image: "Image") -> Seen:
    """The small picture of a decoded page, and what it looks like."""
    page = small(image)
    return Seen(thumbnail=jpeg(page), likeness=likeness(page))


def _why(error: Exception) -> str:
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return say("it does not read as an image")
    return str(error) or type(error).__name__
