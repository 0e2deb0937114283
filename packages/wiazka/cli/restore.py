"""wiazka restore: a version back as a bag on disk, validated."""

from pathlib import Path

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json


@click.command(epilog=examples("wiazka restore main/1962_depesza_hawana --to /tmp/depesza"))
@click.argument("identity", metavar="ID")
@click.option(
    "--to", required=True, type=click.Path(path_type=Path), help="A folder that is not there yet."
)
@click.option("--version", "number", type=int, help="Which version; else the latest.")
@click.option("--from", "source", metavar="STORE", help="Only from this store.")
@common
def restore(
    identity: str,
    to: Path,
    number: int | None,
    source: str | None,
    *,
    as_json: bool,
    config: Path | None,
) -> int:
    """Restore a package as a bag, every digest checked, validated by the bagit package.

    Damage in one store is got round by taking another; nothing is ever written over.
    """
    from wiazka.errors import NotFoundError
    from wiazka.fixity.restore import restore as restore_version
    from wiazka.ingest.desk import open_desk
    from wiazka.settings import load

    settings = load(config)
    with open_desk(settings) as desk:
        identity = desk.catalogue.resolve(identity)
        version = desk.catalogue.version(identity, number)
        have = {copy.store for copy in desk.catalogue.copies(identity, version.number)}
        stores = [s for s in desk.stores.values() if s.name in have and source in (None, s.name)]
        if not stores:
            raise NotFoundError(
                f"No store to restore {identity} v{version.number} from.",
                f"It has copies in: {', '.join(sorted(have)) or 'none'}.",
            )
        files = desk.catalogue.files(identity, version.number)
        store = restore_version(version, files, stores, to.absolute())
    if as_json:
        print_json(
            {
                "id": identity,
                "version": version.number,
                "store": store.name,
                "to": str(to.absolute()),
                "files": len(files),
                "valid": True,
            }
        )
    else:
        out = console()
        out.print("✔ ", style="green", end="")
        out.print(
            f"{identity} v{version.number} restored from {store.name} to {to}: {len(files)} files, "
            "every digest as it was handed over; the bagit package finds the bag valid.",
            markup=False,
        )
    return 0
