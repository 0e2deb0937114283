"""What each sidecar of a document says, and the one record that they make together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wiazka.phrase import Phrase, placed, quoted, say, together
from wiazka.problem_kinds import (
    ENCODING_ASSUMED,
    ENCODING_FOUND,
    KEY_TWICE,
    SIDECAR_UNREADABLE,
    TEXT_GARBLED,
    VALUES_DISAGREE,
    Problem,
)
from wiazka.record.dates import read_date
from wiazka.record.encoding import Decoded, decode
from wiazka.record.fields import Given, Reading, build
from wiazka.record.garbled import garbled
from wiazka.record.keys import Kind, key_named, kind_of
from wiazka.record.languages import language_tag
from wiazka.record.model import Record
from wiazka.record.text import nfc, words

_QUOTES = str.maketrans("“”„‟«»’‘‚–—", '""""""\'\'\'--')
_STATEMENT = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/([\w-]+)/.*", re.I)


@dataclass(frozen=True, slots=True)
class Said:
    """What one place says of a document: keys and values that are not fields yet.

    ``path`` is the file as problems name it (``record.yaml``, ``../records.csv``), ``label`` as
    the record does (``records.csv row 7``). ``given`` is None where it could not be read;
    ``defaults`` are of the whole delivery and give way without a word.
    """

    path: str
    label: str
    given: tuple[Given, ...] | None
    problems: tuple[Problem, ...] = ()
    defaults: bool = False


def decoded(path: str, data: bytes, *, certain: bool) -> tuple[str | None, tuple[Problem, ...]]:
    """``data`` as text, and what is to be said of its encoding. None where it cannot be told.

    ``certain``: whether an encoding that is only likely is refused; else it is taken, with a
    warning.
    """
    found = decode(data)
    name = path.removeprefix("../")
    if found is None or (certain and not found.certain):
        return None, (_no_encoding(path, data, found),)
    if found.is_unicode:
        return found.text, ()
    if found.certain:
        message = say(
            "{name} is not UTF-8; it was read as {encoding}.", name=name, encoding=found.encoding
        )
        remedy = say("Nothing needs doing; saved as UTF-8 it can be read by every program.")
        return found.text, (ENCODING_FOUND.at(path, message, remedy),)
    shown = next((line for line in found.text.splitlines() if not line.isascii()), "")
    return found.text, (
        ENCODING_ASSUMED.at(
            path,
            say(
                "{name} is not UTF-8; it was assumed to be {encoding}, but its letters do not "
                "prove it. So read, it says: {shown}",
                name=name,
                encoding=found.encoding,
                shown=shown.strip()[:100],
            ),
            say(
                "See whether the accents are right; if not, save it as UTF-8 (in Excel: Save As, "
                "CSV UTF-8)."
            ),
        ),
    )


def merge(said: Sequence[Said]) -> Reading:
    """One record of all that was said, the nearest place first, and all that is wrong with it.

    The nearest value of a key wins; where another place has another value both are shown in a
    warning. What only one place has is taken from there. Defaults alone are no record.
    """
    readable = [one for one in said if one.given is not None]
    problems = [problem for one in said for problem in one.problems]
    if all(one.defaults for one in readable):
        return Reading(None, tuple(problems))
    taken: list[Given] = []
    homes: dict[str, tuple[Given, Said]] = {}
    for one in readable:
        mine: dict[str, tuple[Given, Said]] = {}
        for given in one.given or ():
            key = key_named(given.key) or words(given.key)
            nearer = homes.get(key)
            if key == "original_language":
                # A nearer chain of languages says this too; two originals would be a wrong one.
                nearer = nearer or homes.get("languages")
            if nearer is None or key == "accepted":
                # What is accepted in one place does not undo what is in another.
                taken.append(given)
                if any(value.strip() for value in given.values):
                    mine.setdefault(key, (given, one))
            elif not one.defaults and (problem := _disagreement(key, nearer, (given, one))):
                problems.append(problem)
        homes |= mine
    reading = build(taken, readable[0].path)
    home = _Homes(homes)
    told = [home.placed(problem) for problem in reading.problems]
    record = reading.record and home.settled(
        reading.record, " + ".join(one.label for one in readable)
    )
    return Reading(record, (*problems, *told, *_all_garbled(homes)))


@dataclass(frozen=True, slots=True)
class _Homes:
    """Where each key's value was taken from, for telling the places of problems."""

    homes: dict[str, tuple[Given, Said]]

    def placed(self, problem: Problem) -> Problem:
        """A problem of a field, at the file, line or cell that its value stands in."""
        field = problem.field or ""
        home = self.homes.get(key_named(field) or words(field))
        if home is None:
            return problem
        given, said = home
        # Of a key given twice, the second place is told already.
        told = given.where in problem.message or problem.code == KEY_TWICE.code
        message = problem.message if told else placed(given.where, problem.message)
        return replace(problem, path=said.path, message=message)

    def settled(self, record: Record, label: str) -> Record:
        """The record with its own problems placed, and named after where it comes from."""
        sources = tuple(
            source.model_copy(update={"problems": tuple(map(self.placed, source.problems))})
            for source in record.sources
        )
        return record.model_copy(update={"sources": sources, "sidecar": label})


def _disagreement(
    key: str, nearer: tuple[Given, Said], farther: tuple[Given, Said]
) -> Problem | None:
    (one, here), (two, there) = nearer, farther
    if not any(value.strip() for value in two.values) or _same(key, one.values, two.values):
        return None
    return VALUES_DISAGREE.at(
        here.path,
        say(
            "'{key}' is {value} in {place}, but {other_value} in {other_place}; that of {place} "
            "was taken.",
            key=key,
            value=_shown(one.values),
            place=_place(one, here),
            other_value=_shown(two.values),
            other_place=_place(two, there),
        ),
        say("Correct whichever is wrong, or remove it there."),
        field=key,
    )


def _place(given: Given, said: Said) -> str:
    return given.where or said.label


def _shown(values: Sequence[str]) -> Phrase:
    shown = "; ".join(value.strip() for value in values if value.strip())
    return quoted(shown if len(shown) <= 160 else f"{shown[:160]}…")


def _same(key: str, one: Sequence[str], two: Sequence[str]) -> bool:
    here, there = _meanings(key, one), _meanings(key, two)
    if key == "original_language":
        # "languages" may be compared with it, of which one is the original.
        originals = {tag.split()[0] for tag in here if " original" in tag or " oryginal" in tag}
        return there <= {f"{tag} " for tag in originals} or here == there
    return here == there


def _meanings(key: str, values: Sequence[str]) -> frozenset[str]:
    # A cell holds several values in one text where a list holds them apart.
    parts = (part for value in values for part in value.split(";") if part.strip(" ."))
    return frozenset(_meaning(key, part.strip()) for part in parts)


def _meaning(key: str, value: str) -> str:
    """What is compared: the same date, language or statement may be written in many ways."""
    if kind_of(key) is Kind.DATE:
        date = read_date(value).date
        return (date.edtf or "undated") if date else value
    if key in {"languages", "original_language"}:
        language, _, role = value.partition("(")
        return f"{language_tag(language) or words(language)} {words(role)}"
    if key == "rights" and (statement := _STATEMENT.fullmatch(value)):
        return statement[1].casefold()
    return " ".join(nfc(value).translate(_QUOTES).casefold().split()).rstrip(" .")


def _all_garbled(homes: dict[str, tuple[Given, Said]]) -> Iterator[Problem]:
    for key, (given, said) in homes.items():
        piece = next(filter(None, map(garbled, given.values)), None)
        if piece is None:
            continue
        yield TEXT_GARBLED.at(
            said.path,
            placed(
                _place(given, said),
                say(
                    "'{piece}' in '{key}' has letters that an earlier program lost or garbled; it "
                    "is kept as it is.",
                    piece=piece,
                    key=key,
                ),
            ),
            say("Type the word again with its right letters."),
            field=key,
        )


def _no_encoding(path: str, data: bytes, found: Decoded | None) -> Problem:
    name = path.removeprefix("../")
    try:
        data.decode("utf-8")
        start = 0
    except UnicodeDecodeError as error:
        start = error.start
    line = data.count(b"\n", 0, start) + 1
    before = data[max(0, start - 200) : start].rsplit(b"\n", 1)[-1].decode("utf-8", "replace")[-60:]
    message = say(
        "{name}, line {line} is not UTF-8 after: {before}", name=name, line=line, before=before
    )
    if found:
        perhaps = say(
            "It may be {encoding}, but its letters do not prove it.", encoding=found.encoding
        )
        message = together([message, perhaps])
    return SIDECAR_UNREADABLE.at(
        path,
        message,
        say("Save it again as UTF-8 (in Notepad: Save As, Encoding: UTF-8)."),
    )
