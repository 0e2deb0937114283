"""Whether a delivery has been copied to its end."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wiazka import errors
from wiazka.errors import Problem
from wiazka.intake.junk import OWN_NAMES, READY


def unsettled(delivery: Path, quiet: timedelta, now: datetime) -> Problem | None:
    """Why the delivery may still be being copied; None once it is at rest.

    At rest: ``_READY`` is there, or nothing in it has changed for ``quiet``. The later of
    modification and status-change time counts, because copying tools set the former back to that
    of the original.
    """
    if (delivery / READY).exists():
        return None
    latest = _latest_change(delivery)
    if latest is None or now - latest >= quiet:
        return None
    taken_from = (latest + quiet).astimezone()
    return errors.NOT_SETTLED.at(
        "",
        f"Something in '{delivery.name}' changed at {latest.astimezone():%H:%M:%S}; it may still "
        "be being copied.",
        f"Nothing needs doing: it is taken when nothing has changed until {taken_from:%H:%M:%S}. "
        f"To have it taken at once, put an empty file named {READY} into '{delivery.name}'.",
    )


def _latest_change(delivery: Path) -> datetime | None:
    times = []
    if not delivery.is_dir():  # one document, packed
        status = delivery.lstat()
        times.append(max(status.st_mtime, status.st_ctime))
    for folder, _, names in os.walk(delivery):
        for name in names:
            if Path(folder) == delivery and name in OWN_NAMES:
                continue
            try:
                status = (Path(folder) / name).lstat()
            except OSError:
                continue
            times.append(max(status.st_mtime, status.st_ctime))
    return datetime.fromtimestamp(max(times), UTC) if times else None
