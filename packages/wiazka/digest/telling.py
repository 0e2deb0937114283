"""One digest a day: what was sent is never sent twice, what could not be sent is told again."""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from wiazka.digest.channels import Channels, Secrets, channels
from wiazka.digest.compose import digest_of
from wiazka.digest.gather import gather
from wiazka.digest.model import Digest
from wiazka.digest.sending import beat, mail, post, send_mail
from wiazka.errors import DigestNotSent
from wiazka.report.page import write_whole
from wiazka.settings import Settings
from wiazka.stores.base import Credentials

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Told:
    """Today's digest, and by what it was sent now: ``mail``, ``webhook``; by none when it was sent
    today already, all is well, or nobody is to be told.
    """

    digest: Digest
    sent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """When the last digest was done with, and on which day each channel was told last."""

    made: datetime | None = None
    told: dict[str, date] = field(default_factory=dict)


def todays(settings: Settings, at: datetime) -> Digest:
    """The digest of the moment, which is not sent; what is new is new since the last one."""
    made = _read(_path(settings)).made
    facts = gather(settings, at, made, in_stores=False)
    return digest_of(facts, settings.archive)


def tell_today(
    settings: Settings,
    at: datetime,
    *,
    secrets: Secrets | None = None,
    credentials: Credentials | None = None,
) -> Told:
    """Send the day's digest, unless it was sent, or all is well and the week was told so.

    ``at`` is aware; its day is the day. ``secrets`` and ``credentials`` look into secret blocks.
    Raises ConfigError for channels that cannot be used, DigestNotSent when one did not take it:
    the others had it, and it is told again by the next run.
    """
    chosen = channels(settings.digest, secrets)
    path = _path(settings)
    with _alone(path):
        state = _read(path)
        named = [n for n, there in (("mail", chosen.mail_to), ("webhook", chosen.webhook)) if there]
        weekly = _last(settings.digest.all_well, at.date())
        owed = [name for name in named if name not in state.told or state.told[name] < weekly]
        facts = gather(
            settings,
            at,
            state.made,
            in_stores=bool(owed),
            credentials=credentials,
        )
        if fault := _keep(path, state):
            # Just then somebody has to be told, even if more than once.
            facts = replace(facts, faults=(*facts.faults, fault))
        digest = digest_of(facts, settings.archive)
        due = [
            name
            for name in (owed if digest.is_well else named)
            if name not in state.told or state.told[name] < at.date()
        ]
        sent = tuple(_sent(digest, chosen, settings, due, state, path))
        _keep(path, replace(state, made=at))
    if chosen.heartbeat:
        beat(chosen.heartbeat)
    return Told(digest, sent)


def _sent(
    digest: Digest,
    chosen: Channels,
    settings: Settings,
    due: list[str],
    state: _State,
    path: Path,
) -> Iterator[str]:
    ways: dict[str, Callable[[], None]] = {}
    if server := chosen.server:
        message = mail(digest, chosen, settings.lang)
        ways["mail"] = lambda: send_mail(message, server)
    if address := chosen.webhook:
        ways["webhook"] = lambda: post(digest, address, settings.lang)
    failed: DigestNotSent | None = None
    for name in due:
        try:
            ways[name]()
        except DigestNotSent as error:
            failed = failed or error
            continue
        state.told[name] = digest.at.date()
        _keep(path, state)
        yield name
    if failed:
        raise failed


def _last(weekday: str, today: date) -> date:
    """The last day of that name, which may be today."""
    return today - timedelta(days=(today.weekday() - _WEEK.index(weekday)) % 7)


def _path(settings: Settings) -> Path:
    return settings.runs / "told.json"


def _read(path: Path) -> _State:
    try:
        held: Any = json.loads(path.read_text("utf-8"))
        made = datetime.fromisoformat(held["made"]) if held["made"] else None
        return _State(made, {name: date.fromisoformat(day) for name, day in held["told"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Then it is told once more.
        return _State()


def _keep(path: Path, state: _State) -> str | None:
    """Keep what was told; a sentence when that cannot be."""
    held = {
        "made": state.made.isoformat() if state.made else None,
        "told": {name: day.isoformat() for name, day in state.told.items()},
    }
    try:
        write_whole(path, json.dumps(held, indent=1) + "\n")
    except OSError as error:
        return f"{path} cannot be written: {error.strerror or error}."
    return None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold back a second digest until this one is done; where nothing can be written, do not."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("a")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
