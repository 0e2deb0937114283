"""Whether a store knows more than the catalogue: to be asked before any event is added."""

from collections.abc import Mapping

from wiazka.catalogue.catalogue import Catalogue
from wiazka.errors import LedgerBehind, StoreError, StoreUnavailable
from wiazka.ledger.segments import segments_in
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall


def require_newest(catalogue: Catalogue, stores: Mapping[str, Store], roll: RollCall) -> None:
    """Raise LedgerBehind when a store keeps events that the catalogue, an older backup, lacks.

    What was noted after such a backup would be another history for good. One listing a store, of
    its newest segments; one that cannot be asked stops nothing, and where it does not answer,
    ``roll`` keeps that, so that the run does not wait for it again.
    """
    before = catalogue.ledger_head().count
    for store in stores.values():
        try:
            last = max((segment.last for segment in segments_in(store, before)), default=0)
        except StoreUnavailable as error:
            # A store that has no copies yet need not be there: it is made by its first.
            if catalogue.has_copies(store.name):
                roll.met(store, error)
            continue
        except StoreError:
            continue
        # Asked for after the listing: another run keeps its events here before it sends them there.
        if last > (known := catalogue.ledger_head().count):
            raise behind(store, last, known)


def behind(store: Store, last: int, known: int) -> LedgerBehind:
    """That ``store`` keeps ``last`` events, and the catalogue has but those ``known``."""
    return LedgerBehind(
        f"Store {store.name!r} ({store.place}) keeps {last} events, the catalogue has {known}.",
        "The catalogue is an older backup, or another one. It catches up with "
        f"'wiazka rebuild --from {store.name}'.",
    )
