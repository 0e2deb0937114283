"""A run of drills: from each store a package that is drawn, and the catalogue."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.drills import Limits
from wiazka.catalogue.model import Copy
from wiazka.drill.catalogue import drill_catalogue
from wiazka.drill.model import Drilled, Drilling, Left, Telling, Wanted
from wiazka.drill.package import drill_package
from wiazka.errors import NotFoundError
from wiazka.ledger.keeping import keep_ledger
from wiazka.restore.room import room_on, scratch_in
from wiazka.settings import Settings
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall

# The catalogue, and whatever else is on that disk, goes on growing meanwhile.
_SHARE_OF_ROOM = 2


def run_drill(
    settings: Settings,
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    wanted: Wanted,
    tell: Telling | None = None,
    roll: RollCall | None = None,
) -> Drilling:
    """Drill what is ``wanted``, one after the other. Needs only the right to read the stores.

    All is written beneath ``drill/`` in ``paths.home`` and gone when this ends; what a killed run
    left there goes first. ``roll`` keeps which stores failed. Raises NotFoundError for a store that
    is not configured.
    """
    tell = tell or Telling()
    if wanted.store is not None and wanted.store not in stores:
        raise NotFoundError(
            f"There is no store named {wanted.store!r}.",
            f"The configured stores are: {', '.join(stores)}.",
        )
    chosen = [stores[wanted.store]] if wanted.store else list(stores.values())
    drilled: list[Drilled] = []
    left: list[Left] = []
    with scratch_in(settings.scratch) as scratch:
        roll = roll or RollCall(catalogue.replicas.stores_in_use())
        run = _Run(catalogue, wanted, scratch, tell, roll)
        for one in (one for store in chosen for one in run.store(store)):
            if isinstance(one, Left):
                left.append(one)
            else:
                drilled.append(one)
            tell.ended(one)
    keep_ledger(catalogue, roll.answering(stores), settings.ledger)
    return Drilling(tuple(drilled), tuple(left))


class _Run:
    def __init__(
        self,
        catalogue: Catalogue,
        wanted: Wanted,
        scratch: Path,
        tell: Telling,
        roll: RollCall,
    ) -> None:
        self._roll = roll
        self._catalogue = catalogue
        self._wanted = wanted
        self._scratch = scratch
        self._tell = tell
        self._bytes = self._requests = 0
        duration = wanted.limits.duration
        self._until = time.monotonic() + duration.total_seconds() if duration else None

    def store(self, store: Store) -> Iterator[Drilled | Left]:
        """All that is wanted of one store."""
        name = store.name
        # Not even asked: no drill is what a store begins with.
        if not self._catalogue.has_copies(name):
            yield Left(name, f"{name} holds nothing yet.", well=True)
            return
        if self._wanted.packages:
            yield from self._packages(store)
        if self._wanted.catalogue:
            if self._is_late:
                yield Left(name, f"The catalogue was not rebuilt from {name}: {_LATE}")
                return
            self._tell.begun(f"{name}: the catalogue", None)
            yield drill_catalogue(
                self._catalogue,
                store,
                self._scratch,
                self._roll,
                lambda what: self._tell.begun(f"{name}: {what}", None),
            )

    def _packages(self, store: Store) -> Iterator[Drilled | Left]:
        if self._wanted.identities is None:
            copies = self._drawn(store)
        else:
            copies = (one for text in self._wanted.identities for one in self._named(store, text))
        for copy in copies:
            if isinstance(copy, Left):
                yield copy
                continue
            size = self._catalogue.version(copy.identity, copy.version).size
            self._tell.begun(f"{store.name}: {copy.identity} v{copy.version}", size)
            done = drill_package(
                self._catalogue, store, copy, self._scratch, self._roll, self._tell.read
            )
            if done is None:
                yield Left(store.name, f"{copy.identity} was let go meanwhile.", well=True)
                continue
            self._bytes += done.drill.bytes
            self._requests += done.drill.files
            yield done

    def _drawn(self, store: Store) -> Iterator[Copy | Left]:
        """One copy in a store, drawn from those that fit."""
        name = store.name
        if self._is_late:
            yield Left(name, f"No package of {name} was drilled: {_LATE}")
            return
        limits = self._limits
        choice = self._catalogue.drills.choose(name, limits)
        if choice.too_large:
            yield Left(
                name,
                f"{choice.too_large} copies in {name} were not drawn from: a drill may take "
                f"{limits.bytes:,} bytes now, and the largest has {choice.largest:,}. Free some "
                "room where paths.home is, or give a larger --budget.",
                well=choice.copy is not None,
            )
        if choice.copy is not None:
            yield choice.copy

    def _named(self, store: Store, identity: str) -> Iterator[Copy | Left]:
        """The latest version of a package that a store has a copy of."""
        name = store.name
        of_store = [
            copy
            for version in self._catalogue.versions(identity)
            if version.is_kept
            for copy in self._catalogue.copies(identity, version.number)
            if copy.store == name
        ]
        if not of_store:
            yield Left(name, f"{name} has no copy of {identity}.")
            return
        size = self._catalogue.version(identity, of_store[-1].version).size
        if self._is_late:
            yield Left(name, f"{identity} in {name} was not drilled: {_LATE}")
        elif size > self._limits.bytes:
            yield Left(
                name,
                f"{identity} in {name} was not drilled: it has {size:,} bytes, a drill may take "
                f"{self._limits.bytes:,} now.",
            )
        else:
            yield of_store[-1]

    @property
    def _limits(self) -> Limits:
        room = room_on(self._scratch) // _SHARE_OF_ROOM
        limits = self._wanted.limits
        if limits.bytes is not None:
            room = min(room, max(0, limits.bytes - self._bytes))
        files = None
        if limits.requests is not None:
            files = max(0, limits.requests - self._requests)
        return Limits(room, files)

    @property
    def _is_late(self) -> bool:
        return self._until is not None and time.monotonic() >= self._until


_LATE = "the budget of time was spent."
