"""Reading a version's files: every byte checked as it goes by, another copy where one is damaged.

The digests are those of the catalogue, not what a store says of itself.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from wiazka.bag.stored import key_of
from wiazka.catalogue.model import File, Version
from wiazka.errors import BytesRefused, ObjectMissing, StoreDenied, StoreError, StoreUnavailable
from wiazka.evidence import Outcome, chunks, digests_of
from wiazka.restore.sources import Source
from wiazka.stores.roll import RollCall


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that a copy no longer has as it was handed over, met on the way.

    ``observed`` is the SHA-256 of what it has instead, or what its store said.
    """

    store: str
    path: str
    outcome: Outcome
    message: str
    observed: str | None = None


class Reader:
    """The files of one version, from its copies in their order. For several threads at once.

    ``damages`` is what was met so far, ``used`` how many files came from which store, ``requests``
    how many times a store was asked.
    """

    def __init__(
        self,
        version: Version,
        sources: Sequence[Source],
        roll: RollCall,
        tell: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.version = version
        self.damages: list[Damage] = []
        self.used: Counter[str] = Counter()
        self.requests = 0
        self._sources = sources
        self._roll = roll
        self._tell = tell
        self._lock = threading.Lock()

    def read(self, file: File, out: BinaryIO) -> None:
        """Write a file's bytes into ``out``, from its beginning; whole and right, or an error.

        ``out`` is emptied before each try. Raises BytesRefused when no copy has them, the store's
        own error when none that has them answers, and OSError as writing to ``out`` does.
        """
        faults: list[StoreError] = []
        for source in self._sources:
            try:
                self._roll.require(source.store)
                self._from(source, file, out)
            except (StoreUnavailable, StoreDenied) as error:
                self._roll.met(source.store, error)
                faults.append(error)
            except StoreError as error:
                faults.append(error)
                damage = _damage(source, file, error)
                with self._lock:
                    self.damages.append(damage)
            else:
                with self._lock:
                    self.used[source.store.name] += 1
                self._tell(file.size)
                return
        raise self._nowhere(file, faults)

    def _from(self, source: Source, file: File, out: BinaryIO) -> None:
        try:
            self._once(source, file, out)
        except (StoreUnavailable, StoreDenied):
            raise
        except StoreError:
            # A flipped bit on the wire is not damage: only what is seen twice counts.
            self._once(source, file, out)

    def _once(self, source: Source, file: File, out: BinaryIO) -> None:
        with self._lock:
            self.requests += 1
        out.seek(0)
        out.truncate()
        key = key_of(self.version, file, source.unchanged)
        with source.store.open(key) as stream:
            size, digests = digests_of(written(stream, out), ["sha256"])
        if (size, digests["sha256"]) != (file.size, file.sha256):
            raise _Changed(
                f"Store {source.store.name!r} ({source.store.place}), key {key!r}: expected "
                f"{file.size} bytes with SHA-256 {file.sha256}, read {size} bytes with "
                f"{digests['sha256']}.",
                f"Look at it with: wiazka audit --store {source.store.name}",
                digests["sha256"],
            )

    def _nowhere(self, file: File, faults: Sequence[StoreError]) -> StoreError:
        version = self.version
        kinds = {type(fault) for fault in faults}
        # Only doubt: what cannot be asked now may be sound.
        waiting = kinds and kinds <= {StoreUnavailable, StoreDenied}
        kind = type(faults[0]) if waiting else BytesRefused
        told = "\n".join(fault.message for fault in faults) or "It has no copies."
        return kind(
            f"No store gives {file.path} of {version.identity} v{version.number} as it was handed "
            f"over.\n{told}",
            f"'wiazka audit {version.identity}' looks at every copy of it; --file PATH restores "
            "other files alone.",
        )


class _Changed(BytesRefused):
    """Other bytes than those that were handed over; ``observed`` is their SHA-256."""

    def __init__(self, message: str, hint: str, observed: str) -> None:
        super().__init__(message, hint)
        self.observed = observed


def _damage(source: Source, file: File, error: StoreError) -> Damage:
    where = (source.store.name, file.path)
    if isinstance(error, ObjectMissing):
        return Damage(*where, Outcome.MISSING, error.message)
    if isinstance(error, _Changed):
        return Damage(*where, Outcome.CHANGED, error.message, error.observed)
    outcome = Outcome.CHANGED if isinstance(error, BytesRefused) else Outcome.UNREADABLE
    return Damage(*where, outcome, error.message, error.message)


def written(source: BinaryIO, out: BinaryIO) -> Iterator[bytes]:
    """What ``source`` has, in pieces, each written into ``out`` on its way."""
    for piece in chunks(source):
        out.write(piece)
        yield piece
