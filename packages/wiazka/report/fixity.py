"""The report of an audit: what was checked, how strongly, and everything that was not ok."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka.catalogue.model import Finding
from wiazka.evidence import Grade, Outcome
from wiazka.report.page import render
from wiazka.report.words import GRADES, counted, size_in_words, time_in_words, wrapped
from wiazka.settings import Archive

OUTCOMES = {
    Outcome.OK: "as expected",
    Outcome.MISSING: "missing",
    Outcome.CHANGED: "changed",
    Outcome.UNREADABLE: "unreadable",
    Outcome.DENIED: "access denied",
    Outcome.THROTTLED: "store too busy to answer",
    Outcome.EXTRA: "not in the catalogue",
}


@dataclass(frozen=True, slots=True)
class StoreResult:
    """What an audit did in one store: copies checked, bytes read, and how many per outcome."""

    store: str
    place: str
    copies: int
    bytes_read: int
    outcomes: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of all copies were proved by reading them within some days."""

    proved: int
    copies: int
    days: int

    @property
    def sentence(self) -> str:
        """The coverage in words; a share is rounded down, so that 100 % means all."""
        if not self.copies:
            return "No copies are known, so there is nothing to prove."
        tenths = self.proved * 1000 // self.copies
        return (
            f"{self.proved} of {counted(self.copies, 'copy', 'copies')} "
            f"({tenths // 10}.{tenths % 10} %) had every byte read within the last "
            f"{counted(self.days, 'day')}."
        )


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
    coverage: Coverage | None = None

    @property
    def headline(self) -> str:
        """The result in one line."""
        copies = counted(sum(result.copies for result in self.stores), "copy", "copies")
        if not self.findings:
            return f"{copies} checked, all as expected"
        return f"{copies} checked, {counted(len(self.findings), 'finding')}"

    @property
    def checked(self) -> str:
        """How strong the check was, and how much was read."""
        read = size_in_words(sum(result.bytes_read for result in self.stores))
        return f"Proof sought: {GRADES[self.grade]}. {read} read."


def outcomes_in_words(outcomes: Sequence[tuple[Outcome, int]]) -> str:
    """``12 as expected, 1 missing``; the kinds are never folded into one another."""
    return ", ".join(f"{number} {OUTCOMES[outcome]}" for outcome, number in outcomes) or "none"


def fixity_html(report: FixityReport) -> str:
    """The report as one HTML page that needs nothing beside it. Write it as UTF-8."""
    return render(
        "fixity.html.j2",
        report.archive,
        report=report,
        outcomes=OUTCOMES,
        outcomes_in_words=outcomes_in_words,
    )


def fixity_text(report: FixityReport) -> str:
    """The same facts as plain text. Write it as UTF-8."""
    lines = [
        report.archive.name.upper(),
        "",
        f"FIXITY AUDIT: {report.headline}",
        f"{time_in_words(report.began)} to {time_in_words(report.ended)}",
        wrapped(report.checked),
    ]
    if report.coverage:
        lines.append(wrapped(report.coverage.sentence))
    lines += ["", "STORES"]
    for result in report.stores:
        copies = counted(result.copies, "copy", "copies")
        facts = f"{copies}, {size_in_words(result.bytes_read)} read"
        lines += [
            f"  {result.store} ({result.place}): {facts}",
            f"    {outcomes_in_words(result.outcomes)}",
        ]
    if report.findings:
        lines += ["", "FINDINGS"]
    for number, found in enumerate(report.findings, start=1):
        lines += [
            f"{number:>3}. {OUTCOMES[found.outcome]}, in {found.store}",
            f"     {package(found)}{found.path}",
            f"     Checked by: {GRADES[found.grade]}",
            f"     expected {found.expected or '-'}",
            f"     observed {found.observed or '-'}",
        ]
    return "\n".join([*lines, "", f"Written by {report.agent}", ""])


def package(found: Finding) -> str:
    """The package a finding is about, before its path; "" for an object that is in none."""
    return f"{found.identity} v{found.version}: " if found.identity else ""
