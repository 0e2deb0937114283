"""wiazka report: what an auditor asks for."""

from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from wiazka.cli.holdings import open_catalogue
from wiazka.cli.output import common, console, examples, print_json


@click.group(epilog=examples("wiazka report fixity", "wiazka report dossier --to dossier.zip"))
def report() -> None:
    """Show what was proved of the archive: to those who keep it, and to those who doubt it."""


@report.command(
    epilog=examples("wiazka report fixity", "wiazka report fixity --to /srv/reports/autumn")
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; else one of this day among the reports.",
)
@common
def fixity(to: Path | None, *, as_json: bool, config: Path | None) -> int:
    """Write what was proved when, how strongly and in which store: a page, tables and JSON.

    Reads the catalogue only. Ends with 1 when an incident is open or an interval is not kept.
    """
    from wiazka.fixity.reported import report_fixity
    from wiazka.settings import load

    settings = load(config)
    with open_catalogue(config) as catalogue:
        told, page = report_fixity(settings, catalogue, datetime.now(UTC), to)
    if as_json:
        print_json(
            {
                "report": str(page),
                "well": told.is_well,
                "open_incidents": len(told.open_incidents),
                "coverage": [
                    {
                        "store": one.store,
                        "grade": one.grade,
                        "every_days": one.every.total_seconds() / 86_400 if one.every else None,
                        "copies": one.copies,
                        "proved": one.proved,
                        "overdue": one.overdue,
                        "never": one.never,
                    }
                    for one in told.coverages
                ],
            }
        )
        return 0 if told.is_well else 1
    out = console()
    out.print(f"{told.headline}.", style="" if told.is_well else "bold", markup=False)
    for coverage in told.coverages:
        out.print(f"  {coverage.sentence}", markup=False)
    out.print(f"Report: {page}", markup=False)
    return 0 if told.is_well else 1
