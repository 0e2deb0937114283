"""An ingest of deliveries, many submissions at a time, in plain threads."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from wiazka.catalogue.model import State
from wiazka.ingest.completing import finish
from wiazka.ingest.model import Desk, Result
from wiazka.ingest.pipeline import ingest_submission
from wiazka.ingest.posting import documents_of, post_problems, write_accession
from wiazka.ingest.proving import keep_and_prove
from wiazka.intake.delivered.opening import sweep
from wiazka.intake.deliveries import Delivery, Job, at_paths, in_inbox
from wiazka.intake.severity import refuses, weighed_beside
from wiazka.intake.shared import lang_of
from wiazka.phrase import Lang
from wiazka.problem_kinds import Problem
from wiazka.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """How the submissions of one delivery ended.

    ``problems`` is its _PROBLEMS.html, if any, ``report`` its accession report; ``loose`` is what
    lies beside its documents and stops nothing, ``beside`` those of the results that are of no
    document.
    """

    name: str
    results: tuple[Result, ...]
    problems: Path | None
    report: Path | None = None
    loose: tuple[Problem, ...] = ()
    lang: Lang = "en"
    beside: tuple[Result, ...] = ()


def deliveries_at(settings: Settings, paths: Sequence[Path]) -> list[Delivery]:
    """The deliveries meant: those at ``paths``, or all in the inbox."""
    return at_paths(paths, settings.paths.inbox) if paths else in_inbox(settings.paths.inbox)


def run_ingest(
    desk: Desk,
    deliveries: Iterable[Delivery],
    tell: Callable[[Result], None],
    *,
    whole: bool = True,
) -> list[DeliveryResult]:
    """Ingest every submission; ``tell`` hears of each as it ends. One never stops the others.

    What lacks a copy is completed then: all there is when the ``whole`` inbox is taken, else only
    what is of these deliveries.
    """
    deliveries = list(deliveries)
    jobs = [job for delivery in deliveries for job in delivery.jobs]
    done: dict[Job, Result] = {}
    with ThreadPoolExecutor(desk.settings.ingest.workers) as pool:
        futures = {pool.submit(ingest_submission, desk, job): job for job in jobs}
        for future in as_completed(futures):
            result = done[futures[future]] = future.result()
            if result.state is not State.STORED:
                tell(result)
    completed = finish(desk, done, tell, whole=whole)
    ended = list(gather(desk, deliveries, done, completed))
    keep_and_prove(desk)
    for delivery in ended:
        for result in delivery.beside:
            tell(result)
    return ended


def gather(
    desk: Desk,
    deliveries: Iterable[Delivery],
    done: dict[Job, Result],
    completed: Sequence[Result] = (),
) -> Iterator[DeliveryResult]:
    """The results by delivery, with what belongs to no submission; writes what is to be read of it:
    the lists of problems and the accession report. What was unpacked of files that are gone is
    cleared away. ``completed`` are documents that an earlier run had stored.
    """
    sweep(desk.settings.unpacked)
    others: dict[str, list[Result]] = {}
    for result in completed:
        others.setdefault(result.delivery, []).append(result)
    for delivery in deliveries:
        jobs = [done[job] for job in delivery.jobs if job in done]
        beside = weighed_beside(delivery.loose, desk.settings.severity)
        lang = lang_of(delivery.path, desk.settings.lang)
        refused = [_refused(delivery, *one, lang) for one in beside if refuses(one[1])]
        loose = tuple(problem for _, problem in beside if not refuses(problem))
        documents = documents_of(desk, jobs)
        told = [*documents, *documents_of(desk, refused)]
        taken = (*jobs, *refused)
        results = (*taken, *others.pop(delivery.name, ()))
        posted = report = None
        try:
            # The lists of a delivery are of all its documents.
            if delivery.whole:
                posted = post_problems(desk, delivery.path, delivery.name, taken, told, loose)
            report = write_accession(desk, delivery.name, documents, lang)
        except OSError:
            _log.exception("The reports of %s cannot be written", delivery.name)
        yield DeliveryResult(delivery.name, results, posted, report, loose, lang, tuple(refused))
    for name, earlier in others.items():
        report = None
        try:
            report = write_accession(desk, name, (), earlier[0].lang)
        except OSError:
            _log.exception("The accession report of %s cannot be written", name)
        yield DeliveryResult(name, tuple(earlier), None, report, lang=earlier[0].lang)


def _refused(delivery: Delivery, name: str, problem: Problem, lang: Lang) -> Result:
    told = (problem,)
    return Result(delivery.name, name, State.REFUSED, problem.message, problems=told, lang=lang)
