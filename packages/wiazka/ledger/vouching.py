"""The catalogue's events under the checkpoints that stores and others keep of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from wiazka.catalogue import merkle
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import Link
from wiazka.catalogue.model import FaultKind, LedgerFault
from wiazka.errors import StoreError
from wiazka.ledger.checkpoints import read_checkpoint
from wiazka.ledger.note import CHECKPOINTS, Checkpoint, checkpoint_count, checkpoint_of
from wiazka.ledger.signing import VerifierKey
from wiazka.stores.base import Store
from wiazka.stores.layout import require_marker

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Vouched:
    """What one place has: how many checkpoints, of how many events the last and the last signed."""

    where: str
    checkpoints: int
    last: int
    last_signed: int


@dataclass(frozen=True, slots=True)
class Vouching:
    """What checkpoints say of a catalogue; ``unasked`` are the errors of stores that did not."""

    root: bytes
    places: tuple[Vouched, ...]
    faults: tuple[LedgerFault, ...]
    unasked: tuple[StoreError, ...]


def read_checkpoints(
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    keys: Sequence[VerifierKey] = (),
    published: Mapping[str, Checkpoint] | None = None,
    required: Sequence[VerifierKey] = (),
) -> "Look":
    """Every checkpoint there is, to be compared with the events that ``Look.see`` is shown next.

    Those in the stores, in the catalogue itself, and the ``published`` ones by what to call them.
    ``keys`` are the public keys that may have signed; without any, no signature is looked at. Each
    of the ``required`` ones must have signed something in every store.
    """
    look = Look(keys)
    for store in stores.values():
        look.at_store(catalogue, store)
    look.require(required)
    look.at("the catalogue", (checkpoint_of(made.note) for made in catalogue.tree.checkpoints()))
    for name, checkpoint in (published or {}).items():
        look.at(name, [checkpoint])
    return look


def _leaf(link: Link) -> bytes:
    if link.intact_line is not None:
        return merkle.leaf(link.intact_line)
    try:
        return merkle.leaf(link.line.encode("utf-8", "surrogatepass"))
    except (ValueError, TypeError, RecursionError):
        # It is no event any more. The chain's own check names it.
        return merkle.EMPTY


class Look:
    """One look at all checkpoints: what there is, what was right, what is to be said.

    It computes the tree of all events anew as it sees them.
    """

    def __init__(self, keys: Sequence[VerifierKey]) -> None:
        self._keys = keys
        self._growing = merkle.Growing()
        self._unasked: list[StoreError] = []
        # What checkpoints say of so many events, till those were seen.
        self._told: dict[int, list[tuple[str, bytes]]] = defaultdict(list)
        self._seen: dict[str, list[Checkpoint]] = {}
        self._signed: dict[str, int] = defaultdict(int)
        self._right: dict[str, set[int]] = defaultdict(set)
        self._wrong: dict[str, set[int]] = defaultdict(set)
        self._beyond: dict[str, int] = {}
        self._roots: dict[int, set[bytes]] = defaultdict(set)
        self._faults: list[LedgerFault] = []

    def at_store(self, catalogue: Catalogue, store: Store) -> None:
        """Read the checkpoints of a store."""
        try:
            require_marker(store)
            keys = [info.key for info in store.list(CHECKPOINTS) if checkpoint_count(info.key)]
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                read = list(pool.map(lambda key: self._read(store, key), keys))
        except StoreError as error:
            # A store that is known to hold nothing need not be there yet.
            if catalogue.has_copies(store.name):
                self._unasked.append(error)
            return
        self.at(f"store {store.name!r}", filter(None, read))

    def _read(self, store: Store, key: str) -> Checkpoint | None:
        try:
            return read_checkpoint(store, key)
        except ValueError as error:
            what = f"Store {store.name!r}: {key} is no checkpoint any more: {error}."
            self._say(checkpoint_count(key) or 0, FaultKind.FORGED, what)
            return None

    def at(self, where: str, checkpoints: Iterable[Checkpoint]) -> None:
        """Take the checkpoints of one place, and check their signatures."""
        self._seen[where] = list(checkpoints)
        for one in self._seen[where]:
            self._told[one.count].append((where, one.root))
            if self._is_signed(where, one):
                self._signed[where] = max(self._signed[where], one.count)
                self._roots[one.count].add(one.root)

    def require(self, keys: Sequence[VerifierKey]) -> None:
        """Say which of the places so far has nothing that a key signed."""
        for where, checkpoints in self._seen.items():
            for key in keys:
                if not any(key.signed(one) for one in checkpoints):
                    what = f"No checkpoint in {where} is signed with {key.line}."
                    self._say(0, FaultKind.FORGED, what)

    def _is_signed(self, where: str, one: Checkpoint) -> bool:
        told = [key.signed(one) for key in self._keys]
        which = f"The checkpoint of {one.count} events in {where}"
        if False in told:
            self._say(one.count, FaultKind.FORGED, f"{which} has a wrong signature.")
        elif self._keys and one.signatures and True not in told:
            name = f"{one.signatures[0].name}+{one.signatures[0].key_id.hex()}"
            what = f"{which} is signed with the key {name}, which is not this archive's."
            self._say(one.count, FaultKind.FORGED, f"{what} If it was, add it to former_keys.")
        return True in told

    def see(self, link: Link) -> None:
        """Compare the checkpoints that end with the next event."""
        self._growing.add(_leaf(link))
        self._compare()

    def vouched(self) -> Vouching:
        """What came of it, once every event was seen."""
        # A checkpoint of no events is right when there are none.
        self._compare()
        for beyond in sorted(self._told):
            for where, _ in self._told[beyond]:
                self._beyond[where] = beyond
        faults = tuple(self._all_faults())
        return Vouching(self._growing.root, tuple(self._places()), faults, tuple(self._unasked))

    def _compare(self) -> None:
        if told := self._told.pop(count := self._growing.count, None):
            root = self._growing.root
            for where, known in told:
                (self._right if known == root else self._wrong)[where].add(count)

    def _places(self) -> Iterator[Vouched]:
        for where, checkpoints in self._seen.items():
            last = max((one.count for one in checkpoints), default=0)
            yield Vouched(where, len(checkpoints), last, self._signed[where])

    def _all_faults(self) -> list[LedgerFault]:
        """What is to be said; what several places say alike is said once."""
        alike: dict[tuple[int, FaultKind, str], list[str]] = defaultdict(list)
        for where in self._seen:
            for fault in self._of(where):
                alike[fault].append(where)
        for (seq, kind, what), places in alike.items():
            self._say(seq, kind, what.format(places=", ".join(places)))
        for count, roots in self._roots.items():
            if len(roots) > 1:
                what = (
                    f"There are two signed checkpoints of {count} events that differ: two "
                    "catalogues have gone on from one history, or one was rewritten and signed."
                )
                self._say(count, FaultKind.FORKED, what)
        return sorted(self._faults, key=lambda fault: (fault.seq, fault.kind))

    def _of(self, where: str) -> Iterator[tuple[int, FaultKind, str]]:
        right, wrong = self._right[where], self._wrong[where]
        good = max(right, default=0)
        for count in sorted(wrong):
            if count <= good:
                what = f"The checkpoint of {count} events in {{places}} was changed: that of {good}"
                yield count, FaultKind.FORGED, f"{what} is right, and cannot be without it."
        if later := [count for count in wrong if count > good]:
            upto = min(later)
            if good:
                what = f"Among the events {good + 1} to {upto} are others than the checkpoint of"
                yield good + 1, FaultKind.REWRITTEN, f"{what} {upto} events in {{places}} has."
            else:
                what = "No checkpoint in {places} is of this catalogue's events"
                yield 1, FaultKind.SWAPPED, f"{what}: it is another database, or was written anew."
        if beyond := self._beyond.get(where):
            count = self._growing.count
            what = f"The catalogue has {count} events, a checkpoint in {{places}} {beyond}:"
            told = f"{what} the last were removed, or it is an older backup."
            yield count + 1, FaultKind.REMOVED, told

    def _say(self, seq: int, kind: FaultKind, sentence: str) -> None:
        self._faults.append(LedgerFault(seq, kind, sentence))
