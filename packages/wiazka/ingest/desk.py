"""Opening what an ingest or an audit works with."""

from collections.abc import Iterator
from contextlib import contextmanager

from wiazka.catalogue.catalogue import Catalogue
from wiazka.fixity.moved import note_moves
from wiazka.ingest.model import Desk
from wiazka.ledger.ahead import require_newest
from wiazka.settings import Settings
from wiazka.stores.base import Credentials
from wiazka.stores.opening import open_stores
from wiazka.stores.roll import RollCall


@contextmanager
def open_desk(
    settings: Settings, credentials: Credentials | None = None, *, urgent: bool = False
) -> Iterator[Desk]:
    """The catalogue and the stores of a configuration, closed afterwards.

    ``credentials`` looks up what stores' ``credentials_block`` name. Raises LedgerBehind when a
    store knows more than the catalogue: nothing may be noted before it has caught up. What is
    ``urgent`` is done with any catalogue there is.
    """
    with Catalogue.open(settings.catalogue_url) as catalogue:
        roll = RollCall(catalogue.replicas.stores_in_use())
        stores = open_stores(settings, catalogue, credentials)
        if not urgent:
            require_newest(catalogue, stores, roll)
        moved = note_moves(settings, catalogue, stores)
        yield Desk(settings, catalogue, stores, roll, moved)
