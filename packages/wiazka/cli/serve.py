"""wiazka serve: the schedules, on one machine."""

from pathlib import Path

import rich_click as click

from wiazka.cli.output import common, examples


@click.command(epilog=examples("wiazka serve", "wiazka serve --port 4300"))
@click.option("--port", default=4200, show_default=True, help="Where the local server listens.")
@click.option(
    "--schedules",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Schedules of your own, in the form of config/prefect.yaml.",
)
@common
def serve(port: int, schedules: Path | None, *, as_json: bool, config: Path | None) -> int:  # noqa: ARG001
    """Run the schedules of config/prefect.yaml until stopped.

    Starts a Prefect server on this machine unless $PREFECT_API_URL names one.
    """
    from wiazka.settings import find_config, load

    settings = load(config)
    from flows.serving import serve_schedules

    serve_schedules(settings, find_config(config), port, schedules)
    return 0
