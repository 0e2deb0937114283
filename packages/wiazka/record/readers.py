"""What reads a signature: each part at one place, from labels and values compiled once."""

import re
from dataclasses import dataclass

from wiazka.record.text import fold, nfc, unaccented

_BETWEEN = r"(?:\s*[.:'\-]+\s*|\s+)"
_END = r"(?=[\s,;.:)\]]|$)"
_DASHES = "‐‑‒–—―−﹘－"
_QUOTES = "“”„‟«»″"
_APOSTROPHES = "‘’‚‛′`´ʹʼ"
# Chinese signs, and the 第 that stands before a number as "No." does.
_FULL_WIDTH = dict(zip("，；：（）［］／、第", ",;:()[]/, ", strict=True))
_ALIKE = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_QUOTES, '"'),
        **dict.fromkeys(_APOSTROPHES, "'"),
        **_FULL_WIDTH,
    }
)
_PLACEHOLDER = re.compile(
    r"<(?P<part>\w+):(?P<value>[\w-]+)>|(?P<open>\[)|(?P<close>\])|(?P<text>[^<\[\]]+)"
)
_LOOSE = re.compile(rf" [/,;{_DASHES}-]|[/{_DASHES}-] ")
_SPACED = re.compile(r" ?/ ?")
_DASHED = re.compile(rf"(?<=[.,;]) [{_DASHES}-] (?=[^\W\d_]{{1,6}}\.)")
_SPACED_COMMA = re.compile(r" (?=[,;])")
_SPACED_RANGE = re.compile(r"(?<=\d) ?([‐‑‒–—―−-]) ?(?=\d)")

# (part, value) pairs in the order in which they stand.
Read = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A signature in the ways it is looked at, each as long as the others.

    ``text`` is what values are taken from; in ``plain`` every dash and quotation mark is of one
    kind; ``named`` is that without accents, ``folded`` without case as well.
    """

    text: str
    plain: str
    named: str
    folded: str

    def cut(self, start: int, end: int) -> "Line":
        """The part of the line between two places."""
        if start == 0 and end == len(self.text):
            return self
        piece = slice(start, end)
        return Line(self.text[piece], self.plain[piece], self.named[piece], self.folded[piece])


def line_of(text: str) -> Line:
    """``text`` ready to be read, without what is between parts: ``004076/ 1955``, ``. – Оп. 3``."""
    text = " ".join(nfc(text).split())
    if _LOOSE.search(text):
        text = _SPACED.sub("/", _DASHED.sub(" ", text))
        text = _SPACED_RANGE.sub(r"\1", _SPACED_COMMA.sub("", text))
    plain = text if text.isascii() else text.translate(_ALIKE)
    named = unaccented(plain)
    return Line(text, plain, named, fold(named))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one part, or several that are written as one, where it is asked to.

    ``since`` is a part that must have been read before, ``then`` one that must follow; a part that
    ``joins`` is added to what was read of it before. ``starts`` are the characters a label can
    begin with.
    """

    pattern: re.Pattern[str]
    label: re.Pattern[str] | None = None
    closing: re.Pattern[str] | None = None
    part: str | None = None
    since: str | None = None
    then: str | None = None
    joins: bool = False
    starts: frozenset[str] | None = None

    @property
    def labelled(self) -> bool:
        """Whether a label says which part this is."""
        return self.label is not None or self.closing is not None

    def read(self, line: Line, at: int) -> tuple[Read, int] | None:
        """The parts that stand at ``at`` and where they end; None where these parts do not."""
        if self.label is not None:
            found = self.label.match(line.folded, at)
            if found is None:
                return None
            at = found.end()
        value = self.pattern.match(line.plain, at)
        if value is None:
            return None
        end = value.end()
        if self.closing is not None:
            closing = self.closing.match(line.folded, end)
            if closing is None:
                return None
            end = closing.end()
        if self.part is not None:
            return ((self.part, line.text[value.start() : value.end()]),), end
        spans = sorted((value.span(group), group) for group in value.re.groupindex if value[group])
        return tuple(
            (group.rstrip("_0123456789"), line.text[start:stop]) for (start, stop), group in spans
        ), end


def before(
    part: str, labels: tuple[str, ...], value: str, since: str | None, then: str | None
) -> Reader:
    """Reads ``w. 5``, ``W17``, ``t- 1312``: a label, glued or not, then the value."""
    label = re.compile(rf"(?:{any_of(labels)})(?:{_BETWEEN}|(?=\w))")
    starts = frozenset(fold(label[0]) for label in labels)
    return Reader(re.compile(f"(?:{value}){_END}"), label, None, part, since, then, starts=starts)


def after(
    part: str, labels: tuple[str, ...], value: str, since: str | None, then: str | None
) -> Reader:
    """Reads ``4. doboz``: a value, then its label."""
    closing = re.compile(rf"(?:{_BETWEEN})?(?:{any_of(labels)}){_END}")
    return Reader(re.compile(f"(?:{value})"), None, closing, part, since, then)


def bare(part: str, value: str, since: str | None, then: str | None) -> Reader:
    """Reads a value whose shape alone says what it is."""
    return Reader(re.compile(f"(?:{value}){_END}"), None, None, part, since, then)


def form(template: str, values: dict[str, str], since: str | None, then: str | None) -> Reader:
    """Reads several parts that are written as one, such as ``<fonds:bestand>/<file:unit>``.

    ``[…]`` may be absent; a blank is any number of blanks; ``-`` and ``/`` may have blanks around
    them. Raises KeyError for a value that is not defined, ValueError for a template that is none.
    """
    made: list[str] = []
    seen: dict[str, int] = {}
    depth = 0
    at = 0
    for found in _PLACEHOLDER.finditer(template):
        if found.start() != at:
            raise ValueError(f"'{template}': '{template[at : found.start()]}' is not understood")
        at = found.end()
        if found["part"]:
            number = seen[found["part"]] = seen.get(found["part"], 0) + 1
            # A value ends where a word ends: "B 150/203" is never "B 15" and "0/203".
            name = f"{found['part']}_{number}"
            made.append(f"(?P<{name}>{values[found['value']]})(?![^\\W_])")
        elif found["open"]:
            depth += 1
            made.append("(?:")
        elif found["close"]:
            depth -= 1
            made.append(")?")
        else:
            made.append(_literal(found["text"]))
    if at != len(template) or depth != 0 or not seen:
        raise ValueError(f"'{template}' is no form, such as <fonds:number>/<file:number>")
    return Reader(re.compile("".join(made) + _END), None, None, None, since, then)


def _literal(text: str) -> str:
    made = []
    for piece in re.findall(r"\w+|\s+|[^\w\s]", text):
        if piece.isspace():
            made.append(r"\s*")
        elif piece == ".":
            made.append(r"\.?\s*")
        elif piece[0].isalnum() or piece == "_":
            made.append(f"(?i:{re.escape(piece)})")
        else:
            made.append(rf"\s*{re.escape(piece)}\s*")
    return "".join(made)


def any_of(labels: tuple[str, ...]) -> str:
    """A pattern of labels, longest first, for folded text."""
    longest_first = sorted((fold(label) for label in labels), key=len, reverse=True)
    return "|".join(flexible(label) for label in longest_first)


def flexible(text: str) -> str:
    """``text`` as a pattern in which blanks may be any number, and follow full stops or not."""
    words = [re.escape(word) for word in text.translate(_ALIKE).split()]
    return "".join(
        word + ("" if last else (r"\s*" if word.endswith(r"\.") else r"\s+"))
        for word, last in zip(words, [False] * (len(words) - 1) + [True], strict=True)
    )
