"""The accession report of a delivery: what came in, from whom, and what is not there yet."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wiazka.phrase import Phrase, say, say_many
from wiazka.record.model import Record, Role
from wiazka.report.model import HEADLINES, ReceiptState
from wiazka.report.page import render
from wiazka.report.table import csv_table
from wiazka.report.words import size_in_words, spoken
from wiazka.settings import Archive

TAKEN = {ReceiptState.REGISTERED, ReceiptState.ALREADY_HELD}
_YEARS = 40


class Lack(StrEnum):
    """What a full document would have beside its scans."""

    TRANSCRIPTION = "transcription"
    TRANSLATION = "translation"
    RIGHTS = "rights"
    AGREEMENT = "agreement"


LACKS = {
    Lack.TRANSCRIPTION: say("no transcription"),
    Lack.TRANSLATION: say("no translation"),
    Lack.RIGHTS: say("no statement of rights"),
    Lack.AGREEMENT: say("a donor, but no agreement or letter"),
}


_HEADINGS = (
    say("folder"),
    say("title"),
    say("date"),
    say("package"),
    say("version"),
    say("state"),
    say("pages"),
    say("files"),
    say("bytes"),
    say("donors"),
    say("translators"),
    say("funders"),
    say("archive"),
    say("signature"),
    say("rights"),
    say("what is missing"),
    say("problems"),
)


_STATES = {
    ReceiptState.REGISTERED: say("kept"),
    ReceiptState.ALREADY_HELD: say("kept"),
    ReceiptState.STORED: say("not finished"),
    ReceiptState.FAILED: say("not finished"),
    ReceiptState.HELD: say("held back"),
    ReceiptState.REFUSED: say("not taken"),
}


@dataclass(frozen=True, slots=True)
class AccessionDocument:
    """One document of a delivery. ``size`` is bytes; ``problems`` is None where it was not read."""

    folder: str
    state: ReceiptState
    title: str | None = None
    date: str | None = None
    year: int | None = None
    identity: str | None = None
    version: int | None = None
    pages: int = 0
    files: int = 0
    size: int = 0
    donors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    signature: str | None = None
    rights: str | None = None
    lacks: tuple[Lack, ...] = ()
    problems: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The documents that share a donor, translator, archive or statement of rights.

    ``share`` is of the documents of the largest group, in per cent.
    """

    name: str
    documents: int
    pages: int
    size: int
    share: int


@dataclass(frozen=True, slots=True)
class Accession:
    """A delivery as it stands after a run. ``made_at`` is aware."""

    archive: Archive
    delivery: str
    made_at: datetime
    agent: str
    documents: tuple[AccessionDocument, ...]

    @property
    def taken(self) -> tuple[AccessionDocument, ...]:
        """The documents that are kept; all numbers are of these."""
        return tuple(one for one in self.documents if one.state in TAKEN)

    @property
    def open(self) -> tuple[AccessionDocument, ...]:
        """The documents that are not kept yet."""
        return tuple(one for one in self.documents if one.state not in TAKEN)

    @property
    def figures(self) -> tuple[tuple[str, str, str], ...]:
        """The sums as (number, what it counts, "good", "bad" or "")."""
        taken, waiting = self.taken, len(self.open)
        pages = sum(one.pages for one in taken)
        files = sum(one.files for one in taken)
        told: list[tuple[str, str, str]] = [
            (
                str(len(taken)),
                say_many("document kept", "documents kept", len(taken)),
                "good" if taken else "",
            ),
            (str(pages), say_many("page", "pages", pages), ""),
            (str(files), say_many("file", "files", files), ""),
            (size_in_words(sum(one.size for one in taken)), say("in all"), ""),
        ]
        if waiting:
            told.append((str(waiting), say_many("not yet taken", "not yet taken", waiting), "bad"))
        return tuple(told)

    @property
    def tables(self) -> tuple[tuple[str, tuple[Group, ...]], ...]:
        """The documents by who gave, translated and paid for them, who holds them, and rights."""
        taken = self.taken
        none = say("not stated")
        return (
            (say("By donor"), grouped(taken, lambda one: one.donors or (none,))),
            (say("By translator"), grouped(taken, lambda one: one.translators or (none,))),
            (say("By funder"), grouped(taken, lambda one: one.funders or (none,))),
            (say("By archive"), grouped(taken, lambda one: one.repositories or (none,))),
            (say("By rights"), grouped(taken, lambda one: (one.rights or none,))),
        )

    @property
    def lacking(self) -> tuple[tuple[Phrase, tuple[AccessionDocument, ...]], ...]:
        """What is missing, each with the documents that lack it."""
        found = (
            (phrase, tuple(one for one in self.taken if lack in one.lacks))
            for lack, phrase in LACKS.items()
        )
        return tuple((phrase, those) for phrase, those in found if those)

    @property
    def years(self) -> tuple[tuple[int, int, int], ...]:
        """How many documents are of each year, or decade where they spread over many.

        Each is (first year, number, per cent of the most); none where they are of one year.
        """
        years = sorted(one.year for one in self.taken if one.year is not None)
        if len(set(years)) < 2:
            return ()
        step = 1 if years[-1] - years[0] < _YEARS else 10
        counts = Counter(year // step * step for year in years)
        most = max(counts.values())
        span = range(min(counts), max(counts) + 1, step)
        return tuple((year, counts[year], counts[year] * 100 // most) for year in span)


def document_of(
    record: Record,
    folder: str,
    state: ReceiptState,
    package: tuple[str | None, int | None] = (None, None),
    problems: int | None = None,
) -> AccessionDocument:
    """A document as the report shows it; ``record`` has its files, ``package`` its identity."""
    roles = [file.role for file in record.files]
    donors = _named(record, Role.DONOR)
    rights = record.rights.statement or record.rights.note
    lacks = {
        Lack.TRANSCRIPTION: "transcription" not in roles,
        Lack.TRANSLATION: "translation" not in roles,
        Lack.RIGHTS: not rights,
        Lack.AGREEMENT: bool(donors) and "documentation" not in roles,
    }
    scans = sum(file.pages or 1 for file in record.files if file.role == "scan")
    held = [one.repository.name for one in record.sources if one.repository]
    return AccessionDocument(
        folder=folder,
        state=state,
        title=record.title,
        date=(record.date.edtf or record.date.verbatim) if record.date else None,
        year=_year(record),
        identity=package[0],
        version=package[1],
        pages=len(record.pages) or scans,
        files=len(record.files),
        size=sum(file.size for file in record.files),
        donors=donors,
        translators=_named(record, Role.TRANSLATOR),
        funders=_named(record, Role.FUNDER),
        repositories=tuple(dict.fromkeys(held)),
        signature="; ".join(one.verbatim for one in record.sources) or None,
        rights=rights and " ".join(rights.split()),
        lacks=tuple(lack for lack, missing in lacks.items() if missing),
        problems=problems,
    )


def grouped(
    documents: Iterable[AccessionDocument], key: Callable[[AccessionDocument], Iterable[str]]
) -> tuple[Group, ...]:
    """The documents under each of their names, most first; one may stand under several."""
    under: dict[str, list[AccessionDocument]] = {}
    for document in documents:
        for name in dict.fromkeys(key(document)):
            under.setdefault(name, []).append(document)
    most = max(map(len, under.values()), default=1)
    groups = (
        Group(
            name,
            len(those),
            sum(one.pages for one in those),
            sum(one.size for one in those),
            len(those) * 100 // most,
        )
        for name, those in under.items()
    )
    return tuple(sorted(groups, key=lambda group: (-group.documents, group.name)))


def accession_html(accession: Accession, lang: str = "en") -> str:
    """The report as one HTML page that needs nothing beside it. Write it as UTF-8."""
    return render(
        "accession.html.j2", accession.archive, lang, accession=accession, headlines=HEADLINES
    )


def accession_csv(accession: Accession, lang: str = "en") -> str:
    """The documents as a table for a spreadsheet, a row each. Write it as UTF-8."""
    said = spoken(lang)
    return csv_table(
        _HEADINGS,
        (
            (
                one.folder,
                one.title,
                one.date,
                one.identity,
                one.version,
                _STATES[one.state],
                one.pages,
                one.files,
                one.size,
                "; ".join(one.donors),
                "; ".join(one.translators),
                "; ".join(one.funders),
                "; ".join(one.repositories),
                one.signature,
                one.rights,
                "; ".join(said(LACKS[lack]) for lack in one.lacks),
                one.problems,
            )
            for one in accession.documents
        ),
        lang,
    )


def _named(record: Record, role: Role) -> tuple[str, ...]:
    return tuple(dict.fromkeys(agent.name for agent in record.agents_in(role)))


def _year(record: Record) -> int | None:
    """The first year that the date names (EDTF, ISO 8601-2); None for a decade or no date."""
    edtf = (record.date and record.date.edtf) or ""
    year = edtf.lstrip("[{")[:4]
    return int(year) if year.isdecimal() and len(year) == 4 else None
