"""wiazka log: what was done, and the proof that nobody rewrote it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.ledger_proofs import checkpoint, consistency, key, proof, verifier
from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.chain import Link
    from wiazka.catalogue.model import LedgerFault, LedgerHead
    from wiazka.errors import StoreError
    from wiazka.ledger.vouching import Vouching


class _Log(click.RichGroup):
    """A group whose first word may also be a package: ``wiazka log ID`` is ``wiazka log show``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_Log,
    epilog=examples("wiazka log", "wiazka log 1962_depesza_hawana", "wiazka log verify"),
)
def log() -> None:
    """What was done, event by event, and the proof that nobody rewrote it.

    `wiazka log` shows all events, `wiazka log ID` those of a package.

    Every event carries the hash of the one before it: docs/ledger.md says how to check it alone.
    """


for command in (checkpoint, proof, consistency, verifier, key):
    log.add_command(command)


@log.command(epilog=examples("wiazka log", "wiazka log show 1962_depesza_hawana"))
@click.argument("what", metavar="[ID]", required=False)
@common
def show(what: str | None, *, as_json: bool, config: Path | None) -> int:
    """Show the events of a package, or all. The word `show` may be left out."""
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.settings import load

    with Catalogue.open(load(config).catalogue_url) as catalogue:
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


@log.command(
    epilog=examples("wiazka log verify", "wiazka log verify --checkpoint from-the-newsletter.txt")
)
@click.option(
    "--checkpoint",
    "published",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Also compare with this checkpoint, kept where nobody here can write.",
)
@click.option(
    "--key", "keys", multiple=True, help="A public key whose signature each store must have."
)
@common
def verify(
    published: tuple[Path, ...], keys: tuple[str, ...], *, as_json: bool, config: Path | None
) -> int:
    """Prove that no event was changed: by the chain, by each store's events and checkpoints.

    Needs only the right to read. docs/ledger.md says what each fault means, and what can still be
    hidden from this.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.cli.ledger_proofs import checkpoint_in, known_keys
    from wiazka.ledger.comparing import compare
    from wiazka.ledger.signing import verifier_key
    from wiazka.ledger.vouching import read_checkpoints
    from wiazka.settings import load
    from wiazka.stores.opening import open_stores

    settings = load(config)
    required = [verifier_key(line) for line in keys]
    trusted = [*required, *known_keys(settings)]
    stores = open_stores(settings)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        others = {str(path): checkpoint_in(path) for path in published}
        with _progress(catalogue.ledger_head().count) as tell:
            look = read_checkpoints(catalogue, stores, trusted, others, required)

            def see(link: "Link") -> None:
                look.see(link)
                tell(link.seq)

            faults, unasked = compare(catalogue, stores, see)
            vouched = look.vouched()
        faults += vouched.faults
        head = catalogue.ledger_head()
    # A store that could not be asked was asked twice.
    errors = list({error.message: error for error in (*unasked, *vouched.unasked)}.values())
    if as_json:
        print_json(_verified_json(head, faults, errors, vouched))
    else:
        _show_verified(head, faults, errors, vouched)
    return 1 if faults else 3 if errors else 0


@contextmanager
def _progress(events: int) -> Iterator[Callable[[int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    out = console(stderr=True)
    bar = Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )
    task = bar.add_task("checkpoints", total=None)

    def tell(seq: int) -> None:
        # A million times the bar's lock would be seconds.
        if seq % 1000 == 1:
            bar.update(task, description="events", total=events, completed=seq)

    with bar:
        yield tell


def _verified_json(
    head: "LedgerHead",
    faults: "list[LedgerFault]",
    errors: "list[StoreError]",
    vouched: "Vouching",
) -> dict[str, object]:
    return {
        "events": head.count,
        "head": head.hash,
        "root": vouched.root.hex(),
        "faults": [
            {"seq": fault.seq, "kind": str(fault.kind), "sentence": fault.sentence}
            for fault in faults
        ],
        "checkpoints": [
            {
                "where": place.where,
                "checkpoints": place.checkpoints,
                "last": place.last,
                "last_signed": place.last_signed,
            }
            for place in vouched.places
        ],
        "not_compared": [
            {"code": error.code, "message": error.message, "hint": error.hint} for error in errors
        ],
    }


def _show_verified(
    head: "LedgerHead",
    faults: "list[LedgerFault]",
    errors: "list[StoreError]",
    vouched: "Vouching",
) -> None:
    out = console()
    for fault in faults:
        out.print(f"✘ {fault.sentence}", style="bold red", markup=False)
    for error in errors:
        out.print(f"? Not compared. {error.message} {error.hint}", style="yellow", markup=False)
    for place in vouched.places:
        told = f"{place.checkpoints} checkpoints, the last of {place.last} events"
        if place.checkpoints:
            signed = (
                f"the last signed with a known key of {place.last_signed}"
                if place.last_signed
                else "none signed with a known key"
            )
            out.print(f"  {place.where}: {told}, {signed}", style="dim", markup=False)
    if not faults:
        out.print(f"✔ All {head.count} events are as they were written; head {head.hash}.")
