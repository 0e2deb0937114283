"""The catalogue made again in scratch, from one store alone, and held beside the live one."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.comparing import Comparison
from wiazka.catalogue.fixity_model import Drill
from wiazka.drill.model import Drilled
from wiazka.errors import NoRoom, StoreDenied, StoreError, UsageError, WiazkaError
from wiazka.evidence import Outcome
from wiazka.ledger.manifests import version_of_mark
from wiazka.ledger.segments import segment_of
from wiazka.rebuild.reading import FETCH, RECORD
from wiazka.rebuild.run import rebuild
from wiazka.restore.room import require_room, room_explained
from wiazka.stores.base import Store
from wiazka.stores.layout import TOMBSTONE
from wiazka.stores.roll import RollCall

# What is read becomes rows with indexes, and once more the journal of the one transaction.
_ROWS_FOR_BYTES = 3
_ENDS = tuple(f"/{path}" for path in (RECORD, FETCH, TOMBSTONE))
_NAMED = 3


def drill_catalogue(
    catalogue: Catalogue,
    store: Store,
    scratch: Path,
    roll: RollCall,
    tell: Callable[[str], None],
) -> Drilled:
    """Rebuild the catalogue from a store into ``scratch``, as if all else were lost; compare.

    ``tell`` hears of each version. The live catalogue is only read, but for what is kept of this.
    """
    begun = datetime.now(UTC)
    files = size = 0
    fault: WiazkaError | None = None
    faults: tuple[str, ...] = ()
    compared: Comparison | None = None
    try:
        roll.require(store)
        files, size = _to_read(store)
        require_room(scratch, size * _ROWS_FOR_BYTES)
        url = f"sqlite:///{scratch / 'catalogue.sqlite'}"
        with room_explained(scratch), Catalogue.open(url) as rebuilt:
            taken = rebuild(rebuilt, store, tell)
            compared = catalogue.drills.compare(rebuilt.drills, store.name, taken.rebuilt, begun)
        faults = tuple(one.message for one in taken.faults)
    except (StoreError, NoRoom, UsageError) as error:
        fault, faults = error, (error.message,)
    drill = catalogue.drills.record(
        Drill(
            id=0,
            store=store.name,
            identity=None,
            version=None,
            begun=begun,
            ended=datetime.now(UTC),
            outcome=_outcome(fault, faults, compared),
            files=files,
            bytes=size,
            sentence=_sentence(store, faults, compared),
        )
    )
    return Drilled(drill, faults=faults, compared=compared)


def _to_read(store: Store) -> tuple[int, int]:
    """How many objects a rebuild reads, and their bytes."""
    sizes = [
        one.size
        for one in store.list()
        if version_of_mark(one.key) or segment_of(one.key) or one.key.endswith(_ENDS)
    ]
    return len(sizes), sum(sizes)


def _outcome(
    fault: WiazkaError | None, faults: tuple[str, ...], compared: Comparison | None
) -> Outcome:
    if isinstance(fault, NoRoom):
        return Outcome.UNKNOWN
    if isinstance(fault, StoreDenied):
        return Outcome.DENIED
    if fault is not None and fault.transient:
        return Outcome.THROTTLED
    return Outcome.CHANGED if faults or compared is None or compared.count else Outcome.OK


def _sentence(store: Store, faults: tuple[str, ...], compared: Comparison | None) -> str:
    what = f"Drilled {store.name}: the catalogue"
    if compared is None:
        return f"{what} could not be rebuilt from there alone: {faults[0]}"
    told = [*faults, *(one.sentence for one in compared.differences[:_NAMED])]
    if told:
        return (
            f"{what} rebuilt from there alone is not the same: {len(faults)} faults, "
            f"{compared.count} differences. {' '.join(f'{one}.' for one in told[:_NAMED])}"
        )
    return f"{what} was rebuilt from there alone and is the same: {compared.rows} rows."
