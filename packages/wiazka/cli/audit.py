"""wiazka audit: prove that every byte is still there."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.amounts import Budget
from wiazka.cli.amounts import AGE, BUDGET, SHARE
from wiazka.cli.audit_shown import audits_json, sample_json, show_end, show_sample, teller
from wiazka.cli.incident import moved_json, tell_moved
from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.fixity_model import Audit
    from wiazka.fixity.scope import Scope
    from wiazka.ingest.model import Desk


@click.command(
    epilog=examples(
        "wiazka audit",
        "wiazka audit --plan",
        "wiazka audit --store s3 --older-than 90d --budget 50GiB",
        "wiazka audit --store glacier --sample 5% --budget €20",
        "wiazka audit --grade stored-digest 1962_depesza_hawana",
        "wiazka audit --grade recomputed --store cold --report job-1f2e/manifest.json "
        "--job-created 2026-11-05T16:00:00",
    )
)
@click.argument("identities", metavar="[ID…]", nargs=-1)
@click.option("--store", help="Only the copies in this store.")
@click.option(
    "--grade",
    type=click.Choice(["read", "recomputed", "stored-digest", "size", "listed"]),
    help="How strong a proof: read (where none is given) fetches and hashes every byte.",
)
@click.option("--older-than", type=AGE, help="Only what was not proved for so long: 90d, 12h.")
@click.option("--sample", type=SHARE, help="Only so much of it, drawn by chance: 5%.")
@click.option("--seed", help="Draw the same sample again: the seed that was told with it.")
@click.option("--budget", type=BUDGET, help="Stop after so much: 50GiB, 2000req, 30min or €5.")
@click.option(
    "--report",
    "told_by",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="For recomputed: manifest.json of an S3 Batch Operations report, or its CSV; repeatable.",
)
@click.option(
    "--job-created",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help="With --report: when its job was created, in UTC. The proof is dated so.",
)
@click.option("--plan", is_flag=True, help="Check nothing: show what would be, and what it costs.")
@common
def audit(  # noqa: PLR0913 - one for each option
    identities: tuple[str, ...],
    *,
    store: str | None,
    grade: str | None,
    older_than: timedelta | None,
    sample: Fraction | None,
    seed: str | None,
    budget: Budget | None,
    told_by: tuple[Path, ...],
    job_created: datetime | None,
    plan: bool,
    as_json: bool,
    config: Path | None,
) -> int:
    """Check copies against what was handed over, the least recently proved first.

    Where the configuration has policies ([fixity.STORE]) and no ID, --store, --grade, --older-than
    or --sample is given: what the policies ask for today. Else all that the options say, and with
    none of them every byte in every store.

    Nothing that a store says of itself is believed beyond its grade; a difference is looked at
    twice before it is reported. Needs only the right to read.
    """
    from wiazka.cli.recomputed import audit_by_report
    from wiazka.errors import UsageError
    from wiazka.evidence import INCONCLUSIVE
    from wiazka.fixity.audit import require_store
    from wiazka.fixity.plan import scopes_today, without_policy
    from wiazka.fixity.proposal import proposals
    from wiazka.fixity.reported import audits_and_reports
    from wiazka.fixity.scope import require_price
    from wiazka.ingest.desk import open_desk
    from wiazka.settings import load

    if (grade == "recomputed") != bool(told_by):
        raise UsageError(
            "Only a provider can recompute digests at rest, and only its report tells of it.",
            "Give both: --grade recomputed --store NAME --report manifest.json",
        )
    if told_by:
        return audit_by_report(store, told_by, job_created, config, as_json=as_json)
    settings = load(config)
    chosen = any((identities, store, grade, older_than, sample))
    by_policy = bool(settings.fixity) and not chosen
    with open_desk(settings) as desk:
        # A plan tells it among its own warnings.
        unasked = without_policy(desk.catalogue, settings) if by_policy and not plan else {}
        for told in (*desk.moved, *unasked.values()):
            console(stderr=True).print(told, style="yellow", markup=False)
        scopes: tuple[Scope, ...]
        if by_policy:
            scopes = scopes_today(desk.catalogue, settings, datetime.now(UTC))
        else:
            ids = [desk.catalogue.resolve(text) for text in identities] or None
            scopes = (_scope(desk, ids, store, grade, older_than, sample, seed),)
        require_store(desk.stores, store)
        require_price(scopes, budget or Budget())
        if plan:
            from wiazka.cli.audit_plan import show_plan

            return show_plan(desk, scopes, budget or Budget(), policies=by_policy, as_json=as_json)
        show = teller(quiet=as_json)
        done = audits_and_reports(
            settings, desk.catalogue, desk.stores, scopes, budget or Budget(), show
        )
        moved = desk.catalogue.incidents.of_audit(*(audit.id for audit, _ in done))
        found = [finding for audit, _ in done for finding in audit.findings]
        mending = [remedy.told for remedy in proposals(desk.catalogue, found)]
    if as_json:
        audits = [audit for audit, _ in done]
        reports = [str(report) for _, report in done]
        print_json(
            audits_json(audits, by_policy=by_policy)
            | {"incidents": moved_json(moved), "repairs": mending}
            | ({"reports": reports} if by_policy else {"report": reports[0]})
            | sample_json(scopes, audits)
        )
    else:
        _show(done, scopes)
        for command in mending:
            console().print(f"Mend it: {command}", markup=False)
        tell_moved(moved)
    outcomes = {finding.outcome for finding in found}
    if outcomes - INCONCLUSIVE:
        return 1
    return 3 if outcomes else 0


def _scope(
    desk: "Desk",
    identities: list[str] | None,
    store: str | None,
    grade: str | None,
    older_than: timedelta | None,
    sample: Fraction | None,
    seed: str | None,
) -> "Scope":
    import secrets

    from wiazka.errors import UsageError
    from wiazka.evidence import Grade
    from wiazka.fixity.sampling import Sample
    from wiazka.fixity.scope import Scope
    from wiazka.fixity.terms import terms_of

    if seed is not None and sample is None:
        raise UsageError("--seed draws a sample again, and there is none.", "Add --sample 5%.")
    return Scope(
        grade=Grade(grade or Grade.READ),
        store=store,
        older_than=older_than,
        identities=identities,
        sample=Sample(sample, seed or secrets.token_hex(8)) if sample else None,
        terms=terms_of(desk.catalogue, desk.settings),
    )


def _show(done: "list[tuple[Audit, Path]]", scopes: "tuple[Scope, ...]") -> None:
    out = console()
    if not done:
        out.print("Nothing is due today: wiazka audit --plan", markup=False)
    for (audit, report), scope in zip(done, scopes, strict=False):
        show_end(audit, scope.store if scope.portion else None)
        show_sample(scope, audit)
        out.print(f"Report: {report}", markup=False)
