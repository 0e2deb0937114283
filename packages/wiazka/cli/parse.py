"""wiazka parse: how a source or credit line is understood."""

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import rich_click as click

from wiazka.cli.output import common, console, examples, json_text
from wiazka.errors import UsageError

# So many lines are worth the start of processes.
_MANY = 4000
_CHUNK = 250


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
    if as_json:
        for told in _all_as_json(lines):
            click.echo(told)
        return 0
    out = console()
    for number, text in enumerate(lines):
        if number:
            out.print()
        show(out, parse_line(text))
    return 0


def _all_as_json(lines: Iterator[str]) -> Iterator[str]:
    """The JSON of each line, in their order; many lines are shared out to all processors."""
    first = list(islice(lines, _MANY))
    if len(first) < _MANY:
        yield from map(_as_json, first)
        return
    with ProcessPoolExecutor() as pool:
        batch = first
        while batch:
            yield from pool.map(_as_json, batch, chunksize=_CHUNK)
            batch = list(islice(lines, _MANY))


def _as_json(text: str) -> str:
    from wiazka.record.line import parse_line

    return json_text(parse_line(text).to_json())


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
