"""wiazka parse and template: how a line is understood, and what a sidecar looks like."""

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


@click.command(epilog=examples("wiazka template > record.yaml"))
@common
def template(*, as_json: bool, config: Path | None) -> int:  # noqa: ARG001
    """Print an example sidecar with every key explained."""
    from wiazka.settings import config_dir

    text = (config_dir() / "record-template.yaml").read_text("utf-8")
    click.echo(json.dumps({"template": text}, ensure_ascii=False) if as_json else text, nl=as_json)
    return 0
