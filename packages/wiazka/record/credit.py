"""Credit lines: who obtained, gave, transcribed, translated and paid for a document."""

import re
from dataclasses import dataclass

from wiazka.errors import CREDIT_UNPARSED, Problem
from wiazka.record.model import Agent, Role
from wiazka.record.names import agent, is_organisation, is_person, names_in, organisations_in
from wiazka.record.text import fold, nfc

# None: an act that is known, but that our record has no role for.
_VERBS: dict[str, Role | None] = {
    "obtained": Role.OBTAINED_BY,
    "contributed": Role.CONTRIBUTED_BY,
    "provided": Role.CONTRIBUTED_BY,
    "donated": Role.DONOR,
    "funded": Role.FUNDER,
    "translated": Role.TRANSLATOR,
    "transcribed": Role.TRANSCRIBER,
    "edited": Role.EDITOR,
    "revised": Role.REVISER,
    "corrected": Role.REVISER,
    "annotated": Role.ANNOTATOR,
    "compiled": Role.COMPILER,
    "introduced": None,
}
_NOUNS: dict[str, Role | None] = {
    r"(?:with )?translations? by": Role.TRANSLATOR,
    r"(?:with )?transcriptions? by": Role.TRANSCRIBER,
    r"(?:with )?revisions by": Role.REVISER,
    r"(?:with )?corrections by": Role.REVISER,
    r"(?:with )?annotations by": Role.ANNOTATOR,
    r"(?:(?:a )?copy )?courtesy of": Role.COURTESY_OF,
    r"translators?:": Role.TRANSLATOR,
    r"transcribers?:": Role.TRANSCRIBER,
    r"donors?:": Role.DONOR,
    r"editors?:": Role.EDITOR,
    # Polish, in the forms that leave a name in the nominative; "przez" and a genitive would not.
    r"(?:uzyskal[ai]?|uzyskali|pozyskal[ai]?|pozyskali)": Role.OBTAINED_BY,
    r"(?:przekazal[ai]?|udostepnil[ai]?)": Role.CONTRIBUTED_BY,
    r"(?:przelozyl[ai]?|przetlumaczyl[ai]?|tlum\.|przekl\.|przel\.)": Role.TRANSLATOR,
    r"(?:tlumacz(?:ka|enie)?|przeklad):": Role.TRANSLATOR,
    r"(?:przepisal[ai]?|transkrypcja:)": Role.TRANSCRIBER,
    r"(?:oprac\.|opracowal[ai]?|redaktor(?: tomu)?:|red\.|redakcja:)": Role.EDITOR,
    r"(?:dar:|darczynca:)": Role.DONOR,
}
_PROGRAMME = r"(?P<programme>[A-Z][\w/&-]*(?: [A-Z][\w/&-]*)*)"
_LANGUAGE = r"(?:the )?(?:original )?[A-Z][a-z]+(?:-[A-Z][a-z]+)?"
_VERB = "|".join(_VERBS)
_SERIES = rf"(?i:(?:{_VERB})(?:(?:,? and |, ?|/| & )(?:{_VERB}))*)"
_ACT = re.compile(
    rf"(?<!\w)(?i:(?:this )?document (?:was )?)?(?P<verbs>{_SERIES})"
    rf"(?: for (?:the )?{_PROGRAMME})?(?: from {_LANGUAGE})?(?: into {_LANGUAGE})? by (?:the )?"
)
_NOUN = re.compile(rf"(?<![\w-])(?:{'|'.join(f'(?P<n{i}>{n})' for i, n in enumerate(_NOUNS))}) ?")
_NOUN_ROLES = tuple(_NOUNS.values())
_JOINT = re.compile(r"(?:[\s.,;(]|\b(?:and|i|oraz)\b)*$")
_PUBLISHED = re.compile(r"\.\s+(?:First |Originally )?[Pp]ublished in\s.*$", re.DOTALL)
_SUPPORT = re.compile(
    r"(?i)(?:^|\b)(?:made possible|funded|supported)\b.{0,60}?\b(?:support (?:from|of)|by)\s+"
)


@dataclass(frozen=True, slots=True)
class Credit:
    """The agents that a credit line names; none and a problem where it is not understood."""

    agents: tuple[Agent, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Clause:
    """One act: its roles, for which programme, and where its words begin and end."""

    roles: tuple[Role | None, ...]
    programme: str | None
    start: int
    end: int


def split_credit(line: str) -> tuple[str, str | None]:
    """The signature and the credit of a source line, each exactly as it stands there.

    The cut is before the first act ("Obtained by", "translation by", "copy courtesy of"), never at
    a full stop: those stand in ``w. 5`` as well. The blanks between belong to neither.
    """
    clauses = _clauses(_plain(line))
    if not clauses:
        return line.strip(), None
    start = clauses[0].start
    return line[:start].strip(), line[start:].strip()


def parse_credit(text: str) -> Credit:
    """The agents of a credit line, or one warning: a name is never guessed.

    clause = act [``for`` PROGRAMME] [``from`` LANGUAGE] ``by`` names; clauses are joined by "and"
    or punctuation. A programme is the sponsor of an act, not its agent.
    """
    plain = _plain(text)
    clauses = _clauses(plain)
    if not clauses or plain[: clauses[0].start].strip(" .,;("):
        return _refused(text)
    agents: list[Agent] = []
    unnamed: tuple[Problem, ...] = ()
    ends = [clause.start for clause in clauses[1:]] + [len(plain)]
    for clause, end in zip(clauses, ends, strict=True):
        names = names_in(nfc(_PUBLISHED.sub("", _JOINT.sub("", plain[clause.end : end]) or " ")))
        if names is None:
            return _refused(text)
        for role in clause.roles:
            if role is None:
                unnamed = _refused(text).problems
                continue
            agents += [agent(name, role, clause.programme) for name in names]
    return Credit(tuple(agents), unnamed)


def parse_support(text: str) -> Credit:
    """The funders of a line such as ``made possible with support from Kyungnam University``.

    They made the work possible (``fnd``); they did not give the material, so are no donors.
    """
    plain = _plain(text)
    found = _SUPPORT.search(plain)
    if found is None:
        return _refused(text)
    named = nfc(plain[found.end() :]).strip().rstrip(".")
    named = named.removeprefix("the ")
    names = organisations_in(named)
    joined = "," in named or " and " in named
    if names is None and not joined and (is_person(named) or is_organisation(named)):
        names = (named,)
    if names is None:
        return _refused(text)
    return Credit(tuple(agent(name, Role.FUNDER) for name in names))


def _plain(text: str) -> str:
    """``text`` with every kind of blank a plain space; no character more or fewer."""
    return "".join(" " if char.isspace() else char for char in text)


def _clauses(plain: str) -> list[_Clause]:
    folded = fold(plain)
    acts = [
        _Clause(
            tuple(
                dict.fromkeys(_VERBS[verb] for verb in re.findall(_VERB, found["verbs"].lower()))
            ),
            found["programme"],
            found.start(),
            found.end(),
        )
        for found in _ACT.finditer(plain)
    ]
    nouns = [
        _Clause((_NOUN_ROLES[int(str(found.lastgroup)[1:])],), None, found.start(), found.end())
        for found in _NOUN.finditer(folded)
        if found.end() == len(folded) or folded[found.end() - 1] in " :."
    ]
    return sorted(acts + nouns, key=lambda clause: clause.start)


def _refused(text: str) -> Credit:
    problem = CREDIT_UNPARSED.at(
        "",
        f"The credit '{text}' is kept as it is; who did what in it is not certain.",
        "Name them by key as well, as in: translator: Jerzy Giebułtowski",
        field="credit",
    )
    return Credit(problems=(problem,))
