"""The same page scanned or copied twice: by its bytes, and by how it looks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from wiazka.intake.model import FileRole
from wiazka.intake.pairing.link import Laid
from wiazka.phrase import Phrase, say, say_many, together
from wiazka.problem_kinds import SCAN_TWICE, SCANS_ALIKE, Problem

# Of the bits of a likeness: so many may differ. Measured (docs/pages.md): of typed pages, no two
# came so near.
BITS, ALIKE_BITS = 256, 32
# Bands of bits: two likenesses up to 20 bits apart always share one, up to 32 nearly always.
_BANDS = 21
# More pages than this that look alike are forms, or divider sheets, not one page.
_MOST_ALIKE = 3
_MOST_IN_BAND = 300
_SHOWN = 20


def twice(laid: Sequence[Laid]) -> Iterator[Problem]:
    """One problem that lists the scans with the same bytes."""
    same: dict[str, list[str]] = defaultdict(list)
    for one in _scans(laid):
        if one.item.file:
            same[one.item.file.sha256].append(one.item.name)
    pairs = [(names[0], other) for names in same.values() for other in names[1:]]
    if pairs:
        yield SCAN_TWICE.at(
            _at(pairs),
            say_many(
                "{number} scan is there twice, the same to the last byte: {pairs}.",
                "{number} scans are there twice, the same to the last byte: {pairs}.",
                len(pairs),
                pairs=_listed(pairs),
            ),
            say("Remove one of each pair, or put the scan there that was meant to be there."),
        )


def alike(laid: Sequence[Laid]) -> Iterator[Problem]:
    """One problem that lists the scans that look like the same page. Copies are told already, and
    a page may well be there in two formats.
    """
    seen: dict[int, list[Laid]] = defaultdict(list)
    for one in _scans(laid):
        if likeness := one.item.file and one.item.file.seen.likeness:
            seen[int(likeness, 16)].append(one)
    pairs = [
        (one.item.name, two.item.name)
        for group in _groups(seen)
        for one, two in combinations(group, 2)
        if not set(one.places) & set(two.places) and _digest(one) != _digest(two)
    ]
    if pairs:
        yield SCANS_ALIKE.at(
            _at(pairs),
            say_many(
                "{number} pair of scans looks like the same page: {pairs}.",
                "{number} pairs of scans look like the same page: {pairs}.",
                len(pairs),
                pairs=_listed(pairs),
            ),
            say("Look at both; if a page was scanned twice, keep the better scan."),
        )


def _groups(seen: dict[int, list[Laid]]) -> Iterator[list[Laid]]:
    """Scans that look alike, directly or through another; large groups are forms."""
    first = {likeness: likeness for likeness in seen}
    for one, two in _near(seen):
        old, new = _root(first, two), _root(first, one)
        first[old] = new
    groups: dict[int, list[Laid]] = defaultdict(list)
    for likeness, scans in seen.items():
        groups[_root(first, likeness)] += scans
    return (group for group in groups.values() if 1 < len(group) <= _MOST_ALIKE)


def _root(first: dict[int, int], likeness: int) -> int:
    while first[likeness] != likeness:
        first[likeness] = likeness = first[first[likeness]]
    return likeness


def _near(seen: Iterable[int]) -> Iterator[tuple[int, int]]:
    bands: dict[tuple[int, int], list[int]] = defaultdict(list)
    for likeness in seen:
        text = f"{likeness:0{BITS}b}"
        for band in range(_BANDS):
            # Every 21st bit: neighbours tell of the same coarse features, which typed pages share.
            bands[band, int(text[band::_BANDS], 2)].append(likeness)
    for sharing in bands.values():
        if len(sharing) <= _MOST_IN_BAND:
            for one, two in combinations(sharing, 2):
                if (one ^ two).bit_count() <= ALIKE_BITS:
                    yield one, two


def _digest(one: Laid) -> str | None:
    return one.item.file.sha256 if one.item.file else None


def _scans(laid: Iterable[Laid]) -> Iterator[Laid]:
    return (one for one in laid if one.item.role is FileRole.SCAN)


def _at(pairs: Sequence[tuple[str, str]]) -> str:
    return pairs[0][1] if len(pairs) == 1 else pairs[0][1].rpartition("/")[0]


def _listed(pairs: Sequence[tuple[str, str]]) -> Phrase:
    shown = [say("'{one}' and '{two}'", one=one, two=two) for one, two in pairs[:_SHOWN]]
    return together([*shown, *(["…"] if len(pairs) > _SHOWN else [])], "; ")
