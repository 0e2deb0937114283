"""Rebuilding the catalogue from a store alone: needs no more than the right to read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import Link
from wiazka.catalogue.rebuilding import Rebuilt
from wiazka.errors import BagInvalid, StoreError, UsageError
from wiazka.ledger.segments import Reader
from wiazka.rebuild.reading import found_versions
from wiazka.stores.base import Store
from wiazka.stores.layout import require_marker


@dataclass(frozen=True, slots=True)
class Taken:
    """What a rebuild did, and what of the store could not be taken over."""

    rebuilt: Rebuilt
    faults: tuple[StoreError | BagInvalid, ...]


def rebuild(
    catalogue: Catalogue, store: Store, tell: Callable[[str], None] = lambda _: None
) -> Taken:
    """Take over all that a store keeps; ``tell`` hears of each version.

    Either all of it is written or, when this raises or is killed, nothing. Raises UsageError when
    the store has another name than it was begun with, LedgerBroken, LedgerForked, and the store's
    own errors.
    """
    marker = require_marker(store)
    if marker.store != store.name:
        raise UsageError(
            f"The store at {store.place} was begun as {marker.store!r}, and is {store.name!r} in "
            "wiazka.toml; its ledger tells of it by the first name.",
            f"Name it [stores.{marker.store}] in wiazka.toml, then run: "
            f"wiazka rebuild --from {marker.store}",
        )
    faults: list[StoreError | BagInvalid] = []
    rebuilt = catalogue.rebuild(
        store.name,
        _links(store),
        found_versions(store, faults.append, tell),
        datetime.now(UTC),
    )
    return Taken(rebuilt, tuple(faults))


def _links(store: Store) -> Iterator[Link]:
    yield from Reader(store)
