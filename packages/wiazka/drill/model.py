"""What a drill is to do, and what came of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from wiazka.amounts import Budget
from wiazka.catalogue.comparing import Comparison
from wiazka.catalogue.fixity_model import Drill, Finding


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drilled: in ``store`` or in each; these packages or one that is drawn; and
    whether the catalogue is rebuilt.

    ``limits``: the packages of one run are together no larger, and none is begun later.
    """

    store: str | None = None
    identities: Collection[str] | None = None
    packages: bool = True
    catalogue: bool = True
    limits: Budget = field(default_factory=Budget)


@dataclass(frozen=True, slots=True)
class Drilled:
    """A drill and what it saw that is not as it should be.

    ``faults`` are sentences, the first of them what stopped it; ``compared`` is set where the
    catalogue was rebuilt.
    """

    drill: Drill
    findings: tuple[Finding, ...] = ()
    faults: tuple[str, ...] = ()
    compared: Comparison | None = None

    @property
    def seconds(self) -> float:
        """How long it took to have all of it back, judged."""
        return (self.drill.ended - self.drill.begun).total_seconds()

    @property
    def bytes_per_second(self) -> float | None:
        """How fast it came back; None where nothing did."""
        return self.drill.bytes / self.seconds if self.drill.bytes and self.seconds else None


@dataclass(frozen=True, slots=True)
class Left:
    """What was not drilled, and why; ``well`` where there was nothing to drill."""

    store: str
    sentence: str
    well: bool = False


@dataclass(frozen=True, slots=True)
class Drilling:
    """What came of a run, in its order."""

    drilled: tuple[Drilled, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears of a run: what is begun (``bytes``, where that is known), bytes as they are read,
    and the end of each. ``read`` may be called from several threads.
    """

    begun: Callable[[str, int | None], None] = lambda _what, _bytes: None
    read: Callable[[int], None] = lambda _: None
    ended: Callable[[Drilled | Left], None] = lambda _: None
