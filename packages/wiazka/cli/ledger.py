"""wiazka log: what was done, and the proof that nobody rewrote it."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.settings import Settings


@click.command(epilog=examples("wiazka log", "wiazka log 1962_depesza_hawana", "wiazka log verify"))
@click.argument("what", metavar="[ID|verify]", required=False)
@common
def log(what: str | None, *, as_json: bool, config: Path | None) -> int:
    """Show the events of a package, or all; `verify` proves that none was changed, and compares
    them with those that each store keeps.

    Every event carries the hash of the one before it: docs/ledger.md says how to check it alone.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.settings import load

    settings = load(config)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        if what == "verify":
            return _verify(catalogue, settings, as_json=as_json)
        identity = catalogue.resolve(what) if what else None
        events = list(catalogue.events(identity))
    if as_json:
        print_json(
            {
                "events": [
                    {
                        "seq": event.seq,
                        "at": event.at.isoformat(),
                        "kind": str(event.kind),
                        "outcome": str(event.outcome),
                        "id": event.identity,
                        "version": event.version,
                        "store": event.store,
                        "agent": event.agent,
                        "sentence": event.sentence,
                        "detail": dict(event.detail),
                        "hash": event.hash,
                    }
                    for event in events
                ]
            }
        )
        return 0
    out = console()
    for event in events:
        out.print(f"{event.seq:>6}  {event.at:%Y-%m-%d %H:%M:%S}  ", style="dim", end="")
        out.print(f"{event.kind:<13} {event.sentence}", markup=False)
    return 0


def _verify(catalogue: "Catalogue", settings: "Settings", *, as_json: bool) -> int:
    from wiazka.ledger.comparing import compare
    from wiazka.stores.opening import open_stores

    differing, unasked = compare(catalogue, open_stores(settings))
    faults = [*catalogue.verify_ledger(), *differing]
    head = catalogue.ledger_head()
    code = 1 if faults else 3 if unasked else 0
    if as_json:
        print_json(
            {
                "events": head.count,
                "head": head.hash,
                "faults": [
                    {"seq": fault.seq, "kind": str(fault.kind), "sentence": fault.sentence}
                    for fault in faults
                ],
                "not_compared": [
                    {"code": error.code, "message": error.message, "hint": error.hint}
                    for error in unasked
                ],
            }
        )
        return code
    out = console()
    for fault in faults:
        out.print(f"✘ {fault.sentence}", style="bold red", markup=False)
    for error in unasked:
        out.print(f"? Not compared. {error.message} {error.hint}", style="yellow", markup=False)
    if not faults:
        out.print(f"✔ All {head.count} events are as they were written; head {head.hash}.")
    return code
