"""wiazka parse: how a source or credit line is understood."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, show_problems

if TYPE_CHECKING:
    from wiazka.record.line import ParsedLine


@click.command(
    epilog=examples(
        'wiazka parse "AMSZ, Department II, 30/87, w. 5. Obtained by Marek Hańderek."',
        "wiazka parse --json - < lines.txt",
    )
)
@click.argument("line", nargs=-1, required=True)
@common
def parse(line: tuple[str, ...], *, as_json: bool, config: Path | None) -> int:  # noqa: ARG001
    """Show how a source or credit line is understood; `-` reads one a line from standard input."""
    from wiazka.record.line import parse_line

    lines = (
        (text.rstrip("\r\n") for text in sys.stdin if text.strip())
        if line == ("-",)
        else iter([" ".join(line)])
    )
    for text in lines:
        parsed = parse_line(text)
        if as_json:
            click.echo(json.dumps(parsed.to_json(), ensure_ascii=False))
        else:
            _show(parsed)
    return 0


def _show(parsed: "ParsedLine") -> None:
    out = console()
    out.print(parsed.verbatim, style="bold", markup=False)
    for source in parsed.sources:
        out.print(f"  source, read as {source.scheme}", style="cyan", markup=False)
        if source.repository:
            place = f", {source.repository.place}" if source.repository.place else ""
            out.print(f"    repository  {source.repository.name}{place}", markup=False)
        for part in ("department", "fonds", "series", "accession", "bundle", "box", "file"):
            if value := getattr(source, part):
                out.print(f"    {part:<11} {value}", markup=False)
        if source.folios:
            last = f"–{source.folios.last}" if source.folios.last else ""
            out.print(f"    folios      {source.folios.first}{last}", markup=False)
        show_problems(out, source.problems)
    for agent in parsed.agents:
        out.print(f"  {agent.role.replace('_', ' '):<14}", style="green", end="", markup=False)
        more = f" ({agent.affiliation})" if agent.affiliation else ""
        programme = f", for {agent.programme}" if agent.programme else ""
        out.print(f"{agent.name}{more}{programme}", markup=False)
    show_problems(out, parsed.problems)
