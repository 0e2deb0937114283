"""One line as staff type or paste it: signature and credit together."""

import re
from dataclasses import dataclass
from typing import Any

from wiazka.errors import Problem
from wiazka.record.credit import parse_credit, split_credit
from wiazka.record.model import Agent, Source
from wiazka.record.signature import parse_source

_SOURCE_KEYS = ("department", "fonds", "series", "accession", "bundle", "box", "file")
_SEVERAL = re.compile(r"\s*;\s*(?:and\s+)?")


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


_AGENT_KEYS = {"name", "kind", "role", "relator", "programme"}


def parse_line(line: str) -> ParsedLine:
    """A source line, a credit line, or both in one, as on a record page."""
    signature, credit = split_credit(line)
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
    """One source, or several that stand between semicolons, each naming its own archive."""
    pieces = _SEVERAL.split(signature.strip(" ;"))
    if len(pieces) > 1:
        several = tuple(parse_source(piece) for piece in pieces)
        if all(source.repository for source in several):
            return several
    return (parse_source(signature),)


def _source_json(source: Source) -> dict[str, Any]:
    where = source.repository
    return {
        "scheme": source.scheme,
        "repository": {"code": where.code, "name": where.name} if where else None,
        **{key: getattr(source, key) for key in _SOURCE_KEYS},
        "folios": source.folios.model_dump(by_alias=True) if source.folios else None,
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
