"""wiazka ingest: deliveries become registered packages."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json, problem_json, show_problems
from wiazka.phrase import in_language, say, say_many, together

if TYPE_CHECKING:
    from rich.console import Console

    from wiazka.ingest.model import Result
    from wiazka.ingest.run import DeliveryResult
    from wiazka.settings import Settings

# A screenful: what there is more of is said in one line.
_SHOWN_RECEIPTS = 12
_COLOURS = {
    "registered": "green",
    "already-held": "cyan",
    "held": "yellow",
    "stored": "yellow",
    "refused": "bold red",
    "failed": "bold red",
}
_STATES = {
    "registered": say("registered"),
    "already-held": say("already held"),
    "held": say("held"),
    "stored": say("stored"),
    "refused": say("refused"),
    "failed": say("failed"),
}


@click.command(
    epilog=examples(
        "wiazka ingest", "wiazka ingest inbox/2024-05_kyungnam", "wiazka ingest --prefect --json"
    )
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--prefect",
    "on_server",
    is_flag=True,
    help="Run as a flow on the Prefect server at $PREFECT_API_URL (also done when that is set).",
)
@common
def ingest(paths: tuple[Path, ...], *, on_server: bool, as_json: bool, config: Path | None) -> int:
    """Take the inbox, or these deliveries: check, describe, bag, store, prove, register.

    A document is registered only when enough stores have proved their copy (ingest.copies_required;
    else all). What lacks a copy since an earlier run gets it from another store, though its folder
    be gone. What is refused stays where it is, with a list of what to mend; nothing handed over is
    ever changed.
    """
    from wiazka.settings import load

    settings = load(config)
    if on_server or os.environ.get("PREFECT_API_URL"):
        done = _on_server(settings, paths, config, as_json=as_json)
    else:
        done = _here(settings, paths, as_json=as_json)
    results = [result for delivery in done for result in delivery.results]
    if as_json:
        print_json({"deliveries": [_delivery_json(delivery) for delivery in done]})
    else:
        _show_end(done, results)
        _show_lacking(settings)
    states = {str(result.state) for result in results}
    if states & {"failed", "stored"}:
        return 3
    return 1 if "refused" in states else 0


def _here(settings: "Settings", paths: Sequence[Path], *, as_json: bool) -> list["DeliveryResult"]:
    from wiazka.ingest.desk import open_desk
    from wiazka.ingest.run import deliveries_at, run_ingest

    deliveries = deliveries_at(settings, paths)
    total = sum(len(delivery.jobs) for delivery in deliveries)
    with open_desk(settings) as desk, _Telling(total, quiet=as_json) as tell:
        return run_ingest(desk, deliveries, tell, whole=not paths)


def _on_server(
    settings: "Settings", paths: Sequence[Path], config: Path | None, *, as_json: bool
) -> list["DeliveryResult"]:
    from flows.ingest import ingest_as_flow
    from wiazka.ingest.run import deliveries_at

    total = sum(len(delivery.jobs) for delivery in deliveries_at(settings, paths))
    with _Telling(total, quiet=as_json) as tell:
        return ingest_as_flow(paths, config, tell)


class _Telling:
    """Says how each submission ended: under a progress bar on a terminal, else in plain lines."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

        self._out = console(stderr=quiet)
        self._quiet = quiet
        self._progress = Progress(
            "documents",
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._out,
            transient=True,
            disable=quiet or not self._out.is_terminal,
        )
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Callable[["Result"], None]:
        self._progress.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _tell(self, result: "Result") -> None:
        if not self._quiet:
            _show(self._out, result)
        self._progress.advance(self._task)


def _show(out: "Console", result: "Result") -> None:
    state = str(result.state)
    named = in_language(_STATES.get(state, state), result.lang)
    out.print(f"{named:>19} ", style=_COLOURS.get(state, ""), end="", markup=False)
    out.print(result.folder, style="bold", markup=False)
    said = in_language(result.sentence, result.lang)
    # What is registered says its name itself.
    which = f"{result.identity} v{result.version}: " if state == "stored" else ""
    out.print(f"{'':20}{which}{said}", style="dim", markup=False)
    if state == "refused":
        show_problems(out, result.problems, result.lang)
    # What stores did is said once at the end, not with each document that it kept waiting.
    for fault in result.faults if state == "failed" else ():
        out.print(f"{'':20}{fault.hint}", style="dim", markup=False)


def _show_end(done: Sequence["DeliveryResult"], results: Sequence["Result"]) -> None:
    out = console()
    lang = done[-1].lang if done else "en"
    if not results:
        out.print(say("Nothing is in the inbox.").into(lang))
        return
    counts = Counter(str(result.state) for result in results)
    states = together(
        (
            say("{state} {number}", state=_STATES.get(state, state), number=number)
            for state, number in sorted(counts.items())
        ),
        ", ",
    )
    lines = [
        say_many(
            "{number} document: {states}.",
            "{number} documents: {states}.",
            len(results),
            states=states,
        )
    ]
    for delivery in done:
        show_problems(out, delivery.loose, delivery.lang)
        if delivery.problems:
            lines.append(say("What to mend: {path}", path=delivery.problems))
        if delivery.report:
            lines.append(
                say("Accession report of {name}: {path}", name=delivery.name, path=delivery.report)
            )
    receipts = [r.receipt for r in results if r.receipt and r.receipt.suffix == ".html"]
    lines += [say("Receipt: {path}", path=receipt) for receipt in receipts[:_SHOWN_RECEIPTS]]
    if (more := len(receipts) - _SHOWN_RECEIPTS) > 0:
        folder = os.path.commonpath([receipt.parent for receipt in receipts])
        lines.append(
            say_many(
                "{number} more receipt in {folder}",
                "{number} more receipts in {folder}",
                more,
                folder=folder,
            )
        )
    out.print()
    for line in lines:
        out.print(line.into(lang), markup=False)
    _show_faults(results)


def _show_lacking(settings: "Settings") -> None:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.cli.replicate import lacking_told

    out = console(stderr=True)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        for line in lacking_told(catalogue, settings.stores).values():
            out.print(line, style="yellow", markup=False)


def _show_faults(results: Sequence["Result"]) -> None:
    """Why copies are still to come: each fault once, however many documents met it."""
    out = console(stderr=True)
    for fault in dict.fromkeys(fault for result in results for fault in result.faults):
        if any(fault in result.faults for result in results if result.missing):
            out.print(fault.message, style="yellow", markup=False)
            out.print(f"  {fault.hint}", style="dim", markup=False)


def _delivery_json(delivery: "DeliveryResult") -> dict[str, object]:
    return {
        "name": delivery.name,
        "report": str(delivery.report) if delivery.report else None,
        "problems": str(delivery.problems) if delivery.problems else None,
        "submissions": [
            {
                "folder": result.folder,
                "state": str(result.state),
                "id": result.identity,
                "version": result.version,
                "copies": [{"store": c.store, "grade": c.grade} for c in result.copies],
                "missing": list(result.missing),
                "problems": [problem_json(problem, result.lang) for problem in result.problems],
                "receipt": str(result.receipt) if result.receipt else None,
                "sentence": in_language(result.sentence, result.lang),
                "faults": [
                    {"code": f.code, "message": f.message, "hint": f.hint} for f in result.faults
                ],
            }
            for result in delivery.results
        ],
    }
