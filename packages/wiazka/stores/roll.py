"""Which stores answer in this run: each is asked once, and one that does not is left alone."""

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping

from wiazka.errors import StoreDenied, StoreError, StoreFull, StoreUnavailable
from wiazka.stores.base import Store
from wiazka.stores.layout import ensure_marker, require_marker

# Faults of the store rather than of one object: the next document would meet them too.
_OF_THE_STORE = (StoreUnavailable, StoreDenied, StoreFull)


class RollCall:
    """The answers of stores in one run. May be used by several threads at once.

    ``holding`` names the stores that are known to hold copies. One of them that has no marker is a
    disk that is not mounted; any other without one begins with its marker.
    """

    def __init__(self, holding: Collection[str] = ()) -> None:
        self._holding = frozenset(holding)
        self._answers: dict[str, StoreError | None] = {}
        self._asking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def require(self, store: Store) -> None:
        """Go on only with a store that answers. Raises its StoreError, the same each time."""
        with self._lock:
            asking = self._asking[store.name]
        # A store that is down takes a minute to say so; the others wait for that one answer.
        with asking:
            if store.name not in self._answers:
                self._answers[store.name] = self._ask(store)
        if fault := self._answers[store.name]:
            raise type(fault)(fault.message, fault.hint)

    def fault(self, store: str) -> StoreError | None:
        """Why a store is left alone; None for one that answered, or was not asked yet."""
        return self._answers.get(store)

    def answering(self, stores: Mapping[str, Store]) -> dict[str, Store]:
        """Those of ``stores`` that have not failed in this run."""
        return {name: store for name, store in stores.items() if self.fault(name) is None}

    def ask_again(self, store: Store) -> None:
        """Ask a store whose objects are missing or refused whether it is there at all.

        A disk that was unmounted, a server that went down and keys that were withdrawn look like
        the loss of everything. Raises its StoreError where it is so, now and each time after.
        """
        with self._lock:
            asking = self._asking[store.name]
        with asking:
            if self._answers.get(store.name) is None:
                try:
                    with store.anew() as fresh:
                        require_marker(fresh)
                except StoreError as error:
                    self._answers[store.name] = error
        self.require(store)

    def met(self, store: Store, error: StoreError) -> None:
        """A store failed; where the fault is the store's own, it is not asked again."""
        if isinstance(error, _OF_THE_STORE):
            self._answers[store.name] = error

    def _ask(self, store: Store) -> StoreError | None:
        try:
            if store.name in self._holding:
                require_marker(store)
            else:
                ensure_marker(store)
        except StoreError as error:
            return error
        return None
