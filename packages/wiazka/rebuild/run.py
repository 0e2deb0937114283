"""Rebuilding the catalogue from a store alone: needs no more than the right to read it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import Link
from wiazka.catalogue.rebuilding import Rebuilt
from wiazka.errors import BagInvalid, StoreError, UsageError
from wiazka.ledger.segments import Reader, segments_in
from wiazka.rebuild.reading import found_versions
from wiazka.stores.base import Store
from wiazka.stores.layout import require_marker


@dataclass(frozen=True, slots=True)
class Taken:
    """What a rebuild did, and what of the store could not be taken over."""

    rebuilt: Rebuilt
    faults: tuple[StoreError | BagInvalid, ...]


def rebuild(
    catalogue: Catalogue,
    store: Store,
    tell: Callable[[str], None] = lambda _: None,
    others: Iterable[Store] = (),
) -> Taken:
    """Take over all that a store keeps; ``tell`` hears of each version.

    Either all of it is written or, when this raises or is killed, nothing. Raises UsageError when
    the store has another name than it was begun with or one of ``others`` tells more, LedgerBroken,
    LedgerForked, and the store's own errors.
    """
    marker = require_marker(store)
    if marker.store != store.name:
        raise UsageError(
            f"The store at {store.place} was begun as {marker.store!r}, and is {store.name!r} in "
            "wiazka.toml; its ledger tells of it by the first name.",
            f"Name it [stores.{marker.store}] in wiazka.toml, then run: "
            f"wiazka rebuild --from {marker.store}",
        )
    _require_whole_history(catalogue, store, others)
    faults: list[StoreError | BagInvalid] = []
    rebuilt = catalogue.rebuild(
        store.name,
        _links(store),
        found_versions(store, faults.append, tell),
        datetime.now(UTC),
    )
    return Taken(rebuilt, tuple(faults))


def _require_whole_history(catalogue: Catalogue, store: Store, others: Iterable[Store]) -> None:
    """What is noted after a ledger that lacks the newest events is another history for good."""
    last = max(catalogue.ledger_head().count, _last_event(store))
    for other in others:
        # One that does not answer cannot be asked, and must not keep a catalogue from coming back.
        with suppress(StoreError):
            if (theirs := _last_event(other)) > last:
                raise UsageError(
                    f"With store {store.name!r} {last} events are known, store {other.name!r} "
                    f"keeps {theirs}; without the rest their histories would part.",
                    f"Run 'wiazka rebuild --from {other.name}' first, then from {store.name!r} "
                    f"what it has besides. Take {other.name!r} out of wiazka.toml meanwhile if its "
                    "ledger is not to be believed.",
                )


def _last_event(store: Store) -> int:
    return max((segment.last for segment in segments_in(store)), default=0)


def _links(store: Store) -> Iterator[Link]:
    yield from Reader(store)
