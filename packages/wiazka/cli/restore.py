"""wiazka restore: a version, or some of its files, back on disk; checked and judged."""

from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.model import File, Version
    from wiazka.ingest.model import Desk
    from wiazka.restore.reader import Damage, Reader
    from wiazka.restore.sources import Source
    from wiazka.stores.roll import RollCall


@click.command(
    epilog=examples(
        "wiazka restore main/1962_depesza_hawana --to /tmp/depesza",
        "wiazka restore 1962_depesza_hawana --file data/objects/scans/0001r.tif --to /tmp/leaf",
        "wiazka restore 1962_depesza_hawana --as zip --to /tmp/depesza.zip",
    )
)
@click.argument("identity", metavar="ID")
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path),
    help="A folder that is not there yet; with --as, a file.",
)
@click.option(
    "--version", "number", type=click.IntRange(min=1), help="Which version; else the latest."
)
@click.option(
    "--file", "paths", metavar="PATH", multiple=True, help="Only this file of the bag; repeatable."
)
@click.option("--as", "kind", type=click.Choice(["zip", "tar"]), help="One file instead.")
@click.option("--from", "source", metavar="STORE", help="Only from this store.")
@common
def restore(  # noqa: PLR0913 - one for each option
    identity: str,
    to: Path,
    number: int | None,
    paths: tuple[str, ...],
    kind: str | None,
    source: str | None,
    *,
    as_json: bool,
    config: Path | None,
) -> int:
    """Restore a package as a bag, every digest checked, validated by the bagit package.

    Each file comes from the nearest store that has it sound: primary, replica, dark archive last.
    Damage is got round, told and kept in the ledger; nothing is ever written over.
    """
    from wiazka.catalogue.model import EventKind
    from wiazka.ingest.desk import open_desk
    from wiazka.ledger.keeping import keep_ledger
    from wiazka.restore.met import by_store, note_damages
    from wiazka.restore.reader import Reader
    from wiazka.settings import load
    from wiazka.stores.roll import RollCall

    settings = load(config)
    to = to.absolute()
    # Who needs a document back has it before the catalogue is put right.
    with open_desk(settings, urgent=True) as desk:
        identity = desk.catalogue.resolve(identity)
        version = desk.catalogue.version(identity, number)
        files = _chosen(desk.catalogue.files(identity, version.number), paths, version)
        roll = RollCall(desk.catalogue.replicas.stores_in_use())
        begun = datetime.now(UTC)
        reader = Reader(version, _sources(desk, version, source), roll)
        try:
            _write(desk, reader, files, to, kind, whole=not paths)
            # Before anything is noted; and who needs a document back has it by now.
            newest = _has_newest_events(desk, roll)
        finally:
            note_damages(desk.catalogue, version, reader.damages, EventKind.RESTORED, begun)
        stores = dict(sorted(reader.used.items()))
        desk.catalogue.replicas.restored(
            version,
            f"Restored {len(files)} files of {identity} v{version.number} from "
            f"{', '.join(stores)}.",
            {"to": str(to)},
        )
        if newest:
            # With keys that may only read it stays for the next run.
            keep_ledger(desk.catalogue, roll.answering(desk.stores), desk.settings.ledger)
    damages = [one for met in by_store(reader.damages).values() for one in met]
    if as_json:
        print_json(
            {
                "id": identity,
                "version": version.number,
                "stores": [{"store": name, "files": used} for name, used in stores.items()],
                "to": str(to),
                "files": len(files),
                "valid": not paths and kind is None,
                "damaged": [
                    {"store": d.store, "path": d.path, "outcome": d.outcome, "message": d.message}
                    for d in damages
                ],
            }
        )
        return 0
    out = console()
    out.print("✔ ", style="green", end="")
    judged = "; the bagit package finds the bag valid" if not paths and kind is None else ""
    out.print(
        f"{identity} v{version.number} restored from {', '.join(stores)} to {to}: {len(files)} "
        f"{'file' if len(files) == 1 else 'files'}, every digest as it was handed over{judged}.",
        markup=False,
    )
    warn_of_damages(damages)
    return 0


def warn_of_damages(damages: "Sequence[Damage]") -> None:
    """On standard error: what was damaged in which store, and what to do about it."""
    from wiazka.restore.met import by_store

    out = console(stderr=True)
    for store, met in by_store(damages).items():
        for damage in met:
            out.print(f"! {store}: {damage.path} is {damage.outcome}", style="yellow", markup=False)
        out.print(
            f"Sound bytes were taken from another copy. Look at the store with: wiazka audit "
            f"--store {store}",
            markup=False,
        )


def _write(
    desk: "Desk",
    reader: "Reader",
    files: "Sequence[File]",
    to: Path,
    kind: str | None,
    *,
    whole: bool,
) -> None:
    from wiazka.bag.judge import require_valid
    from wiazka.restore.archive import restore_archive
    from wiazka.restore.folder import restore_folder
    from wiazka.restore.room import spool_in

    if kind is None:
        # Some files of a bag are no bag.
        restore_folder(reader, files, to, require_valid if whole else lambda _: None)
        return
    with spool_in(desk.settings.paths.home) as spool:
        restore_archive(reader, files, to, kind, spool)


def _has_newest_events(desk: "Desk", roll: "RollCall") -> bool:
    """Whether no store knows more: else what an older backup notes is sent nowhere."""
    from wiazka.errors import LedgerBehind
    from wiazka.ledger.ahead import require_newest

    try:
        require_newest(desk.catalogue, desk.stores, roll)
    except LedgerBehind as error:
        out = console(stderr=True)
        out.print(f"{error.message} {error.hint}", style="yellow", markup=False)
        return False
    return True


def _chosen(files: "Sequence[File]", paths: Sequence[str], version: "Version") -> "Sequence[File]":
    from wiazka.errors import NotFoundError

    if not paths:
        return files
    known = {file.path: file for file in files}
    for path in paths:
        if path not in known:
            near = get_close_matches(path, known, 1, 0.3)
            meant = f"Did you mean {near[0]!r}? " if near else ""
            raise NotFoundError(
                f"{version.identity} v{version.number} has no file {path!r}.",
                f"{meant}`wiazka show {version.identity}` lists its files.",
            )
    return [known[path] for path in dict.fromkeys(paths)]


def _sources(desk: "Desk", version: "Version", source: str | None) -> "list[Source]":
    from wiazka.errors import NotFoundError
    from wiazka.restore.sources import nearest

    if source is not None and source not in desk.stores:
        raise NotFoundError(
            f"There is no store named {source!r}.",
            f"The configured stores are: {', '.join(desk.stores)}.",
        )
    copies = desk.catalogue.copies(version.identity, version.number)
    stores = {name: one for name, one in desk.stores.items() if source in (None, name)}
    sources = nearest(copies, stores, desk.settings)
    if not sources:
        have = ", ".join(copy.store for copy in copies)
        raise NotFoundError(
            f"{version.identity} v{version.number} has no copy in "
            f"{f'store {source!r}' if source else 'any store that is configured'}.",
            f"It has copies in: {have or 'none'}.",
        )
    return sources
