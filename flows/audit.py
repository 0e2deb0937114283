"""The audit flow: copies, the most pressing first, within a budget; watched on Prefect's page."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.credentials import of_block
from flows.marking import MARKED
from flows.progress import Progress
from flows.steps import SomebodyNeeded, as_task, budget_of, grade_of
from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Audit, CopyCheck, Incident
from wiazka.evidence import INCONCLUSIVE, Grade
from wiazka.fixity.plan import scopes_today
from wiazka.fixity.reported import audits_and_reports
from wiazka.fixity.scope import Scope, copies_in, require_price
from wiazka.fixity.terms import terms_of
from wiazka.ingest.desk import open_desk
from wiazka.ingest.model import Desk
from wiazka.settings import load

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
    grade: str | None = None,
    budget: str = "8h",
) -> None:
    """Audit copies; fails when something was found, so that whoever watches the flow is told.

    Without ``store`` and ``grade`` it does what the policies ask for today, and where there are
    none reads all. ``budget``: 8h, 50GiB, 2000req or €5. A run that was stopped is taken up by the
    next.
    """
    limits = budget_of(budget)
    path = Path(config) if config else None
    chosen = grade_of(grade) if grade else None
    done, incidents, stores = as_task("audit copies", lambda: _audit(path, store, chosen, limits))
    _show(done, stores)
    found = [finding for one in done for finding in one.findings]
    outcomes = {finding.outcome for finding in found}
    if outcomes - INCONCLUSIVE:
        raise AuditFound(_told(done, incidents))
    if outcomes:
        names = sorted({finding.store for finding in found})
        raise StoreDidNotAnswer(
            f"Not all copies could be looked at in {', '.join(names)}. Of damage nothing was seen."
        )


def _audit(
    config: Path | None, store: str | None, grade: Grade | None, budget: Budget
) -> tuple[list[Audit], tuple[Incident, ...], "_Stores"]:
    settings = load(config)
    stores = _Stores()
    with open_desk(settings, of_block) as desk:
        scopes = _scopes(desk, store, grade)
        require_price(scopes, budget)
        progress = Progress("audit-progress", _due(desk.catalogue, scopes), budget)

        def tell(check: CopyCheck) -> None:
            stores.count(check)
            progress.add(check.bytes)

        audits = audits_and_reports(settings, desk.catalogue, desk.stores, scopes, budget, tell)
        progress.end()
        done = [one for one, _ in audits]
        moved = desk.catalogue.incidents.of_audit(*(one.id for one in done))
    return done, (*moved.opened, *moved.met), stores


def _scopes(desk: Desk, store: str | None, grade: Grade | None) -> tuple[Scope, ...]:
    settings, catalogue = desk.settings, desk.catalogue
    if settings.fixity and store is None and grade is None:
        return scopes_today(catalogue, settings, datetime.now(UTC))
    return (Scope(grade or Grade.READ, store, terms=terms_of(catalogue, settings)),)


def _due(catalogue: Catalogue, scopes: Sequence[Scope]) -> int:
    now = datetime.now(UTC)
    return sum(1 for scope in scopes for _ in islice(copies_in(catalogue, scope, now), _COUNTED))


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


def _show(done: Sequence[Audit], stores: _Stores) -> None:
    name = f"Audits {', '.join(str(one.id) for one in done)}"
    create_table_artifact(
        key="audit-stores",
        table=stores.rows,
        description=f"{name}: {_checked(done)}",
    )
    found = [finding for one in done for finding in one.findings]
    if found:
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
                for f in found[:_ROWS]
            ],
            description=f"{name}: {len(found)} findings"
            + (f", the first {_ROWS} of them" if len(found) > _ROWS else ""),
        )


def _checked(done: Sequence[Audit]) -> str:
    return "; ".join(f"{one.checked} copies at grade {one.grade}" for one in done) or "none due"


def _told(done: Sequence[Audit], incidents: tuple[Incident, ...]) -> str:
    told = f"{sum(len(one.findings) for one in done)} findings in {_checked(done)}."
    named = [f"Incident {one.id}: {one.sentence}" for one in incidents[:5]]
    if len(incidents) > 5:
        named.append(f"And {len(incidents) - 5} more incidents.")
    return " ".join([told, *named])
