"""A provider's report against the catalogue: what it proves of a store's copies, and what not.

Expected is what the catalogue has from the first read; the report is only ever what is compared
with it. It is evidence of its own time, and of the objects that lay there then.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wiazka.bag.stored import storage_manifest, stored_file
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import AGENT, Audit, CopyCheck, Finding
from wiazka.catalogue.model import Copy
from wiazka.errors import ObjectMissing, ReportUnusable
from wiazka.evidence import Grade, Outcome, sha256, worst
from wiazka.fixity.completion import Report, Row, rows_of
from wiazka.fixity.rows import Rows, rows_on_disk
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import ObjectInfo, Store
from wiazka.stores.layout import PACKAGES, file_key, manifest_key

# A store tells whole seconds.
_SECOND = timedelta(seconds=1)
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """A report and the store it is of; its digests were computed from ``began`` to ``made_at``.

    So ``began`` is the last moment at which they are sure to say how the objects were.
    """

    store: Store
    bucket: str
    prefix: str
    report: Report
    began: datetime
    made_at: datetime


@dataclass(slots=True)
class Imported:
    """What came of a report, in copies; ``left_out`` by why nothing was proved of them.

    ``unknown``: rows of objects that the catalogue does not know, ``elsewhere``: of another bucket
    or prefix. Of each the first are named.
    """

    rows: int = 0
    proved: int = 0
    damaged: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    first_left_out: list[str] = field(default_factory=list)
    unknown: int = 0
    first_unknown: list[str] = field(default_factory=list)
    elsewhere: int = 0

    def leave_out(self, copy: Copy, why: str, what: str = "") -> None:
        """Count a copy of which nothing is proved."""
        self.left_out[why] += 1
        if len(self.first_left_out) < _NAMED:
            of = f"{copy.identity} v{copy.version}{f' {what}' if what else ''}"
            self.first_left_out.append(f"{of}: {why}")


def evidence(store: Store, settings: S3Store, report: Report, job_created: datetime) -> Evidence:
    """The report as evidence of a store. Raises ReportUnusable that was made before its job."""
    made_at = report.made_at or job_created
    if job_created > made_at or job_created > datetime.now(UTC):
        raise ReportUnusable(
            f"The job cannot have been created at {job_created:%Y-%m-%d %H:%M} UTC: its report is "
            f"of {made_at:%Y-%m-%d %H:%M} UTC.",
            "See CreationTime in aws s3control describe-job.",
        )
    prefix = settings.prefix.strip("/")
    prefix = f"{prefix}/" if prefix else ""
    return Evidence(store, settings.bucket, prefix, report, job_created.astimezone(UTC), made_at)


def import_report(catalogue: Catalogue, proof: Evidence, scratch: Path) -> tuple[Audit, Imported]:
    """Keep what a report proves of the copies in its store, as an audit at grade recomputed.

    Raises ReportUnusable for one of another bucket, and the store's errors.
    """
    done = Imported()
    with rows_on_disk(scratch) as rows:
        done.rows = rows.add(rows_of(proof.report))
        buckets = rows.buckets()
        if proof.bucket not in buckets:
            raise ReportUnusable(
                f"The report is of {', '.join(buckets) or 'no object at all'}, and store "
                f"{proof.store.name!r} is the bucket {proof.bucket}.",
                "Give the report of a job over that bucket, with all tasks in it.",
            )
        number = catalogue.audits.begin(Grade.RECOMPUTED, datetime.now(UTC))
        for copy in catalogue.audits.due(Grade.RECOMPUTED, proof.store.name):
            check = _check(catalogue, proof, rows, copy, done)
            if check is not None:
                catalogue.audits.record(number, check, _sentence(check, proof))
        catalogue.audits.end(number, datetime.now(UTC))
        _count_unmet(rows, proof, done)
    return catalogue.audits.audit(number), done


def _check(
    catalogue: Catalogue, proof: Evidence, rows: Rows, copy: Copy, done: Imported
) -> CopyCheck | None:
    """What the report shows of a copy; None where it proves nothing."""
    expected = _expected(catalogue, copy)
    told = {key: rows.about(proof.bucket, proof.prefix + key) for key, _, _ in expected}
    if not any(told.values()):
        done.leave_out(copy, "not in the report")
        return None
    if max(copy.stored_at, copy.reset_at or copy.stored_at) > proof.began - _SECOND:
        done.leave_out(copy, "stored, mended or moved after the job began, or may have been")
        return None
    last_seen = catalogue.incidents.last_seen(copy.identity, copy.version, copy.store)
    if last_seen is not None and last_seen > proof.began:
        done.leave_out(copy, "found wrong since the job began")
        return None
    lying = {info.key: info for info in proof.store.list(f"{PACKAGES}{copy.identity}/")}
    findings, why = [], []
    for key, path, digest in expected:
        seen = _judge(proof, told[key], key, digest, lying)
        if isinstance(seen, str):
            why.append((seen, path))
        elif seen[0] is not Outcome.OK:
            findings.append(_finding(copy, path, digest, *seen))
    if why and not findings:
        done.leave_out(copy, *why[0])
        return None
    done.damaged += bool(findings)
    done.proved += not findings
    return CopyCheck(
        identity=copy.identity,
        version=copy.version,
        store=copy.store,
        grade=Grade.RECOMPUTED,
        outcome=worst(f.outcome for f in findings),
        files=len(expected) - len(why),
        bytes=0,
        begun=proof.began,
        # A digest may be as old as its job: what was right is sure to have been so only then.
        ended=proof.made_at if findings else proof.began,
        findings=tuple(findings),
        agent=f"S3 Batch Operations, report of {proof.made_at:%Y-%m-%d %H:%M} UTC, by {AGENT}",
    )


def _expected(catalogue: Catalogue, copy: Copy) -> list[tuple[str, str, str]]:
    """Key, path and SHA-256 of all that a copy is to hold, its storage manifest too."""
    version = catalogue.version(copy.identity, copy.version)
    files = catalogue.files(copy.identity, copy.version)
    found = [
        (
            file_key(copy.identity, copy.version, stored_file(file, copy.unchanged)),
            file.path,
            file.sha256,
        )
        for file in files
    ]
    mark = sha256(storage_manifest(version, files, copy.unchanged))
    found.append((manifest_key(copy.identity, copy.version), f"../v{copy.version}.json", mark))
    return found


def _judge(
    proof: Evidence,
    rows: Sequence[Row],
    key: str,
    digest: str,
    lying: Mapping[str, ObjectInfo],
) -> tuple[Outcome, str | None] | str:
    """What the rows about a key show of it, and observed; or why they prove nothing."""
    # What two keys can be told as is evidence of neither.
    rows = [row for row in rows if not _is_of_another(proof, row, key, lying)]
    if not rows:
        return "not in the report"
    info = lying.get(key)
    if info is None:
        if all(row.outcome is Outcome.MISSING for row in rows):
            return Outcome.MISSING, None
        return "no longer there"
    if info.stored_at is None or info.stored_at > proof.began - _SECOND:
        return "put there after the job began, or may have been"
    rows = [row for row in rows if _is_current(proof.store, key, row)]
    if not rows:
        return "only an object that was replaced is in the report"
    if len({(row.sha256, row.outcome) for row in rows}) > 1:
        return "in the report twice, and differently"
    row, etag = rows[0], (info.etag or "").strip('"')
    if row.etag and etag and row.etag != etag:
        return "another object than the one in the report"
    if row.sha256 is not None:
        return (Outcome.OK if row.sha256 == digest else Outcome.CHANGED), row.sha256
    if row.outcome in (Outcome.UNKNOWN, Outcome.MISSING):
        return row.note
    return row.outcome, row.note


def _is_of_another(proof: Evidence, row: Row, key: str, lying: Mapping[str, ObjectInfo]) -> bool:
    """Whether a row can be about another object just as well."""
    others = {other.removeprefix(proof.prefix) for other in row.keys} - {key}
    return any(other in lying for other in others)


def _is_current(store: Store, key: str, row: Row) -> bool:
    """Whether a row is of the version that a reader gets; one that names none is."""
    if row.version_id is None:
        return True
    try:
        return store.head(key).version_id == row.version_id
    except ObjectMissing:
        return False


def _finding(copy: Copy, path: str, digest: str, outcome: Outcome, observed: str | None) -> Finding:
    return Finding(
        outcome,
        copy.store,
        copy.identity,
        copy.version,
        path,
        Grade.RECOMPUTED,
        digest,
        observed,
        expected_from="first read, as the catalogue has it",
    )


def _count_unmet(rows: Rows, proof: Evidence, done: Imported) -> None:
    for row in rows.unmet():
        if row.bucket != proof.bucket or not row.keys[-1].startswith(proof.prefix):
            done.elsewhere += 1
        elif row.keys[-1].startswith(proof.prefix + PACKAGES):
            done.unknown += 1
            if len(done.first_unknown) < _NAMED:
                done.first_unknown.append(row.keys[-1])


def _sentence(check: CopyCheck, proof: Evidence) -> str:
    what = f"{check.identity} v{check.version} in {check.store}"
    by = f"by the provider's report of {proof.made_at:%Y-%m-%d}"
    return f"Audited {what}: {check.told}, {by}."
