"""What a file is, found by reading it: identified by libmagic, then really opened."""

import io
import threading
import tomllib
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pylibmagic  # noqa: F401 - finds the libmagic of its wheel where the machine has none

# isort: split
import magic

from wiazka import errors, pdf
from wiazka.errors import Problem
from wiazka.intake.model import FileRole, Technical
from wiazka.settings import config_dir

if TYPE_CHECKING:
    from PIL.Image import Image

_SNIFFED = 64 * 1024
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OFFICE_PARTS = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
}
# What Pillow warns of in metadata is no matter of the pixels, which are decoded all the same.
warnings.filterwarnings("ignore", module=r"PIL\.")
_magic = threading.local()


@dataclass(frozen=True, slots=True)
class Policy:
    """The formats one role takes (config/formats.toml)."""

    accepted: tuple[str, ...]
    reason: str


@cache
def policies() -> Mapping[str, Policy]:
    """The format policy by role."""
    text = (config_dir() / "formats.toml").read_text(encoding="utf-8")
    return {
        role: Policy(tuple(table["accepted"]), table["reason"])
        for role, table in tomllib.loads(text).items()
    }


def libmagic_version() -> str:
    """The version of the libmagic in use, as ``5.45``."""
    number: int = magic.version()  # type: ignore[no-untyped-call]
    return f"{number // 100}.{number % 100:02d}"


def identify(head: bytes) -> str:
    """The media type of a file by its first bytes."""
    # A libmagic cookie serves one thread.
    if not hasattr(_magic, "cookie"):
        _magic.cookie = magic.Magic(mime=True)
    mime: str = _magic.cookie.from_buffer(head[:_SNIFFED])
    return mime


def _inside_zip(content: bytes | Path) -> str | None:
    """The media type of a word processor's document: libmagic knows it only when packed one way."""
    try:
        with zipfile.ZipFile(
            io.BytesIO(content) if isinstance(content, bytes) else content
        ) as file:
            names = set(file.namelist())
            if "mimetype" in names and file.getinfo("mimetype").file_size < 100:
                return file.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return None
    return next((mime for part, mime in _OFFICE_PARTS.items() if part in names), None)


def inspect(
    name: str, role: FileRole, content: bytes | Path, head: bytes, max_pixels: int
) -> tuple[Technical, list[Problem]]:
    """What opening a file shows, and what is wrong with it.

    ``content`` is the file's bytes where they are in memory already, else its path.
    """
    mime = identify(head)
    if head.startswith(_ZIP):
        mime = _inside_zip(content) or mime
    technical = Technical(mime)
    problems = _against_policy(name, role, mime)
    try:
        if mime.startswith("image/") and mime != "image/svg+xml":
            technical = _open_image(mime, content, max_pixels)
        elif mime == "application/pdf":
            technical = Technical(mime, pages=pdf.page_count(content))
    except pdf.Encrypted:
        problems.append(
            errors.FORMAT_REFUSED.at(
                name,
                f"'{name}' is locked with a password; in twenty years nobody will know it.",
                "Save the PDF again without a password.",
            )
        )
    except Exception as error:  # Decoders raise what they like on hostile bytes
        problems.append(_damaged(name, mime, error))
    return technical, problems


def _open_image(mime: str, content: bytes | Path, max_pixels: int) -> Technical:
    from PIL import Image

    # The limit is ours (intake.max_pixels) and an error; Pillow's own would only warn.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(io.BytesIO(content) if isinstance(content, bytes) else content) as image:
        width, height = image.size
        pages = getattr(image, "n_frames", 1)
        for page in range(pages):
            image.seek(page)
            _decode(image, max_pixels)
    return Technical(mime, pages=pages, width=width, height=height)


def _decode(image: "Image", max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise ValueError(
            f"it claims {image.width} × {image.height} pixels, more than the limit of {max_pixels}"
        )
    image.load()


def _damaged(name: str, mime: str, error: Exception) -> Problem:
    kind = "PDF" if mime == "application/pdf" else "image"
    return errors.DAMAGED_FILE.at(
        name,
        f"'{name}' does not open as a whole {kind}: it is damaged or was cut off while being "
        f"copied ({_why(error)}).",
        "Copy the file again from the scanner or the camera, and open it to see that it is whole.",
    )


def _why(error: Exception) -> str:
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return "it does not read as an image"
    return str(error) or type(error).__name__


def _against_policy(name: str, role: FileRole, mime: str) -> list[Problem]:
    policy = policies().get(role)
    if policy is None or mime in policy.accepted:
        return []
    return [
        errors.FORMAT_UNEXPECTED.at(
            name,
            f"'{name}' is {mime}, which is not expected among the {role} files.",
            f"{policy.reason} Check that it lies in the right folder.",
        )
    ]
