"""Text as people type it: reading bytes as text, and comparing without case and accents."""

import unicodedata
from functools import cache

# Letters that Unicode does not take apart into a base letter and an accent.
_UNACCENTED = str.maketrans("łŁøØđĐıßæÆ", "lLoOdDisaA")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def read_text(data: bytes) -> str:
    """``data`` as text: UTF-8, or what its byte order mark says. Raises UnicodeDecodeError."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    return data.decode(encoding)


def nfc(text: str) -> str:
    """``text`` with every accent joined to its letter (macOS hands them over apart)."""
    return unicodedata.normalize("NFC", text)


def unaccented(text: str) -> str:
    """``text`` without accents, its case as it is: one character for each of its characters."""
    return "".join(map(_base, text))


def fold(text: str) -> str:
    """``text`` without case and accents, one character for each of its characters.

    The length stays, so that a place found in the folded text is the same place in the text.
    """
    return "".join(map(_folded, text))


def words(text: str) -> str:
    """``text`` folded, its blanks and punctuation one space each: a key for comparing names."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(nfc(text))).split())


@cache
def _base(char: str) -> str:
    return unicodedata.normalize("NFD", char.translate(_UNACCENTED))[0]


@cache
def _folded(char: str) -> str:
    base = _base(char)
    lower = base.lower()
    return lower if len(lower) == 1 else base
