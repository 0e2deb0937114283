"""wiazka doctor: whether what wiazka stands on is sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.settings import Settings
    from wiazka.stores.base import Store


@dataclass(frozen=True, slots=True)
class _Finding:
    part: str
    well: bool
    message: str
    hint: str = ""


@click.command(epilog=examples("wiazka doctor", "wiazka doctor --json"))
@common
def doctor(*, as_json: bool, config: Path | None) -> int:
    """Look at libmagic, the virus scanner, the inbox, the catalogue, the stores, the schedules.

    Probing writes a few bytes under probe/ in each store, and removes them.
    """
    from wiazka.settings import load

    findings = list(_look(load(config)))
    if as_json:
        print_json(
            {
                "checks": [
                    {"part": f.part, "ok": f.well, "message": f.message, "hint": f.hint}
                    for f in findings
                ]
            }
        )
    else:
        out = console()
        for finding in findings:
            out.print(
                "✔ " if finding.well else "✘ ",
                style="green" if finding.well else "bold red",
                end="",
            )
            out.print(f"{finding.part:<12} {finding.message}", markup=False)
            if finding.hint and not finding.well:
                out.print(f"{'':15}{finding.hint}", style="dim", markup=False)
    return 0 if all(finding.well for finding in findings) else 3


def _look(settings: "Settings") -> Iterator[_Finding]:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.errors import WiazkaError
    from wiazka.intake.formats import libmagic_version
    from wiazka.stores.opening import open_store

    yield _Finding("libmagic", well=True, message=f"version {libmagic_version()}")
    yield _scanner(settings.intake.clamd)
    inbox = settings.paths.inbox
    yield _Finding(
        "inbox",
        inbox.is_dir(),
        str(inbox) if inbox.is_dir() else f"there is no folder at {inbox}",
        "Make it, or set paths.inbox in wiazka.toml.",
    )
    try:
        with Catalogue.open(settings.catalogue_url) as catalogue:
            held = len(catalogue.packages())
            yield _Finding("catalogue", well=True, message=f"{held} packages")
    except WiazkaError as error:
        yield _Finding("catalogue", well=False, message=error.message, hint=error.hint)
    for name, store in settings.stores.items():
        try:
            yield _store(open_store(name, store))
        except WiazkaError as error:
            yield _Finding(f"store {name}", well=False, message=error.message, hint=error.hint)
    yield _schedules()


def _scanner(address: str | None) -> _Finding:
    from wiazka.errors import WiazkaError
    from wiazka.intake.virus import Clamd

    if address is None:
        return _Finding("viruses", well=True, message="not scanned for; intake.clamd is not set")
    try:
        return _Finding("viruses", well=True, message=f"{Clamd(address).about()} at {address}")
    except WiazkaError as error:
        return _Finding("viruses", well=False, message=error.message, hint=error.hint)


def _store(store: "Store") -> _Finding:
    seen = store.capabilities()
    told = [
        ("refuses wrong bytes", seen.refuses_wrong_bytes),
        ("returns digests", seen.returns_digest),
        ("never overwrites", seen.conditional_put),
    ]
    can = ", ".join(what for what, able in told if able) or "stores bytes"
    cannot = ", ".join(what for what, able in told if not able)
    made_up = f"; does not: {cannot} (made up for by reading back)" if cannot else ""
    return _Finding(f"store {store.name}", well=True, message=f"{store.place}: {can}{made_up}")


def _schedules() -> _Finding:
    from wiazka.errors import WiazkaError
    from wiazka.schedules import schedules

    try:
        told = "; ".join(f"{s.name} at '{s.cron}' {s.timezone}" for s in schedules())
    except WiazkaError as error:
        return _Finding("schedules", well=False, message=error.message, hint=error.hint)
    return _Finding("schedules", well=True, message=f"{told} (run by 'wiazka serve')")
