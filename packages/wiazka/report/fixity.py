"""The report of an audit: what was checked, how strongly, and everything that was not ok."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka.catalogue.fixity_model import Finding
from wiazka.evidence import Grade, Outcome
from wiazka.phrase import Phrase, say, say_many, together
from wiazka.report.page import render
from wiazka.report.proving import ProvedShare
from wiazka.report.words import (
    GRADES,
    copies_counted,
    size_in_words,
    spoken,
    time_in_words,
    wrapped,
    written_by,
)
from wiazka.settings import Archive

OUTCOMES = {
    Outcome.OK: say("as expected"),
    Outcome.MISSING: say("missing"),
    Outcome.CHANGED: say("changed"),
    Outcome.UNREADABLE: say("unreadable"),
    Outcome.DENIED: say("access denied"),
    Outcome.THROTTLED: say("store too busy to answer"),
    Outcome.EXTRA: say("not in the catalogue"),
    Outcome.UNKNOWN: say("could not be told"),
}

_AUDIT = say("Fixity audit")
_CHECKED_BY = say("Checked by")
_EXPECTED = say("expected")
_OBSERVED = say("observed")


@dataclass(frozen=True, slots=True)
class StoreResult:
    """What an audit did in one store: copies checked, bytes read, and how many per outcome."""

    store: str
    place: str
    copies: int
    bytes_read: int
    outcomes: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class FixityReport:
    """An audit's result, for the admin and for an auditor. Times are aware."""

    archive: Archive
    agent: str
    began: datetime
    ended: datetime
    grade: Grade
    stores: tuple[StoreResult, ...]
    findings: tuple[Finding, ...]
    coverages: tuple[ProvedShare, ...] = ()

    @property
    def headline(self) -> Phrase:
        """The result in one line."""
        copies = sum(result.copies for result in self.stores)
        if not self.findings:
            return say_many(
                "{number} copy checked, all as expected",
                "{number} copies checked, all as expected",
                copies,
            )
        checked = say_many("{number} copy checked", "{number} copies checked", copies)
        found = say_many("{number} finding", "{number} findings", len(self.findings))
        return together((checked, found), ", ")

    @property
    def checked(self) -> Phrase:
        """How strong the check was, and how much was read."""
        read = size_in_words(sum(result.bytes_read for result in self.stores))
        return say("Proof sought: {proof}. {size} read.", proof=GRADES[self.grade], size=read)


def outcomes_in_words(outcomes: Sequence[tuple[Outcome, int]]) -> Phrase:
    """``12 as expected, 1 missing``; the kinds are never folded into one another."""
    told = [together((str(number), OUTCOMES[outcome])) for outcome, number in outcomes]
    return together(told, ", ") if told else say("none")


def fixity_html(report: FixityReport, lang: str = "en") -> str:
    """The report as one HTML page that needs nothing beside it. Write it as UTF-8."""
    return render(
        "fixity.html.j2",
        report.archive,
        lang,
        report=report,
        outcomes=OUTCOMES,
        outcomes_in_words=outcomes_in_words,
    )


def fixity_text(report: FixityReport, lang: str = "en") -> str:
    """The same facts as plain text. Write it as UTF-8."""
    said = spoken(lang)
    times = say(
        "{begin} to {end}", begin=time_in_words(report.began), end=time_in_words(report.ended)
    )
    lines = [
        report.archive.name.upper(),
        "",
        f"{said(_AUDIT).upper()}: {said(report.headline)}",
        said(times),
        wrapped(said(report.checked)),
    ]
    lines += [wrapped(said(coverage.sentence)) for coverage in report.coverages]
    lines += ["", said(say("Stores")).upper()]
    for result in report.stores:
        read = say("{size} read", size=size_in_words(result.bytes_read))
        facts = together((copies_counted(result.copies), read), ", ")
        lines += [
            f"  {result.store} ({result.place}): {said(facts)}",
            f"    {said(outcomes_in_words(result.outcomes))}",
        ]
    if report.findings:
        lines += ["", said(say("Findings")).upper()]
    for number, found in enumerate(report.findings, start=1):
        where = say("{outcome}, in {store}", outcome=OUTCOMES[found.outcome], store=found.store)
        lines += [
            f"{number:>3}. {said(where)}",
            f"     {package(found)}{found.path}",
            f"     {said(_CHECKED_BY)}: {said(GRADES[found.grade])}",
            f"     {said(_EXPECTED)} {found.expected or '-'}",
            f"     {said(_OBSERVED)} {found.observed or '-'}",
        ]
    return "\n".join([*lines, "", said(written_by(report.agent)), ""])


def package(found: Finding) -> str:
    """The package a finding is about, before its path; "" for an object that is in none."""
    return f"{found.identity} v{found.version}: " if found.identity else ""
