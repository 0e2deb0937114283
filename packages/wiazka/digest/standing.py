"""Whether a scheduled run came when it was due: a missed one is itself an alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from wiazka.digest.marks import Mark, Marks
from wiazka.errors import ConfigError
from wiazka.schedules import Schedule

# A machine that is busy, or was just started, begins its runs late.
GRACE = timedelta(minutes=30)


class RunState(StrEnum):
    """How the runs of a schedule stand."""

    WELL = "well"
    MISSED = "missed"
    FAILED = "failed"
    STOPPED = "stopped"
    STILL_RUNNING = "still-running"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a schedule stands: ``due`` is when its last run had to begin, None when none had to."""

    schedule: Schedule
    state: RunState
    due: datetime | None
    mark: Mark | None


def standings(
    marks: Marks, at: datetime, elsewhere: Sequence[Schedule] = ()
) -> tuple[Standing, ...]:
    """How every schedule stands that is served. Raises ConfigError for one that is none.

    Where nothing is served from here, other machines may run those ``elsewhere``: one is watched
    from its first mark here on, and unknown before.
    """
    if not (all_served := marks.served()):
        return tuple(_elsewhere(one, marks.of(one.key), at) for one in elsewhere)
    found = []
    for served in all_served:
        mark = marks.of(served.schedule.key)
        due = last_due(served.schedule, at - GRACE)
        if due < served.since:
            found.append(Standing(served.schedule, RunState.WELL, None, mark))
        else:
            found.append(Standing(served.schedule, state_of(mark, due), due, mark))
    return tuple(found)


def _elsewhere(schedule: Schedule, mark: Mark | None, at: datetime) -> Standing:
    if mark is None:
        return Standing(schedule, RunState.UNKNOWN, None, None)
    due = last_due(schedule, at - GRACE)
    return Standing(schedule, state_of(mark, due), due, mark)


def state_of(mark: Mark | None, due: datetime) -> RunState:
    """How the last run stands that had to begin at ``due``."""
    if mark is None:
        return RunState.MISSED
    if mark.begun < due:
        # It holds back those after it: only one runs at a time.
        return RunState.STILL_RUNNING if mark.alive else RunState.MISSED
    if mark.fault is not None:
        return RunState.FAILED
    has_ended = mark.ended is not None and mark.ended >= mark.begun
    return RunState.WELL if has_ended or mark.alive else RunState.STOPPED


def last_due(schedule: Schedule, at: datetime) -> datetime:
    """When a run last had to begin, at or before ``at``, by the clocks of the schedule's zone.

    Raises ConfigError when the schedule cannot be read.
    """
    try:
        here = at.astimezone(ZoneInfo(schedule.timezone)).replace(microsecond=0)
        return next(CronSim(schedule.cron, here + timedelta(seconds=1), reverse=True))
    except (CronSimError, ZoneInfoNotFoundError, StopIteration) as error:
        raise ConfigError(
            f"The schedule {schedule.name!r} has no time that can be told: {schedule.cron!r} in "
            f"{schedule.timezone!r}.",
            'A right one is cron: "0 1 * * *" with timezone: Europe/Warsaw.',
        ) from error
