"""wiazka deaccession: letting documents go for good, by two persons and after a time of grace."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.holdings import open_catalogue
from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.model import Deaccession
    from wiazka.deaccession.run import Carried

_BY = click.option(
    "--by", metavar="NAME", help="Who you are; else $WIAZKA_PERSON, else your login."
)


@click.group(
    epilog=examples(
        'wiazka deaccession request main/note --reason "Returned to the donor, letter of 3 May"',
        "wiazka deaccession approve 1",
        "wiazka deaccession run",
    )
)
def deaccession() -> None:
    """Take documents out of all stores for good: one person asks, another approves.

    Until the time of grace is over all copies are kept and audited, and anybody may withdraw it.
    Tombstones stay: docs/deaccession.md.
    """


@deaccession.command(
    epilog=examples('wiazka deaccession request main/note --version 2 --reason "Not ours"')
)
@click.argument("identity", metavar="ID")
@click.option("--version", "number", type=click.IntRange(min=1), help="Only this version.")
@click.option("--reason", required=True, help="Why; it stays for ever.")
@_BY
@common
def request(
    identity: str,
    *,
    number: int | None,
    reason: str,
    by: str | None,
    as_json: bool,
    config: Path | None,
) -> int:
    """Ask that a package, or one version of it, be kept no longer.

    Also for what an interrupted push left in a store: give its --version.
    """
    from wiazka.deaccession.person import person_here
    from wiazka.errors import UsageError

    if not reason.strip():
        raise UsageError("The reason is empty.", 'A right one: --reason "Returned to the donor"')
    with open_catalogue(config) as catalogue:
        asked = catalogue.deaccessions.request(
            _target(catalogue, identity, number, config),
            number,
            reason=" ".join(reason.split()),
            by=person_here(by),
            at=datetime.now(UTC),
        )
        _tell(catalogue, asked, as_json=as_json)
        if not as_json:
            _say(f"Another person has to approve it: wiazka deaccession approve {asked.id}")
    return 0


@deaccession.command(epilog=examples("wiazka deaccession approve 1"))
@click.argument("number", type=int)
@_BY
@common
def approve(number: int, *, by: str | None, as_json: bool, config: Path | None) -> int:
    """Agree to what another person has asked for; the time of grace begins."""
    from datetime import timedelta

    from wiazka.deaccession.person import person_here
    from wiazka.settings import load

    chosen = load(config).deaccession
    with open_catalogue(config) as catalogue:
        approved = catalogue.deaccessions.approve(
            number,
            by=person_here(by),
            at=datetime.now(UTC),
            grace=timedelta(days=chosen.grace_days),
            by_account=chosen.persons == "account",
        )
        _tell(catalogue, approved, as_json=as_json)
    return 0


@deaccession.command(epilog=examples("wiazka deaccession withdraw 1"))
@click.argument("number", type=int)
@_BY
@common
def withdraw(number: int, *, by: str | None, as_json: bool, config: Path | None) -> int:
    """Let it be. Anybody may, until the removal has begun."""
    from wiazka.deaccession.person import person_here
    from wiazka.ledger.keeping import keep_ledger
    from wiazka.settings import load
    from wiazka.stores.opening import open_stores

    with open_catalogue(config) as catalogue:
        let_be = catalogue.deaccessions.withdraw(number, by=person_here(by), at=datetime.now(UTC))
        # A catalogue rebuilt without this event would carry out what was withdrawn.
        settings = load(config)
        keep_ledger(catalogue, open_stores(settings), settings.ledger)
        _tell(catalogue, let_be, as_json=as_json)
    return 0


@deaccession.command("list", epilog=examples("wiazka deaccession list"))
@common
def list_(*, as_json: bool, config: Path | None) -> int:
    """List all deaccessions, and how far each has come."""
    with open_catalogue(config) as catalogue:
        known = catalogue.deaccessions.all()
        if as_json:
            print_json({"deaccessions": [deaccession_json(catalogue, one) for one in known]})
            return 0
        for one in known:
            _say(told(catalogue, one))
        if not known:
            _say("There are none.")
    return 0


@deaccession.command(epilog=examples("wiazka deaccession run", "wiazka deaccession run --json"))
@common
def run(*, as_json: bool, config: Path | None) -> int:
    """Carry out what is due, and go on with what was begun.

    The only command that removes objects; it needs a key that may (config/iam/deaccession.json).
    Nothing goes while one object of a package is locked in any store that answers.
    """
    from wiazka.deaccession.run import removing_stores, run_due
    from wiazka.ledger.keeping import keep_ledger
    from wiazka.settings import load

    settings = load(config)
    stores = removing_stores(settings)
    codes = {0}
    done = []
    with open_catalogue(config) as catalogue:
        for carried in run_due(catalogue, stores):
            codes |= {fault.exit_code for fault in carried.faults}
            done.append(_carried_json(catalogue, carried))
            if not as_json:
                _tell_carried(carried)
        if done:
            keep_ledger(catalogue, stores, settings.ledger)
    if as_json:
        print_json({"deaccessions": done})
    elif not done:
        _say("Nothing is due.")
    return max(codes)


def told(catalogue: "Catalogue", one: "Deaccession") -> str:
    """A deaccession in one sentence or two: who, what, why, and how far it has come."""
    begun = f"{one.id}  {one.target}: asked for by {one.requested_by}"
    return f"{begun} on {one.requested_at:%Y-%m-%d}: {one.reason}  [{_state(catalogue, one)}]"


def deaccession_json(catalogue: "Catalogue", one: "Deaccession") -> dict[str, object]:
    """A deaccession in the shape that docs/deaccession.md gives it."""
    removal = catalogue.deaccessions.removal(one)

    def moment(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "number": one.id,
        "id": one.identity,
        "version": one.version,
        "reason": one.reason,
        "state": _state(catalogue, one),
        "requested_by": one.requested_by,
        "requested_at": moment(one.requested_at),
        "approved_by": one.approved_by,
        "approved_at": moment(one.approved_at),
        "due_at": moment(one.due_at),
        "withdrawn_by": one.withdrawn_by,
        "withdrawn_at": moment(one.withdrawn_at),
        "done_at": moment(one.done_at),
        "versions": list(removal.versions) if removal else None,
        "removed_from": list(removal.removed_from) if removal else [],
    }


def _state(catalogue: "Catalogue", one: "Deaccession") -> str:
    if one.withdrawn_at:
        return f"withdrawn by {one.withdrawn_by} on {one.withdrawn_at:%Y-%m-%d}"
    if one.done_at:
        return f"done on {one.done_at:%Y-%m-%d}, approved by {one.approved_by}"
    if removal := catalogue.deaccessions.removal(one):
        return f"removed from {', '.join(removal.removed_from) or 'no store yet'}; not from all yet"
    if one.due_at:
        return f"approved by {one.approved_by}, due on {one.due_at:%Y-%m-%d %H:%M} UTC"
    return "waits for another person to approve it"


def _target(catalogue: "Catalogue", text: str, number: int | None, config: Path | None) -> str:
    """The identity meant; what no catalogue knows has to lie in a store. Raises NotFoundError."""
    from wiazka.deaccession.run import held_somewhere, removing_stores
    from wiazka.errors import NotFoundError
    from wiazka.settings import load

    try:
        identity = catalogue.resolve(text)
    except NotFoundError:
        if "/" not in text or number is None:
            raise
        identity = text
    if number is None:
        return identity
    if any(version.number == number for version in catalogue.versions(identity)):
        return identity
    if not held_somewhere(removing_stores(load(config)), identity, number):
        raise NotFoundError(
            f"Neither the catalogue nor a store that answers has a version {number} of "
            f"{identity!r}.",
            f"'wiazka show {identity}' lists its versions.",
        )
    return identity


def _tell(catalogue: "Catalogue", one: "Deaccession", *, as_json: bool) -> None:
    if as_json:
        print_json(deaccession_json(catalogue, one))
    else:
        _say(told(catalogue, one))


def _carried_json(catalogue: "Catalogue", carried: "Carried") -> dict[str, object]:
    return {
        **deaccession_json(catalogue, carried.deaccession),
        "stores": list(carried.stores),
        "problems": [
            {"code": fault.code, "message": fault.message, "hint": fault.hint}
            for fault in carried.faults
        ],
    }


def _tell_carried(carried: "Carried") -> None:
    one, removal = carried.deaccession, carried.removal
    gone = len(removal.removed_from) if removal else 0
    mark = "✘" if carried.faults else "✔"
    _say(f"{mark} {one.id}  {one.target}: removed from {gone} of {len(carried.stores)} stores")
    for fault in carried.faults:
        _say(f"    {fault.message}")
        _say(f"    {fault.hint}")


def _say(text: str) -> None:
    console().print(text, markup=False)
