"""The report flow: the fixity of the whole archive as it stands, each week."""

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_link_artifact

from flows.marking import MARKED
from flows.steps import as_task
from wiazka.catalogue.catalogue import Catalogue
from wiazka.fixity.reported import report_fixity
from wiazka.report.proving import ArchiveFixity
from wiazka.settings import load


@flow(name="report", **MARKED)
def report(config: str | None = None) -> None:
    """Write the fixity report; its page is linked from the run, with its headline."""
    told, page = as_task("report fixity", lambda: _report(config))
    create_link_artifact(
        key="fixity-report",
        link=page.absolute().as_uri(),
        link_text=str(page),
        description=str(told.headline),
    )


def _report(config: str | None) -> tuple[ArchiveFixity, Path]:
    settings = load(Path(config) if config else None)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        return report_fixity(settings, catalogue, datetime.now(UTC))
