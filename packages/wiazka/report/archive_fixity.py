"""The fixity of a whole archive over the years: a page, tables and JSON of the same facts."""

from collections.abc import Iterable
from dataclasses import dataclass

from wiazka.catalogue.evidence_history import CheckedDay
from wiazka.evidence import INCONCLUSIVE, Grade, Outcome
from wiazka.phrase import Phrase, say, say_many
from wiazka.report.age_plot import ages, ahead
from wiazka.report.calendar_plot import calendars
from wiazka.report.fixity import OUTCOMES
from wiazka.report.page import render
from wiazka.report.proving import ArchiveFixity
from wiazka.report.table import csv_table
from wiazka.report.time_plot import time_line

# Of more, the page tells the newest; the table beside it has all.
_STORIES = 60


@dataclass(slots=True)
class Month:
    """The checks of one store and grade in a month: copies proved, bytes, and what was not ok."""

    month: str
    store: str
    grade: Grade
    proved: int = 0
    bytes: int = 0
    failed: int = 0
    unclear: int = 0


def archive_fixity_html(report: ArchiveFixity, lang: str = "en") -> str:
    """The report as one HTML page that needs nothing beside it. Write it as UTF-8."""
    today = report.made_at.date()
    names = [store.name for store in report.stores]
    begun = {store.name: store.begun for store in report.stores if store.begun}
    stories = sorted(report.incidents, key=lambda one: (one.is_open, one.opened_at), reverse=True)
    line = time_line(report)
    return render(
        "archive_fixity.html.j2",
        report.archive,
        lang,
        report=report,
        calendars=calendars(report.checked, names, begun, today),
        months=by_month(report.checked),
        ages=ages(report.proved, report.coverages, today),
        ahead=ahead(report.proved, report.coverages, report.stores, today),
        line=line,
        stories=stories[:_STORIES],
        more=_more(len(stories) - _STORIES, line.left_out),
        outcomes=OUTCOMES,
    )


def _more(stories: int, drawn: int) -> Phrase | None:
    """What the page leaves out of the incidents, and where all of them are told."""
    if drawn <= 0:
        return None
    not_drawn = say_many(
        "{number} older incident is not drawn", "{number} older incidents are not drawn", drawn
    )
    not_told = say_many("{number} is not told here", "{number} are not told here", max(0, stories))
    return say(
        "{not_drawn}, {not_told}: incidents.csv has them all.",
        not_drawn=not_drawn,
        not_told=not_told,
    )


def by_month(days: Iterable[CheckedDay]) -> list[Month]:
    """The checks added up, the newest month first."""
    months: dict[tuple[str, str, Grade], Month] = {}
    for one in days:
        key = (f"{one.day:%Y-%m}", one.store, one.grade)
        month = months.setdefault(key, Month(*key))
        month.bytes += one.bytes
        if one.outcome is Outcome.OK:
            month.proved += one.checks
        elif one.outcome in INCONCLUSIVE:
            month.unclear += one.checks
        else:
            month.failed += one.checks
    newest = sorted(months.values(), key=lambda one: (one.store, -one.grade.strength))
    return sorted(newest, key=lambda one: one.month, reverse=True)


def archive_fixity_tables(report: ArchiveFixity, lang: str = "en") -> dict[str, str]:
    """The facts of the page as tables for a spreadsheet, each by its name. Write them as UTF-8."""
    return {
        "coverage": csv_table(
            (
                say("store"),
                say("strength of proof"),
                say("every (days)"),
                say("copies"),
                say("proved"),
                say("overdue"),
                say("never proved"),
                say("oldest proof"),
                say("package"),
            ),
            (
                (
                    one.store,
                    one.grade.value,
                    one.every.total_seconds() / 86_400 if one.every else None,
                    one.copies,
                    one.proved,
                    one.overdue,
                    one.never,
                    one.oldest_at.isoformat() if one.oldest_at else None,
                    one.oldest_id,
                )
                for one in report.coverages
            ),
            lang,
        ),
        "days": csv_table(
            (
                say("day"),
                say("store"),
                say("strength of proof"),
                say("outcome"),
                say("checks"),
                say("bytes"),
            ),
            (
                (
                    one.day.isoformat(),
                    one.store,
                    one.grade.value,
                    OUTCOMES[one.outcome],
                    one.checks,
                    one.bytes,
                )
                for one in report.checked
            ),
            lang,
        ),
        "incidents": csv_table(
            (
                say("number"),
                say("store"),
                say("outcome"),
                say("what happened"),
                say("opened"),
                say("acknowledged"),
                say("by"),
                say("note"),
                say("closed"),
                say("by"),
                say("because"),
            ),
            (
                (
                    one.id,
                    one.store,
                    OUTCOMES[one.outcome],
                    one.sentence,
                    one.opened_at.isoformat(),
                    one.acknowledged_at.isoformat() if one.acknowledged_at else None,
                    one.acknowledged_by,
                    one.note,
                    one.closed_at.isoformat() if one.closed_at else None,
                    one.closed_by,
                    one.closed_because,
                )
                for one in report.incidents
            ),
            lang,
        ),
    }
