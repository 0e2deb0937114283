"""Finding out in which encoding a text was saved, without ever guessing silently.

Office programs here save Polish as Windows CP1250, older ones as ISO 8859-2 or DOS CP852. The
general detectors take ISO 8859-2 for Latvian; among these few, the Polish letters decide.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_CANDIDATES = (
    ("cp1250", "Windows CP1250"),
    ("iso8859_2", "ISO 8859-2"),
    ("cp852", "DOS CP852"),
)
# Old Macs: every byte is a letter or a sign of it, so it is asked last.
_RARE = (("mac_latin2", "Mac CE"),)
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_TYPOGRAPHY = frozenset("„“”‘’‚–—…•«»§°·×½©®€±\xa0\xad")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# What a wrong encoding makes of letters: capitals in the midst of words, signs between letters.
_MISPLACED = re.compile("(?<=[a-ząćęłńóśźż])[ĄĆĘŁŃŚŹŻ](?=[a-ząćęłńóśźż])")
# No language here writes four letters on end with accents that are not Polish: Cyrillic misread.
_FOREIGN_RUN = re.compile(r"[^\W\d_a-zA-ZąćęłńóśźżĄĆĘŁŃÓŚŹŻ]{4,}")
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[«»§°·×½©®±€](?=[^\W\d_])")
_FAULT = 3.0
_CLEAR_LEAD = 2.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was read in, in words.

    ``certain`` is False where another encoding would give another text that is as likely.
    """

    text: str
    encoding: str
    certain: bool = True

    @property
    def is_unicode(self) -> bool:
        """Whether the bytes themselves said what they are."""
        return self.encoding.startswith("UTF")


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    encoding: str
    polish: int
    others: int
    faults: int

    @property
    def score(self) -> float:
        return self.polish + 0.2 * self.others - _FAULT * self.faults


def decode(data: bytes) -> Decoded | None:
    """``data`` as text: by its byte order mark, as UTF-8, or as one of the Polish encodings.

    None where it is none of them: a text with letters of no language is never handed on.
    """
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            return _as(data, codec, name)
    if unmarked := _unmarked_utf16(data):
        return _as(data, unmarked, "UTF-16")
    if found := _as(data, "utf-8", "UTF-8"):
        return found
    candidates = sorted(_candidates(data, _CANDIDATES), key=lambda one: one.score, reverse=True)
    if candidates and not candidates[0].faults:
        return _chosen(candidates)
    for rare in _candidates(data, _RARE):
        if not rare.faults and rare.polish > rare.others:
            return _chosen([rare])
    return None


def _chosen(candidates: Sequence[_Candidate]) -> Decoded:
    """The best of the readings, best first, and whether the others stay behind it."""
    best = candidates[0]
    others = [one for one in candidates[1:] if one.text != best.text]
    lead = best.score - max((one.score for one in others), default=-_FAULT)
    certain = best.polish > 0 and best.polish >= best.others and lead >= _CLEAR_LEAD
    return Decoded(best.text, best.encoding, certain)


def _as(data: bytes, codec: str, name: str) -> Decoded | None:
    try:
        return Decoded(data.decode(codec), name)
    except UnicodeDecodeError:
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of the ASCII in it is zero."""
    head = data[:4096]
    if len(data) % 2 or b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = len(head) * 0.3
    if odd > most and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd == 0 else None


def _candidates(data: bytes, codecs: Sequence[tuple[str, str]]) -> Iterator[_Candidate]:
    for codec, name in codecs:
        decoded = _as(data, codec, name)
        if decoded is None or _CONTROL.search(decoded.text):
            continue
        text = decoded.text
        signs = Counter(char for char in text if char > "\x7f")
        polish = sum(count for char, count in signs.items() if char in _POLISH)
        letters = sum(count for char, count in signs.items() if char.isalpha()) - polish
        strange = sum(
            count for char, count in signs.items() if not char.isalpha() and char not in _TYPOGRAPHY
        )
        faults = (_MISPLACED, _SIGN_IN_WORD, _FOREIGN_RUN)
        misplaced = sum(len(fault.findall(text)) for fault in faults)
        yield _Candidate(text, name, polish, letters, strange + misplaced)
