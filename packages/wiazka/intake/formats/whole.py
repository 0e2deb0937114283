"""Whether an image goes on to its end: decoders fill in what is missing without a word."""

import struct

from wiazka.intake.formats.content import Content
from wiazka.phrase import say

_SOI, _EOI, _SOS = b"\xff\xd8", b"\xff\xd9", 0xDA
_IEND = b"IEND\xaeB`\x82"
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_MOST_IFDS = 20_000


def cut_off(mime: str, content: Content) -> str | None:
    """What shows that the end of an image is missing, or None.

    Bytes after the end are none of our business: cameras put more pictures there.
    """
    data = content.data
    if mime == "image/png":
        found = _IEND in (content.tail if data is None else data)
        return None if found else say("its end mark, IEND, is missing")
    if data is None:
        return None
    if mime == "image/jpeg" and not _jpeg_ends(data):
        return say("its end mark, EOI, is missing")
    if mime == "image/tiff" and not _directories_fit(data):
        return say("a directory of its pages is cut off")
    return None


def _jpeg_ends(data: bytes) -> bool:
    """Whether an end mark follows the first scan; before it, a thumbnail may have one of its own.

    (ITU-T T.81 B.1.1.4: segments with a length, up to the entropy-coded data.)
    """
    at = len(_SOI)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _STANDALONE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + length
        if marker == _SOS:
            return data.find(_EOI, at) >= 0
    return data.find(_EOI, at) >= 0


def _directories_fit(data: bytes) -> bool:
    """Whether every directory of a classic TIFF lies inside it (TIFF 6.0 section 2)."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return True
    seen: set[int] = set()
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    while at and at not in seen and len(seen) < _MOST_IFDS:
        seen.add(at)
        if at + 2 > len(data):
            return False
        (entries,) = struct.unpack_from(f"{order}H", data, at)
        after = at + 2 + entries * 12
        if after + 4 > len(data):
            return False
        (at,) = struct.unpack_from(f"{order}I", data, after)
    return True
