"""The audit flow: copies, the least recently proved first, within a budget of hours."""

from datetime import timedelta
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.credentials import of_block
from flows.steps import as_task
from wiazka.amounts import Budget
from wiazka.catalogue.fixity_model import Audit
from wiazka.evidence import Grade
from wiazka.fixity.reported import audit_and_report
from wiazka.fixity.scope import Scope
from wiazka.ingest.desk import open_desk
from wiazka.settings import load


class AuditFound(Exception):
    """An audit found something that is not as it was handed over."""


@flow(name="audit", persist_result=False)
def audit(
    config: str | None = None,
    store: str | None = None,
    grade: str = "read",
    budget_hours: float = 8,
) -> None:
    """Audit copies; fails when something was found, so that whoever watches the flow is told."""
    done: Audit = as_task("audit copies", lambda: _audit(config, store, grade, budget_hours))
    if not done.findings:
        return
    create_table_artifact(
        key="findings",
        table=[
            {"outcome": str(f.outcome), "store": f.store, "package": f.identity, "path": f.path}
            for f in done.findings[:1000]
        ],
        description=f"Audit {done.id}: {len(done.findings)} findings in {done.checked} copies",
    )
    raise AuditFound(f"{len(done.findings)} findings in {done.checked} copies")


def _audit(config: str | None, store: str | None, grade: str, budget_hours: float) -> Audit:
    settings = load(Path(config) if config else None)
    with open_desk(settings, of_block) as desk:
        scope = Scope(Grade(grade), store, budget=Budget(duration=timedelta(hours=budget_hours)))
        return audit_and_report(settings, desk.catalogue, desk.stores, scope)[0]
