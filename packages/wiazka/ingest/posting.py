"""What a delivery's people find beside it, and its accession report: written after each run."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from wiazka.catalogue.model import State
from wiazka.ingest.model import Desk, Result
from wiazka.ingest.receipts import AGENT, problems_folder
from wiazka.intake.junk import PROBLEMS, PROBLEMS_PAGE
from wiazka.intake.shared import lang_of
from wiazka.problem_kinds import CHANGED_WHILE_READ, IN_PROGRESS, NOT_SETTLED, Problem
from wiazka.record.model import Record
from wiazka.report.accession import (
    TAKEN,
    Accession,
    AccessionDocument,
    accession_csv,
    accession_html,
    document_of,
)
from wiazka.report.model import ReceiptState
from wiazka.report.page import file_name, write_whole
from wiazka.report.problems import (
    DeliveryProblems,
    DocumentProblems,
    problems_html,
    problems_text,
)

# Somebody is still at work there: a list written now would be wrong before it is read.
_UNDER_WAY = {NOT_SETTLED.code, IN_PROGRESS.code, CHANGED_WHILE_READ.code}
_TO_TELL = (State.REFUSED, State.HELD)


def post_problems(
    desk: Desk,
    delivery: Path,
    name: str,
    results: Sequence[Result],
    documents: Sequence[AccessionDocument],
    loose: tuple[Problem, ...] = (),
) -> Path | None:
    """Put both lists of problems into a delivery that is not all taken; take away old ones.

    The path of the page. In an inbox that can only be read it lies among the reports; None where
    nothing is to be told, and for a delivery that somebody is still at work in, which is left as
    it is.
    """
    if any(p.code in _UNDER_WAY for result in results for p in result.problems):
        return None
    elsewhere = problems_folder(desk.settings, name)
    if not any(result.state in _TO_TELL for result in results):
        _take_away(delivery)
        _take_away(elsewhere)
        return None
    told = DeliveryProblems(
        desk.settings.archive,
        name,
        datetime.now(UTC),
        AGENT,
        tuple(map(_told, results, documents)),
        loose,
    )
    lang = lang_of(delivery, desk.settings.lang)
    pages = {PROBLEMS_PAGE: problems_html(told, lang), PROBLEMS: problems_text(told, lang)}
    try:
        _write(delivery, pages)
    except OSError:
        _take_away(delivery)
        _write(elsewhere, pages)
        return elsewhere / PROBLEMS_PAGE
    _take_away(elsewhere)
    return delivery / PROBLEMS_PAGE


def write_accession(
    desk: Desk, name: str, documents: Sequence[AccessionDocument], lang: str
) -> Path | None:
    """Write the accession report of a delivery, as a page and as a table; the page's path.

    Documents that an earlier run has kept and whose folders are gone count as well. None where
    nothing of the delivery is kept.
    """
    here = {one.folder for one in documents}
    known = desk.catalogue.submissions_of(name)
    earlier = [
        kept_document(desk, state.folder, state.identity, state.version)
        for state in known
        if state.folder not in here and state.state in (State.REGISTERED, State.ALREADY_HELD)
    ]
    everything = sorted((*documents, *earlier), key=lambda one: one.folder)
    if not any(one.state in TAKEN for one in everything):
        return None
    accession = Accession(desk.settings.archive, name, datetime.now(UTC), AGENT, tuple(everything))
    folder = desk.settings.reports / "accessions"
    path = folder / f"{file_name(name)}.html"
    write_whole(path, accession_html(accession, lang))
    write_whole(folder / f"{file_name(name)}.csv", accession_csv(accession, lang))
    return path


def documents_of(desk: Desk, results: Iterable[Result]) -> list[AccessionDocument]:
    """The documents of results: as they were read, or as the catalogue has them."""
    return [_document(desk, result) for result in results]


def kept_document(
    desk: Desk, folder: str, identity: str | None, version: int | None
) -> AccessionDocument:
    """A document that an earlier run has kept, from its record in the catalogue."""
    record = Record()
    if identity is not None:
        kept = desk.catalogue.version(identity, version)
        # A record of an older model, which a later wiazka cannot read, is still in its bag.
        with suppress(ValueError):
            record = Record.model_validate_json(kept.record_json)
        record = record if record.title else record.model_copy(update={"title": kept.title})
    return document_of(record, folder, ReceiptState.ALREADY_HELD, (identity, version))


def _document(desk: Desk, result: Result) -> AccessionDocument:
    if result.handed:
        return replace(
            result.handed.document,
            state=ReceiptState(result.state),
            identity=result.identity,
            version=result.version,
            problems=len(result.problems),
        )
    if result.state is State.ALREADY_HELD:
        return kept_document(desk, result.folder, result.identity, result.version)
    return AccessionDocument(
        result.folder, ReceiptState(result.state), problems=len(result.problems)
    )


def _told(result: Result, document: AccessionDocument) -> DocumentProblems:
    return DocumentProblems(
        result.folder,
        ReceiptState(result.state),
        result.problems,
        document.title,
        result.sentence if result.state is State.FAILED else None,
        document.files,
        document.size,
        result.handed.pictures if result.handed else (),
    )


def _write(folder: Path, pages: dict[str, str]) -> None:
    for name, page in pages.items():
        write_whole(folder / name, page)


def _take_away(folder: Path) -> None:
    for name in (PROBLEMS, PROBLEMS_PAGE):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
