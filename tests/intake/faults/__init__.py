"""One fixture a fault: what spoils a sound document, and the codes that must be told of it.

Each file here registers the faults of one topic; ``tests/intake/test_faults.py`` tries them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

Spoil = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """``spoil`` is given a sound document's folder (its delivery is the folder above)."""

    name: str
    spoil: Spoil
    codes: frozenset[str]
    settings: Mapping[str, object] = field(default_factory=dict)


FAULTS: dict[str, Fault] = {}


def fault(*codes: str, **settings: object) -> Callable[[Spoil], Spoil]:
    """Register a fault: exactly these codes are told of it, with these sections of settings."""

    def register(spoil: Spoil) -> Spoil:
        name = f"{spoil.__module__.rpartition('.')[2]}: {spoil.__name__.replace('_', ' ')}"
        FAULTS[name] = Fault(name, spoil, frozenset(codes), settings)
        return spoil

    return register


def all_faults() -> list[Fault]:
    """The faults of every topic."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return list(FAULTS.values())
