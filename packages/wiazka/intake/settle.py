"""Whether a delivery has been copied to its end, and stays as it is while it is read."""

import errno
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from wiazka import problem_kinds
from wiazka.intake.junk import OWN_NAMES, READY, is_lock, is_stand_in, is_unfinished
from wiazka.intake.names import printable
from wiazka.phrase import Phrase, say
from wiazka.problem_kinds import Problem

# A file that takes no room on the disk is empty, kept inside its directory entry, or not here yet.
_KEPT_INSIDE = 64 << 10
# The name is gone, or is by now that of a link, a folder or a pipe: somebody is at work on it.
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ESTALE)


@dataclass(frozen=True, slots=True)
class _Walk:
    """What a walk through a whole delivery showed, and when it began."""

    at: datetime
    latest: datetime | None


# Each document of a delivery asks about all of it, and there may be thousands.
_lock = threading.Lock()
_walks: dict[Path, _Walk] = {}
_WALKS = 100
_WALKED_LATELY = timedelta(seconds=30)


def unsettled(delivery: Path, own: Path, quiet: timedelta, now: datetime) -> list[Problem]:
    """Why the delivery may still be being copied or edited; nothing once it is at rest.

    At rest: ``_READY`` is there, or nothing in it has changed for ``quiet``. The later of
    modification and status-change time counts, because copying tools set the former back to that
    of the original. A lock file beside the documents' folders holds it in any case. ``own`` is the
    document that is to be taken: it is looked at now; what a walk of half a minute ago showed of
    the others may count.
    """
    waiting = [waiting_for(name, name) for name in _names(delivery)]
    held = [problem for problem in waiting if problem]
    if (delivery / READY).exists():
        return held
    latest = _latest_change(delivery, own, quiet, now)
    if latest is not None and now - latest < quiet:
        held.append(_not_settled(delivery, latest, quiet))
    return held


def _not_settled(delivery: Path, latest: datetime, quiet: timedelta) -> Problem:
    name = printable(delivery.name)
    taken_from = (latest + quiet).astimezone()
    return problem_kinds.NOT_SETTLED.at(
        "",
        say(
            "Something in '{delivery}' changed at {time}; it may still be being copied.",
            delivery=name,
            time=f"{latest.astimezone():%H:%M:%S}",
        ),
        say(
            "Nothing needs doing: it is taken when nothing has changed until {time}. To have it "
            "taken at once, put an empty file named {ready} into '{delivery}'.",
            time=f"{taken_from:%H:%M:%S}",
            ready=READY,
            delivery=name,
        ),
    )


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names alone are wanted
    except OSError:
        return []


def _latest_change(delivery: Path, own: Path, quiet: timedelta, now: datetime) -> datetime | None:
    """The latest time of a change; of more than ``quiet`` ahead, a clock was wrong."""
    future = now + quiet
    if walk := _walks.get(delivery):
        # It can only have become later.
        if walk.latest and timedelta() <= now - walk.latest < quiet:
            return walk.latest
        was_at_rest = walk.latest is None or walk.at - walk.latest >= quiet
        if was_at_rest and timedelta() <= now - walk.at < _WALKED_LATELY:
            fresh = _latest_of(chain(_statuses(own), _files_beside(delivery)), future)
            return max(filter(None, (walk.latest, fresh)), default=None)
    latest = _latest_of(_statuses(delivery), future)
    with _lock:
        _walks.pop(delivery, None)
        _walks[delivery] = _Walk(now, latest)
        while len(_walks) > _WALKS:
            del _walks[next(iter(_walks))]
    return latest


def _latest_of(statuses: Iterable[os.stat_result], future: datetime) -> datetime | None:
    end = future.timestamp()
    times = (time for one in statuses for time in (one.st_mtime, one.st_ctime) if time <= end)
    latest = max(times, default=None)
    return None if latest is None else datetime.fromtimestamp(latest, UTC)


def _files_beside(delivery: Path) -> Iterator[os.stat_result]:
    """Of a delivery's tables, checksums and the like, which are of all of its documents."""
    if delivery.is_dir():
        with suppress(OSError), os.scandir(delivery) as entries:
            for entry in entries:
                if entry.name not in OWN_NAMES and not entry.is_dir(follow_symlinks=False):
                    with suppress(OSError):
                        yield entry.stat(follow_symlinks=False)


def _statuses(delivery: Path) -> Iterator[os.stat_result]:
    """Of all files and folders below; a folder's time tells that a file in it came or went."""
    if not delivery.is_dir():  # one document, packed
        with suppress(OSError):
            yield delivery.lstat()
    for folder, folders, names in os.walk(delivery):
        for name in (*folders, *names):
            if Path(folder) == delivery and name in OWN_NAMES:
                continue
            try:
                yield (Path(folder) / name).lstat()
            except OSError:
                continue


def waiting_for(name: str, path: str) -> Problem | None:
    """What a file's name says that has to end first, if anything; ``path`` leads to it."""
    if is_stand_in(name):
        return placeholder(path)
    return _busy(path) if is_lock(name) or is_unfinished(name) else None


def _busy(name: str) -> Problem:
    shown = printable(name)
    return problem_kinds.OPEN_ELSEWHERE.at(
        shown,
        say("'{name}' shows that a file is being edited or is still being copied.", name=shown),
        say(
            "Close the program that has it open, or let the copy end; the folder is taken next "
            "time. If nobody is at work on it, remove '{name}'.",
            name=shown,
        ),
    )


def is_placeholder(path: Path, status: os.stat_result) -> bool:
    """Whether a file has a size and no bytes: a cloud's program put its name there, no more.

    Some file systems count no blocks for any file; such a file is asked for where its bytes begin.
    """
    if status.st_size <= _KEPT_INSIDE or status.st_blocks:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        os.lseek(descriptor, 0, os.SEEK_DATA)
    except OSError as error:
        return error.errno == errno.ENXIO
    finally:
        os.close(descriptor)
    return False


def placeholder(name: str) -> Problem:
    """That a file only stands for one whose bytes are elsewhere."""
    shown = printable(name)
    return problem_kinds.PLACEHOLDER.at(
        shown,
        say("'{name}' is only a placeholder: its bytes were not copied yet.", name=shown),
        say(
            "Let OneDrive, Dropbox or iCloud download it ('Always keep on this device'), then copy "
            "the file again; the folder is taken next time."
        ),
    )


def mark(status: os.stat_result) -> tuple[int, ...]:
    """What tells that a file is still the one it was, and was not written to."""
    return (status.st_ino, status.st_dev, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def changing(name: str) -> Problem:
    """That a file changed while it was being read."""
    return _while_read(name, say("'{name}' changed while it was being read.", name=name))


def appeared(name: str) -> Problem:
    """That a file came while the others were being read."""
    return _while_read(name, say("'{name}' came while the folder was being read.", name=name))


def gone(name: str) -> Problem:
    """That a file went while it, or the others, were being read."""
    shown = name or say("the folder")
    return _while_read(name, say("'{name}' was there, and went while it was read.", name=shown))


def vanished(name: str, error: OSError) -> Problem | None:
    """That a file is gone, where an error says so."""
    return gone(name) if error.errno in _GONE else None


def _while_read(name: str, sentence: Phrase) -> Problem:
    remedy = say("Let the copying or editing end; the folder is taken next time.")
    return problem_kinds.CHANGED_WHILE_READ.at(name, sentence, remedy)
