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
from wiazka.ledger.note import Checkpoint, checkpoint_count, checkpoint_of
from wiazka.ledger.signing import VerifierKey
from wiazka.stores.base import Store
from wiazka.stores.layout import LEDGER, require_marker

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


def vouch(
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    keys: Sequence[VerifierKey] = (),
    published: Mapping[str, Checkpoint] | None = None,
    required: Sequence[VerifierKey] = (),
) -> Vouching:
    """Compute the tree of all events anew, and compare it with every checkpoint there is.

    Those in the stores, in the catalogue itself, and the ``published`` ones by what to call them.
    ``keys`` are the public keys that may have signed; without any, no signature is looked at. Each
    of the ``required`` ones must have signed something in every store.
    """
    look = _Look(keys)
    unasked = [
        error for store in stores.values() if (error := look.at_store(catalogue, store)) is not None
    ]
    look.require(required)
    look.at("the catalogue", (checkpoint_of(made.note) for made in catalogue.tree.checkpoints()))
    for name, checkpoint in (published or {}).items():
        look.at(name, [checkpoint])
    root = look.compare(catalogue.links())
    return Vouching(root, tuple(look.places()), tuple(look.faults()), tuple(unasked))


def roots_of(links: Iterable[Link], counts: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """The roots of the first so many events, for each of some numbers and for all; flat memory."""
    wanted, growing = set(counts), merkle.Growing()
    for link in links:
        growing.add(_leaf(link))
        if growing.count in wanted:
            yield growing.count, growing.root
    if growing.count not in wanted:
        yield growing.count, growing.root


def _leaf(link: Link) -> bytes:
    try:
        return merkle.leaf(link.line.encode("utf-8", "surrogatepass"))
    except ValueError:
        # Its detail is no JSON any more. The chain's own check names it.
        return merkle.EMPTY


class _Look:
    """One look at all checkpoints: what there is, what was right, what is to be said."""

    def __init__(self, keys: Sequence[VerifierKey]) -> None:
        self._keys = keys
        self._seen: dict[str, list[Checkpoint]] = {}
        self._signed: dict[str, int] = defaultdict(int)
        self._right: dict[str, set[int]] = defaultdict(set)
        self._wrong: dict[str, set[int]] = defaultdict(set)
        self._beyond: dict[str, int] = {}
        self._roots: dict[int, set[bytes]] = defaultdict(set)
        self._faults: list[LedgerFault] = []
        self._count = 0

    def at_store(self, catalogue: Catalogue, store: Store) -> StoreError | None:
        """Read the checkpoints of a store; its error where it cannot be asked."""
        try:
            require_marker(store)
            keys = [info.key for info in store.list(LEDGER) if checkpoint_count(info.key)]
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                read = list(pool.map(lambda key: self._read(store, key), keys))
        except StoreError as error:
            # A store that is known to hold nothing need not be there yet.
            return error if catalogue.has_copies(store.name) else None
        self.at(f"store {store.name!r}", filter(None, read))
        return None

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

    def compare(self, links: Iterable[Link]) -> bytes:
        """Compare every checkpoint with the events; the root of all of them."""
        at: dict[int, list[tuple[str, bytes]]] = defaultdict(list)
        for where, checkpoints in self._seen.items():
            for one in checkpoints:
                at[one.count].append((where, one.root))
        root = merkle.EMPTY
        for self._count, root in roots_of(links, at):
            for where, told in at.pop(self._count, ()):
                (self._right if told == root else self._wrong)[where].add(self._count)
        for beyond in sorted(at):
            for where, _ in at[beyond]:
                self._beyond[where] = beyond
        return root

    def places(self) -> Iterator[Vouched]:
        """What each place has."""
        for where, checkpoints in self._seen.items():
            last = max((one.count for one in checkpoints), default=0)
            yield Vouched(where, len(checkpoints), last, self._signed[where])

    def faults(self) -> list[LedgerFault]:
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
            what = f"The catalogue has {self._count} events, a checkpoint in {{places}} {beyond}:"
            told = f"{what} the last were removed, or it is an older backup."
            yield self._count + 1, FaultKind.REMOVED, told

    def _say(self, seq: int, kind: FaultKind, sentence: str) -> None:
        self._faults.append(LedgerFault(seq, kind, sentence))
