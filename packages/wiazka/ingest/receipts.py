"""Receipts and lists of problems, written where their readers look for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wiazka import __version__
from wiazka.catalogue.model import State, Version
from wiazka.errors import Problem
from wiazka.ingest.model import Desk, Result
from wiazka.ingest.package import full_record
from wiazka.ingest.redelivery import changed_since
from wiazka.intake.junk import PROBLEMS
from wiazka.intake.model import FileRole, SourceFile, Submission
from wiazka.report.model import LeftOutFile, Receipt, ReceiptState, Thumbnail
from wiazka.report.page import write_whole
from wiazka.report.problems import problems_text
from wiazka.report.proof import CopyProof
from wiazka.report.receipt import receipt_html, receipt_text
from wiazka.report.thumbnail import thumbnail
from wiazka.settings import Archive, Settings

AGENT = f"wiazka {__version__}"
_THUMBNAILS = 6


@dataclass(frozen=True, slots=True)
class Facts:
    """What a receipt says beside the submission itself."""

    state: State
    version: Version
    same_as: str | None = None
    cause: str | None = None


def receipt_path(settings: Settings, identity: str, number: int) -> Path:
    """Where the receipt of a version lies, as HTML; the plain text lies beside it."""
    return settings.reports / "receipts" / identity / f"v{number}.html"


def write_receipt(desk: Desk, submission: Submission, facts: Facts) -> Path:
    """Write the receipt of a packaged submission, as HTML and as plain text; its HTML path.

    A submission that is already held gets a receipt of its own beside that of its package.
    """
    version = facts.version
    path = receipt_path(desk.settings, version.identity, version.number)
    if facts.state is State.ALREADY_HELD and path.exists():
        path = path.with_name(f"v{version.number}_{submission.delivery}_{submission.folder}.html")
    receipt = _receipt(desk, submission, facts)
    write_whole(path, receipt_html(receipt))
    write_whole(path.with_suffix(".txt"), receipt_text(receipt))
    return path


def _receipt(desk: Desk, submission: Submission, facts: Facts) -> Receipt:
    version = facts.version
    copies = desk.catalogue.copies(version.identity, version.number)
    is_new = facts.state is not State.ALREADY_HELD
    changed = changed_since(desk.catalogue, submission, version) if is_new else None
    return Receipt(
        archive=desk.settings.archive,
        state=ReceiptState(facts.state),
        delivery=submission.delivery,
        folder=submission.folder,
        issued_at=datetime.now(UTC),
        agent=AGENT,
        record=full_record(submission),
        identity=version.identity,
        version=version.number,
        registered_at=version.registered_at,
        content_digest=version.content,
        copies=tuple(
            CopyProof(copy.store, desk.stores[copy.store].place, copy.grade, copy.proved_at)
            for copy in copies
            if copy.store in desk.stores and copy.grade and copy.proved_at
        ),
        checksums_verified=submission.checksums_verified,
        left_out=tuple(LeftOutFile(left.name, left.reason) for left in submission.left_out),
        problems=submission.problems,
        thumbnails=tuple(_thumbnails(submission.files)),
        cause=facts.cause,
        changed=changed.sentence if changed else None,
        same_as=facts.same_as,
    )


def _thumbnails(files: Iterable[SourceFile]) -> Iterable[Thumbnail]:
    scans = [file for file in files if file.role is FileRole.SCAN]
    for scan in scans[:_THUMBNAILS]:
        if data := thumbnail(scan.path, scan.technical.mime):
            yield Thumbnail(scan.path.name, data)


def problems_path(settings: Settings, submission: Submission) -> Path:
    """Where wiazka's own list of a submission's problems lies."""
    return settings.reports / "problems" / submission.delivery / f"{submission.folder}.txt"


def write_problems(settings: Settings, submission: Submission) -> Path:
    """Write the list of a refused submission's problems among the reports; its path."""
    path = problems_path(settings, submission)
    write_whole(path, _problems(settings.archive, submission.folder, submission.problems))
    return path


def post_problems(settings: Settings, delivery: Path, results: Iterable[Result]) -> Path | None:
    """Put ``_PROBLEMS.txt`` into a delivery that has refused submissions, and take away an old one.

    Where the inbox can only be read, the lists among the reports have to do: None.
    """
    target = delivery / PROBLEMS
    refused = [result for result in results if result.state is State.REFUSED]
    try:
        if not refused:
            target.unlink(missing_ok=True)
            return None
        parts = [_problems(settings.archive, r.folder, r.problems) for r in refused]
        write_whole(target, "\n\n".join(parts))
    except OSError:
        return None
    return target


def _problems(archive: Archive, folder: str, problems: Iterable[Problem]) -> str:
    ways = (archive.contact_name, archive.contact_email, archive.contact_phone)
    return problems_text(
        folder,
        problems,
        checked_at=datetime.now(UTC),
        contact=", ".join(way for way in ways if way),
    )
