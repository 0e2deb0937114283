"""wiazka replicate: fill a store from the others."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.amounts import Budget
from wiazka.cli.amounts import BUDGET_WITHOUT_MONEY
from wiazka.cli.output import common, console, examples, print_json, size_in_words
from wiazka.cli.restore import warn_of_damages

if TYPE_CHECKING:
    from rich.console import Console

    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.model import Version
    from wiazka.replicate.run import Replica, Replication, Telling


@click.command(
    epilog=examples(
        "wiazka replicate --to vault",
        "wiazka replicate --to vault --budget 50GiB",
        "wiazka replicate --to vault --from nas --budget 2000req 1962_depesza_hawana",
    )
)
@click.argument("identities", metavar="[ID…]", nargs=-1)
@click.option("--to", required=True, metavar="STORE", help="The store to be filled.")
@click.option("--from", "source", metavar="STORE", help="Only from this store; else the nearest.")
@click.option(
    "--budget", type=BUDGET_WITHOUT_MONEY, help="Stop after so much: 50GiB, 30min or 2000req."
)
@common
def replicate(
    identities: tuple[str, ...],
    to: str,
    source: str | None,
    budget: Budget | None,
    *,
    as_json: bool,
    config: Path | None,
) -> int:
    """Copy what a store lacks from the others: read and proved there, proved again on arrival.

    Stopped or killed anywhere, the next run goes on with what is missing. Damage in one copy is got
    round by another and told; nothing is ever written over.
    """
    from wiazka.ingest.desk import open_desk
    from wiazka.ledger.keeping import keep_ledger
    from wiazka.replicate.run import Wanted, run_replication
    from wiazka.settings import load

    settings = load(config)
    budget = budget or Budget()
    with open_desk(settings) as desk, _telling(quiet=as_json) as tell:
        wanted = Wanted(
            to,
            source,
            [desk.catalogue.resolve(text) for text in identities] or None,
            budget,
        )
        done = run_replication(settings, desk.catalogue, desk.stores, wanted, tell, desk.roll)
        keep_ledger(desk.catalogue, desk.roll.answering(desk.stores), desk.settings.ledger)
    if as_json:
        print_json(_json(to, done))
    else:
        _show_end(to, done)
    return 3 if any(replica.fault for replica in done.replicas) else 0


def lacking_told(catalogue: "Catalogue", stores: Collection[str]) -> dict[str, str]:
    """For each of ``stores`` that was added after documents were registered: how many it lacks, and
    what fills it.
    """
    return {
        store: f"Store {store!r} lacks {number} of the versions that were registered before it was "
        f"in use; an ingest does not fill it: wiazka replicate --to {store}"
        for store, number in catalogue.replicas.to_replicate(stores).items()
    }


@contextmanager
def _telling(*, quiet: bool) -> "Iterator[Telling]":
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from wiazka.replicate.run import Telling

    out = console(stderr=quiet)
    bar = Progress(
        "bytes read",
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=out,
        transient=True,
        disable=quiet or not out.is_terminal,
    )
    task = bar.add_task("", total=None)

    def begun(versions: "Sequence[Version]") -> None:
        bar.update(task, total=sum(version.size for version in versions))

    def ended(replica: "Replica") -> None:
        if not quiet:
            _show(out, replica)

    with bar:
        yield Telling(begun, lambda size: bar.advance(task, size), ended)


def _show(out: "Console", replica: "Replica") -> None:
    what = f"{replica.identity} v{replica.version}"
    if replica.grade:
        out.print("✔ ", style="green", end="")
        sent = size_in_words(replica.sent)
        out.print(f"{what}: {sent} sent, proved {replica.grade}", markup=False)
    elif replica.fault:
        out.print(f"✘ {what}: {replica.fault.message}", style="bold red", markup=False)
        out.print(f"  {replica.fault.hint}", style="dim", markup=False)
    else:
        out.print(f"· {what}: another run is at work on it", style="dim", markup=False)


def _show_end(to: str, done: "Replication") -> None:
    out = console()
    made = sum(replica.grade is not None for replica in done.replicas)
    copies = "1 copy" if made == 1 else f"{made} copies"
    out.print(
        f"{copies} made in {to}: {size_in_words(done.sent)} sent, {done.requests} requests. "
        + (f"{done.left} still lacking there." if done.left else "It lacks nothing of these."),
        markup=False,
    )
    warn_of_damages([damage for replica in done.replicas for damage in replica.damages])


def _json(to: str, done: "Replication") -> dict[str, object]:
    return {
        "to": to,
        "bytes": done.sent,
        "requests": done.requests,
        "left": done.left,
        "copies": [
            {
                "id": replica.identity,
                "version": replica.version,
                "grade": replica.grade,
                "bytes": replica.sent,
                "fault": {
                    "code": replica.fault.code,
                    "message": replica.fault.message,
                    "hint": replica.fault.hint,
                }
                if replica.fault
                else None,
                "damaged": [
                    {"store": d.store, "path": d.path, "outcome": d.outcome, "message": d.message}
                    for d in replica.damages
                ],
            }
            for replica in done.replicas
        ],
    }
