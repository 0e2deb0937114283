"""What the record itself says of pages: which are missing and why, and the order of all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wiazka.intake.pairing.stems import SIDES, Side, page_name
from wiazka.record.keys import PAGES_MISSING
from wiazka.record.model import Record

MISSING = PAGES_MISSING
ORDER = "pages"

_WORD = r"(?:pages|page|pp|p|strony|strona|str|s|karty|karta|k|folio|fol|f|leaf|nr|no|scan|skan)"
_SIDE = r"(?:\s*(?:recto|verso|awers|rewers|об\.?)|[rvab])(?![^\W\d_])"
_NAME_END = r"(?:\.(?:tiff?|jpe?g|png|jp2|pdf))?"
_REF = rf"(?:{_WORD}[\s._-]*|[^\W\d_]+[_-])?[0-9]{{1,9}}(?:{_SIDE})?{_NAME_END}(?![0-9])"
_RANGE = rf"{_REF}(?:\s*[-–—]\s*{_REF})?"
_ITEM = re.compile(
    rf"\s*(?P<refs>{_RANGE}(?:\s*(?:,|\bi\b|\band\b|\boraz\b|&)\s*{_RANGE})*)"
    r"(?![.,]?[0-9])\s*[:=,.(\[–—-]*\s*(?P<reason>.*?)\s*[)\]]?\s*",
    re.IGNORECASE | re.DOTALL,
)
_EACH = re.compile(
    rf"(?:{_WORD}[\s._-]*|[^\W\d_]+[_-])?(?P<number>[0-9]+)(?P<side>{_SIDE})?", re.IGNORECASE
)
_RANGES = re.compile(_RANGE, re.IGNORECASE)
_NONE = frozenset({"", "-", "–", "0", "none", "no", "nil", "brak", "nie", "żadna", "żadnych"})


@dataclass(frozen=True, slots=True)
class StatedMissing:
    """Pages that are said to be missing, from a number to a number, or one side of one; and why."""

    first: int
    last: int
    side: Side | None
    digits: int
    reason: str | None

    def covers(self, number: int, side: Side | None = None) -> bool:
        """Whether a page is among them: a leaf's side is, where the leaf is."""
        return self.first <= number <= self.last and self.side in (None, side)

    @property
    def label(self) -> str:
        """The pages as they are named in messages: ``7``, ``9–11``."""
        first = page_name(self.first, self.digits, self.side)
        return first if self.first == self.last else f"{first}–{page_name(self.last, self.digits)}"


@dataclass(frozen=True, slots=True)
class Stated:
    """All that a record says of its pages; ``unread`` is what is no page that anyone could find."""

    missing: tuple[StatedMissing, ...] = ()
    order: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def stated(record: Record | None) -> Stated:
    """What a record says: ``7``, ``7: lost at the binder's``, ``7 lost; 9-11 never filmed``.

    A reason that stands alone is that of the pages before it.
    """
    if record is None:
        return Stated()
    missing: list[StatedMissing] = []
    unread: list[str] = []
    for part in _parts(record.extra.get(MISSING, "")):
        found = _ITEM.fullmatch(part)
        if found:
            missing += _missing(found["refs"], found["reason"] or None)
        elif missing:
            missing = list(_with_reason(missing, part))
        else:
            unread.append(part)
    order = tuple(_parts(record.extra.get(ORDER, "")))
    return Stated(tuple(missing), order, tuple(unread))


def _parts(text: str) -> Iterator[str]:
    for part in re.split(r";|\n", text):
        if part.strip().casefold() not in _NONE:
            yield part.strip()


def _missing(refs: str, reason: str | None) -> Iterator[StatedMissing]:
    for found in _RANGES.finditer(refs):
        ends = list(_EACH.finditer(found[0]))
        first, last = ends[0], ends[-1]
        low, high = sorted((int(first["number"]), int(last["number"])))
        side = SIDES.get((first["side"] or "").strip().casefold()) if low == high else None
        yield StatedMissing(low, high, side, len(first["number"]), reason)


def _with_reason(missing: Sequence[StatedMissing], reason: str) -> Iterator[StatedMissing]:
    begun = missing[-1].reason
    for one in missing:
        if one.reason is None:
            yield replace(one, reason=reason)
        elif one.reason == begun:  # a reason with a ";" in it
            yield replace(one, reason=f"{begun}; {reason}")
        else:
            yield one
