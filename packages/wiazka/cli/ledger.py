"""wiazka log: what was done, and the proof that nobody rewrote it."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue


@click.command(epilog=examples("wiazka log", "wiazka log 1962_depesza_hawana", "wiazka log verify"))
@click.argument("what", metavar="[ID|verify]", required=False)
@common
def log(what: str | None, *, as_json: bool, config: Path | None) -> int:
    """Show the events of a package, or all; `verify` proves that none was changed.

    Every event carries the hash of the one before it: docs/ledger.md says how to check it alone.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.settings import load

    with Catalogue.open(load(config).catalogue_url) as catalogue:
        if what == "verify":
            return _verify(catalogue, as_json=as_json)
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


def _verify(catalogue: "Catalogue", *, as_json: bool) -> int:
    faults = catalogue.verify_ledger()
    head = catalogue.ledger_head()
    if as_json:
        print_json(
            {
                "events": head.count,
                "head": head.hash,
                "faults": [
                    {"seq": fault.seq, "kind": str(fault.kind), "sentence": fault.sentence}
                    for fault in faults
                ],
            }
        )
        return 1 if faults else 0
    out = console()
    for fault in faults:
        out.print(f"✘ {fault.sentence}", style="bold red", markup=False)
    if not faults:
        out.print(f"✔ All {head.count} events are as they were written; head {head.hash}.")
    return 1 if faults else 0
