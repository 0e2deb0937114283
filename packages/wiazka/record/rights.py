"""Rights: statements of rightsstatements.org, Creative Commons licences, and notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from wiazka.phrase import Phrase, say
from wiazka.problem_kinds import REVIEW_DATE_MISSING, RIGHTS_UNKNOWN, VALUES_DISAGREE, Problem
from wiazka.record.dates import read_beside
from wiazka.record.model import Rights
from wiazka.record.text import words

# The twelve statements of rightsstatements.org, version 1.0, with their names there.
STATEMENTS = {
    "InC": "In Copyright",
    "InC-EDU": "In Copyright - Educational Use Permitted",
    "InC-NC": "In Copyright - Non-Commercial Use Permitted",
    "InC-OW-EU": "In Copyright - EU Orphan Work",
    "InC-RUU": "In Copyright - Rights-holder(s) Unlocatable or Unidentifiable",
    "NoC-CR": "No Copyright - Contractual Restrictions",
    "NoC-NC": "No Copyright - Non-Commercial Use Only",
    "NoC-OKLR": "No Copyright - Other Known Legal Restrictions",
    "NoC-US": "No Copyright - United States",
    "CNE": "Copyright Not Evaluated",
    "NKC": "No Known Copyright",
    "UND": "Copyright Undetermined",
}
_BY_NAME = {words(name): code for code, name in STATEMENTS.items()} | {
    words(code): code for code in STATEMENTS
}
_STATEMENT_URI = re.compile(
    r"https?://(?:www\.)?rightsstatements\.org(?:/(?:vocab|page)/(?P<code>[^/?#\s]*)"
    r"(?:/(?P<version>[^/?#\s]*))?)?[^\s]*",
    re.IGNORECASE,
)
_LICENCES = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
_VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")
_LICENCE = re.compile(r"cc[ -]?(?P<kind>by(?:[ -](?:nc|nd|sa))*)(?:[ -]v?(?P<version>\d\.\d))?")
_LICENCE_URI = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?P<path>licenses/(?P<kind>[a-z-]+)/"
    r"(?P<version>\d\.\d)(?:/[a-z]{2,3})?|publicdomain/(?:zero|mark)/1\.0)"
    r"(?:/(?:deed|legalcode)?(?:\.[A-Za-z-]+)?)?",
    re.IGNORECASE,
)
_PUBLIC_DOMAIN = {
    **dict.fromkeys(("cc0", "cc0 1 0", "cc zero"), "zero"),
    **dict.fromkeys(("public domain mark", "public domain mark 1 0", "pdm", "pdm 1 0"), "mark"),
}
_URI = re.compile(r"https?://\S+")
_EXAMPLE = say("Write a code of rightsstatements.org, as in: rights: CNE")


@dataclass(frozen=True, slots=True)
class RightsReading:
    """The rights of a document; ``kept`` has the keys whose values its fields cannot hold."""

    rights: Rights
    kept: dict[str, str]
    problems: tuple[Problem, ...] = ()


def read_rights(
    values: Sequence[str],
    *,
    holder: str | None = None,
    restriction: str | None = None,
    review: str | None = None,
) -> RightsReading:
    """The rights that the values of ``rights`` and the keys beside it state.

    A value may be a code, name or address of a statement or licence, or a sentence. What is no
    statement that exists is kept as a note; the first of several statements holds.
    """
    statement, notes, problems = _stated(values)
    kept: dict[str, str] = {}
    review_date = None
    if review is not None:
        reading = read_beside(review, field="review_date")
        problems += reading.problems
        review_date = reading.date.edtf if reading.date else None
        kept |= {} if review_date else {"review_date": review}
    if restriction and review_date is None:
        problems.append(_never_reviewed(restriction))
    rights = Rights(
        note="\n".join(dict.fromkeys(notes)) or None,
        statement=statement,
        holder=holder,
        restriction=restriction,
        review_date=review_date,
    )
    return RightsReading(rights, kept, tuple(problems))


def _stated(values: Sequence[str]) -> tuple[str | None, list[str], list[Problem]]:
    statement: str | None = None
    notes: list[str] = []
    problems: list[Problem] = []
    for value in values:
        uri = statement_uri(value)
        if uri is None:
            notes.append(value)
            problems += _mistaken(value)
        elif statement in {None, uri}:
            statement = uri
        else:
            notes.append(value)
            problems.append(_second(str(statement), value))
    return statement, notes, problems


def statement_uri(text: str) -> str | None:
    """The URI of a statement or licence: ``CNE``, ``In Copyright``, ``CC BY 4.0``, or an address,
    with or without what browsers add to it. None where ``text`` names none.
    """
    given = text.strip()
    if found := _STATEMENT_URI.fullmatch(given):
        code = _BY_NAME.get(words(found["code"] or ""))
        return _statement(code) if code and found["version"] in {None, "", "1.0"} else None
    if found := _LICENCE_URI.fullmatch(given):
        path = found["path"].lower()
        known = found["kind"] is None or _known(found["kind"].lower(), found["version"])
        return f"https://creativecommons.org/{path}/" if known else None
    if _URI.fullmatch(given):
        return given
    if code := _BY_NAME.get(words(given)):
        return _statement(code)
    if mark := _PUBLIC_DOMAIN.get(words(given)):
        return f"https://creativecommons.org/publicdomain/{mark}/1.0/"
    found = _LICENCE.fullmatch(given.lower())
    kind = found["kind"].replace(" ", "-") if found else ""
    if found is None or not _known(kind, found["version"]):
        return None
    return f"https://creativecommons.org/licenses/{kind}/{found['version']}/"


def _statement(code: str) -> str:
    return f"http://rightsstatements.org/vocab/{code}/1.0/"


def _known(kind: str, version: str | None) -> bool:
    return kind in _LICENCES and version in _VERSIONS


def _mistaken(value: str) -> list[Problem]:
    """A warning where a note was meant to be a statement or licence, and is none."""
    given = value.strip()
    licence = _LICENCE.fullmatch(given.lower())
    address = _STATEMENT_URI.fullmatch(given)
    if licence and licence["version"] is None:
        message = say(
            "The licence '{licence}' does not say its version; it is kept as a note.", licence=value
        )
        remedy = say(
            "Write the version, if it is known, as in: rights: {licence} 4.0", licence=value
        )
    elif licence or _LICENCE_URI.fullmatch(given):
        message = say(
            "There is no licence '{licence}' of Creative Commons; it is kept as a note.",
            licence=value,
        )
        remedy = say("Write one that there is, as in: rights: CC BY-NC-SA 4.0")
    elif address:
        code = _nearest(address["code"] or "")
        message = say(
            "rightsstatements.org has no statement '{statement}'; it is kept as a note.",
            statement=value,
        )
        remedy = _perhaps(_statement(code), code) if code else _EXAMPLE
    elif len(given) < 12 and " " not in given and (code := _nearest(given)):
        message = say(
            "'{statement}' is no code of rightsstatements.org; it is kept as a note.",
            statement=value,
        )
        remedy = _perhaps(code, code)
    else:
        return []
    return [RIGHTS_UNKNOWN.at("", message, remedy, field="rights")]


def _perhaps(written: str, code: str) -> Phrase:
    return say("Did you mean {written} ({name})?", written=written, name=STATEMENTS[code])


def _nearest(code: str) -> str | None:
    found = process.extractOne(words(code), list(_BY_NAME), scorer=fuzz.ratio, score_cutoff=60)
    return _BY_NAME[found[0]] if found else None


def _second(statement: str, value: str) -> Problem:
    return VALUES_DISAGREE.at(
        "",
        say(
            "Two rights statements are given: {first} and '{second}'; the first holds, "
            "the other is kept as a note.",
            first=statement,
            second=value,
        ),
        say("Keep the one that is right."),
        field="rights",
    )


def _never_reviewed(restriction: str) -> Problem:
    return REVIEW_DATE_MISSING.at(
        "",
        say(
            "The restriction '{restriction}' has no date when it is to be looked at again.",
            restriction=restriction,
        ),
        say("Add a line such as: review_date: 2031-01"),
        field="review_date",
    )
