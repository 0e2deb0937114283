"""wiazka find and list: what is held."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json, size_in_words

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.model import Copy, Version


@click.command(epilog=examples("wiazka find Olszowski", 'wiazka find "amsz 30/87 w5"'))
@click.argument("text", nargs=-1, required=True)
@common
def find(text: tuple[str, ...], *, as_json: bool, config: Path | None) -> int:
    """Find documents by words of their title, source, people, dates or folder.

    Every word must be there; case, accents and how a signature is spaced do not matter.
    """
    with open_catalogue(config) as catalogue:
        found = catalogue.find(" ".join(text))
        _show_versions(catalogue, found, config, as_json=as_json)
    return 0


@click.command("list", epilog=examples("wiazka list"))
@common
def list_(*, as_json: bool, config: Path | None) -> int:
    """List every package with its latest version."""
    with open_catalogue(config) as catalogue:
        _show_versions(catalogue, catalogue.packages(), config, as_json=as_json)
    return 0


def open_catalogue(config: Path | None) -> "Catalogue":
    """The catalogue that the configuration names."""
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.settings import load

    return Catalogue.open(load(config).catalogue_url)


def _show_versions(
    catalogue: "Catalogue", versions: Sequence["Version"], config: Path | None, *, as_json: bool
) -> None:
    if as_json:
        print_json({"packages": [version_json(version) for version in versions]})
        return
    from rich.table import Table
    from rich.text import Text

    from wiazka.settings import load

    stores = load(config).stores
    # The title beneath the package, each copy in its own line: so it is read at 80 columns too.
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("package, title", overflow="fold")
    table.add_column("files", justify="right", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("copies", overflow="fold")
    for version in versions:
        copies = catalogue.copies(version.identity, version.number)
        package = Text(f"{version.identity} v{version.number}", "bold")
        table.add_row(
            package.append(f"\n{version.title}", "not bold"),
            str(version.file_count),
            size_in_words(version.size),
            Text("\n".join(_copies_in_words(copies, stores))),
        )
    out = console()
    if versions:
        out.print(table)
    else:
        out.print("Nothing found.")


def _copies_in_words(copies: Sequence["Copy"], stores: Collection[str]) -> list[str]:
    have = {copy.store for copy in copies}
    here = sum(store in have for store in stores)
    short = [] if here == len(stores) else [f"{here} of {len(stores)}:"]
    return short + [f"{copy.store} ({copy.grade or 'not proved'})" for copy in copies]


def version_json(version: "Version") -> dict[str, object]:
    """A version in the shape that DESIGN §8 gives it."""
    return {
        "id": version.identity,
        "version": version.number,
        "title": version.title,
        "state": str(version.state),
        "bagged_at": version.bagged_at.isoformat(),
        "registered_at": version.registered_at.isoformat() if version.registered_at else None,
        "delivery": version.delivery,
        "folder": version.folder,
        "content": version.content,
        "size": version.size,
        "files": version.file_count,
    }
