"""The audit flow: copies, the most pressing first, within a budget; watched on Prefect's page."""

from collections import Counter
from itertools import islice
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.credentials import of_block
from flows.marking import MARKED
from flows.progress import Progress
from flows.steps import SomebodyNeeded, as_task
from wiazka import amounts
from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Audit, CopyCheck, Incident
from wiazka.errors import ConfigError
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.audit import Scope
from wiazka.fixity.reported import audit_and_report
from wiazka.ingest.desk import open_desk
from wiazka.settings import load

_UNANSWERED = frozenset({Outcome.DENIED, Outcome.THROTTLED, Outcome.UNKNOWN})
_ROWS = 1000
# Counting more than these would take longer than it tells.
_COUNTED = 100_000


class AuditFound(SomebodyNeeded):
    """An audit found something that is not as it was handed over."""


class StoreDidNotAnswer(SomebodyNeeded):
    """An audit could not look at all copies; what it saw of the others was well."""


@flow(name="audit", **MARKED)
def audit(
    config: str | None = None,
    store: str | None = None,
    grade: str = "read",
    budget: str = "8h",
) -> None:
    """Audit copies; fails when something was found, so that whoever watches the flow is told.

    ``budget``: 8h, 50GiB, 2000req or €5. A run that was stopped is taken up by the next.
    """
    limits = _budget(budget)
    path = Path(config) if config else None
    done, incidents, stores = as_task(
        "audit copies", lambda: _audit(path, store, Grade(grade), limits)
    )
    _show(done, stores)
    outcomes = {finding.outcome for finding in done.findings}
    if outcomes - _UNANSWERED:
        raise AuditFound(_told(done, incidents))
    if outcomes:
        names = sorted({finding.store for finding in done.findings})
        raise StoreDidNotAnswer(
            f"Not all copies could be looked at in {', '.join(names)}. Of damage nothing was seen."
        )


def _budget(text: str) -> Budget:
    try:
        return amounts.budget(text)
    except ValueError as error:
        raise ConfigError(f"The audit's budget cannot be used: {error}") from error


def _audit(
    config: Path | None, store: str | None, grade: Grade, budget: Budget
) -> tuple[Audit, tuple[Incident, ...], "_Stores"]:
    settings = load(config)
    stores = _Stores()
    with open_desk(settings, of_block) as desk:
        progress = Progress("audit-progress", _due(desk.catalogue, store, grade), budget)

        def tell(check: CopyCheck) -> None:
            stores.count(check)
            progress.add(check.bytes)

        scope = Scope(grade, store, bytes=budget.bytes, duration=budget.duration)
        done, _ = audit_and_report(settings, desk.catalogue, desk.stores, scope, tell)
        progress.end()
        moved = desk.catalogue.incidents.of_audit(done.id)
    return done, (*moved.opened, *moved.met), stores


def _due(catalogue: Catalogue, store: str | None, grade: Grade) -> int:
    return sum(1 for _ in islice(catalogue.audits.due(grade, store), _COUNTED))


class _Stores:
    """What was done in each store."""

    def __init__(self) -> None:
        self._copies: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._found: Counter[str] = Counter()

    def count(self, check: CopyCheck) -> None:
        self._copies[check.store] += check.identity is not None
        self._bytes[check.store] += check.bytes
        self._found[check.store] += len(check.findings)

    @property
    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "store": name,
                "copies": self._copies[name],
                "bytes": self._bytes[name],
                "findings": self._found[name],
            }
            for name in sorted(self._copies)
        ]


def _show(done: Audit, stores: _Stores) -> None:
    create_table_artifact(
        key="audit-stores",
        table=stores.rows,
        description=f"Audit {done.id}: {done.checked} copies at grade {done.grade}",
    )
    if done.findings:
        create_table_artifact(
            key="audit-findings",
            table=[
                {
                    "outcome": str(f.outcome),
                    "store": f.store,
                    "package": f.identity,
                    "version": f.version,
                    "path": f.path,
                    "expected": f.expected,
                    "observed": f.observed,
                }
                for f in done.findings[:_ROWS]
            ],
            description=f"Audit {done.id}: {len(done.findings)} findings"
            + (f", the first {_ROWS} of them" if len(done.findings) > _ROWS else ""),
        )


def _told(done: Audit, incidents: tuple[Incident, ...]) -> str:
    told = f"{len(done.findings)} findings in {done.checked} copies."
    named = [f"Incident {one.id}: {one.sentence}" for one in incidents[:5]]
    if len(incidents) > 5:
        named.append(f"And {len(incidents) - 5} more incidents.")
    return " ".join([told, *named])
