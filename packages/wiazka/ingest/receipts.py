"""Receipts and lists of problems, written where their readers look for them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from wiazka import __version__
from wiazka.catalogue.model import File, State, Version, VersionState
from wiazka.ingest.changes import changes_of
from wiazka.ingest.model import Desk
from wiazka.ingest.package import full_record
from wiazka.ingest.pages import first_scans, shown_pages
from wiazka.intake.model import Submission
from wiazka.phrase import Lang, Phrase, say, say_many
from wiazka.record.changes import changes_in_words
from wiazka.record.model import Changes, Record
from wiazka.report.kept import KeptReceipt
from wiazka.report.model import LeftOutFile, Receipt, ReceiptState
from wiazka.report.page import file_name, write_whole
from wiazka.report.problems import DeliveryProblems, DocumentProblems, problems_text
from wiazka.report.proof import CopyProof
from wiazka.report.receipt import receipt_html, receipt_text
from wiazka.report.registration import keeping_proof
from wiazka.report.words import size_in_words
from wiazka.settings import Settings

AGENT = f"wiazka {__version__}"


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
        again = file_name(f"v{version.number}_{submission.delivery}_{submission.folder}")
        path = path.with_name(f"{again}.html")
    receipt = _receipt(desk, submission, facts)
    if facts.state is not State.ALREADY_HELD:
        _keep(desk, path, receipt, submission.lang, version)
    _write(path, receipt, submission.lang)
    return path


def renew_receipt(desk: Desk, version: Version, cause: str | None) -> tuple[Path, Lang] | None:
    """Write the receipt of a version anew with what is proved of it by now; its path and language.

    From the receipt as it was kept: what was handed over is not read again, nor need it be there.
    None where no receipt was kept.
    """
    path = receipt_path(desk.settings, version.identity, version.number)
    try:
        kept = KeptReceipt.model_validate_json(_kept(path).read_bytes())
    except (OSError, ValueError):
        return None
    registered = version.state is VersionState.REGISTERED
    receipt = replace(
        kept.receipt,
        state=ReceiptState.REGISTERED if registered else ReceiptState.STORED,
        issued_at=datetime.now(UTC),
        agent=AGENT,
        registered_at=version.registered_at,
        copies=_copies(desk, version),
        cause=cause,
    )
    _write(path, receipt, kept.lang)
    _keep(desk, path, receipt, kept.lang, version)
    return path, kept.lang


def _write(path: Path, receipt: Receipt, lang: Lang) -> None:
    page = receipt_html(receipt, lang)
    with suppress(OSError, UnicodeError):
        page = keeping_proof(page, path.read_text("utf-8"))
    write_whole(path, page)
    write_whole(path.with_name(f"{path.stem}.txt"), receipt_text(receipt, lang))


def _keep(desk: Desk, path: Path, receipt: Receipt, lang: Lang, version: Version) -> None:
    """Keep a receipt as a value for as long as there is more to come."""
    there = {copy.store for copy in desk.catalogue.copies(version.identity, version.number)}
    if version.state is VersionState.REGISTERED and there.issuperset(desk.stores):
        _kept(path).unlink(missing_ok=True)
    else:
        write_whole(_kept(path), KeptReceipt.of(receipt, lang).model_dump_json(by_alias=True))


def _kept(path: Path) -> Path:
    return path.with_name(f"{path.stem}.json")


def _receipt(desk: Desk, submission: Submission, facts: Facts) -> Receipt:
    version = facts.version
    is_new = facts.state is not State.ALREADY_HELD
    changes = changes_of(desk.catalogue, submission, version) if is_new else None
    files = desk.catalogue.files(version.identity, version.number)
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
        copies=_copies(desk, version),
        checksums_verified=submission.checksums_verified,
        left_out=tuple(LeftOutFile(left.name, left.reason) for left in submission.left_out),
        problems=submission.problems,
        thumbnails=first_scans(submission),
        pages=shown_pages(submission),
        checks=submission.checks,
        accepted=submission.accepted,
        cause=facts.cause,
        changed=told_of_changes(full_record(submission), changes, files) if changes else (),
        same_as=facts.same_as,
    )


def _copies(desk: Desk, version: Version) -> tuple[CopyProof, ...]:
    return tuple(
        CopyProof(copy.store, desk.stores[copy.store].place, copy.grade, copy.proved_at)
        for copy in desk.catalogue.copies(version.identity, version.number)
        if copy.store in desk.stores and copy.grade and copy.proved_at
    )


def told_of_changes(record: Record, changes: Changes, files: Iterable[File]) -> tuple[Phrase, ...]:
    """What is new in a version, who changed it and why, and what was not sent again."""
    referred = [file for file in files if file.held_in is not None]
    told = list(changes_in_words(changes))
    if record.changed_by:
        told.append(say("Changed by: {name}.", name=record.changed_by))
    if record.change_note:
        told.append(say("Why: {reason}", reason=record.change_note))
    if referred:
        told.append(
            say_many(
                "{number} file ({size}) was not sent again: an earlier version holds it.",
                "{number} files ({size}) were not sent again: earlier versions hold them.",
                len(referred),
                size=size_in_words(sum(file.size for file in referred)),
            )
        )
    return tuple(told)


def problems_folder(settings: Settings, delivery: str) -> Path:
    """Where wiazka's own lists of a delivery's problems lie."""
    return settings.reports / "problems" / delivery


def write_problems(settings: Settings, submission: Submission) -> Path:
    """Write the list of a refused submission's problems among the reports; its path."""
    folder = problems_folder(settings, submission.delivery)
    path = folder / f"{file_name(submission.folder)}.txt"
    told = DocumentProblems(submission.folder, ReceiptState.REFUSED, submission.problems)
    delivery = DeliveryProblems(
        settings.archive, submission.delivery, datetime.now(UTC), AGENT, (told,)
    )
    write_whole(path, problems_text(delivery, submission.lang))
    return path
