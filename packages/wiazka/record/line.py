"""One line as staff type or paste it: signature and credit together."""

import re
from dataclasses import dataclass
from typing import Any

from wiazka.problem_kinds import Problem
from wiazka.record.credit import parse_credit, split_credit
from wiazka.record.model import Agent, Source
from wiazka.record.signature import read_leniently, read_source

_SOURCE_KEYS = ("department", "fonds", "series", "accession", "bundle", "box", "file")
_SEVERAL = re.compile(r"\s*;\s*(?:(?:and|oraz|i)\s+)?")
_SEVERAL_OR_AND = re.compile(r"\s*;\s*(?:(?:and|oraz|i)\s+)?|\s*,?\s+(?:and|oraz|i|&)\s+")
_BOOK = "biblio"
_PUBLISHED = re.compile(r"\([^()]+: [^()]+\b\d{4}\)")


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """What a line was understood as; ``problems`` are all of them, those of its sources too."""

    verbatim: str
    sources: tuple[Source, ...]
    agents: tuple[Agent, ...]
    credit: str | None
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, Any]:
        """The object that ``wiazka parse --json`` prints (DESIGN §8); absent parts are None."""
        return {
            "verbatim": self.verbatim,
            "sources": [_source_json(source) for source in self.sources],
            "agents": [agent.model_dump(mode="json", include=_AGENT_KEYS) for agent in self.agents],
            "credit": self.credit,
            "problems": [_problem_json(problem) for problem in self.problems],
        }


_AGENT_KEYS = {"name", "kind", "role", "relator", "programme", "affiliation"}


def parse_line(line: str) -> ParsedLine:
    """A source line, a credit line, or both in one, as on a record page."""
    signature, credit = split_credit(line)
    if credit and _PUBLISHED.search(line) and (book := read_source(line)) and book.scheme == _BOOK:
        # "Author. Title. Translated by X. (Place: Publisher, year), pages": the translator is of
        # the book, and stands in the middle of what names it.
        signature = line.strip()
    sources = _sources(signature) if signature.strip(" .,;()") else ()
    credited = parse_credit(credit) if credit else None
    return ParsedLine(
        verbatim=line,
        sources=sources,
        agents=credited.agents if credited else (),
        credit=credit,
        problems=(
            *(problem for source in sources for problem in source.problems),
            *(credited.problems if credited else ()),
        ),
    )


def _sources(signature: str) -> tuple[Source, ...]:
    """One source, or several in one line, if each of them is understood."""
    whole = read_source(signature)
    if whole is not None:
        return (whole,)
    for several in (_SEVERAL, _SEVERAL_OR_AND):
        pieces = [piece for piece in several.split(signature.strip(" ;")) if piece]
        if len(pieces) > 1 and (sources := _each(pieces)):
            return sources
    return (read_leniently(signature),)


def _each(pieces: list[str]) -> tuple[Source, ...]:
    """A source for each piece; none unless all are understood and say where they are.

    A piece that names no archive is in the one that was named before it.
    """
    sources: list[Source] = []
    for piece in pieces:
        source = read_source(piece, within=sources[-1].repository if sources else None)
        if source is None or not (source.repository or source.fonds):
            return ()
        sources.append(source)
    return tuple(sources)


def _source_json(source: Source) -> dict[str, Any]:
    where = source.repository
    return {
        "scheme": source.scheme,
        "repository": {"code": where.code, "name": where.name} if where else None,
        **{key: getattr(source, key) for key in _SOURCE_KEYS},
        "folios": source.folios.model_dump(by_alias=True) if source.folios else None,
        "year": source.year,
        "not_given": list(source.not_given),
        "remarks": list(source.remarks),
        "problems": [_problem_json(problem) for problem in source.problems],
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": problem.path,
        "field": problem.field,
        "message": problem.message,
        "remedy": problem.remedy,
    }
