"""Reports of fixity: of one audit, read in the morning, and of the whole archive over the years."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import AGENT, Audit, CopyCheck
from wiazka.evidence import Outcome
from wiazka.fixity.audit import run_audit
from wiazka.fixity.history import archive_fixity, coverages
from wiazka.fixity.scope import Scope
from wiazka.ledger.keeping import keep_ledger
from wiazka.report.archive_fixity import archive_fixity_html, archive_fixity_tables
from wiazka.report.archive_fixity_json import archive_fixity_json
from wiazka.report.fixity import FixityReport, StoreResult, fixity_html, fixity_text
from wiazka.report.page import write_whole
from wiazka.report.proving import ArchiveFixity
from wiazka.restore.room import require_room, room_explained
from wiazka.settings import Settings
from wiazka.spending import Spending
from wiazka.stores.base import Store


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
        agent=AGENT,
        began=done.begun,
        ended=done.ended or datetime.now(UTC),
        grade=done.grade,
        stores=tally.results(stores),
        findings=done.findings,
        coverages=coverages(catalogue, settings, done.ended or datetime.now(UTC)),
    )
    path = settings.reports / "audits" / f"{done.begun:%Y-%m-%d}_{done.id}.html"
    write_whole(path, fixity_html(report))
    write_whole(path.with_suffix(".txt"), fixity_text(report))
    return done, path


def audits_and_reports(
    settings: Settings,
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    scopes: Sequence[Scope],
    budget: Budget,
    tell: Callable[[CopyCheck], None] = lambda _: None,
) -> list[tuple[Audit, Path]]:
    """Each scope's audit with its report, all together within ``budget``; none once that is spent.

    Raises what ``run_audit`` raises.
    """
    spending = Spending(budget)
    done = []
    for scope in scopes:
        if spending.is_over:
            break
        within = replace(scope, budget=scope.budget.within(spending.left))
        tell_and_count = _counting(spending, within, tell)
        done.append(audit_and_report(settings, catalogue, stores, within, tell_and_count))
    return done


def _counting(
    spending: Spending, scope: Scope, tell: Callable[[CopyCheck], None]
) -> Callable[[CopyCheck], None]:
    def counted(check: CopyCheck) -> None:
        spending.spend(scope.spent(check))
        tell(check)

    return counted


def report_fixity(
    settings: Settings, catalogue: Catalogue, at: datetime, folder: Path | None = None
) -> tuple[ArchiveFixity, Path]:
    """Write the report of the whole archive's fixity; what it tells, and the page's path.

    Beside the page are its facts as JSON and as tables for a spreadsheet. By default they are in a
    folder of that day among the reports. The folder is made where it is not there; nothing is
    written where not all of it fits. Raises CatalogueError, NoRoom, OSError.
    """
    told = archive_fixity(catalogue, settings, at)
    folder = folder or settings.reports / "fixity" / f"{at:%Y-%m-%d}"
    page = folder / "fixity.html"
    tables = archive_fixity_tables(told, settings.lang)
    texts = {folder / f"{name}.csv": table for name, table in tables.items()}
    texts[folder / "fixity.json"] = archive_fixity_json(told)
    texts[page] = archive_fixity_html(told, settings.lang)
    require_room(folder, sum(len(text.encode()) for text in texts.values()))
    with room_explained(folder):
        for path, text in texts.items():
            write_whole(path, text)
    return told, page


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
