"""wiazka find, list and show: what is held."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json, size_in_words

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.model import Version


@click.command(epilog=examples("wiazka find Olszowski", 'wiazka find "amsz 30/87 w5"'))
@click.argument("text", nargs=-1, required=True)
@common
def find(text: tuple[str, ...], *, as_json: bool, config: Path | None) -> int:
    """Find documents by words of their title, source, people, dates or folder.

    Every word must be there; case, accents and how a signature is spaced do not matter.
    """
    with _catalogue(config) as catalogue:
        found = catalogue.find(" ".join(text))
        _show_versions(catalogue, found, as_json=as_json)
    return 0


@click.command("list", epilog=examples("wiazka list"))
@common
def list_(*, as_json: bool, config: Path | None) -> int:
    """List every package with its latest version."""
    with _catalogue(config) as catalogue:
        _show_versions(catalogue, catalogue.packages(), as_json=as_json)
    return 0


@click.command(epilog=examples("wiazka show main/1984-06-04_amsz_30-87_w5_olszowski"))
@click.argument("identity", metavar="ID")
@common
def show(identity: str, *, as_json: bool, config: Path | None) -> int:
    """Show all that is known of a package: record, versions, files, copies, events."""
    with _catalogue(config) as catalogue:
        identity = catalogue.resolve(identity)
        if as_json:
            print_json(_package_json(catalogue, identity))
        else:
            _show_package(catalogue, identity)
    return 0


def _catalogue(config: Path | None) -> "Catalogue":
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.settings import load

    return Catalogue.open(load(config).catalogue_url)


def _show_versions(catalogue: "Catalogue", versions: Sequence["Version"], *, as_json: bool) -> None:
    if as_json:
        print_json({"packages": [_version_json(version) for version in versions]})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("package", "title", "files", "size", "copies"):
        table.add_column(heading, overflow="fold")
    for version in versions:
        copies = catalogue.copies(version.identity, version.number)
        table.add_row(
            f"{version.identity} v{version.number}",
            version.title,
            str(version.file_count),
            size_in_words(version.size),
            ", ".join(f"{copy.store} ({copy.grade})" for copy in copies),
        )
    out = console()
    if versions:
        out.print(table)
    else:
        out.print("Nothing found.")


def _version_json(version: "Version") -> dict[str, object]:
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


def _package_json(catalogue: "Catalogue", identity: str) -> dict[str, object]:
    latest = catalogue.version(identity)
    versions = catalogue.versions(identity)
    return {
        "id": identity,
        "record": json.loads(latest.record_json),
        "versions": [
            {
                **_version_json(version),
                "files": [
                    {"path": f.path, "size": f.size, "sha256": f.sha256, "role": f.role}
                    for f in catalogue.files(identity, version.number)
                ],
                "copies": [
                    {
                        "store": copy.store,
                        "stored_at": copy.stored_at.isoformat(),
                        "grade": copy.grade,
                        "proved_at": copy.proved_at.isoformat() if copy.proved_at else None,
                    }
                    for copy in catalogue.copies(identity, version.number)
                ],
            }
            for version in versions
        ],
        "events": [
            {
                "seq": event.seq,
                "at": event.at.isoformat(),
                "kind": str(event.kind),
                "outcome": str(event.outcome),
                "version": event.version,
                "store": event.store,
                "agent": event.agent,
                "sentence": event.sentence,
                "detail": dict(event.detail),
            }
            for event in catalogue.events(identity)
        ],
    }


def _show_package(catalogue: "Catalogue", identity: str) -> None:
    from wiazka.record.model import Record

    out = console()
    latest = catalogue.version(identity)
    record = Record.model_validate_json(latest.record_json)
    out.print(latest.title, style="bold", markup=False)
    out.print(f"{identity} v{latest.number}", style="cyan", markup=False)
    if record.date:
        edtf = f" ({record.date.edtf})" if record.date.edtf else ""
        out.print(f"Date     {record.date.verbatim}{edtf}", markup=False)
    for line in record.source_lines:
        out.print(f"Source   {line}", markup=False)
    for agent in record.agents:
        out.print(f"{agent.role.replace('_', ' ').capitalize()}: {agent.name}", markup=False)
    for version in catalogue.versions(identity):
        out.print(
            f"\nVersion {version.number}: {version.state}, {version.file_count} files, "
            f"{size_in_words(version.size)}, from {version.delivery}/{version.folder}",
            markup=False,
        )
        for copy in catalogue.copies(identity, version.number):
            proof = f"proved {copy.grade} on {copy.proved_at:%Y-%m-%d %H:%M} UTC"
            out.print(f"  {copy.store:<8} {proof if copy.proved_at else 'never proved'}")
        for file in catalogue.files(identity, version.number):
            out.print(f"  {file.sha256[:12]}… {file.size:>11,}  {file.path}", markup=False)
    out.print("\nEvents", style="bold")
    for event in catalogue.events(identity):
        out.print(f"  {event.at:%Y-%m-%d %H:%M:%S}  {event.sentence}", markup=False)
