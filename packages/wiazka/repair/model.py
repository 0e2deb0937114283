"""What a repair is asked for, and what became of each copy, as values."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from wiazka.errors import WiazkaError
from wiazka.evidence import Outcome
from wiazka.repair.past import PastReader


class State(StrEnum):
    """How a copy stands after a repair looked at it."""

    SOUND = "sound"
    DAMAGED = "damaged"
    MENDED = "mended"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The package to be mended: all of it, or one ``version``, ``store``, and some ``paths``.

    ``source``: the only store to take sound bytes from. ``plan``: look only, mend nothing.
    """

    identity: str
    version: int | None = None
    store: str | None = None
    source: str | None = None
    paths: Collection[str] = ()
    plan: bool = False


@dataclass(frozen=True, slots=True)
class Fix:
    """One damaged file of a copy: what is wrong, and which store's copy has it sound.

    ``source`` is None where no copy has. ``past``: that store, which can be the damaged copy's own,
    keeps the sound bytes as an earlier version of the object. ``done``: it was mended; ``kept``
    says where the damaged bytes are now, where there were any.
    """

    path: str
    outcome: Outcome
    size: int
    expected: str
    observed: str | None
    source: str | None
    past: PastReader | None = None
    done: bool = False
    kept: str | None = None

    @property
    def origin(self) -> str:
        """Where the sound bytes are from, for people; empty where there are none."""
        if self.past:
            return f"{self.source}, version {self.past.version_id}"
        return self.source or ""


@dataclass(frozen=True, slots=True)
class MendedCopy:
    """What a repair did to one copy; ``extras`` are objects of no version, which it leaves alone.

    ``fault`` is why not all is well, where it is not.
    """

    identity: str
    version: int
    store: str
    state: State
    fixes: tuple[Fix, ...] = ()
    extras: tuple[str, ...] = ()
    fault: WiazkaError | None = None
