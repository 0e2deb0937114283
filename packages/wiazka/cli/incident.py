"""wiazka incident: what is wrong, by its cause, until it is proved well or explained."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.holdings import open_catalogue
from wiazka.cli.incident_shown import place_json, remedy_json, tell_place, tell_remedy
from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.fixity_model import Incident, Moved

_BY = click.option(
    "--by", metavar="NAME", help="Who you are; else $WIAZKA_PERSON, else your login."
)


@click.group(
    epilog=examples(
        "wiazka incident list",
        "wiazka incident show 3",
        'wiazka incident acknowledge 3 --note "New disk is ordered"',
        'wiazka incident close 3 --reason "The cable was loose; read again by hand, and right"',
    )
)
def incident() -> None:
    """What audits found to be wrong: one incident for each cause, however many files it hit.

    A later audit that proves all of it well closes it by itself. Nothing of it is ever deleted:
    docs/incidents.md.
    """


@incident.command("list", epilog=examples("wiazka incident list", "wiazka incident list --all"))
@click.option("--all", "everything", is_flag=True, help="Also those that are closed.")
@common
def list_(*, everything: bool, as_json: bool, config: Path | None) -> int:
    """List the incidents that are open. Exit code 1 when there are any."""
    with open_catalogue(config) as catalogue:
        known = catalogue.incidents.all() if everything else catalogue.incidents.open()
        if as_json:
            print_json({"incidents": [incident_json(catalogue, one) for one in known]})
        else:
            for one in known:
                _say(line_of(catalogue, one))
            if not known:
                _say("There are none." if everything else "None is open.")
    return 1 if any(one.is_open for one in known) else 0


@incident.command(epilog=examples("wiazka incident show 3", "wiazka incident show 3 --json"))
@click.argument("number", type=int)
@common
def show(number: int, *, as_json: bool, config: Path | None) -> int:
    """Tell an incident's story: what was seen where, who knows of it, and what mends it."""
    from wiazka.fixity.incidents import remedies_of, story_of

    with open_catalogue(config) as catalogue:
        one = catalogue.incidents.one(number)
        doubts = catalogue.incidents.doubts(number)
        seen = catalogue.incidents.last_findings(number)
        story, remedies = story_of(catalogue, one), remedies_of(catalogue, one, doubts, seen)
        if as_json:
            print_json(
                {
                    **incident_json(catalogue, one),
                    "places": [place_json(doubt, seen.get(doubt.place)) for doubt in doubts],
                    "story": [{"at": c.at.isoformat(), "sentence": c.sentence} for c in story],
                    "remedies": [remedy_json(remedy) for remedy in remedies],
                }
            )
            return 0
        _say(line_of(catalogue, one))
        _say("\nStory")
        for chapter in story:
            _say(f"  {chapter.at:%Y-%m-%d %H:%M} UTC  {chapter.sentence}")
        _say("\nPlaces")
        for doubt in doubts:
            tell_place(one, doubt, seen.get(doubt.place))
        if remedies:
            _say("\nTo mend it")
        for remedy in remedies:
            tell_remedy(one, remedy)
    return 0


@incident.command(epilog=examples('wiazka incident acknowledge 3 --note "New disk is ordered"'))
@click.argument("number", type=int)
@click.option("--note", help="What is being done about it; else the note before stays.")
@_BY
@common
def acknowledge(
    number: int, *, note: str | None, by: str | None, as_json: bool, config: Path | None
) -> int:
    """Say that you know of it. It stays open until it is proved well.

    Who says so last sees to it; `show` tells of everybody who did.
    """
    from wiazka.deaccession.person import person_here

    with open_catalogue(config) as catalogue:
        one = catalogue.incidents.acknowledge(
            number,
            by=person_here(by),
            at=datetime.now(UTC),
            note=None if note is None else " ".join(note.split()),
        )
        _end(catalogue, one, config, as_json=as_json)
    return 0


@incident.command(
    epilog=examples('wiazka incident close 3 --reason "False alarm: the cable was loose"')
)
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why it is no damage; it stays for ever.")
@_BY
@common
def close(number: int, *, reason: str, by: str | None, as_json: bool, config: Path | None) -> int:
    """Close a false alarm, with a reason. What is mended is closed by the next audit by itself.

    The same seen again opens a new incident, which tells that this one was closed and why.
    """
    from wiazka.deaccession.person import person_here
    from wiazka.errors import UsageError

    if not reason.strip():
        raise UsageError("The reason is empty.", 'A right one: --reason "The cable was loose"')
    with open_catalogue(config) as catalogue:
        one = catalogue.incidents.close(
            number, by=person_here(by), at=datetime.now(UTC), reason=" ".join(reason.split())
        )
        _end(catalogue, one, config, as_json=as_json)
    return 0


def line_of(catalogue: "Catalogue", one: "Incident") -> str:
    """An incident in one line."""
    return f"{one.id}  {one.sentence}  [{_state(catalogue, one)}]"


def incident_json(catalogue: "Catalogue", one: "Incident") -> dict[str, object]:
    """An incident in the shape that docs/incidents.md gives it."""
    doubts = catalogue.incidents.doubts(one.id)

    def moment(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "number": one.id,
        "state": "open" if one.is_open else "closed",
        "outcome": one.outcome,
        "store": one.store,
        "sentence": one.sentence,
        "opened_at": moment(one.opened_at),
        "opened_by": f"audit {one.opened_by}",
        "last_seen_at": moment(one.last_seen_at),
        "findings": catalogue.incidents.findings(one.id),
        "in_doubt": len({doubt.place for doubt in doubts if doubt.settled_at is None}),
        "of": len({doubt.place for doubt in doubts}),
        "acknowledged_by": one.acknowledged_by,
        "acknowledged_at": moment(one.acknowledged_at),
        "note": one.note,
        "closed_at": moment(one.closed_at),
        "closed_by": one.closed_by,
        "closed_because": one.closed_because,
    }


def moved_json(moved: "Moved") -> dict[str, list[int]]:
    """The numbers of the incidents that an audit opened, met again and closed."""
    return {
        "opened": [one.id for one in moved.opened],
        "met": [one.id for one in moved.met],
        "closed": [one.id for one in moved.closed],
    }


def tell_moved(moved: "Moved") -> None:
    """The incidents that an audit opened, met again and closed, a line each."""
    for what, some in (("opened", moved.opened), ("met again", moved.met)):
        for one in some:
            _say(f"Incident {one.id} {what}: {one.sentence}  wiazka incident show {one.id}")
    for one in moved.closed:
        _say(f"Incident {one.id} closed: {one.closed_because}")


def _state(catalogue: "Catalogue", one: "Incident") -> str:
    if one.closed_at:
        return f"closed on {one.closed_at:%Y-%m-%d} by {one.closed_by}: {one.closed_because}"
    doubts = catalogue.incidents.doubts(one.id)
    places = {doubt.place for doubt in doubts}
    left = {doubt.place for doubt in doubts if doubt.settled_at is None}
    seen = f"open, seen last on {one.last_seen_at:%Y-%m-%d %H:%M} UTC"
    known = f", acknowledged by {one.acknowledged_by}" if one.acknowledged_by else ""
    note = f": {one.note}" if one.note else ""
    return f"{seen}, {len(left)} of {len(places)} not proved well{known}{note}"


def _end(catalogue: "Catalogue", one: "Incident", config: Path | None, *, as_json: bool) -> None:
    from wiazka.ledger.keeping import keep_ledger
    from wiazka.settings import load
    from wiazka.stores.opening import open_stores

    # What a person said is not to be lost with the catalogue.
    settings = load(config)
    keep_ledger(catalogue, open_stores(settings), settings.ledger)
    if as_json:
        print_json(incident_json(catalogue, one))
    else:
        _say(line_of(catalogue, one))


def _say(text: str) -> None:
    console().print(text, markup=False)
