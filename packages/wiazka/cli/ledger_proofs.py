"""wiazka log checkpoint, proof, consistency, verifier, key: what is published and given away."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.ledger.note import Checkpoint
    from wiazka.ledger.signing import VerifierKey
    from wiazka.settings import Settings

_PUBLISH = (
    "Publish it where nobody here can change it later: a newsletter, a web archive, another "
    "archive, a printed page. To check against it: wiazka log verify --checkpoint FILE"
)


def known_keys(settings: "Settings") -> "Iterator[VerifierKey]":
    """The public keys of this archive: of its signing key, and those before."""
    from wiazka.ledger.signing import signing_key, verifier_key

    if own := signing_key(settings.ledger):
        yield own.verifier
    yield from (verifier_key(line) for line in settings.ledger.former_keys)


def checkpoint_in(path: Path) -> "Checkpoint":
    """The checkpoint in a file. Raises UsageError."""
    from wiazka.errors import UsageError
    from wiazka.ledger.note import checkpoint_of

    try:
        # As an editor or a mail program may have left it.
        text = path.read_text("utf-8-sig").replace("\r\n", "\n").strip()
        head, _, tail = text.partition("\n\n")
        return checkpoint_of(f"{head}\n\n{tail}\n" if tail else f"{head}\n\n")
    except ValueError as error:
        raise UsageError(
            f"{path} holds no checkpoint: {error}.",
            "It should be what 'wiazka log checkpoint' printed, whole.",
        ) from error


@click.command(epilog=examples("wiazka log checkpoint", "wiazka log checkpoint > checkpoint.txt"))
@common
def checkpoint(*, as_json: bool, config: Path | None) -> int:
    """Print the checkpoint of all events, to be published; made now if there is none of them yet.

    It commits to the whole history: who has it can show, whatever is rewritten later, that it was
    another. Standard output is the checkpoint alone.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.errors import NotFoundError
    from wiazka.ledger.checkpoints import make_checkpoint
    from wiazka.settings import load

    settings = load(config)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        made = make_checkpoint(catalogue, settings.ledger)
    if made is None:
        raise NotFoundError("The ledger has no events yet.", "An ingest makes the first.")
    told, by = made
    if as_json:
        print_json(
            {
                "origin": told.origin,
                "events": told.count,
                "root": told.root.hex(),
                "checkpoint": told.text,
                "key": by.line if by else None,
            }
        )
        return 0
    click.echo(told.text, nl=False)
    out = console(stderr=True)
    out.print(_PUBLISH, style="dim", markup=False)
    if by is None:
        out.print("It is not signed: see 'wiazka log key'.", style="yellow", markup=False)
    return 0


@click.command(
    epilog=examples(
        "wiazka log proof 1962_depesza_hawana > receipt.json",
        "wiazka log proof main/note --version 1 --size 4120",
    )
)
@click.argument("what", metavar="ID")
@click.option("--version", "number", type=int, help="Which version. Else the latest.")
@click.option("--size", type=int, help="Under the checkpoint of so many events. Else the newest.")
@common
def proof(
    what: str, number: int | None, size: int | None, *, as_json: bool, config: Path | None
) -> int:
    """Print the proof that a version was registered, as the receipt holds it (always JSON).

    For a receipt that has none, or to fit a published checkpoint of another size.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.errors import UsageError
    from wiazka.ledger.checkpoints import make_checkpoint
    from wiazka.ledger.proofs import checkpoint_at, proofs
    from wiazka.settings import load

    del as_json  # nothing but JSON is printed
    settings = load(config)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        version = catalogue.version(catalogue.resolve(what), number)
        seq = catalogue.tree.registration(version.identity, version.number)
        newest = make_checkpoint(catalogue, settings.ledger)
        if seq is None or newest is None:
            raise UsageError(
                f"{version.identity} v{version.number} was not registered yet.",
                "'wiazka show' tells what it waits for.",
            )
        count = newest[0].count if size is None else size
        if not seq <= count <= newest[0].count:
            raise UsageError(
                f"The event is number {seq} of {newest[0].count}; a checkpoint of {count} events "
                "cannot have it.",
                "Name the number of events that stands in a published checkpoint after that event.",
            )
        under = newest[0] if size is None else checkpoint_at(catalogue, count)
        if under is not None:
            keys = [key for key in known_keys(settings) if key.signed(under)]
            [made] = proofs(catalogue, [seq], under, keys[0] if keys else None)
            click.echo(made.text)
    return 0


@click.command(epilog=examples("wiazka log consistency 4120 5000 > joined.json"))
@click.argument("old", type=click.IntRange(min=1))
@click.argument("new", type=click.IntRange(min=1))
@common
def consistency(old: int, new: int, *, as_json: bool, config: Path | None) -> int:
    """Print the proof that the first OLD events begin the first NEW ones (always JSON).

    With it verify_receipt.py compares a receipt with a published checkpoint of another number of
    events: RFC 6962, 2.1.2.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.errors import UsageError
    from wiazka.ledger.proofs import joining
    from wiazka.settings import load

    del as_json  # nothing but JSON is printed
    with Catalogue.open(load(config).catalogue_url) as catalogue:
        events = catalogue.ledger_head().count
        if not old < new <= events:
            raise UsageError(
                f"There is no such proof from {old} to {new} events; the ledger has {events}.",
                "Name the numbers of events of two checkpoints, the smaller one first.",
            )
        click.echo(joining(catalogue, old, new))
    return 0


@click.command(epilog=examples("wiazka log verifier > verify_receipt.py"))
@common
def verifier(*, as_json: bool, config: Path | None) -> int:
    """Print verify_receipt.py: the program with which a donor checks a receipt, a bag and a
    checkpoint by themselves, offline. One file; it needs Python 3.9 and nothing else.
    """
    from wiazka.ledger.proofs import verifier_source

    del config
    source = verifier_source()
    if as_json:
        print_json({"name": "verify_receipt.py", "source": source})
    else:
        click.echo(source, nl=False)
    return 0


@click.command(epilog=examples("wiazka log key", "wiazka log key --new /etc/wiazka/checkpoint.key"))
@click.option(
    "--new",
    type=click.Path(path_type=Path),
    help="Make a signing key in this new file, outside of any repository.",
)
@common
def key(new: Path | None, *, as_json: bool, config: Path | None) -> int:
    """Print the public key of the checkpoints' signatures, or make a new signing key.

    The public key is published once, by the archive's name; the signing key is shown nowhere.
    """
    from wiazka.errors import ConfigError, NotFoundError
    from wiazka.ledger.signing import new_key, signing_key
    from wiazka.settings import load

    settings = load(config)
    if new is None:
        own = signing_key(settings.ledger)
        if own is None:
            raise NotFoundError(
                "There is no signing key; checkpoints are made unsigned.",
                "Make one: wiazka log key --new /etc/wiazka/checkpoint.key",
            )
        public = own.verifier
    else:
        if settings.ledger.origin is None:
            raise ConfigError(
                "The key needs the name of this archive's ledger.",
                'Set it first, in wiazka.toml: [ledger] origin = "archive.example.org/ledger"',
            )
        public = new_key(new, settings.ledger.origin)
    if as_json:
        print_json({"key": public.line, "file": str(new) if new else None})
        return 0
    click.echo(public.line)
    if new:
        console(stderr=True).print(
            f"The signing key is in {new}: keep a copy of it offline, and set in wiazka.toml\n"
            f'  [ledger] signing_key = "{new.absolute()}"\n'
            "Publish the line above. If there was a key before, add its line to former_keys.",
            markup=False,
        )
    return 0
