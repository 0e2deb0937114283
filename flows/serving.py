"""Serving the schedules on one machine, with a server of our own where none is named."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from wiazka.digest.marks import Marks
from wiazka.errors import ServerError
from wiazka.schedules import Schedule, schedules
from wiazka.settings import ENV_CONFIG, Settings

# A machine that does much else takes a minute and more.
_START_SECONDS = 180


def serve_schedules(settings: Settings, config: Path | None, port: int, given: Path | None) -> None:
    """Run the scheduled flows until stopped. Raises ServerError when no server can be had."""
    if config is not None:
        # Runs are processes of their own, started anywhere.
        os.environ[ENV_CONFIG] = str(config.absolute())
    os.environ["PREFECT_TASKS_RUNNER_THREAD_POOL_MAX_WORKERS"] = str(settings.ingest.workers)
    if os.environ.get("PREFECT_API_URL"):
        _serve(settings, given)
        return
    with local_server(settings.paths.home / "prefect", port) as url:
        os.environ["PREFECT_API_URL"] = url
        _serve(settings, given)


@contextmanager
def local_server(home: Path, port: int) -> Iterator[str]:
    """A Prefect server on this machine alone, its database in ``home``; gives its API's address.

    Raises ServerError when it does not come up.
    """
    url = f"http://127.0.0.1:{port}/api"
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        # Without it the pages ask the default port.
        "PREFECT_SERVER_UI_API_URL": url,
    }
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start"],
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        _wait(url, server, home / "server.log")
        yield url
    finally:
        # Its services are processes of its group.
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise ServerError(
        f"The local Prefect server did not come up at {url}.",
        f"Its log is {log}. If the port is taken, choose another with --port.",
    )


def _serve(settings: Settings, given: Path | None) -> None:
    from prefect import serve

    from flows.zombies import watch_for_zombies

    chosen = schedules(given)
    deployments = [_deployment(schedule) for schedule in chosen]
    watch_for_zombies()
    # From here on a run that does not come is missed.
    Marks(settings.runs).serve(chosen, datetime.now(UTC))
    serve(*deployments)


def _deployment(schedule: Schedule) -> Any:  # noqa: ANN401 - Prefect's own type is a union
    from prefect.client.schemas.objects import (
        ConcurrencyLimitConfig,
        ConcurrencyLimitStrategy,
    )
    from prefect.schedules import Cron

    file, _, name = schedule.entrypoint.partition(":")
    module = file.removesuffix(".py").replace("/", ".")
    flow = getattr(import_module(module), name)
    return flow.to_deployment(
        name=schedule.name,
        parameters=dict(schedule.parameters),
        schedules=[Cron(schedule.cron, timezone=schedule.timezone)],
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
    )
