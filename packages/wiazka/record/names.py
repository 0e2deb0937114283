"""Names of people and organisations in credit lines: told apart, or not taken at all."""

import re
from itertools import pairwise

from wiazka.record.model import Agent, Role
from wiazka.record.text import fold, words

_ORGANISATION = {
    *[
        "academy",
        "agency",
        "archive",
        "archives",
        "association",
        "bank",
        "board",
        "bureau",
        "centre",
        "center",
        "chancellery",
    ],
    *[
        "college",
        "commission",
        "committee",
        "company",
        "corporation",
        "council",
        "department",
        "embassy",
        "endowment",
    ],
    *[
        "federation",
        "foundation",
        "fund",
        "group",
        "initiative",
        "institute",
        "institution",
        "laboratory",
        "league",
    ],
    *[
        "library",
        "ministry",
        "museum",
        "office",
        "press",
        "program",
        "programme",
        "project",
        "school",
        "service",
        "society",
    ],
    *[
        "trust",
        "union",
        "university",
        "akademia",
        "ambasada",
        "archiwum",
        "biblioteka",
        "centrum",
        "fundacja",
        "instytut",
    ],
    *[
        "komisja",
        "komitet",
        "ministerstwo",
        "muzeum",
        "osrodek",
        "politechnika",
        "redakcja",
        "stowarzyszenie",
    ],
    *[
        "towarzystwo",
        "uniwersytet",
        "wydawnictwo",
        "zaklad",
        "institut",
        "archiv",
        "universitat",
        "stiftung",
    ],
}
_PARTICLES = {
    *[
        "al",
        "bin",
        "ben",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "ten",
        "ter",
        "van",
        "von",
        "y",
        "zu",
    ]
}
# Two-word places pass for a person: "Jane Doe, New York, and …".
_PLACES = {
    *("new york", "new delhi", "new haven", "hong kong", "los angeles", "san francisco"),
    *("tel aviv", "mexico city", "cape town", "buenos aires", "sao paulo", "rio de janeiro"),
    *("ann arbor", "washington dc", "washington d c", "st petersburg", "kuala lumpur"),
    *("united kingdom", "united states", "south korea", "north korea", "great britain"),
}
_WORD = re.compile(r"(?:al-|el-|[dDlLO][’'])?[^\W\d_](?:[\w’'\-]*)\.?")
_ACRONYM = re.compile(r"[A-Z]{2,}(?:[/-][A-Z]{2,})*")
_AFFILIATED = re.compile(r"(?P<name>[^()]+?)\s*\((?P<affiliation>[^()]+)\)")
_JOINED = re.compile(r",?\s+(?:and|i|oraz)\s+(?:the\s+)?|\s*,\s*(?:the\s+)?")


def agent(name: str, role: Role, programme: str | None = None) -> Agent:
    """An agent that a key names outright: any is taken, ``(…)`` is the affiliation."""
    found = _AFFILIATED.fullmatch(name.strip())
    plain = found["name"] if found else name.strip()
    return Agent(
        name=plain,
        kind="organisation" if is_organisation(plain) else "person",
        role=role,
        relator=role.relator,
        programme=programme,
        affiliation=found["affiliation"].strip() if found else None,
    )


def is_organisation(name: str) -> bool:
    """Whether ``name`` has a word that only organisations have, or is an acronym."""
    return bool(_ORGANISATION & set(words(name).split())) or bool(_ACRONYM.fullmatch(name))


def is_person(name: str) -> bool:
    """Whether ``name`` looks like a person's: one to six capitalised words, initials, particles."""
    parts = name.split()
    if not 1 <= len(parts) <= 6 or is_organisation(name) or words(name) in _PLACES:
        return False
    return all(_is_name_word(part) for part in parts) and parts[0][0].isupper()


def _is_name_word(word: str) -> bool:
    if fold(word) in _PARTICLES:
        return True
    capital = any(char.isupper() for char in word[:4])
    # A full stop is an initial's or an abbreviation's; after a longer word a sentence has ended.
    stops_rightly = not word.endswith(".") or len(word) <= 4
    return capital and stops_rightly and _WORD.fullmatch(word) is not None


def names_in(text: str) -> tuple[str, ...] | None:
    """The names in a list such as ``A, B, and C``, as given; None where it is not certain.

    Commas stand in lists of people, inside the name of one organisation ("Archive, Institute,
    University"), and before an affiliation ("A, National Archive, Washington"). Only the first two
    are certain, and the second stays whole.
    """
    text = _without_stop(text.strip())
    pieces = [_without_stop(piece) for piece in _JOINED.split(text)]
    has_and = re.search(r"\s(?:and|i|oraz)\s", text) is not None
    if len(pieces) == 1:
        return (text,) if _is_one(text) else None
    if has_and and all(_is_one(piece) and not _bare(piece) for piece in pieces):
        if all(is_person(_bared(piece)) for piece in pieces):
            return tuple(pieces)
        # "Institute of History and Ethnography" is one; two full names are two.
        stands_alone = all(
            is_person(_bared(piece)) or _is_full_organisation(piece) for piece in pieces
        )
        return tuple(pieces) if stands_alone and "," not in text else None
    if not has_and and all(is_organisation(piece) for piece in pieces):
        return (text,)
    return None


def organisations_in(text: str) -> tuple[str, ...] | None:
    """The organisations in a list where each stands for itself; None where it is not certain.

    "Institute, University" may be one inside the other, so a university beside another kind of
    body is not split.
    """
    pieces = _JOINED.split(_without_stop(text.strip()))
    if not all(is_organisation(piece) and _is_capitalised(piece) for piece in pieces):
        return None
    universities = [bool({"university", "college"} & set(words(p).split())) for p in pieces]
    if any(universities) and not all(universities):
        return None
    return tuple(pieces) if all(_is_full_organisation(piece) for piece in pieces) else None


def _is_full_organisation(piece: str) -> bool:
    parts = words(piece).split()
    if _ACRONYM.fullmatch(piece):
        return True
    at_end = parts[-1] in _ORGANISATION
    has_kind = any(a in _ORGANISATION and b in {"of", "for"} for a, b in pairwise(parts))
    return len(parts) > 1 and (at_end or has_kind)


def _is_one(piece: str) -> bool:
    name = _bared(piece)
    return is_person(name) or (is_organisation(name) and _is_capitalised(name))


def _is_capitalised(name: str) -> bool:
    small = {"of", "the", "for", "and", "at", "in", "de", "im", "w", "i", "&"}
    return all(part[0].isupper() or part in small for part in name.split()) and bool(name)


def _bare(piece: str) -> bool:
    """One word only: in a list it may be a place as well as a name."""
    return len(_bared(piece).split()) == 1 and not _ACRONYM.fullmatch(piece)


def _bared(piece: str) -> str:
    found = _AFFILIATED.fullmatch(piece)
    return found["name"] if found else piece


def _without_stop(name: str) -> str:
    """``name`` without the full stop of its sentence; that of an initial or "Jr." is its own."""
    name = name.strip().strip(";,").strip()
    last = name.split()[-1] if name else ""
    initial = re.fullmatch(r"[A-Z]\.|[JS]r\.|D\.C\.|Inc\.|Co\.|Ltd\.", last) and last != name
    return name if initial else name.rstrip(". ")
