"""The PRONOM id of a file, by Siegfried. Its one door.

Siegfried's signatures come with it: nothing is fetched. It takes paths only, and holds Python's
lock while it works, at a cost that grows with the bytes it is shown: so it is shown the ends of a
file, in memory, as DROID looks at no more than 64 KiB of each end by default.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from wiazka.intake.formats.content import ENDS, Content

# The signatures of images lie in their first bytes, and images are what there is most of.
_ENDS_OF_IMAGE = 8 * 1024
# Archives and OLE files are known by what is inside, which only the whole file tells.
_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Which Siegfried, with which signatures of PRONOM (as DROID names its files)."""

    siegfried: str
    pronom: str


def puid(content: Content, mime: str) -> str | None:
    """The format's key in PRONOM, as ``fmt/353``; None where its bytes alone do not tell it."""
    import pygfried

    with _shown(content, mime) as descriptor:
        try:
            found: str | None = pygfried.identify(f"/dev/fd/{descriptor}")
        except OSError:
            # Siegfried on hostile bytes: a format that is not told stops nothing.
            return None
    return None if found in (None, "", _UNKNOWN) else found


@cache
def signatures() -> Signatures:
    """The versions in use, for the record."""
    import pygfried

    with tempfile.NamedTemporaryFile() as sample:
        sample.write(b"x")
        sample.flush()
        told = pygfried.identify(sample.name, detailed=True)
    details = str(told["identifiers"][0]["details"])
    return Signatures(str(told["siegfried"]), details)


@contextmanager
def _shown(content: Content, mime: str) -> Iterator[int]:
    if content.head.startswith(_CONTAINERS):
        yield content.descriptor
        return
    most = _ENDS_OF_IMAGE if mime.startswith("image/") else ENDS
    ends = content.head[:most] + content.tail[max(0, len(content.tail) - most) :]
    if content.size <= 2 * most and content.data is not None:
        ends = content.data
    descriptor = _in_memory()
    try:
        os.write(descriptor, ends)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


def _in_memory() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("wiazka")
    with tempfile.TemporaryFile() as unnamed:
        return os.dup(unnamed.fileno())
