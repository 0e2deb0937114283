"""An audit with its report: what an admin reads in the morning and an auditor asks for."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wiazka import __version__
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Audit, CopyCheck
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.audit import run_audit
from wiazka.fixity.scope import Scope
from wiazka.ledger.keeping import keep_ledger
from wiazka.report.fixity import Coverage, FixityReport, StoreResult, fixity_html, fixity_text
from wiazka.report.page import write_whole
from wiazka.settings import Settings
from wiazka.stores.base import Store

COVERAGE_DAYS = 90


def audit_and_report(
    settings: Settings,
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    scope: Scope,
    tell: Callable[[CopyCheck], None] = lambda _: None,
) -> tuple[Audit, Path]:
    """Run an audit and write its report, as HTML and as text; the audit, and the HTML's path.

    Raises what ``run_audit`` raises.
    """
    tally = _Tally()

    def counted(check: CopyCheck) -> None:
        tally.count(check)
        tell(check)

    done = run_audit(catalogue, stores, scope, counted)
    # With keys that may only read it stays for the next ingest.
    keep_ledger(catalogue, stores, settings.ledger)
    report = FixityReport(
        archive=settings.archive,
        agent=f"wiazka {__version__}",
        began=done.begun,
        ended=done.ended or datetime.now(UTC),
        grade=done.grade,
        stores=tally.results(stores),
        findings=done.findings,
        coverage=_coverage(catalogue),
    )
    path = settings.reports / "audits" / f"{done.begun:%Y-%m-%d}_{done.id}.html"
    write_whole(path, fixity_html(report))
    write_whole(path.with_suffix(".txt"), fixity_text(report))
    return done, path


class _Tally:
    """What an audit did in each store, counted as it goes along."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Counter[Outcome]] = {}
        self._bytes: Counter[str] = Counter()

    def count(self, check: CopyCheck) -> None:
        if check.identity is not None:
            self._outcomes.setdefault(check.store, Counter())[check.outcome] += 1
            self._bytes[check.store] += check.bytes

    def results(self, stores: Mapping[str, Store]) -> tuple[StoreResult, ...]:
        return tuple(
            StoreResult(
                store=name,
                place=stores[name].place if name in stores else "no longer configured",
                copies=outcomes.total(),
                bytes_read=self._bytes[name],
                outcomes=tuple(sorted(outcomes.items())),
            )
            for name, outcomes in self._outcomes.items()
        )


def _coverage(catalogue: Catalogue) -> Coverage:
    """How many copies were proved by reading: from what was seen, not from what was planned."""
    since = datetime.now(UTC) - timedelta(days=COVERAGE_DAYS)
    groups = [
        group
        for store in catalogue.audits.stores()
        for group in catalogue.audits.ages(Grade.READ, store, since)
    ]
    proved = sum(group.copies for group in groups if group.in_time and group.standing >= 0)
    return Coverage(proved, sum(group.copies for group in groups), COVERAGE_DAYS)
