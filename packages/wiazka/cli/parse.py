"""wiazka parse: how a source or credit line is understood."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import rich_click as click

from wiazka.cli.output import common, console, examples
from wiazka.errors import UsageError


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

    lines = _lines(sys.stdin.buffer) if line == ("-",) else iter([" ".join(line)])
    out = console()
    for number, text in enumerate(lines):
        parsed = parse_line(text)
        if as_json:
            click.echo(json.dumps(parsed.to_json(), ensure_ascii=False))
            continue
        if number:
            out.print()
        show(out, parsed)
    return 0


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    from wiazka.record.encoding import decode

    for number, data in enumerate(stream, start=1):
        found = decode(data.rstrip(b"\r\n"))
        if found is None or not found.certain:
            perhaps = f" It may be {found.encoding}." if found else ""
            raise UsageError(
                f"Line {number} of standard input is not UTF-8.{perhaps}",
                "Convert it first, for example with: iconv -f CP1250 -t UTF-8",
            )
        if found.text.strip():
            yield found.text
