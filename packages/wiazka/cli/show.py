"""wiazka show: all that is known of a package, in our words or in another standard's."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.deaccession import deaccession_json, told
from wiazka.cli.history import history_of, told_of
from wiazka.cli.holdings import open_catalogue, version_json
from wiazka.cli.incident import incident_json, line_of
from wiazka.cli.output import common, console, examples, print_json, size_in_words
from wiazka.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.model import Version
    from wiazka.cli.history import History
    from wiazka.record.crosswalk import PremisEvent
    from wiazka.record.model import Record

_STANDARDS = ("premis", "dc", "mods", "ead", "jsonld", "csv")


@click.command(
    epilog=examples(
        "wiazka show main/1984-06-04_amsz_30-87_w5_olszowski",
        "wiazka show 1984-06-04_amsz_30-87_w5_olszowski --as mods > mods.xml",
        "wiazka show 1984-06-04_amsz_30-87_w5_olszowski --as premis --version 1",
    )
)
@click.argument("identity", metavar="ID")
@click.option(
    "--as",
    "standard",
    type=click.Choice(_STANDARDS),
    help="Print the document in this standard alone: PREMIS 3, Dublin Core terms, MODS, EAD3, "
    "schema.org JSON-LD, or Archivematica's metadata.csv.",
)
@click.option(
    "--version",
    "number",
    type=click.IntRange(min=1),
    help="The record of this version; else of the latest registered one.",
)
@common
def show(
    identity: str,
    *,
    standard: str | None,
    number: int | None,
    as_json: bool,
    config: Path | None,
) -> int:
    """Show all that is known of a package: record, versions, files, copies, events.

    With --as, only the document in the words of a standard, for other systems to read.
    """
    if standard and as_json:
        raise UsageError(
            "--as and --json are two forms of an answer, and one was wanted.",
            "Leave one of them out.",
        )
    with open_catalogue(config) as catalogue:
        identity = catalogue.resolve(identity)
        if standard:
            data = _in_standard(catalogue, identity, number, standard, config)
            click.echo(data, nl=False)
        elif as_json:
            print_json(_package_json(catalogue, identity, number))
        else:
            _show_package(catalogue, identity, number)
    return 0


def _in_standard(
    catalogue: "Catalogue",
    identity: str,
    number: int | None,
    standard: str,
    config: Path | None,
) -> bytes:
    """The document of one version as the standard has it: what ``--as`` prints."""
    from wiazka.record import crosswalk
    from wiazka.settings import load

    version = catalogue.version(identity, number)
    record = _record(version)
    holding = crosswalk.Holding(identity, load(config).archive.name, version.bagged_at)
    match standard:
        case "premis":
            return crosswalk.premis(record, identity, _events(catalogue, version))
        case "dc":
            return crosswalk.dublin_core(record)
        case "mods":
            return crosswalk.mods(record, holding)
        case "ead":
            return crosswalk.ead(record, holding)
        case "jsonld":
            return crosswalk.json_ld(record, holding)
        case _:
            return crosswalk.metadata_csv(record)


def _record(version: "Version") -> "Record":
    """The record of a version. Raises NotFoundError while its ingest has not described it yet."""
    from wiazka.record.crosswalk import read_record_json

    if not version.record_json:
        raise NotFoundError(
            f"{version.identity} v{version.number} has no record yet: its ingest was interrupted.",
            "`wiazka ingest` takes it up again.",
        )
    return read_record_json(version.record_json.encode())


def _events(catalogue: "Catalogue", version: "Version") -> list["PremisEvent"]:
    """The events of the ledger that are of this version, or of no version in particular."""
    from wiazka.record.crosswalk import PremisEvent

    return [
        PremisEvent(event.kind.premis, event.at, event.sentence, event.outcome, event.agent)
        for event in catalogue.events(version.identity)
        if event.version in (None, version.number)
    ]


def _shown(catalogue: "Catalogue", identity: str, number: int | None) -> "Version":
    """The version whose record is shown: of a package that was deaccessioned, its last."""
    from wiazka.catalogue.model import VersionState

    versions = catalogue.versions(identity)
    kept = {VersionState.REGISTERED, VersionState.STORED}
    if number is None and not kept & {version.state for version in versions}:
        gone = [
            version
            for version in versions
            if version.state is VersionState.DEACCESSIONED and version.record_json
        ]
        number = gone[-1].number if gone else None
    return catalogue.version(identity, number)


def _package_json(catalogue: "Catalogue", identity: str, number: int | None) -> dict[str, object]:
    latest = _shown(catalogue, identity, number)
    versions = catalogue.versions(identity)
    return {
        "id": identity,
        "record": _record(latest).model_dump(mode="json", by_alias=True),
        "deaccessions": [
            deaccession_json(catalogue, one) for one in catalogue.deaccessions.of_package(identity)
        ],
        "incidents": [
            incident_json(catalogue, one) for one in catalogue.incidents.of_package(identity)
        ],
        "versions": [
            {
                **version_json(version),
                **_history_json(history_of(version, catalogue)),
                "files": [
                    {
                        "path": f.path,
                        "size": f.size,
                        "sha256": f.sha256,
                        "role": f.role,
                        "held_in": f.held_in,
                        "held_as": f.held_as,
                    }
                    for f in catalogue.files(identity, version.number)
                ],
                "copies": [
                    {
                        "store": copy.store,
                        "unchanged": copy.unchanged,
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


def _history_json(history: "History") -> dict[str, object]:
    changes = history.changes
    return {
        "changes": changes.model_dump(mode="json") if changes else None,
        "changed_by": history.changed_by,
        "change_note": history.change_note,
        "referred": {"files": history.referred_files, "bytes": history.referred_bytes},
    }


def _show_package(catalogue: "Catalogue", identity: str, number: int | None) -> None:
    out = console()
    latest = _shown(catalogue, identity, number)
    record = _record(latest)
    for one in catalogue.deaccessions.of_package(identity):
        out.print(f"Deaccession {told(catalogue, one)}", style="bold", markup=False)
    for incident in catalogue.incidents.of_package(identity):
        out.print(f"Incident {line_of(catalogue, incident)}", style="bold red", markup=False)
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
        for line in told_of(history_of(version, catalogue)):
            out.print(f"  {line}", markup=False)
        for copy in catalogue.copies(identity, version.number):
            proof = "not proved since it was found damaged, or its store moved"
            if copy.proved_at:
                proof = f"proved {copy.grade} on {copy.proved_at:%Y-%m-%d %H:%M} UTC"
            out.print(f"  {copy.store:<8} {proof}", markup=False)
        for file in catalogue.files(identity, version.number):
            line = f"  {file.sha256[:12]}… {file.size:>11,}  {file.path}"
            if file.held_in:
                line += f"  (v{file.held_in}{f': {file.held_as}' if file.held_as else ''})"
            out.print(line, markup=False)
    out.print("\nEvents", style="bold")
    for event in catalogue.events(identity):
        out.print(f"  {event.at:%Y-%m-%d %H:%M:%S}  {event.sentence}", markup=False)
