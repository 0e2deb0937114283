"""wiazka repair: sound bytes in the place of damaged ones, from a copy that was read just now."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, path_in_words, print_json, size_in_words

if TYPE_CHECKING:
    from wiazka.repair.model import Fix, MendedCopy


@click.command(
    epilog=examples(
        "wiazka repair 1962_depesza_hawana --plan",
        "wiazka repair 1962_depesza_hawana --store nas",
        "wiazka repair main/1962_depesza_hawana --store nas --from cloud --version 2",
    )
)
@click.argument("identity", metavar="ID")
@click.option("--store", metavar="STORE", help="Mend only the copy in this store.")
@click.option("--from", "source", metavar="STORE", help="Only from this store; else the nearest.")
@click.option("--version", "number", type=click.IntRange(min=1), help="Only this version.")
@click.option(
    "--path", "paths", metavar="PATH", multiple=True, help="Only this file of the bag; repeatable."
)
@click.option("--plan", is_flag=True, help="Look, and tell what would be done; mend nothing.")
@common
def repair(  # noqa: PLR0913 - one for each option
    identity: str,
    store: str | None,
    source: str | None,
    number: int | None,
    paths: tuple[str, ...],
    *,
    plan: bool,
    as_json: bool,
    config: Path | None,
) -> int:
    """Mend what is missing or damaged in the copies of a package, from a copy proved now.

    Copies are read whole; sound bytes are written beside, proved, and put in place; the damaged
    ones are kept: under aside/, or as an older version of the object. Then the copy is read again.
    What no other copy has is taken from an earlier version of the object, where its bucket keeps
    one that is right. Where there is none either, nothing is written and the exit code is 1.
    """
    from wiazka.ingest.desk import open_desk
    from wiazka.ledger.keeping import keep_ledger
    from wiazka.repair.model import Wanted
    from wiazka.repair.run import run_repair
    from wiazka.settings import load

    settings = load(config)
    with open_desk(settings) as desk:
        wanted = Wanted(
            desk.catalogue.resolve(identity), number, store, source, frozenset(paths), plan=plan
        )
        done = run_repair(
            settings, desk.catalogue, desk.stores, wanted, _teller(quiet=as_json, plan=plan)
        )
        keep_ledger(desk.catalogue, desk.stores, desk.settings.ledger)
    if as_json:
        print_json(
            {"id": wanted.identity, "plan": plan, "copies": [_copy_json(one) for one in done]}
        )
    faults = [one.fault for one in done if one.fault]
    return max((fault.exit_code for fault in faults), default=0)


def _teller(*, quiet: bool, plan: bool) -> "Callable[[MendedCopy], None]":
    out = console()

    def tell(one: "MendedCopy") -> None:
        if quiet:
            return
        what = f"{one.store:<8} {one.identity} v{one.version}: "
        if one.fault:
            out.print(f"✘ {what}{one.state}", style="bold red", markup=False)
        elif one.state == "damaged":
            out.print("! ", style="yellow", end="")
            out.print(f"{what}damaged; it can be mended", markup=False)
        else:
            out.print("✔ ", style="green", end="")
            out.print(f"{what}{one.state}", markup=False)
        for fix in one.fixes:
            out.print(f"    {_fix_in_words(fix, plan=plan)}", markup=False)
        for path in one.extras:
            out.print(f"    extra: {path} (a repair removes nothing)", markup=False)
        if one.fault:
            out.print(f"  {one.fault.message}", markup=False)
            out.print(f"  {one.fault.hint}", style="dim", markup=False)

    return tell


def _fix_in_words(fix: "Fix", *, plan: bool) -> str:
    size = size_in_words(fix.size)
    if fix.source is None:
        return f"{fix.outcome}: {path_in_words(fix.path)} ({size}): no copy has it"
    if fix.done:
        kept = f"; the damaged bytes are {fix.kept}" if fix.kept else ""
        return f"{fix.outcome}: {path_in_words(fix.path)} ({size}): mended from {fix.origin}{kept}"
    told = "would be mended from" if plan else "not mended; sound in"
    return f"{fix.outcome}: {path_in_words(fix.path)} ({size}): {told} {fix.origin}"


def _copy_json(one: "MendedCopy") -> dict[str, object]:
    fault = one.fault
    return {
        "store": one.store,
        "version": one.version,
        "state": one.state,
        "files": [
            {
                "path": fix.path,
                "outcome": fix.outcome,
                "bytes": fix.size,
                "expected": fix.expected,
                "observed": fix.observed,
                "from": fix.source,
                "from_version": fix.past.version_id if fix.past else None,
                "mended": fix.done,
                "kept": fix.kept,
            }
            for fix in one.fixes
        ],
        "extra": list(one.extras),
        "fault": {"code": fault.code, "message": fault.message, "hint": fault.hint}
        if fault
        else None,
    }
