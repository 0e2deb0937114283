"""Lists of names in credit lines: where one name ends and the next begins, or None at all."""

import re
from itertools import pairwise

from wiazka.record.name_words import IMPERSONAL, ORGANISATION, PLACES, SECOND_GIVEN, word_set
from wiazka.record.names import (
    INITIALS,
    Name,
    is_acronym,
    is_bare,
    is_one_organisation,
    is_person,
    one_name,
    unbracketed,
    without_stop,
)
from wiazka.record.text import fold, words

_SEPARATOR = re.compile(
    r"\([^()]*\)|(?P<sep>,? (?:and|i|oraz|&) (?:the )?|; ?"
    r"|,(?! ?(?:[JS]r\b|I{2,3}\b|IV\b)) ?(?:the )?)"
)
# Bodies that others are part of: "Archive, Institute, University" is one name.
_PARENTS = word_set("university college uniwersytet academy akademia universitat")
# "Translated by A, University Press" says who printed the book.
_PUBLISHERS = word_set("books editions oficyna press publishers publishing verlag wydawnictwo")
# Bodies named after people: "John and Jane Doe Foundation" is one name.
_FAMILY = word_set("foundation fund trust fundacja endowment")


def names_in(
    text: str, *, listed: bool = False, act_of_persons: bool = False
) -> tuple[Name, ...] | None:
    """The names in a list such as ``A, B, and C``, as given; None where it is not certain.

    Commas stand between people, inside the name of one organisation ("Archive, Institute,
    University"), and before an affiliation ("A, National Archive, Washington"). ``listed`` says
    that the names follow a label, where commas part names without an "and". ``act_of_persons``:
    only people do what was done, so that one word alone ("Kramer") is a person.
    """
    pieces, between = _pieces(without_stop(text))
    if len(pieces) == 1:
        one = one_name(pieces[0])
        if one is not None and is_bare(one) and len(one.name) > 1 and not act_of_persons:
            return None
        return (one,) if one is not None else None
    found = [one_name(piece) for piece in pieces]
    people = [one for one in found if one is not None and one.kind == "person"]
    if len(people) == len(found):
        return tuple(people) if _are_several(people, between, listed=listed) else None
    if found[0] is not None and found[0].kind == "person":
        return _affiliated(text, pieces, between) or _with_organisation(found, between)
    if not any(_is_and(sep) for sep in between) and is_one_organisation(pieces[0]):
        return _nested(text, pieces)
    several = organisations_in(text)
    return tuple(Name(name, "organisation") for name in several) if several else None


def organisations_in(text: str) -> tuple[str, ...] | None:
    """The organisations in a list where each stands for itself; None where it is not certain.

    "Institute, University" may be one inside the other, so a university beside another kind of
    body is not split; and "Ministry of Culture and Heritage Institute" may be one.
    """
    pieces, between = _coupled(*_pieces(without_stop(text.strip())))
    if not all(is_one_organisation(piece) for piece in pieces):
        return None
    if len(pieces) > 1:
        commas = any(not _is_and(sep) for sep in between)
        if commas and _may_be_nested(pieces):
            return None
        if not all(_is_full_organisation(piece) for piece in pieces):
            return None
        for piece, sep, following in zip(pieces, between, pieces[1:], strict=False):
            if _is_and(sep) and not sep.endswith("the ") and _may_run_on(piece, following):
                return None
    return tuple(unbracketed(piece) for piece in pieces)


def supporters_in(text: str) -> tuple[Name, ...] | None:
    """Who gave the money: a list of organisations, or one name; None where it is not certain."""
    text = without_stop(text)
    if several := organisations_in(text):
        return tuple(Name(name, "organisation") for name in several)
    pieces, _ = _pieces(text)
    one = one_name(text) if len(pieces) == 1 else None
    return (one,) if one is not None and not is_bare(one) else None


def _nested(text: str, pieces: list[str]) -> tuple[Name, ...] | None:
    """``Archive, Institute, University, Place`` as one name, where it can be nothing else."""
    whole = (Name(without_stop(text), "organisation"),)
    bodies = [piece for piece in pieces if is_one_organisation(piece)]
    places = pieces[len(bodies) :]
    if pieces[: len(bodies)] != bodies or not all(map(_is_place, places)):
        return None
    # The whole is one name only where the last body is what the others belong to.
    nested = _PARENTS & set(words(bodies[-1]).split())
    inner = any(_PARENTS & set(words(body).split()) for body in bodies[:-1])
    return whole if len(bodies) == 1 or (nested and not inner) else None


def _pieces(text: str) -> tuple[list[str], list[str]]:
    """The pieces of a list, and what stands between them; brackets are never taken apart."""
    pieces, between, start = [], [], 0
    for found in _SEPARATOR.finditer(text):
        if found["sep"] is not None:
            pieces.append(text[start : found.start()].strip())
            between.append(found["sep"])
            start = found.end()
    return [*pieces, text[start:].strip()], between


def _coupled(pieces: list[str], between: list[str]) -> tuple[list[str], list[str]]:
    """The same with a couple's foundation as one: "John D. and Catherine T. MacArthur Foundation".

    A given name alone, or one with an initial, is no name of its own.
    """
    kept, joints = [pieces[0]], []
    for sep, piece in zip(between, pieces[1:], strict=True):
        given = kept[-1].split()
        initialled = bool(given) and INITIALS.fullmatch(given[-1]) is not None
        alone = initialled or (len(given) == 1 and "&" in sep and is_person(kept[-1]))
        ends = words(piece).split()[-1:]
        if alone and _is_and(sep) and not sep.endswith("the ") and ends and ends[0] in _FAMILY:
            kept[-1] += sep + piece
        else:
            kept.append(piece)
            joints.append(sep)
    return kept, joints


def _are_several(people: list[Name], between: list[str], *, listed: bool) -> bool:
    """Whether these are so many people, and neither places nor a family name that two share."""
    names = [person.name for person in people]
    if any(is_bare(person) for person in people) and any(len(name) > 1 for name in names):
        return False
    if any(INITIALS.fullmatch(name.split()[-1]) for name in names[:-1] if len(name) > 1):
        return False
    if any(fold(name.split()[-1]) in SECOND_GIVEN for name in names[:-1]):
        return False
    initialled = all(INITIALS.fullmatch(name.split()[0]) for name in names)
    return listed or initialled or _is_and(between[-1])


def _affiliated(text: str, pieces: list[str], between: list[str]) -> tuple[Name, ...] | None:
    """``A, Archive, Place, and B, University``: each person with the affiliation behind it."""
    starts = [0, *(i + 1 for i, sep in enumerate(between) if _is_and(sep) or ";" in sep)]
    ends = [*(start for start in starts[1:]), len(pieces)]
    found: list[Name] = []
    for start, end in zip(starts, ends, strict=True):
        person, *behind = pieces[start:end]
        if not behind or not is_person(person) or len(person.split()) == 1:
            return None
        if _PUBLISHERS & set(words(" ".join(behind)).split()):
            return None
        if not is_one_organisation(behind[0]) or not all(map(_is_behind, behind[1:])):
            return None
        affiliation = ", ".join(behind)
        if affiliation not in text:
            return None
        found.append(Name(person, "person", affiliation))
    return tuple(found)


def _is_behind(piece: str) -> bool:
    """Whether a piece goes on with an affiliation: the body it is part of, or a place."""
    return _is_place(piece) or is_one_organisation(piece)


def _is_place(piece: str) -> bool:
    """Whether a piece can be a place: one word that is no newspaper's, or a known one."""
    one_word = len(piece.split()) == 1 and piece[:1].isupper() and not piece.isupper()
    return words(piece) in PLACES | {"d c"} or (one_word and words(piece) not in IMPERSONAL)


def _with_organisation(found: list[Name | None], between: list[str]) -> tuple[Name, ...] | None:
    """People, and last an organisation that "the" or its letters mark as one of the list."""
    *people, last = found
    if last is None or last.kind != "organisation" or not _is_and(between[-1]):
        return None
    if any(one is None or one.kind != "person" or is_bare(one) for one in people):
        return None
    marked = between[-1].endswith("the ") or is_acronym(last.name)
    return tuple(one for one in found if one is not None) if marked else None


def _may_be_nested(pieces: list[str]) -> bool:
    """Whether "Institute, University" may be one inside the other. A foundation is in neither."""
    within = [bool(_PARENTS & set(words(piece).split())) for piece in pieces]
    alone = [bool((_FAMILY | {"ministry"}) & set(words(piece).split())) for piece in pieces]
    odd = [not a and not b for a, b in zip(within, alone, strict=True)]
    return any(within) and any(odd)


def _may_run_on(piece: str, following: str) -> bool:
    """Whether a name may go on behind the "and": "Ministry of A and B Institute"."""
    first, second, *_ = [*words(following).split(), ""]
    generic = first in ORGANISATION | IMPERSONAL and second not in {"of", "for"}
    return generic or bool({"of", "for"} & set(words(piece).split()))


def _is_and(separator: str) -> bool:
    return separator.strip(", ").split(" ")[0] in {"and", "i", "oraz", "&"}


def _is_full_organisation(piece: str) -> bool:
    parts = words(unbracketed(piece)).split()
    if is_acronym(piece):
        return True
    at_end = parts[-1] in ORGANISATION
    has_kind = any(a in ORGANISATION and b in {"of", "for"} for a, b in pairwise(parts))
    at_start = parts[0] in ORGANISATION and not {"of", "for"} & set(parts)
    return len(parts) > 1 and (at_end or has_kind or at_start)
