"""wiazka store: the stores by themselves, without the catalogue."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json, size_in_words

if TYPE_CHECKING:
    from rich.console import Console

    from wiazka.rebuild.package import Kind

    Findings = list[tuple[Kind, str, str]]

# A screenful of each kind; --json has them all.
_SHOWN = 20


@click.group()
def store() -> None:
    """Look at stores by themselves, without the catalogue."""


@store.command("list", epilog=examples("wiazka store list"))
@common
def list_(*, as_json: bool, config: Path | None) -> int:
    """The configured stores. What each can prove is shown by `wiazka doctor`."""
    from wiazka.settings import load
    from wiazka.stores.opening import open_stores

    settings = load(config)
    rows = [
        {
            "store": name,
            "kind": settings.stores[name].kind,
            "role": settings.stores[name].role,
            "place": opened.place,
            "provider": settings.stores[name].provided_by,
            "location": settings.stores[name].location,
            "medium": settings.stores[name].medium,
        }
        for name, opened in open_stores(settings).items()
    ]
    if as_json:
        print_json({"stores": rows})
        return 0
    out = console()
    for row in rows:
        told = [row["kind"], row["role"], row["provider"], row["location"], row["medium"]]
        out.print(f"{row['store']:<12}", style="bold", end="", markup=False)
        out.print(f"{row['place']}  ({', '.join(filter(None, told))})", markup=False)
    return 0


@store.command(epilog=examples("wiazka store verify cloud", "wiazka store verify nas --read"))
@click.argument("name", metavar="STORE")
@click.option("--read", "reading", is_flag=True, help="Fetch and hash every byte as well.")
@common
def verify(name: str, *, reading: bool, as_json: bool, config: Path | None) -> int:
    """Compare what lies in a store with its own manifests, both ways, and walk its ledger.

    Needs no catalogue, and only the right to read. It believes the store's manifests; whether those
    are what was handed over only `wiazka audit` knows.
    """
    from wiazka.errors import NotFoundError
    from wiazka.rebuild.verifying import verify as verify_store
    from wiazka.settings import load
    from wiazka.stores.opening import open_store

    settings = load(config)
    if name not in settings.stores:
        raise NotFoundError(
            f"There is no store named {name!r}.",
            f"The configured stores are: {', '.join(settings.stores)}.",
        )
    opened = open_store(name, settings.stores[name])
    findings: Findings = []
    with console(stderr=True).status(f"Looking at {name} …") as status:
        done = verify_store(
            opened,
            lambda kind, key, told: findings.append((kind, key, told)),
            lambda package: status.update(f"{name}: {package}"),
            reading=reading,
        )
    if as_json:
        print_json(
            {
                "store": name,
                "place": opened.place,
                "packages": done.packages,
                "versions": done.versions,
                "objects": done.objects,
                "bytes": done.bytes,
                "read": done.read,
                "events": done.events,
                "aside": done.aside,
                "findings": [
                    {"kind": kind, "key": key, "sentence": told} for kind, key, told in findings
                ],
            }
        )
        return 1 if findings else 0
    out = console()
    _show(out, findings)
    out.print(
        f"{name} ({opened.place}): {done.packages} packages, {done.versions} versions, "
        f"{done.objects} objects, {size_in_words(done.bytes)}, {size_in_words(done.read)} of it "
        f"read; {done.events} events. {len(findings) or 'Nothing'} found.",
        markup=False,
    )
    if done.aside:
        objects = "1 object" if done.aside == 1 else f"{done.aside} objects"
        out.print(
            f"{objects} under aside/: damaged bytes that repairs kept; of no version.", markup=False
        )
    return 1 if findings else 0


def _show(out: "Console", findings: "Findings") -> None:
    from wiazka.rebuild.package import Kind

    for kind in Kind:
        mine = [(key, told) for one, key, told in findings if one is kind]
        if mine:
            out.print(f"✘ {kind} ({len(mine)})", style="bold red", markup=False)
        for key, told in mine[:_SHOWN]:
            out.print(f"    {key!r}: {told}", markup=False)
        if len(mine) > _SHOWN:
            out.print(f"    … and {len(mine) - _SHOWN} more: --json has all", markup=False)
