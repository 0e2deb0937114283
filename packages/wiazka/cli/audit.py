"""wiazka audit: prove that every byte is still there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.amounts import Budget
from wiazka.cli.amounts import AGE, BUDGET
from wiazka.cli.incident import moved_json, tell_moved
from wiazka.cli.output import common, console, examples, print_json, size_in_words

if TYPE_CHECKING:
    from wiazka.catalogue.fixity_model import Audit, CopyCheck, Finding

_WAITING = frozenset({"denied", "throttled"})


@click.command(
    epilog=examples(
        "wiazka audit",
        "wiazka audit --store s3 --older-than 90d --budget 50GiB",
        "wiazka audit --grade stored-digest 1962_depesza_hawana",
        "wiazka audit --grade recomputed --store cold --report job-1f2e/manifest.json",
    )
)
@click.argument("identities", metavar="[ID…]", nargs=-1)
@click.option("--store", help="Only the copies in this store.")
@click.option(
    "--grade",
    type=click.Choice(["read", "recomputed", "stored-digest", "size"]),
    default="read",
    show_default=True,
    help="How strong a proof: read fetches and hashes every byte.",
)
@click.option("--older-than", type=AGE, help="Only what was not proved for so long: 90d, 12h.")
@click.option("--budget", type=BUDGET, help="Stop after so much: 50GiB or 30min.")
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="For recomputed: manifest.json of an S3 Batch Operations report, or its CSV; repeatable.",
)
@click.option(
    "--job-created",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help="When the report's job was created, in UTC.",
)
@common
def audit(  # noqa: PLR0913 - one for each option
    identities: tuple[str, ...],
    store: str | None,
    grade: str,
    older_than: timedelta | None,
    budget: Budget | None,
    reports: tuple[Path, ...],
    job_created: datetime | None,
    *,
    as_json: bool,
    config: Path | None,
) -> int:
    """Check copies against what was handed over, the least recently proved first.

    Nothing that a store says of itself is believed beyond its grade; a difference is looked at
    twice before it is reported. Needs only the right to read.
    """
    from wiazka.cli.recomputed import audit_by_report
    from wiazka.errors import UsageError
    from wiazka.evidence import Grade
    from wiazka.fixity.audit import Scope
    from wiazka.fixity.reported import audit_and_report
    from wiazka.ingest.desk import open_desk
    from wiazka.settings import load

    if (grade == "recomputed") != bool(reports):
        raise UsageError(
            "Only a provider can recompute digests at rest, and only its report tells of it.",
            "Give both: --grade recomputed --store NAME --report manifest.json",
        )
    if reports:
        return audit_by_report(store, reports, job_created, config, as_json=as_json)
    settings = load(config)
    with open_desk(settings) as desk:
        scope = Scope(
            grade=Grade(grade),
            store=store,
            older_than=older_than,
            identities=[desk.catalogue.resolve(text) for text in identities] or None,
            bytes=budget.bytes if budget else None,
            duration=budget.duration if budget else None,
        )
        done, report = audit_and_report(
            settings, desk.catalogue, desk.stores, scope, _teller(quiet=as_json)
        )
        moved = desk.catalogue.incidents.of_audit(done.id)
    if as_json:
        print_json({**audit_json(done), "incidents": moved_json(moved), "report": str(report)})
    else:
        _show_end(done)
        tell_moved(moved)
        console().print(f"Report: {report}", markup=False)
    outcomes = {str(finding.outcome) for finding in done.findings}
    if outcomes - _WAITING:
        return 1
    return 3 if outcomes else 0


def audit_json(done: "Audit") -> dict[str, object]:
    """An audit in the shape that DESIGN §8 gives it."""
    return {
        "checked": done.checked,
        "bytes": done.bytes,
        "grade": done.grade,
        "findings": [_finding_json(finding) for finding in done.findings],
    }


def _finding_json(finding: "Finding") -> dict[str, object]:
    return {
        "outcome": finding.outcome,
        "store": finding.store,
        "id": finding.identity,
        "version": finding.version,
        "path": finding.path,
        "grade": finding.grade,
        "expected": finding.expected,
        "observed": finding.observed,
    }


def _teller(*, quiet: bool) -> "Callable[[CopyCheck], None]":
    out = console()

    def tell(check: "CopyCheck") -> None:
        if quiet:
            return
        what = f"{check.identity} v{check.version}" if check.identity else "unknown objects"
        if not check.findings:
            out.print("✔ ", style="green", end="")
            out.print(
                f"{check.store:<8} {what}: {check.files} files, {size_in_words(check.bytes)}, "
                f"proved {check.grade}",
                markup=False,
            )
            return
        out.print(f"✘ {check.store:<8} {what}: {check.outcome}", style="bold red", markup=False)
        for finding in check.findings:
            out.print(f"    {finding.outcome}: {finding.path or check.store}", markup=False)
            if finding.expected:
                out.print(f"      expected {finding.expected}", style="dim", markup=False)
            if finding.observed:
                out.print(f"      found    {finding.observed}", style="dim", markup=False)

    return tell


def _show_end(done: "Audit") -> None:
    out = console()
    copies = "1 copy" if done.checked == 1 else f"{done.checked} copies"
    told = f"{copies} checked at grade {done.grade}, {size_in_words(done.bytes)} read"
    if not done.findings:
        out.print(f"{told}: all well.", markup=False)
        return
    out.print(f"{told}: {len(done.findings)} found.", style="bold", markup=False)
    out.print("Sound copies can be restored: wiazka restore ID --to DIR", markup=False)
