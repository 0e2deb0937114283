"""The repair flow: one package, on command only; what was done is a table."""

from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.credentials import of_block
from flows.steps import SomebodyNeeded, as_task
from wiazka.ingest.desk import open_desk
from wiazka.ledger.keeping import keep_ledger
from wiazka.repair.model import MendedCopy, Wanted
from wiazka.repair.run import run_repair
from wiazka.settings import load


class NotMended(SomebodyNeeded):
    """A copy could not be mended, or not all of it."""


@flow(name="repair", persist_result=False)
def repair(
    identity: str,
    config: str | None = None,
    store: str | None = None,
    source: str | None = None,
) -> None:
    """Mend the copies of a package; fails when one could not be, so that somebody is told."""
    done = as_task("mend copies", lambda: _repair(identity, config, store, source))
    create_table_artifact(
        key="repair",
        table=[_row(one) for one in done],
        description=f"Repair of {identity}",
    )
    if hindered := [one for one in done if one.fault]:
        raise NotMended("; ".join(str(one.fault) for one in hindered))


def _repair(
    identity: str, config: str | None, store: str | None, source: str | None
) -> tuple[MendedCopy, ...]:
    settings = load(Path(config) if config else None)
    with open_desk(settings, of_block) as desk:
        wanted = Wanted(desk.catalogue.resolve(identity), store=store, source=source)
        done = run_repair(settings, desk.catalogue, desk.stores, wanted, credentials=of_block)
        keep_ledger(desk.catalogue, desk.stores, desk.settings.ledger)
    return done


def _row(one: MendedCopy) -> dict[str, str]:
    mended = [fix for fix in one.fixes if fix.done]
    return {
        "store": one.store,
        "version": str(one.version),
        "state": str(one.state),
        "mended": ", ".join(fix.path for fix in mended[:20]),
        "kept": ", ".join(fix.kept for fix in mended[:20] if fix.kept),
        "fault": one.fault.message if one.fault else "",
    }
