"""The acts that a credit line names ("Obtained for NKIDP by", ``tłum. z ros.``), and their roles.

A role of None is an act that is understood, but that the record has no role for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from wiazka.record.act_words import (
    BESIDE,
    LABELS,
    NOUNS,
    OBLIQUE,
    POLISH_LABELS,
    SHORT,
    STEMS,
    TITLES,
    VERBS,
)
from wiazka.record.model import Role
from wiazka.record.names import is_programme
from wiazka.record.text import fold

_VERB = "|".join([*VERBS, BESIDE])
_PROGRAMME = r"(?:the )?(?P<programme>[A-Z][\w/&-]*(?: (?:of |and |& )?[A-Z][\w/&-]*){0,8})"
_TO = r"(?:the )?[A-Z][\w/&-]*(?: (?:of |and |& )?[A-Z][\w/&-]*){0,8}"
_TONGUE = r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?"
_TONGUES = (
    rf"(?:(?:the )?(?:original )?{_TONGUE}(?:(?:,? and |, |/)(?:the )?{_TONGUE}){{0,3}}"
    r"(?: original| text| version| language)?|the original)"
)
_FURTHER = rf"(?: for {_PROGRAMME}| to {_TO}| from {_TONGUES}| into {_TONGUES}){{0,3}}"
_SUBJECT = (
    r"(?i:(?:the )?(?:translation|publication|acquisition) of (?=th))?"
    r"(?i:(?:(?:this|the|these|all) )?(?:original )?(?:documents?|(?:photo)?cop(?:y|ies)|texts?"
    r"|scans?|excerpts?|materials?|collection|translation)"
    r" (?:(?:was|were|is|are|has been|have been) )?)?"
    r"(?i:(?:kindly|generously|originally|previously|first|partially|partly|jointly) )?"
)
_GIVING = (
    r"(?i:(?:support|funding|grants?|generosity|sponsorship|financial (?:support|assistance))"
    r" (?:of|from|by))"
)
_KINDLY = r"(?i:(?:the |an? )?(?:(?:generous|kind|financial|continued|additional),? ){0,3})"
_BY = r" (?i:by):?(?: the(?= ))?(?= |$)"
_AND = r"(?: by)?(?:,? and |,? & |, | ?/ ?)"
_LANGUAGE_WORD = (
    "(?:working|unofficial|original|russian|polish|english|german|chinese|french|spanish|czech"
    "|hungarian|bulgarian|romanian|portuguese|italian|japanese|korean|albanian|serbian|arabic)"
)


def _series(words: Mapping[str, Role | None] | str, joint: str = _AND) -> str:
    one = words if isinstance(words, str) else "|".join(words)
    return rf"(?:{one})(?:{joint}(?:{one})){{0,7}}"


_ENGLISH = re.compile(
    rf"(?<![\w-])(?:{_SUBJECT}(?P<verbs>(?i:{_series(_VERB)})){_FURTHER}{_BY}"
    rf"|(?i:with )?(?i:{_LANGUAGE_WORD} )?(?P<nouns>(?i:{_series(NOUNS)}))"
    rf"{_FURTHER.replace('?P<programme>', '?P<noun_programme>')}{_BY}"
    rf"|(?i:{_LANGUAGE_WORD} )?(?P<labels>(?i:{_series(LABELS)}))(?: from {_TONGUES})? ?:"
    rf"|(?P<short>(?i:{'|'.join(SHORT)}))(?:{_BY}|(?<=s\.)(?= [A-Z])|(?<=l\.)(?= [A-Z]))"
    r"|(?P<unsaid>(?i:translations? (?:is |was )?(?:by )?courtesy of"
    r"|(?:with |in )?(?:the )?(?:kind |close )?(?:collaboration|co-?operation|help|assistance)"
    r" (?:of|from|with|by)))"
    rf"|(?P<courtesy>{_SUBJECT}(?i:(?:(?:provided|reproduced|available) )?(?:by )?courtesy of)"
    r"(?: the(?= ))?)"
    r"|(?P<gift>(?i:(?:a )?gift of)(?: the(?= ))?)"
    rf"|(?P<support>{_SUBJECT}(?i:made possible|funded|supported|sponsored)(?i: in part)?"
    rf"(?: (?i:with|by|through|thanks to) {_KINDLY}{_GIVING}|(?i: by))(?: the(?= ))?"
    rf"|(?i:with|through|thanks to) {_KINDLY}{_GIVING}(?: the(?= ))?))"
)
# The expression above is tried only where one of its first words begins, which is quick to see in
# folded text; five letters of each are enough.
_OTHER_WORDS = """the this these all original documents photocopies copies copy texts scans excerpts
materials collection translation publication acquisition kindly generously originally previously
first partially partly jointly with in kind close collaboration cooperation co-operation help
assistance provided reproduced available courtesy gift made funded supported sponsored through
thanks"""
_FIRST_WORDS = re.findall(
    "[a-z]{2,}", " ".join([*VERBS, BESIDE, *NOUNS, *LABELS, *SHORT, _LANGUAGE_WORD, _OTHER_WORDS])
)
_FIRST = re.compile(
    rf"(?<![\w-])(?:a gift|by courtesy|{'|'.join(sorted({word[:5] for word in _FIRST_WORDS}))})"
)
_PAST = r"l(?:\(a\)|/-?a|a|i|o|y)?"
_POLISH_TONGUE = (
    r"\(?(?:z|na) (?:jez(?:yka?|\.) |j\. ?)?"
    r"(?:oryginalu )?(?:[a-z]+[sc]ki(?:ego)?(?: i [a-z]+[sc]kiego)?|[a-z]{1,10}\.)\)?"
)
_FROM_POLISH = rf"(?: {_POLISH_TONGUE})?"
_LIST = r"(?:,? (?:i|oraz) |, )"
_POLISH_VERBS = {f"(?:{stem}){_PAST}": role for stem, role in STEMS.items()}
_MIXED = {**POLISH_LABELS, **TITLES}
_POLISH = re.compile(
    r"(?<![\w-])(?:(?:dokumenty?|kopie|skany?|tekst|materialy|calosc)(?: dokument(?:u|ow))? )?(?:"
    rf"(?P<oblique>(?:{'|'.join(OBLIQUE)})(?![\w-]))"
    rf"|(?:{_POLISH_TONGUE} )?"
    rf"(?P<verbs>{_series(_POLISH_VERBS, _LIST)}){_FROM_POLISH}"
    r"(?: dla (?P<programme>[a-z/]{2,16}))?"
    r"(?: ?:|(?= |$))"
    rf"|(?P<titles>{_series(_MIXED, _LIST)}){_FROM_POLISH} ?:"
    rf"|(?:{_POLISH_TONGUE} )?"
    rf"(?P<bare>(?:(?:wybor|wstep|przypisy){_LIST}){{0,2}}{_series(TITLES, _LIST)})"
    rf"{_FROM_POLISH}(?= |$))"
)


# Without one of these no act can be found; most source lines have none, and there are many lines.
_HINTS = (
    *(" by", "courtesy", "gift of", "trans", "support", "fund", "grant", "donor", "editor"),
    *("assist", "compil", "contribut", "annotat", "revis", "collab", "operation", "help"),
    *("introduc", "mark", "generosity", "sponsor"),
)
_POLISH_HINTS = (
    *("tlum", "przekl", "przel", "oprac", "red", "wspolpraca", "przez", "uprzejmosci", "zyska"),
    *("przekaz", "udostepn", "fiarowa", "podarowa", "przepisa", "poprawi", "weryfikowa", "opatrzy"),
    *("zebra", "zestawi", "finansowa", "wybra", "przygotowa", "odczyta", "dar", "transkrypcja"),
    *(
        "korekta",
        "przypisy",
        "fundator",
        "wybor",
        "wstep",
        "przejrza",
        "sprawdzi",
        "odnalaz",
        "nades",
    ),
)


_OF_TRANSLATION = re.compile(r"(?i)(?:(?:this|the) )?(?:original )?translation ")
_GIVERS = frozenset({Role.OBTAINED_BY, Role.CONTRIBUTED_BY, Role.DONOR})


_DENIED = re.compile(r"\b(?:not|never|to be|being|nie) $")
_BETWEEN = re.compile(r"(?: by)?(?:,? (?:and|&|i|oraz) |, | ?/ ?(?!-?a\b))")
_Roles = tuple[tuple[re.Pattern[str], Role | None], ...]


def _compiled(words: Mapping[str, Role | None]) -> _Roles:
    return tuple((re.compile(one), role) for one, role in words.items())


_VERB_ROLES, _NOUN_ROLES, _LABEL_ROLES = map(_compiled, (VERBS, NOUNS, LABELS))
_SHORT_ROLES, _OBLIQUE_ROLES = map(_compiled, (SHORT, OBLIQUE))
_POLISH_ROLES, _MIXED_ROLES = map(_compiled, (_POLISH_VERBS, _MIXED))


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its roles, for which programme, and where its words begin and end.

    ``oblique``: the name that follows is inflected. ``listed``: the names may stand in a list
    without "and". ``opens``: a credit line can begin with it.
    """

    roles: tuple[Role | None, ...]
    start: int
    end: int
    programme: str | None = None
    oblique: bool = False
    listed: bool = False
    opens: bool = True


def find_acts(text: str) -> list[Act]:
    """Every act in ``text`` (blanks single), in the order of the line; none overlaps another.

    None at all where one did not happen: "not translated by", "to be translated by".
    """
    folded = fold(text)
    english = _english(text, folded) if any(hint in folded for hint in _HINTS) else ()
    polish = _polish(text, folded) if any(hint in folded for hint in _POLISH_HINTS) else ()
    found = sorted([*english, *polish], key=lambda act: (act.start, -act.end))
    acts: list[Act] = []
    for act in found:
        if not acts or act.start >= acts[-1].end:
            acts.append(act)
    denied = any(_DENIED.search(folded, max(0, act.start - 12), act.start) for act in acts)
    return [] if denied else acts


def _english(text: str, folded: str) -> Iterator[Act]:
    end = 0
    for first in _FIRST.finditer(folded):
        found = _ENGLISH.match(text, first.start()) if first.start() >= end else None
        if found is None:
            continue
        end = found.end()
        said = found[0]
        programme = found["programme"] or found["noun_programme"]
        if programme and not is_programme(programme):
            programme = None
        opens = True
        listed = False
        roles: tuple[Role | None, ...]
        if verbs := found["verbs"]:
            roles = _roles(verbs, _VERB_ROLES)
            if _OF_TRANSLATION.match(said):
                # Who gave a translation may have made it, and did not give the document.
                roles = tuple(None if role in _GIVERS else role for role in roles)
            opens = any(verb in fold(verbs) for verb in VERBS)
            listed = said.endswith(":")
        elif nouns := found["nouns"]:
            roles = _roles(nouns, _NOUN_ROLES)
            opens = any(roles)
        elif labels := found["labels"]:
            roles, listed = _roles(labels, _LABEL_ROLES), True
        elif short := found["short"]:
            roles = _roles(short, _SHORT_ROLES)
        elif found["courtesy"]:
            roles = (Role.COURTESY_OF,)
        elif found["gift"]:
            roles = (Role.DONOR,)
        elif found["support"]:
            roles = (Role.FUNDER,)
        else:
            roles, opens = (None,), False
        yield Act(roles, found.start(), found.end(), programme, listed=listed, opens=opens)


def _polish(text: str, folded: str) -> Iterator[Act]:
    for found in _POLISH.finditer(folded):
        programme = None
        if found["programme"]:
            programme = text[found.start("programme") : found.end("programme")]
            if not is_programme(programme):
                continue
        if oblique := found["oblique"]:
            roles = _roles(oblique, _OBLIQUE_ROLES)
            yield Act(roles, found.start(), found.end(), oblique=True, opens=any(roles))
        elif verbs := found["verbs"]:
            roles = _roles(verbs, _POLISH_ROLES)
            yield Act(roles, found.start(), found.end(), programme, listed=True)
        else:
            roles = _roles(found["titles"] or found["bare"], _MIXED_ROLES)
            yield Act(roles, found.start(), found.end(), listed=True, opens=any(roles))


@lru_cache(maxsize=2048)
def _roles(said: str, known: _Roles) -> tuple[Role | None, ...]:
    """The roles of a series of acts, in its order, each once; None for those without a role."""
    found: dict[Role | None, None] = {}
    for word in _BETWEEN.split(fold(said)):
        found[next((role for one, role in known if one.fullmatch(word)), None)] = None
    return tuple(found)
