"""wiazka parse: how a source or credit line is understood."""

import json
import sys
from pathlib import Path

import rich_click as click

from wiazka.cli.output import common, console, examples


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
    from wiazka.cli.understood import show
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
            show(console(), parsed)
    return 0
