"""Letters that were lost or garbled before a text was handed over: reported, never repaired."""

import re

# The first letters that UTF-8 read as another encoding begins a Polish letter or a quote with.
_PAIR = re.compile("[ÃÄÅĂĹÂâ][^\x00-\x7f]{1,2}")
_OTHER_CODECS = ("cp1250", "cp1252", "latin-1")
_MEANT = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„“”‘’–—…äöüßéáíčšžř\xa0")
# CP1250 read as CP1252: zwi¹zek, S³owo.
_SIGN_FOR_LETTER = re.compile("[a-zA-ZêñæœóÓ][¹³¿][a-zêñæœó]|\\b³[a-zó]")
_LOST = re.compile(r"(?<![\w?&=/.])[^\W\d_]+\?[^\W\d_][^\W\d_?]*(?![\w=&/])")
_FOREIGN = re.compile("[a-zA-Zńłąęóśźż][\u4e00-\u9fff][a-z]")


def garbled(text: str) -> str | None:
    """The first piece of ``text`` that shows a wrong encoding, or None.

    ``GiebuÅ‚towski``, ``zwi¹zek``, ``S?ucza?ski``, ``Ha艅derek`` and ``�`` are such.
    """
    if "\ufffd" in text:
        return _around(text, text.index("\ufffd"))
    for pair in _PAIR.finditer(text):
        if _is_utf8_misread(pair[0]):
            return _around(text, pair.start())
    for pattern in (_SIGN_FOR_LETTER, _FOREIGN, _LOST):
        if found := pattern.search(text):
            return _around(text, found.start())
    return None


def _is_utf8_misread(piece: str) -> bool:
    for codec in _OTHER_CODECS:
        for size in (2, 3):
            try:
                meant = piece[:size].encode(codec).decode("utf-8")
            except UnicodeError:
                continue
            if len(meant) == 1 and meant in _MEANT:
                return True
    return False


def _around(text: str, at: int) -> str:
    start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    ends = [end for end in (text.find(" ", at), text.find("\n", at)) if end != -1]
    return text[start : min(ends, default=len(text))][:60]
