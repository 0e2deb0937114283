"""Incidents, repairs and drills along one line of time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wiazka.catalogue.fixity_model import Drill, Incident
from wiazka.evidence import Outcome
from wiazka.phrase import Phrase, say, together
from wiazka.report.proving import ArchiveFixity

WIDTH = 640.0
ROW = 14.0
# More would be a texture: the rest stands in the table.
_MOST = 40


@dataclass(frozen=True, slots=True)
class Stretch:
    """An incident from its opening to its end; ``acknowledged`` is where somebody took note."""

    incident: Incident
    y: float
    x: float
    width: float
    acknowledged: float | None
    title: Phrase


@dataclass(frozen=True, slots=True)
class Spot:
    """A drill: where on the line of its store, whether all was well, of a package or of all."""

    x: float
    well: bool
    package: bool
    title: str


@dataclass(frozen=True, slots=True)
class DrillLine:
    """The drills of one store, and the last ones that went well."""

    store: str
    spots: tuple[Spot, ...]
    last_restored: Drill | None
    last_rebuilt: Drill | None
    failed: int


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The whole: ``ticks`` are where years or months begin, ``left_out`` incidents not drawn."""

    ticks: tuple[tuple[float, str], ...]
    incidents: tuple[Stretch, ...]
    drills: tuple[DrillLine, ...]
    left_out: int

    @property
    def height(self) -> float:
        """Of the drawing of incidents."""
        return len(self.incidents) * ROW


def time_line(report: ArchiveFixity) -> TimeLine:
    """Incidents (the newest at the top) and drills over the same time."""
    begins = [one.opened_at for one in report.incidents]
    begins += [one.begun for one in report.drills]
    begin = min(begins, default=report.made_at) - timedelta(days=7)
    span = max((report.made_at - begin).total_seconds(), 1.0)

    def at(moment: datetime) -> float:
        share = (moment - begin).total_seconds() / span
        return round(min(max(share, 0.0), 1.0) * WIDTH, 1)

    newest = sorted(report.incidents, key=lambda one: one.opened_at, reverse=True)
    stretches = []
    for number, one in enumerate(newest[:_MOST]):
        x, end = at(one.opened_at), at(one.closed_at or report.made_at)
        stretches.append(
            Stretch(
                one,
                number * ROW,
                x,
                max(3.0, end - x),
                at(one.acknowledged_at) if one.acknowledged_at else None,
                _title(one),
            )
        )
    stores = [store.name for store in report.stores]
    stores += sorted({drill.store for drill in report.drills} - set(stores))
    lines = []
    for store in stores:
        drills = sorted(
            (one for one in report.drills if one.store == store), key=lambda one: one.ended
        )
        well = [one for one in drills if one.outcome is Outcome.OK]
        lines.append(
            DrillLine(
                store,
                tuple(
                    Spot(
                        at(one.ended),
                        one.outcome is Outcome.OK,
                        one.identity is not None,
                        f"{one.ended.date()}: {one.sentence}",
                    )
                    for one in drills
                ),
                _last(well, rebuilt=False),
                _last(well, rebuilt=True),
                len(drills) - len(well),
            )
        )
    return TimeLine(
        _ticks(begin.date(), report.made_at.date(), at, report.made_at),
        tuple(stretches),
        tuple(lines),
        max(0, len(newest) - _MOST),
    )


def _title(one: Incident) -> Phrase:
    if one.closed_at is None:
        return say("opened {day}, still open", day=one.opened_at.date())
    return together(
        (str(one.opened_at.date()), " – ", str(one.closed_at.date()), ": ", one.sentence), ""
    )


def _last(well: Sequence[Drill], *, rebuilt: bool) -> Drill | None:
    return next((one for one in reversed(well) if (one.identity is None) is rebuilt), None)


def _ticks(
    begin: date, end: date, at: Callable[[datetime], float], now: datetime
) -> tuple[tuple[float, str], ...]:
    months = 12 if (end - begin).days > 900 else 3 if (end - begin).days > 200 else 1
    ticks = []
    for year in range(begin.year, end.year + 1):
        for month in range(1, 13, months):
            day = date(year, month, 1)
            if begin <= day <= end:
                moment = datetime(year, month, 1, tzinfo=now.tzinfo)
                label = str(year) if months == 12 else f"{year}-{month:02}"
                ticks.append((at(moment), label))
    return tuple(ticks)
