"""Credit lines: who obtained, gave, transcribed, translated and paid for a document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wiazka.phrase import say
from wiazka.problem_kinds import CREDIT_UNPARSED, Problem
from wiazka.record.acts import Act, find_acts
from wiazka.record.model import Agent, Role
from wiazka.record.name_lists import names_in, supporters_in
from wiazka.record.names import Name, is_acronym, is_organisation, is_programme
from wiazka.record.text import nfc

_BEFORE = re.compile(
    r"(?i)[\s.,;:(\[]*(?:credits?(?: line)?|nota|note)?"
    r"[\s.,;:(\[]*(?:(?:first |originally )?published in .*\. )?"
)
# What belongs to the credit before its first act.
_OPENING = re.compile(r"(?i)(?:\bcredits?: ?)?[(\[]?$")
_JOINT = re.compile(r"(?:^|[\s,;])(?:and|&|i|oraz|a)$")
# What may follow the names, and says where else the text is.
_PUBLISHED = re.compile(
    r"(?i)(?:[.,;]| and| \(|^) ?\(?(?:(?:first|originally|also|previously) )?"
    r"(?:published|reprinted|printed|appeared)(?= (?:in|as|at|by)\b)"
)
_BOOK = re.compile(r"\. ?\([A-Z][^():]{1,40}: ")
_REMARK = re.compile(
    r"(?i)[.;,] (?=orygina[łl]y? (?:w|po)\b"
    r"|originals? (?:is |are |was )?(?:in|written)\b|original language\b"
    r"|(?:photo)?cop(?:y|ies) (?:on file|is|are|available|in)\b|on file "
    r"|available (?:at|in|on)|accessed |see (?:also )?[a-z]|https?://|www\.)"
)
_WHEN = re.compile(
    r"(?:,? (?:in )?(?:(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December),? )?| \()(?:19|20)\d\d\)?$"
)
_FOR = re.compile(
    r" for (?:the )?(?P<programme>[A-Z][\w/&-]*(?: (?:of |and |& )?[A-Z][\w/&-]*){0,8})$"
)
_FROM = re.compile(
    r",? from (?:(?:the )?(?:original )?[A-Z][a-z]+(?: original)?)(?: (?:in)?to [A-Z][a-z]+)?$"
)
# Nobody but a person does these, so that one word alone is a name.
_PERSONAL = "annotated|introduced"
# Whoever does one of these may sign with three letters.
_BY_PERSONS = frozenset(
    {Role.TRANSLATOR, Role.TRANSCRIBER, Role.EDITOR, Role.REVISER, Role.ANNOTATOR, Role.COMPILER}
)


@dataclass(frozen=True, slots=True)
class Credit:
    """The agents that a credit line names; none and a problem where it is not understood."""

    agents: tuple[Agent, ...] = ()
    problems: tuple[Problem, ...] = ()


def split_credit(line: str) -> tuple[str, str | None]:
    """The signature and the credit of a source line, each exactly as it stands there.

    The cut is before the first act ("Obtained by", "translation by", "copy courtesy of"), never at
    a full stop: those stand in ``w. 5`` as well. The blanks between belong to neither.
    """
    plain, places = _plain(line)
    start = next((act.start for act in find_acts(plain) if act.opens), None)
    if start is None:
        return line.strip(), None
    opening = _OPENING.search(plain, max(0, start - 20), start)
    cut = places[opening.start() if opening else start]
    return line[:cut].strip(), line[cut:].strip()


def parse_credit(text: str) -> Credit:
    """The agents of a credit line, or one warning: a name is never guessed.

    clause = act [``for`` PROGRAMME] [``from`` LANGUAGE] ``by`` names [``for`` PROGRAMME]; clauses
    are joined by "and" or punctuation. A programme is the sponsor of an act, not its agent. An act
    that the record has no role for gives the other agents, and the warning.
    """
    plain = nfc(_plain(text)[0])
    acts = find_acts(plain)
    if not acts or not _BEFORE.fullmatch(plain[: acts[0].start]):
        return _refused(text)
    agents: list[Agent] = []
    ends = [act.start for act in acts[1:]] + [len(plain)]
    for act, end in zip(acts, ends, strict=True):
        said = _said(plain[act.end : end], last=end == len(plain))
        found = _agents(act, said, plain[act.start : act.end]) if said is not None else None
        if found is None:
            return _refused(text)
        agents += found
    complete = all(role for act in acts for role in act.roles)
    return Credit(tuple(dict.fromkeys(agents)), () if complete else _refused(text).problems)


def parse_support(text: str) -> Credit:
    """The funders of a line such as ``made possible with support from Kyungnam University``.

    They made the work possible (``fnd``); they did not give the material, so are no donors.
    """
    credit = parse_credit(text)
    return credit if all(one.role is Role.FUNDER for one in credit.agents) else _refused(text)


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """``text`` with every run of blanks one space, and the place of each of its characters."""
    if " ".join(text.split()) == text:
        return text, range(len(text))
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        blank = char.isspace()
        if blank and (not chars or chars[-1] == " "):
            continue
        chars.append(" " if blank else char)
        places.append(place)
    return "".join(chars), places


def _said(piece: str, *, last: bool) -> str | None:
    """What stands between two acts without the joint and the remarks; None where that is unsure."""
    piece = piece.strip()
    if published := _PUBLISHED.search(piece):
        # ", edited by" behind it is of the book; a new sentence is of the document again.
        if not last and piece[-1:] not in ".;":
            return None
        piece = piece[: published.start()]
    for tail in (_BOOK, _REMARK):
        if found := tail.search(piece):
            piece = piece[: found.start()]
    piece = piece.rstrip(" ,;:([-–—/|")
    if not last and (joint := _JOINT.search(piece)):
        piece = piece[: joint.start()]
    return piece.strip(" ,;:")


def _agents(act: Act, said: str, words: str) -> list[Agent] | None:
    """The agents of one act; None where their names are not certain."""
    programme = act.programme
    if said.rstrip(").")[-1:].isdigit():
        said = _WHEN.sub("", said.rstrip(". "))
    if Role.TRANSLATOR in act.roles:
        said = _FROM.sub("", said.rstrip(". ")) if " from " in said else said
    found = _FOR.search(said.rstrip(". "))
    if found and is_programme(found["programme"]):
        # "Center for Policy Research Institute" is one name.
        if is_organisation(said[: found.start()].split(" ")[-1]):
            return None
        programme = programme or found["programme"]
        said = said[: found.start()]
    roles = [role for role in act.roles if role is not None]
    if not roles:
        return []
    names = _names(act, said, words)
    if names is None:
        return None
    return [
        Agent(
            name=name.name,
            kind=name.kind,
            role=role,
            relator=role.relator,
            programme=programme,
            affiliation=name.affiliation,
        )
        for role in roles
        for name in names
    ]


def _names(act: Act, said: str, words: str) -> tuple[Name, ...] | None:
    if act.oblique:
        acronym = said.strip(". ")
        return (Name(acronym, "organisation"),) if is_acronym(acronym) else None
    if act.roles == (Role.FUNDER,):
        return supporters_in(said)
    personal = re.search(_PERSONAL, words.lower()) is not None
    names = names_in(said, listed=act.listed, act_of_persons=personal)
    # "tłum. JKM": three letters may be the translator's own.
    short = any(is_acronym(one.name) and len(one.name) < 4 for one in names or ())
    return None if short and _BY_PERSONS & set(act.roles) else names


def _refused(text: str) -> Credit:
    problem = CREDIT_UNPARSED.at(
        "",
        say(
            "The credit '{credit}' is kept as it is; who did what in it is not certain.",
            credit=text,
        ),
        say("Name them by key as well, as in: translator: Jerzy Giebułtowski"),
        field="credit",
    )
    return Credit(problems=(problem,))
