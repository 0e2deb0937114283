"""wiazka template: what a sidecar looks like, every key explained."""

import base64
import sys
from pathlib import Path

import rich_click as click

from wiazka.cli.output import common, examples, print_json
from wiazka.errors import UsageError


@click.command(
    epilog=examples(
        "wiazka template > record.yaml",
        "wiazka template --format xlsx --lang pl --to records.xlsx",
    )
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "csv", "xlsx"]),
    default="yaml",
    show_default=True,
    help="yaml: record.yaml, for one document. csv, xlsx: a table, with a row for each document.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "pl"]),
    default="en",
    show_default=True,
    help="The language of keys and explanations.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a new file instead of standard output. One that is there is never overwritten.",
)
@common
def template(
    form: str,
    lang: str,
    to: Path | None,
    *,
    as_json: bool,
    config: Path | None,  # noqa: ARG001
) -> int:
    """Write an example sidecar, filled in, with every key explained."""
    from wiazka.record.keys import Lang
    from wiazka.record.template import Format, written

    if form == "xlsx" and to is None and not as_json and sys.stdout.isatty():
        raise UsageError(
            "A workbook cannot be shown on a terminal.",
            "Name a file for it: wiazka template --format xlsx --to records.xlsx",
        )
    data = written(Format(form), Lang(lang))
    if to is not None:
        _write(to, data)
    if as_json:
        text = base64.b64encode(data).decode() if form == "xlsx" else data.decode("utf-8-sig")
        place = str(to) if to else None
        print_json({"template": text, "format": form, "lang": lang, "written": place})
    elif to is None:
        sys.stdout.buffer.write(data)
    return 0


def _write(to: Path, data: bytes) -> None:
    try:
        with to.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise UsageError(
            f"{to} is there already, and is not overwritten.", "Name another file."
        ) from error
    except OSError as error:
        raise UsageError(
            f"{to} cannot be written: {error.strerror}.", "Name a file in a folder that is there."
        ) from error
