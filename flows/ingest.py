"""The ingest flow: the inbox, or some deliveries; one task a submission, its steps inside."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import httpx
from prefect import Task, flow
from prefect.cache_policies import NO_CACHE

from flows.credentials import of_block
from flows.marking import MARKED
from flows.steps import SomebodyNeeded, as_task
from wiazka.catalogue.model import State
from wiazka.errors import ConfigError, ServerError
from wiazka.ingest.completing import finish
from wiazka.ingest.desk import open_desk
from wiazka.ingest.model import Result
from wiazka.ingest.pipeline import ingest_submission
from wiazka.ingest.proving import keep_and_prove
from wiazka.ingest.run import DeliveryResult, deliveries_at, gather
from wiazka.intake.deliveries import Job
from wiazka.settings import load

# Which of a flow's documents an operator has to hear of.
_UNFINISHED = (State.STORED, State.FAILED)
_listeners: list[Callable[[Result], None]] = []


class IngestFailed(SomebodyNeeded):
    """Some submissions could not be taken for a system's fault; the others were."""


@flow(name="ingest", **MARKED)
def ingest(paths: list[str] | None = None, config: str | None = None) -> list[DeliveryResult]:
    """Ingest the inbox, or the deliveries at ``paths``, with the configuration at ``config``."""
    done = _ingest([Path(path) for path in paths or ()], Path(config) if config else None)
    failed = [r.folder for d in done for r in d.results if r.state in _UNFINISHED]
    if failed and not _listeners:
        raise IngestFailed(f"{len(failed)} of the documents: {', '.join(failed[:5])}")
    return done


def _ingest(paths: Sequence[Path], config: Path | None) -> list[DeliveryResult]:
    settings = load(config)
    deliveries = deliveries_at(settings, paths)

    def tell(result: Result) -> None:
        for listener in _listeners:
            listener(result)

    with open_desk(settings, of_block) as desk:

        def one(job: Job) -> Result:
            result = ingest_submission(desk, job, as_task)
            if result.state is not State.STORED:
                tell(result)
            return result

        running = {
            job: Task(
                partial(one, job),
                name="submission",
                task_run_name=f"{job.delivery_name}/{job.folder}",
                cache_policy=NO_CACHE,
                persist_result=False,
            ).submit()
            for delivery in deliveries
            for job in delivery.jobs
        }
        done = {job: future.result() for job, future in running.items()}
        completed = as_task("complete copies", lambda: finish(desk, done, tell, whole=not paths))
        ended = list(gather(desk, deliveries, done, completed))
        keep_and_prove(desk)
        for delivery in ended:
            for result in delivery.beside:
                tell(result)
        return ended


def ingest_as_flow(
    paths: Sequence[Path], config: Path | None, tell: Callable[[Result], None]
) -> list[DeliveryResult]:
    """Run the flow in this process, recorded by the server at $PREFECT_API_URL.

    ``tell`` hears of each submission as it ends. Raises ConfigError without a server's address,
    ServerError when it does not answer.
    """
    from prefect.settings import PREFECT_API_URL

    if not PREFECT_API_URL.value():
        raise ConfigError(
            "No Prefect server is named.",
            "Set PREFECT_API_URL, for example to http://127.0.0.1:4200/api, or leave out "
            "--prefect.",
        )
    _listeners.append(tell)
    try:
        return ingest(
            [str(path.absolute()) for path in paths], str(config.absolute()) if config else None
        )
    except (httpx.HTTPError, RuntimeError) as error:
        raise ServerError(
            f"The Prefect server at {PREFECT_API_URL.value()} cannot be used: {error}.",
            "Start it ('wiazka serve' brings one), or unset PREFECT_API_URL to work without.",
        ) from error
    finally:
        _listeners.remove(tell)
