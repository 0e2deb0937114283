"""A probe's result is kept: one probe a store, not one a process; again when the store moves."""

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Protocol

from wiazka.stores.base import Capabilities


class Kept(Protocol):
    """A probe that was kept; ``seen`` is the JSON of its Capabilities."""

    @property
    def place(self) -> str:
        """Where the store was then."""
        ...

    @property
    def at(self) -> datetime:
        """When it was probed (UTC)."""
        ...

    @property
    def seen(self) -> str:
        """What it was seen to do."""
        ...


class ProbeMemory(Protocol):
    """What keeps the last probe of each store: the catalogue."""

    def probe(self, store: str) -> Kept | None:
        """The last probe of a store."""
        ...

    def keep_probe(self, store: str, place: str, at: datetime, seen: str) -> None:
        """Keep a probe instead of the one before."""
        ...


class Anew:
    """A memory that forgets, so that all is probed anew, but keeps what is seen."""

    def __init__(self, memory: ProbeMemory) -> None:
        self._memory = memory

    def probe(self, store: str) -> None:
        """Nothing."""

    def keep_probe(self, store: str, place: str, at: datetime, seen: str) -> None:
        """As the memory does."""
        self._memory.keep_probe(store, place, at, seen)


def remembered(
    memory: ProbeMemory | None, store: str, place: str, probe: Callable[[], Capabilities]
) -> Capabilities:
    """What ``probe`` saw when ``store`` was last probed at ``place``, else what it sees now."""
    if memory is None:
        return probe()
    if (kept := memory.probe(store)) and kept.place == place and (seen := _read(kept.seen)):
        return seen
    found = probe()
    text = json.dumps(asdict(found), sort_keys=True)
    memory.keep_probe(store, place, datetime.now(UTC).replace(microsecond=0), text)
    return found


def _read(text: str) -> Capabilities | None:
    """None where it was kept by a wiazka that looked for other things."""
    values = json.loads(text)
    if set(values) != {field.name for field in fields(Capabilities)}:
        return None
    return Capabilities(**values)
