"""An ingest of deliveries, many submissions at a time, in plain threads."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from wiazka.catalogue.model import State
from wiazka.errors import Problem
from wiazka.ingest.model import Desk, Result
from wiazka.ingest.pipeline import ingest_submission
from wiazka.ingest.receipts import post_problems
from wiazka.intake.delivered.opening import sweep
from wiazka.intake.deliveries import Delivery, Job, at_paths, in_inbox
from wiazka.settings import Settings


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """How the submissions of one delivery ended; ``problems`` is its _PROBLEMS.txt, if any."""

    name: str
    results: tuple[Result, ...]
    problems: Path | None


def deliveries_at(settings: Settings, paths: Sequence[Path]) -> list[Delivery]:
    """The deliveries meant: those at ``paths``, or all in the inbox."""
    return at_paths(paths, settings.paths.inbox) if paths else in_inbox(settings.paths.inbox)


def run_ingest(
    desk: Desk, deliveries: Iterable[Delivery], tell: Callable[[Result], None]
) -> list[DeliveryResult]:
    """Ingest every submission; ``tell`` hears of each as it ends. One never stops the others."""
    deliveries = list(deliveries)
    jobs = [job for delivery in deliveries for job in delivery.jobs]
    done: dict[Job, Result] = {}
    with ThreadPoolExecutor(desk.settings.ingest.workers) as pool:
        futures = {pool.submit(ingest_submission, desk, job): job for job in jobs}
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            tell(future.result())
    return list(gather(desk.settings, deliveries, done))


def gather(
    settings: Settings, deliveries: Iterable[Delivery], done: dict[Job, Result]
) -> Iterator[DeliveryResult]:
    """The results by delivery, with what belongs to no submission; posts the lists of problems.

    What was unpacked of files that are gone is cleared away.
    """
    sweep(settings.unpacked)
    for delivery in deliveries:
        jobs = [done[job] for job in delivery.jobs if job in done]
        loose = [_refused(delivery, name, problem) for name, problem in delivery.loose]
        results = (*jobs, *loose)
        posted = post_problems(settings, delivery.path, results)
        yield DeliveryResult(delivery.name, results, posted)


def _refused(delivery: Delivery, name: str, problem: Problem) -> Result:
    return Result(delivery.name, name, State.REFUSED, problem.message, problems=(problem,))
