"""wiazka drill: prove that what is kept can be had back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.amounts import Budget
from wiazka.cli.amounts import BUDGET_WITHOUT_MONEY
from wiazka.cli.output import common, console, examples, print_json, size_in_words

if TYPE_CHECKING:
    from wiazka.catalogue.drills import Restorable
    from wiazka.catalogue.fixity_model import Drill
    from wiazka.drill.model import Drilled, Drilling, Left, Telling

# A screenful of each; --json has them all.
_SHOWN = 10


@click.command(
    epilog=examples(
        "wiazka drill",
        "wiazka drill --store cloud --budget 50GiB",
        "wiazka drill --only package 1962_depesza_hawana",
        "wiazka drill --status",
    )
)
@click.argument("identities", metavar="[ID…]", nargs=-1)
@click.option("--store", metavar="STORE", help="Only from this store; else from each.")
@click.option(
    "--only",
    type=click.Choice(["package", "catalogue"]),
    help="Only restore a package, or only rebuild the catalogue; else both.",
)
@click.option(
    "--budget",
    type=BUDGET_WITHOUT_MONEY,
    help="No larger packages, and none begun later: 50GiB, 30min or 2000req.",
)
@click.option("--status", is_flag=True, help="Drill nothing; say when each store was proved.")
@common
def drill(
    identities: tuple[str, ...],
    store: str | None,
    only: str | None,
    budget: Budget | None,
    *,
    status: bool,
    as_json: bool,
    config: Path | None,
) -> int:
    """Restore a package from each store alone, and the catalogue; judge, time, throw away.

    The package is drawn from those drilled least often, so each has its turn; or these packages
    (then without the catalogue). Every byte is compared with what was handed over, the bag
    validated, the rebuilt catalogue compared with the live one. Needs only the right to read.
    """
    from wiazka.drill.model import Wanted
    from wiazka.drill.run import run_drill
    from wiazka.errors import UsageError
    from wiazka.ingest.desk import open_desk
    from wiazka.settings import load

    settings = load(config)
    if identities and only == "catalogue":
        raise UsageError("A catalogue has no ID.", "Leave out the IDs, or --only catalogue.")
    with open_desk(settings, urgent=status) as desk:
        if status:
            known = [desk.catalogue.drills.restorable(name) for name in desk.stores]
            _show_status(known, as_json=as_json)
            return 0
        wanted = Wanted(
            store=store,
            identities=[desk.catalogue.resolve(text) for text in identities] or None,
            packages=only != "catalogue",
            catalogue=only != "package" and not identities,
            limits=budget or Budget(),
        )
        with _telling(quiet=as_json) as tell:
            done = run_drill(settings, desk.catalogue, desk.stores, wanted, tell, desk.roll)
    if as_json:
        print_json(_json(done))
    else:
        _show_end(done)
    return exit_code(done)


def exit_code(done: "Drilling") -> int:
    """1 where something is not as it should be, 3 where that could not be seen."""
    from wiazka.evidence import INCONCLUSIVE, Outcome

    outcomes = {one.drill.outcome for one in done.drilled}
    if outcomes - INCONCLUSIVE - {Outcome.OK} or any(one.findings for one in done.drilled):
        return 1
    unseen = outcomes & INCONCLUSIVE or not all(one.well for one in done.left)
    return 3 if unseen else 0


@contextmanager
def _telling(*, quiet: bool) -> "Iterator[Telling]":
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    from wiazka.drill.model import Telling

    out = console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=out,
        transient=True,
        redirect_stdout=False,
        disable=quiet or not out.is_terminal,
    )
    task = bar.add_task("", total=None)

    def begun(what: str, size: int | None) -> None:
        bar.reset(task, description=what, total=size)

    def ended(one: "Drilled | Left") -> None:
        if not quiet:
            _show(one)

    with bar:
        yield Telling(begun, lambda size: bar.advance(task, size), ended)


def _show(one: "Drilled | Left") -> None:
    from wiazka.drill.model import Left
    from wiazka.evidence import INCONCLUSIVE, Outcome

    out = console()
    if isinstance(one, Left):
        out.print(f"· {one.sentence}", style="dim" if one.well else "yellow", markup=False)
        return
    outcome, store = one.drill.outcome, one.drill.store
    well = outcome is Outcome.OK
    mark, style = ("✔", "green") if well else ("✘", "bold red")
    if outcome in INCONCLUSIVE:
        mark, style = "?", "yellow"
    out.print(f"{mark} ", style=style, end="")
    out.print(f"{_what(one.drill)} {_came_of(one)}", markup=False)
    for fault in one.faults[:_SHOWN]:
        out.print(f"    {fault}", markup=False)
    for finding in one.findings[:_SHOWN]:
        out.print(f"    {finding.outcome}: {finding.path}", markup=False)
    for difference in one.compared.differences[:_SHOWN] if one.compared else ():
        out.print(f"    {difference.sentence}", markup=False)
    count = one.compared.count if one.compared else len(one.findings)
    if count > _SHOWN:
        out.print(f"    … and {count - _SHOWN} more: --json has them", markup=False)
    if one.findings:
        out.print(f"  Look at all of it with: wiazka audit --store {store} {one.drill.identity}")
    elif not well and one.drill.identity is None and outcome not in INCONCLUSIVE:
        out.print(
            f"  See which of the two is right: wiazka log verify, wiazka store verify {store}"
        )


def _came_of(one: "Drilled") -> str:
    from wiazka.evidence import Outcome

    compared = one.compared
    if one.drill.outcome is not Outcome.OK:
        if compared is None:
            return f"did not come back: {one.drill.outcome}"
        return f"came back otherwise: {len(one.faults)} faults, {compared.count} differences"
    if compared is None:
        return f"came back whole: {one.drill.files} files, valid, every digest as handed over"
    told = [f"came back the same: {compared.rows} rows"]
    if compared.newest:
        told.append(f"{compared.newest} newest events were not sent there yet")
    if compared.elsewhere:
        told.append(f"{compared.elsewhere} versions are kept only elsewhere")
    if compared.begun:
        told.append(f"{compared.begun} versions are still being stored")
    return "; ".join(told)


def _what(drill: "Drill") -> str:
    what = "the catalogue" if drill.identity is None else f"{drill.identity} v{drill.version}"
    return f"{drill.store}: {what}"


def _show_end(done: "Drilling") -> None:
    from rich.table import Table

    if not done.drilled:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("drill", overflow="fold")
    for heading in ("size", "seconds", "MB/s"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("proved", no_wrap=True)
    for one in done.drilled:
        speed = one.bytes_per_second
        table.add_row(
            _what(one.drill),
            size_in_words(one.drill.bytes),
            f"{one.seconds:.1f}",
            f"{speed / 1e6:.1f}" if speed else "",
            _proved(one.drill),
        )
    out = console()
    out.print()
    out.print(table)


def _proved(drill: "Drill") -> str:
    from wiazka.evidence import Outcome

    if drill.outcome is not Outcome.OK:
        return f"nothing ({drill.outcome})"
    return "restorable, read" if drill.identity else "rebuilt, the same"


def _show_status(known: "list[Restorable]", *, as_json: bool) -> None:
    if as_json:
        print_json({"stores": [_status_json(one) for one in known]})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("store", "last restored whole", "package", "catalogue rebuilt", "drilled"):
        table.add_column(heading, overflow="fold")
    for one in known:
        table.add_row(
            one.store,
            _day(one.last),
            f"{one.last.identity} v{one.last.version}" if one.last else "",
            _day(one.rebuilt),
            f"{one.drilled} of {one.copies}",
        )
    console().print(table)


def _day(drill: "Drill | None") -> str:
    return f"{drill.ended:%Y-%m-%d}" if drill else "never"


def _status_json(one: "Restorable") -> dict[str, object]:
    return {
        "store": one.store,
        "restored": _drill_json(one.last) if one.last else None,
        "rebuilt": _drill_json(one.rebuilt) if one.rebuilt else None,
        "drilled": one.drilled,
        "copies": one.copies,
    }


def _drill_json(drill: "Drill") -> dict[str, object]:
    return {
        "store": drill.store,
        "id": drill.identity,
        "version": drill.version,
        "outcome": drill.outcome,
        "begun": drill.begun.isoformat(),
        "ended": drill.ended.isoformat(),
        "files": drill.files,
        "bytes": drill.bytes,
        "sentence": drill.sentence,
    }


def _json(done: "Drilling") -> dict[str, object]:
    return {
        "drills": [
            {
                **_drill_json(one.drill),
                "bytes_per_second": one.bytes_per_second,
                "findings": [
                    {
                        "outcome": f.outcome,
                        "path": f.path,
                        "expected": f.expected,
                        "observed": f.observed,
                    }
                    for f in one.findings
                ],
                "faults": list(one.faults),
                "compared": {
                    "rows": one.compared.rows,
                    "newest_events": one.compared.newest,
                    "elsewhere": one.compared.elsewhere,
                    "begun": one.compared.begun,
                    "differences": one.compared.count,
                    "told": [
                        {
                            "table": d.table,
                            "row": d.row,
                            "column": d.column,
                            "live": d.live,
                            "rebuilt": d.rebuilt,
                        }
                        for d in one.compared.differences
                    ],
                }
                if one.compared
                else None,
            }
            for one in done.drilled
        ],
        "left": [
            {"store": one.store, "well": one.well, "sentence": one.sentence} for one in done.left
        ],
    }
