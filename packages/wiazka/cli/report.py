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
    help="The folder to write to, made if need be; else one of this day among the reports.",
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


@report.command(epilog=examples("wiazka report dossier --to dossier.zip"))
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The zip file to write, over any that is there; its folder is made if need be.",
)
@common
def dossier(to: Path, *, as_json: bool, config: Path | None) -> int:
    """Write what an auditor needs: what can be shown, its evidence, and a program to re-verify it.

    Reads the catalogue only. Nothing is claimed that the evidence inside does not show. Tell the
    digest to the auditor by another way than the file.
    """
    from wiazka.dossier.make import make_dossier
    from wiazka.report.dossier import AREAS
    from wiazka.settings import load

    settings = load(config)
    with open_catalogue(config) as catalogue:
        made, digest = make_dossier(catalogue, settings, datetime.now(UTC), to)
    levels = {area.lower(): made.level(area) for area in AREAS}
    if as_json:
        print_json({"dossier": str(to), "manifest_sha256": digest, "levels": levels})
        return 0
    out = console()
    out.print(f"{to}: {made.versions} versions, {made.events} events.", markup=False)
    shown = ", ".join(f"{area} {level or 'none'}" for area, level in levels.items())
    out.print(f"NDSA levels that the evidence shows: {shown}.", markup=False)
    out.print(f"Digest to tell the auditor: {digest}", markup=False)
    return 0
