"""wiazka rebuild: the catalogue, from a store alone."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.rebuild.run import Taken
    from wiazka.settings import Settings
    from wiazka.stores.base import Store


@click.command(epilog=examples("wiazka rebuild --from cloud", "wiazka rebuild --from nas --json"))
@click.option("--from", "source", metavar="STORE", required=True, help="The store to read.")
@common
def rebuild(source: str, *, as_json: bool, config: Path | None) -> int:
    """Make the catalogue from what a store keeps: records, versions, files, copies and events.

    A catalogue that is an older backup catches up; one of another history is left as it is. All is
    written or nothing. Needs only the right to read the store.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.errors import NotFoundError
    from wiazka.rebuild.run import rebuild as rebuild_from
    from wiazka.settings import load
    from wiazka.stores.opening import open_store

    settings = load(config)
    if source not in settings.stores:
        raise NotFoundError(
            f"There is no store named {source!r}.",
            f"The configured stores are: {', '.join(settings.stores)}.",
        )
    store = open_store(source, settings.stores[source])
    others = list(_others(settings, source))
    out = console(stderr=True)
    with (
        Catalogue.open(settings.catalogue_url) as catalogue,
        out.status(f"Reading {source} …") as status,
    ):
        taken = rebuild_from(
            catalogue,
            store,
            lambda what: status.update(f"{source}: {what}"),
            others,
        )
    if as_json:
        print_json(_json(source, taken))
    else:
        _show(source, taken)
    return 1 if taken.faults or taken.rebuilt.absent else 0


def _others(settings: "Settings", source: str) -> "Iterator[Store]":
    """The other stores whose credentials are at hand."""
    from wiazka.errors import ConfigError
    from wiazka.stores.opening import open_store

    for name, store in settings.stores.items():
        if name != source:
            with suppress(ConfigError):
                yield open_store(name, store)


def _json(source: str, taken: "Taken") -> dict[str, object]:
    done = taken.rebuilt
    return {
        "store": source,
        "events": done.events,
        "events_known_before": done.known_events,
        "versions": done.versions,
        "adopted": [{"id": identity, "version": number} for identity, number in done.adopted],
        "absent": [{"id": identity, "version": number} for identity, number in done.absent],
        "faults": [{"code": f.code, "message": f.message, "hint": f.hint} for f in taken.faults],
    }


def _show(source: str, taken: "Taken") -> None:
    out, done = console(), taken.rebuilt
    for fault in taken.faults:
        out.print(f"✘ {fault.message}", style="bold red", markup=False)
        out.print(f"  {fault.hint}", style="dim", markup=False)
    for identity, number in done.absent:
        out.print(
            f"✘ {identity} v{number} is in the ledger, and {source} does not hold it.",
            style="bold red",
            markup=False,
        )
    for identity, number in done.adopted:
        out.print(
            f"? {identity} v{number}: the ledger did not tell of this copy; it is not proved.",
            style="yellow",
            markup=False,
        )
    out.print(
        f"From {source}: {done.versions} versions that were not known, {done.events} events "
        f"({done.known_events} were known).",
        markup=False,
    )
    out.print("Audits' findings are not in the stores; 'wiazka audit' looks anew.", markup=False)
