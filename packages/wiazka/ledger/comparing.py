"""The catalogue's ledger beside those in the stores: what one of them alone cannot show."""

from collections.abc import Callable, Mapping

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import Link, link_of_line
from wiazka.catalogue.model import FaultKind, LedgerFault
from wiazka.errors import LedgerBroken, StoreError
from wiazka.ledger.segments import Reader
from wiazka.stores.base import Store
from wiazka.stores.layout import require_marker


def compare(
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    see: Callable[[Link], None] = lambda _: None,
) -> tuple[list[LedgerFault], list[StoreError]]:
    """Where the catalogue's chain is not what was written, and where a store keeps another history,
    the first place of each store; and the errors of stores that could not be asked.

    A store that lacks the newest events is well. The catalogue is read once, whatever the number of
    stores; ``see`` is shown each of its events.
    """
    # Begun before the catalogue is read: what a run sends meanwhile, it has noted before.
    kept = [_Kept(store) for store in stores.values()]

    def beside(link: Link) -> None:
        for one in kept:
            one.compare(link)
        see(link)

    faults = catalogue.verify_ledger(beside)
    for one in kept:
        one.end()
    faults += [one.fault for one in kept if one.fault]
    # A store that is known to hold nothing need not be there yet.
    unasked = [one.error for one in kept if one.error and catalogue.has_copies(one.store.name)]
    return faults, unasked


class _Kept:
    """The ledger that a store keeps, walked beside the catalogue's up to the first difference."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fault: LedgerFault | None = None
        self.error: StoreError | None = None
        self._reader = Reader(store, self._read)
        self._links = iter(self._reader)
        self._mine: Link | None = None
        self._next: Link | None = None
        self._is_over = False
        try:
            require_marker(store)
        except StoreError as error:
            self.error, self._is_over = error, True
            return
        self._go_on()

    def compare(self, mine: Link) -> None:
        """Compare the catalogue's next event with the store's of that number."""
        self._mine = mine
        # What is missing from the middle of the catalogue, its own chain tells.
        while not self._is_over and (self._next is None or self._next.seq < mine.seq):
            self._go_on()
        kept = self._next
        if not self._is_over and kept and kept.seq == mine.seq and kept.hash != mine.hash:
            self._differs(
                kept,
                FaultKind.REWRITTEN,
                f"Event {kept.seq} is not the one that store {self.store.name!r} keeps, which "
                f"says: {kept.at} {kept.sentence}",
            )

    def end(self) -> None:
        """The catalogue has no more events."""
        if self._mine and not self._is_over and self._next and self._next.seq <= self._mine.seq:
            self._go_on()
        if not self._is_over and self._next:
            self._differs(
                self._next,
                FaultKind.REMOVED,
                f"Event {self._next.seq} and what may follow is kept in store "
                f"{self.store.name!r}, and not in the catalogue; 'wiazka rebuild --from "
                f"{self.store.name}' brings it back.",
            )

    def _go_on(self) -> None:
        try:
            self._next = next(self._links, None)
            self._is_over = self._next is None
        except LedgerBroken as error:
            self.fault = LedgerFault(self._reader.count + 1, FaultKind.EDITED, error.message)
            self._is_over = True
        except StoreError as error:
            self.error, self._is_over = error, True

    def _differs(self, kept: Link, kind: FaultKind, sentence: str) -> None:
        self.fault = LedgerFault(kept.seq, kind, sentence)
        self._is_over = True

    def _read(self, line: bytes) -> Link:
        # What is, byte for byte, the catalogue's own event need not be hashed again.
        mine = self._mine
        return mine if mine and line == mine.intact_line else link_of_line(line)
