"""PDF files made by hand, so that each byte is known: plain ones, and encrypted ones."""

import hashlib
import struct

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = bytes(range(16))
_ALLOWED = -44  # neither printing nor copying


def plain(pages: int) -> bytes:
    """A PDF of empty pages, with a classic cross-reference table."""
    return _document(pages, [], b"")


def encrypted(user: bytes, owner: bytes) -> bytes:
    """A PDF of one page, encrypted with RC4 of 40 bits (PDF 32000-1 7.6.3, revision 2)."""
    key = hashlib.md5(_padded(owner), usedforsecurity=False).digest()[:5]
    o = _rc4(key, _padded(user))
    seed = _padded(user) + o + struct.pack("<i", _ALLOWED) + _ID
    u = _rc4(hashlib.md5(seed, usedforsecurity=False).digest()[:5], _PAD)
    told = f"<</Filter/Standard/V 1/R 2/O<{o.hex()}>/U<{u.hex()}>/P {_ALLOWED}>>"
    return _document(1, [told.encode()], f"/Encrypt 4 0 R/ID[<{_ID.hex()}><{_ID.hex()}>]".encode())


def _padded(password: bytes) -> bytes:
    return (password + _PAD)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _document(pages: int, more: list[bytes], trailer: bytes) -> bytes:
    first = 3
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    kids = " ".join(
        f"{first + number if number == 0 else first + len(more) + number} 0 R"
        for number in range(pages)
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        page,
        *more,
        *[page] * (pages - 1),
    ]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<</Size {size}/Root 1 0 R".encode() + trailer + b">>\n"
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
