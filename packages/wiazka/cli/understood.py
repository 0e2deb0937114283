"""How a line was understood, part by part, in words and colours."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wiazka.cli.output import show_problems

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from wiazka.record.line import ParsedLine
    from wiazka.record.model import Agent, Source

# Each part with its colour and what it is, in the words that archives use.
_PARTS = {
    "department": ("magenta", "the office that made it"),
    "fonds": ("cyan", "fond, zespół, Bestand, record group"),
    "series": ("blue", "opis, unit, country"),
    "accession": ("bright_cyan", "zespół: number and year of the transfer"),
    "bundle": ("green", "wiązka, svazek, volume"),
    "box": ("bright_green", "box, karton, doboz, papka"),
    "file": ("yellow", "teczka, delo, unit"),
    "folios": ("bright_yellow", "leaves or pages"),
    "year": ("bright_blue", "a year of the signature"),
}
_AGENT = "bright_magenta"


def show(out: "Console", parsed: "ParsedLine") -> None:
    """The line with what was recognised in colour, then every part under its name."""
    out.print(_coloured(parsed))
    for source in parsed.sources:
        _show_source(out, source)
    for agent in parsed.agents:
        _show_agent(out, agent)
    show_problems(out, parsed.problems)


def _coloured(parsed: "ParsedLine") -> "Text":
    from rich.text import Text

    text = Text(parsed.verbatim, style="bold")
    at = 0
    for source in parsed.sources:
        begin = max(parsed.verbatim.find(source.verbatim, at), at)
        at = begin + len(source.verbatim)
        for part, value in _parts(source):
            for piece in re.split("[–-]", value) if part == "folios" else [value]:
                _colour(text, piece, _PARTS[part][0], begin, at)
    for agent in parsed.agents:
        _colour(text, agent.name, _AGENT, 0, len(parsed.verbatim))
    return text


def _colour(text: "Text", value: str, colour: str, begin: int, end: int) -> None:
    """Colour the value where it stands alone, or else behind the letter it is glued to."""
    blank = r"\s*".join(map(re.escape, value.split()))
    for pattern in (rf"(?<![^\W_]){blank}(?![^\W_])", rf"(?<!\d){blank}(?!\d)"):
        for found in re.compile(pattern).finditer(text.plain, begin, end):
            if not any(
                span.start < found.end() and found.start() < span.end for span in text.spans
            ):
                text.stylize(f"not bold {colour}", found.start(), found.end())
                return


def _parts(source: "Source") -> Iterator[tuple[str, str]]:
    for part in _PARTS:
        value = getattr(source, part)
        if part == "folios" and value is not None:
            value = value.first + (f"–{value.last}" if value.last else "")
        if value:
            yield part, value


def _show_source(out: "Console", source: "Source") -> None:
    if source.scheme == "unparsed":
        out.print("  source not understood; the line is kept as it is", style="yellow")
        return
    out.print(f"  source, written as {source.scheme}", style="dim", markup=False)
    if source.repository:
        where = source.repository
        code = f" ({where.code})" if where.code and where.code != where.name else ""
        place = f", {where.place}" if where.place else ""
        _line(out, "archive", f"{where.name}{code}{place}", "bold", "")
    for part, value in _parts(source):
        colour, meaning = _PARTS[part]
        _line(out, part, value, colour, meaning)
    for part in source.not_given:
        _line(out, part, "not given", "dim", "the line says so")
    for remark in source.remarks:
        _line(out, "remark", remark, "dim", "")


def _show_agent(out: "Console", agent: "Agent") -> None:
    affiliation = f" ({agent.affiliation})" if agent.affiliation else ""
    programme = f", for {agent.programme}" if agent.programme else ""
    role = agent.role.replace("_", " ")
    meaning = f"{agent.kind}, MARC {agent.relator}"
    _line(out, role, f"{agent.name}{affiliation}{programme}", _AGENT, meaning)


def _line(out: "Console", name: str, value: str, colour: str, meaning: str) -> None:
    out.print(f"    {name:<14}", style="dim", end="", markup=False)
    out.print(f"{value:<18}", style=colour, end="  " if meaning else "\n", markup=False)
    if meaning:
        out.print(meaning, style="dim", markup=False)
