"""The archive's own list of names, ``agents.csv``: whom a name may be of.

A name is never replaced and two are never merged: a likeness is proposed, staff accept it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from wiazka.record.names import Kind
from wiazka.record.text import fold, words

# Shorter names differ by one letter and are other names: Maria, Marian; Jan, Jana.
_LONG_ENOUGH = 6
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


@dataclass(frozen=True, slots=True)
class Authority:
    """One row: a person or organisation under all the names that are known."""

    id: str
    preferred: str
    kind: Kind
    variants: tuple[str, ...] = ()
    viaf: str | None = None
    wikidata: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The preferred form, then the variants."""
        return (self.preferred, *self.variants)


@dataclass(frozen=True, slots=True)
class _Form:
    """A person's name taken apart; ``family`` may be two words, ``given`` may be initials.

    Only a comma says for certain which is which: the family's name is ``before comma``. Without
    one it is taken for the ``last`` word, or, beside a name that has the comma, for the ``first``.
    """

    family: str
    given: tuple[str, ...]
    place: Literal["before comma", "last", "first"]

    def fits(self, other: "_Form") -> bool:
        """Whether both can be meant so: "Thomas Henry" is not "Henry Thomas"."""
        places = {self.place, other.place}
        return "first" not in places or "before comma" in places


class Authorities:
    """All rows, ready to be looked up in."""

    def __init__(self, rows: Iterable[Authority] = ()) -> None:
        self.rows = tuple(rows)
        self._by_id = {row.id: row for row in self.rows}
        self._named: dict[str, list[Authority]] = defaultdict(list)
        self._families: dict[str, list[tuple[_Form, Authority]]] = defaultdict(list)
        for row in self.rows:
            for key in dict.fromkeys(_key(name) for name in row.names):
                self._named[key].append(row)
            if row.kind == "person":
                for form in dict.fromkeys(form for name in row.names for form in _forms(name)):
                    self._families[form.family].append((form, row))

    def of_id(self, identifier: str) -> Authority | None:
        """The row with this id."""
        return self._by_id.get(identifier)

    def nearest_id(self, identifier: str) -> str | None:
        """The id that ``identifier`` is most likely a slip of; None where nothing is near."""
        found = process.extractOne(
            identifier, list(self._by_id), scorer=fuzz.ratio, score_cutoff=70
        )
        return found[0] if found else None

    def named(self, name: str, kind: Kind) -> list[Authority]:
        """The rows that have just this name, without case and accents."""
        return [row for row in self._named.get(_key(name), ()) if row.kind == kind]

    def near(self, name: str, kind: Kind) -> list[Authority]:
        """The rows that come nearest to this name, all equally near."""
        if kind == "organisation":
            return [
                row
                for row in self.rows
                if row.kind == kind and any(_a_slip(_key(name), _key(n)) for n in row.names)
            ]
        best: dict[str, int] = {}
        for form in _forms(name):
            for known, row in self._families.get(form.family, ()):
                if form.fits(known):
                    nearness = _nearness(form.given, known.given)
                    best[row.id] = max(nearness, best.get(row.id, 0))
        top = max(best.values(), default=0)
        return [self._by_id[one] for one, nearness in best.items() if nearness == top > 0]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom a name may be of; ``exact`` where it is one of the names in the list."""

    authority: Authority
    exact: bool


def propose(name: str, authorities: Authorities, kind: Kind = "person") -> Proposal | None:
    """Whom ``name`` may be of; None where nobody is near, or two are equally near.

    Exact: the name or a variant, without case and accents. Near: the same family name, and given
    names that are the same, initials of each other, or one letter apart (Sergey, Sergei); for an
    organisation one letter apart in the whole.
    """
    named = authorities.named(name, kind)
    found = named or authorities.near(name, kind)
    return Proposal(found[0], exact=bool(named)) if len(found) == 1 else None


def _key(name: str) -> str:
    return words(name).removeprefix("the ")


def _forms(name: str) -> tuple[_Form, ...]:
    """How a person's name may be meant: the family name last, or before a comma, or first.

    Without a comma nothing says which word is the family's: "Gnoińska Małgorzata", "Yang Shanhou".
    """
    family, comma, given = name.partition(",")
    parts = words(name).split()
    parts = [part for part in parts if part not in _SUFFIXES] or parts
    if comma and fold(given).strip(" .") not in _SUFFIXES:
        return (_Form(words(family), tuple(words(given).split()), "before comma"),)
    if len(parts) < 2:
        return ()
    last = _Form(parts[-1], tuple(parts[:-1]), "last")
    # "Doe-Smith" is two words here, and one family name.
    hyphened = words(name.rsplit(maxsplit=1)[-1]).split()
    if len(hyphened) > 1 and len(parts) > len(hyphened):
        last = _Form(" ".join(hyphened), tuple(parts[: -len(hyphened)]), "last")
    return (last, _Form(parts[0], tuple(parts[1:]), "first"))


def _nearness(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How near two rows of given names are: 0 different, 1 by initials or a letter, 2 the same.

    A middle name may be missing on either side; two that differ part the people.
    """
    if not one or not other:
        return 0
    if _unlike(one[0], other[0]):
        return 0
    shorter, longer = sorted((one[1:], other[1:]), key=len)
    rest = iter(longer)
    if not all(any(not _unlike(name, candidate) for candidate in rest) for name in shorter):
        return 0
    return 2 if one[0] == other[0] and len(one[0]) > 1 else 1


def _unlike(one: str, other: str) -> bool:
    if one == other:
        return False
    if len(one) == 1 or len(other) == 1:
        return one[0] != other[0]
    return one[0] != other[0] or not _a_slip(one, other)


def _a_slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _LONG_ENOUGH:
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1
