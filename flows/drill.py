"""The drill flow: from each store a package that is drawn, and the catalogue, in scratch."""

from functools import partial
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.credentials import of_block
from flows.marking import MARKED
from flows.steps import SomebodyNeeded, as_task, budget_of
from wiazka.amounts import Budget
from wiazka.drill.model import Drilled, Drilling, Wanted
from wiazka.drill.run import run_drill
from wiazka.evidence import Outcome
from wiazka.ingest.desk import open_desk
from wiazka.settings import load


class DrillFailed(SomebodyNeeded):
    """Something could not be had back from a store, or it could not be seen whether it can."""


@flow(name="drill", **MARKED)
def drill(config: str | None = None, store: str | None = None, budget: str = "100GiB") -> None:
    """Drill each store, or one; fails when something did not come back, so that somebody is told.

    ``budget``: what a store's package may have, as ``wiazka drill --budget`` takes it.
    """
    path, limits = Path(config) if config else None, budget_of(budget)
    names = [store] if store else list(load(path).stores)
    done = [as_task(f"drill {name}", partial(_drill, path, name, limits)) for name in names]
    create_table_artifact(
        key="drills",
        table=[row for one in done for row in _rows(one)],
        description="What was restored from each store alone, and thrown away again",
    )
    failed = [one.drill.sentence for some in done for one in some.drilled if _needs_somebody(one)]
    failed += [one.sentence for some in done for one in some.left if not one.well]
    if failed:
        raise DrillFailed(" ".join(failed))


def _drill(config: Path | None, store: str, limits: Budget) -> Drilling:
    settings = load(config)
    wanted = Wanted(store=store, limits=limits)
    with open_desk(settings, of_block) as desk:
        return run_drill(settings, desk.catalogue, desk.stores, wanted, roll=desk.roll)


def _needs_somebody(one: Drilled) -> bool:
    return one.drill.outcome is not Outcome.OK or bool(one.findings)


def _rows(done: Drilling) -> list[dict[str, object]]:
    return [
        {
            "store": one.drill.store,
            "what": one.drill.identity or "the catalogue",
            "version": one.drill.version,
            "outcome": str(one.drill.outcome),
            "bytes": one.drill.bytes,
            "seconds": round(one.seconds, 1),
            "MB/s": round((one.bytes_per_second or 0) / 1e6, 1),
            "told": one.drill.sentence,
        }
        for one in done.drilled
    ]
