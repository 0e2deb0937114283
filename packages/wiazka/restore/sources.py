"""Where a version's bytes can be had from: its copies, the nearest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wiazka.catalogue.model import Copy, Unchanged
from wiazka.settings import Settings
from wiazka.stores.base import Store

# A dark archive is asked last: what lies there can take hours to come, and costs to read.
_NEAREST = ("primary", "replica", "dark")


@dataclass(frozen=True, slots=True)
class Source:
    """A copy that can be read from; ``unchanged`` tells where its unchanged files lie."""

    store: Store
    unchanged: Unchanged


def nearest(
    copies: Iterable[Copy], stores: Mapping[str, Store], settings: Settings
) -> list[Source]:
    """The copies in ``stores`` by the role of their store, then as the configuration has them."""
    have = {copy.store: copy for copy in copies if copy.store in stores}
    names = sorted(
        (name for name in settings.stores if name in have),
        key=lambda name: _NEAREST.index(settings.stores[name].role),
    )
    return [Source(stores[name], have[name].unchanged) for name in names]
