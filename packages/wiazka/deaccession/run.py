"""Carrying out what is due: the only part of wiazka in which anything is removed."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner, holding
from wiazka.catalogue.model import Deaccession, Removal
from wiazka.deaccession.remove import Removed, remove, require_free
from wiazka.deaccession.tombstone import tombstone
from wiazka.errors import ObjectMissing, StoreError, StoreUnavailable, WiazkaError
from wiazka.settings import Settings
from wiazka.stores.base import STORE_MARKER
from wiazka.stores.layout import PACKAGES, require_marker, version_prefix
from wiazka.stores.removal import Removing, open_removing


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a deaccession was carried out in one go, and what hindered it.

    ``removal`` is None when nothing was removed; ``stores`` are all that it has to leave.
    """

    deaccession: Deaccession
    removal: Removal | None
    stores: tuple[str, ...]
    faults: tuple[WiazkaError, ...] = ()


def removing_stores(settings: Settings) -> dict[str, Removing]:
    """All configured stores by name, able to remove. Raises ConfigError as open_stores."""
    return {name: open_removing(name, store) for name, store in settings.stores.items()}


def held_somewhere(stores: Mapping[str, Removing], identity: str, number: int) -> bool:
    """Whether a store holds anything of a version that the catalogue need not know.

    Stores that do not answer are passed over.
    """
    for store in stores.values():
        with suppress(StoreError):
            if any(True for _ in store.list(version_prefix(identity, number))):
                return True
    return False


def run_due(catalogue: Catalogue, stores: Mapping[str, Removing]) -> Iterator[Carried]:
    """Carry out every deaccession that is due, and go on with what was begun; never twice.

    One that is hindered does not stop the others. Raises CatalogueError.
    """
    owner = Owner.of_this_process()
    for asked in catalogue.deaccessions.all():
        if not asked.is_open or asked.due_at is None or asked.due_at > datetime.now(UTC):
            continue
        with holding(catalogue, f"package:{asked.identity}", owner) as mine:
            if mine:
                yield _carry_out(catalogue, stores, asked)
            else:
                busy = StoreUnavailable(
                    f"{asked.identity} is being worked on by another run.",
                    "Nothing needs doing: the next run takes it up.",
                )
                yield Carried(asked, catalogue.deaccessions.removal(asked), tuple(stores), (busy,))


def _carry_out(catalogue: Catalogue, stores: Mapping[str, Removing], asked: Deaccession) -> Carried:
    try:
        begun = catalogue.deaccessions.removal(asked) or _begin(catalogue, stores, asked)
    except WiazkaError as error:
        return Carried(asked, None, tuple(stores), (error,))
    faults: list[WiazkaError] = []
    stones = {number: tombstone(catalogue, asked, number) for number in begun.versions}
    wanted = list(dict.fromkeys([*begun.kept_in, *stores]))
    for name in [name for name in wanted if name not in begun.removed_from]:
        try:
            if _is_unused(stores, name, begun):
                wanted.remove(name)
                continue
            gone = remove(_configured(stores, name), stones, asked.identity)
        except WiazkaError as error:
            faults.append(error)
            continue
        catalogue.deaccessions.removed_from(
            asked.id, name, _sentence(asked, name, gone), datetime.now(UTC)
        )
    if not faults:
        catalogue.deaccessions.end(asked.id, datetime.now(UTC))
    ended = catalogue.deaccessions.one(asked.id)
    return Carried(ended, catalogue.deaccessions.removal(ended), tuple(wanted), tuple(faults))


def _begin(catalogue: Catalogue, stores: Mapping[str, Removing], asked: Deaccession) -> Removal:
    """Look at every store that can be reached, and begin only if none objects.

    Raises ObjectLocked or DeaccessionRefused; nothing was removed anywhere then.
    """
    versions = catalogue.deaccessions.covered(asked)
    for store in stores.values():
        try:
            require_free(store, asked.identity, versions)
        except StoreUnavailable:
            # It is looked at again before anything is removed from it.
            continue
    return catalogue.deaccessions.begin(asked.id, versions, datetime.now(UTC))


def _configured(stores: Mapping[str, Removing], name: str) -> Removing:
    store = stores.get(name)
    if store is None:
        raise StoreUnavailable(
            f"Store {name!r} had a copy and is no longer configured.",
            "Put it back into wiazka.toml for this run: nobody can tell else that it is gone.",
        )
    # An unmounted disk looks like a store that holds nothing of it any more.
    require_marker(store)
    return store


def _is_unused(stores: Mapping[str, Removing], name: str, begun: Removal) -> bool:
    """Whether a configured store is there, and never held anything, not even its own marker."""
    if name in begun.kept_in:
        return False
    try:
        stores[name].head(STORE_MARKER)
    except ObjectMissing:
        # Raises where there is no such directory: what was left on a disk that is away is not gone.
        return not any(True for _ in stores[name].list(PACKAGES))
    return False


def _sentence(asked: Deaccession, store: str, gone: Removed) -> str:
    return (
        f"Deaccession {asked.id}: {gone.objects} objects of {asked.target}, {gone.bytes} bytes in "
        f"all their versions, were removed from {store}; a tombstone stays there."
    )
