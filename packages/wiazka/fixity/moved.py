"""A store that is elsewhere now: what was proved of its copies was proved at the other place."""

from collections.abc import Mapping
from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.errors import StoreError
from wiazka.settings import Settings
from wiazka.stores.base import Store
from wiazka.stores.layout import require_marker


def note_moves(
    settings: Settings, catalogue: Catalogue, stores: Mapping[str, Store]
) -> tuple[str, ...]:
    """Let no copy of a moved store count as proved; what there is to tell of it, once.

    One look into the database where nothing moved. A place where no store lies is a mistake in the
    configuration or a disk that is not mounted, and takes no proof away.
    """
    known = catalogue.audits.places()
    told = []
    for name, chosen in settings.stores.items():
        place = " ".join(chosen.spot)
        if known.get(name) == place:
            continue
        if name not in known:
            catalogue.audits.keep_place(name, place)
        elif _lies_there(stores[name]):
            sentence = catalogue.audits.moved(name, place, datetime.now(UTC))
            told += [sentence] if sentence else []
    return tuple(told)


def _lies_there(store: Store) -> bool:
    try:
        require_marker(store)
    except StoreError:
        return False
    return True
