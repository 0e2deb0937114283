"""Opening what an ingest or an audit works with."""

from collections.abc import Iterator
from contextlib import contextmanager

from wiazka.catalogue.catalogue import Catalogue
from wiazka.ingest.model import Desk
from wiazka.settings import Settings
from wiazka.stores.opening import open_stores
from wiazka.stores.roll import RollCall


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """The catalogue and the stores of a configuration, closed afterwards."""
    with Catalogue.open(settings.catalogue_url) as catalogue:
        roll = RollCall(catalogue.replicas.stores_in_use())
        yield Desk(settings, catalogue, open_stores(settings), roll)
