"""Names of people and organisations in credit lines: told apart, or not taken at all."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from wiazka.record.model import Agent, Role
from wiazka.record.name_words import (
    EITHER,
    IMPERSONAL,
    NOT_BODIES,
    ORGANISATION,
    ORGANISATION_ENDS,
    PARTICLES,
    PLACE_FIRST,
    PLACES,
    POSTS,
    TITLE_FIRST,
    word_set,
)
from wiazka.record.text import fold, words

Kind = Literal["person", "organisation"]

_DASH = "-‐‑–"
_INITIAL = (
    r"(?:[^\W\d_a-z]\.){1,3}|(?:Ch|Cz|Dz|Gy|Ja|Ju|Kh|Ph|Rz|Sh|St|Sz|Th|Ts|Ty|Wm|Ya|Yu|Zh|Zs)\."
)
_WORD = re.compile(
    rf"(?:{_INITIAL}|(?:Jr|Sr)\.?|I{{2,3}}|IV|[^\W\d_](?:[{_DASH}]?[’'ʼ`]?[^\W\d_])*[’']?"
    rf"|(?:{_INITIAL})[{_DASH}](?:{_INITIAL}))"
)
_ACRONYM = re.compile(r"[A-Z]{2,}(?:[/-][A-Z]{2,})*")
INITIALS = re.compile(rf"(?:{_INITIAL})(?:[{_DASH}](?:{_INITIAL}))?")
_AFFILIATED = re.compile(r"(?P<name>[^()]+?) ?\((?P<affiliation>[^()]+)\)")
_ABBREVIATED = re.compile(r"[JS]r\.|D\.C\.|Inc\.|Co\.|Ltd\.")
_ACCEPTED = re.compile(r"(?<=\S) ?\[(?P<id>[a-z0-9][a-z0-9._-]*)\]\s*$")
_SMALL = word_set("of the for and at in de del di da do dos des der für im w i na y & et")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as given, with the affiliation that was set beside it."""

    name: str
    kind: Kind
    affiliation: str | None = None


def agent(name: str, role: Role) -> Agent:
    """An agent that a key names outright: any is taken, ``(…)`` is the affiliation.

    ``[gnoinska-margaret]`` behind it is the id in the list of names that staff accepted for it.
    """
    accepted = _ACCEPTED.search(name)
    name = name[: accepted.start()] if accepted else name
    found = _AFFILIATED.fullmatch(" ".join(name.split()))
    plain = found["name"] if found else name.strip()
    return Agent(
        name=plain,
        kind="organisation" if is_organisation(plain) else "person",
        role=role,
        relator=role.relator,
        affiliation=found["affiliation"].strip() if found else None,
        authority=accepted["id"] if accepted else None,
    )


def is_organisation(name: str) -> bool:
    """Whether ``name`` is rather an organisation's: it has a word of theirs, or is an acronym.

    "Bank" and "Service" count where no initial speaks for a person: "John S. Service".
    """
    if _has_body(name) or _ACRONYM.fullmatch(name):
        return True
    initial = any(INITIALS.fullmatch(part) for part in name.split())
    return not initial and bool(EITHER & set(words(name).split()))


@lru_cache(maxsize=4096)
def is_person(name: str) -> bool:
    """Whether ``name`` can only be a person's: capitalised words, initials, particles."""
    parts = name.replace(",", "").split()
    folded = words(name)
    known = set(folded.split())
    if not 1 <= len(parts) <= 6 or known & (EITHER | IMPERSONAL) or _has_body(name):
        return False
    first = fold(parts[0]).strip(".")
    if folded in PLACES or first in TITLE_FIRST or (len(parts) <= 3 and first in PLACE_FIRST):
        return False
    full = [part for part in parts if not INITIALS.fullmatch(part) and len(part) > 1]
    return (
        parts[0][0].isupper()
        and (bool(full) or len(name) == 1)
        and all(is_name_word(part) for part in parts)
    )


def is_programme(name: str) -> bool:
    """Whether an act can have been done for it: an acronym (``CWIHP/NKIDP``) or an organisation."""
    return is_organisation(name) or all(
        _ACRONYM.fullmatch(part) for part in re.split(r" (?:&|and) ", name)
    )


def is_acronym(name: str) -> bool:
    """Whether ``name`` is letters only (``IPN``), which no language inflects."""
    one = _ACRONYM.fullmatch(name) is not None and "/" not in name
    return one and len(name) > 2 and name not in NOT_BODIES


def _has_body(name: str) -> bool:
    """Whether ``name`` has a word that only organisations have."""
    known = words(name).split()
    return any(word in ORGANISATION or word.endswith(ORGANISATION_ENDS) for word in known)


def one_name(piece: str) -> Name | None:
    """One person or organisation, with an affiliation in brackets; None where it is neither."""
    found = _AFFILIATED.fullmatch(piece)
    if found is None:
        if is_person(piece):
            return Name(piece, "person")
        return Name(piece, "organisation") if is_one_organisation(piece) else None
    inside = found["affiliation"].strip()
    if is_person(found["name"]):
        body = is_acronym(inside) or (_has_body(inside) and not _ACRONYM.fullmatch(inside))
        affiliated = body and _is_capitalised(inside.replace(",", ""))
        return Name(found["name"], "person", inside) if affiliated else None
    # Behind an organisation stands its abbreviation, or what the abbreviation means.
    named = is_one_organisation(found["name"]) and _is_capitalised(inside)
    return Name(found["name"], "organisation") if named else None


def is_name_word(word: str) -> bool:
    if word in PARTICLES:
        return True
    letters = [char for char in word if char.isalpha()]
    shouted = len(letters) > 1 and all(char.isupper() for char in letters)
    if shouted and not INITIALS.fullmatch(word) and word not in {"II", "III", "IV"}:
        return False
    capital = any(char.isupper() for char in word[:4])
    return capital and _WORD.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def is_one_organisation(piece: str) -> bool:
    name = unbracketed(piece)
    if is_acronym(name):
        return True
    # "Jane Doe of Troy University" is a person: the body stands before the first small word.
    head = re.split(r" (?:of|for|at|in|w|de|im|für) ", name, maxsplit=1)[0]
    known = words(name).split()
    # "Wilson Center Fellow", "National Archive, Director": whoever that was.
    post = bool(POSTS & set(known)) or known[-1:] in (["director"], ["head"], ["president"])
    return _has_body(head) and _is_capitalised(name) and not post


def unbracketed(piece: str) -> str:
    found = _AFFILIATED.fullmatch(piece)
    return found["name"] if found else piece


def _is_capitalised(name: str) -> bool:
    """Whether ``name`` is words that begin with capitals, and small ones between."""
    parts = name.split()
    return (
        bool(parts)
        and all(part in _SMALL or (part[0].isupper() and part[-1] not in ":;?!") for part in parts)
        and not any(part.endswith(".") and len(part) > 4 for part in parts)
    )


def is_bare(one: Name) -> bool:
    """One word only: in a list it may be a place or a given name as well."""
    return one.kind == "person" and len(one.name.split()) == 1


def without_stop(name: str) -> str:
    """``name`` without the full stop of its sentence; that of an initial or "Jr." is its own."""
    name = name.strip(' ;,[]"“”')
    if name.count(")") > name.count("("):
        name = name.removesuffix(")").strip()
    last = name.split()[-1] if name else ""
    own = (INITIALS.fullmatch(last) or _ABBREVIATED.fullmatch(last)) and last != name
    return name if own else name.rstrip(". ")
