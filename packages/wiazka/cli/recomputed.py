"""wiazka audit --grade recomputed: what a provider's report proves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wiazka.cli.incident import moved_json, tell_moved
from wiazka.cli.output import console, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.fixity_model import Audit
    from wiazka.fixity.recomputed import Evidence, Imported


def audit_by_report(
    store: str | None,
    paths: Sequence[Path],
    job_created: datetime | None,
    config: Path | None,
    *,
    as_json: bool,
) -> int:
    """Import a report and tell what it proves; the exit code.

    Raises UsageError for a store that has no such reports and where nobody says when the job was
    created, and what ``import_report`` raises.
    """
    from wiazka.cli.audit_shown import audit_json
    from wiazka.errors import UsageError
    from wiazka.fixity.completion import open_report
    from wiazka.fixity.recomputed import evidence, import_report
    from wiazka.ingest.desk import open_desk
    from wiazka.ledger.keeping import keep_ledger
    from wiazka.settings import load
    from wiazka.settings_of_stores import S3Store

    settings = load(config)
    chosen = settings.stores.get(store or "")
    if store is None or not isinstance(chosen, S3Store):
        buckets = [name for name, one in settings.stores.items() if isinstance(one, S3Store)]
        raise UsageError(
            f"A report is of one S3 store, and {store!r} is none."
            if store
            else "A report is of one store, and none was named.",
            f"Give one of: {', '.join(f'--store {name}' for name in buckets) or 'there is none'}.",
        )
    if job_created is None:
        # Neither manifest.json nor the name of the job's folder has it; a job may run for weeks.
        raise UsageError(
            "A report says when it was made, and not how much older its digests are.",
            "Say when its job was created, in UTC (CreationTime in aws s3control describe-job): "
            "--job-created 2026-11-05T16:00:00",
        )
    report = open_report(paths)
    created = job_created.replace(tzinfo=job_created.tzinfo or UTC)
    with open_desk(settings) as desk:
        proof = evidence(desk.stores[store], chosen, report, created)
        done, imported = import_report(desk.catalogue, proof, settings.paths.home)
        keep_ledger(desk.catalogue, desk.stores, desk.settings.ledger)
        moved = desk.catalogue.incidents.of_audit(done.id)
    if as_json:
        print_json(
            {**audit_json(done), "incidents": moved_json(moved), **_report_json(proof, imported)}
        )
    else:
        _tell(proof, done, imported)
        tell_moved(moved)
    return 1 if done.findings or imported.unknown else 0


def _report_json(proof: "Evidence", imported: "Imported") -> dict[str, object]:
    return {
        "job_created": proof.began.isoformat(),
        "report_made": proof.made_at.isoformat(),
        "rows": imported.rows,
        "proved": imported.proved,
        "damaged": imported.damaged,
        "not_covered": dict(imported.left_out),
        "first_not_covered": imported.first_left_out,
        "unknown": imported.unknown,
        "first_unknown": imported.first_unknown,
        "elsewhere": imported.elsewhere,
    }


def _tell(proof: "Evidence", done: "Audit", imported: "Imported") -> None:
    out = console()

    def say(text: str) -> None:
        out.print(text, markup=False)

    say(
        f"Report of {proof.made_at:%Y-%m-%d %H:%M} UTC about {proof.store.place}: "
        f"{imported.rows} objects."
    )
    say(f"✔ {imported.proved} copies proved recomputed: every file of theirs has its first digest.")
    if imported.damaged:
        say(f"✘ {imported.damaged} copies are not as they were handed over:")
    for finding in done.findings:
        say(f"    {finding.outcome}: {finding.identity} v{finding.version} {finding.path}")
        say(f"      expected {finding.expected}")
        say(f"      reported {finding.observed}")
    for why, number in imported.left_out.most_common():
        say(f"· {number} copies not covered: {why}")
    for line in imported.first_left_out:
        say(f"    {line}")
    if imported.unknown:
        say(f"! {imported.unknown} objects that the catalogue does not know:")
    for key in imported.first_unknown:
        say(f"    {key}")
    if imported.elsewhere:
        say(f"· {imported.elsewhere} objects of other buckets or prefixes")
