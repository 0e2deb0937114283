"""The catalogue's ledger beside those in the stores: what one of them alone cannot show."""

from collections.abc import Iterator, Mapping

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import Link
from wiazka.catalogue.model import FaultKind, LedgerFault
from wiazka.errors import LedgerBroken, StoreError
from wiazka.ledger.segments import Reader
from wiazka.stores.base import Store
from wiazka.stores.layout import require_marker


def compare(
    catalogue: Catalogue, stores: Mapping[str, Store]
) -> tuple[list[LedgerFault], list[StoreError]]:
    """Where a store keeps another history than the catalogue, the first place of each store; and
    the errors of stores that could not be asked. A store that lacks the newest events is well.
    """
    faults: list[LedgerFault] = []
    unasked: list[StoreError] = []
    for store in stores.values():
        reader = Reader(store)
        try:
            require_marker(store)
            if fault := _first_difference(catalogue, store, reader):
                faults.append(fault)
        except LedgerBroken as error:
            faults.append(LedgerFault(reader.count + 1, FaultKind.EDITED, error.message))
        except StoreError as error:
            # A store that is known to hold nothing need not be there yet.
            if catalogue.has_copies(store.name):
                unasked.append(error)
    return faults, unasked


def _first_difference(catalogue: Catalogue, store: Store, reader: Reader) -> LedgerFault | None:
    known = catalogue.links()
    mine = next(known, None)
    for kept in reader:
        mine = _upto(mine, kept.seq, known)
        if mine is None:
            return LedgerFault(
                kept.seq,
                FaultKind.REMOVED,
                f"Event {kept.seq} and what may follow is kept in store {store.name!r}, and not in "
                f"the catalogue; 'wiazka rebuild --from {store.name}' brings it back.",
            )
        if mine.seq == kept.seq and mine.hash != kept.hash:
            return LedgerFault(
                kept.seq,
                FaultKind.REWRITTEN,
                f"Event {kept.seq} is not the one that store {store.name!r} keeps, which says: "
                f"{kept.at} {kept.sentence}",
            )
    return None


def _upto(mine: Link | None, seq: int, known: Iterator[Link]) -> Link | None:
    while mine is not None and mine.seq < seq:
        mine = next(known, None)
    return mine
