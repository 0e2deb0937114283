"""Filling a store from the others, within a budget: what is lacking, least first."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby

from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner, holding
from wiazka.catalogue.model import Version
from wiazka.errors import NotFoundError, UsageError, WiazkaError
from wiazka.evidence import Grade
from wiazka.replicate.budget import Spending
from wiazka.replicate.copying import BudgetSpent
from wiazka.replicate.replicator import Replicator, replicating
from wiazka.restore.reader import Damage
from wiazka.settings import Settings
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be copied: everything into ``to``, or only ``identities``, from any other store or
    only from ``source``.
    """

    to: str
    source: str | None = None
    identities: Collection[str] | None = None
    limits: Budget = field(default_factory=Budget)


@dataclass(frozen=True, slots=True)
class Replica:
    """How the copy of one version ended: proved at ``grade``, or not made for a ``fault``.

    Both are None when another run was at work on it.
    """

    identity: str
    version: int
    grade: Grade | None = None
    sent: int = 0
    fault: WiazkaError | None = None
    damages: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True)
class Replication:
    """What one run did; ``left`` are the versions that are still lacking in the store."""

    replicas: tuple[Replica, ...]
    sent: int
    requests: int
    left: int


def lacking(catalogue: Catalogue, wanted: Wanted) -> list[Version]:
    """The versions to be copied, by identity and number: the earlier before what refers to it."""
    # Without their records: of a whole house's documents they would not fit into memory.
    return [
        replace(catalogue.version(identity, number), record_json="")
        for identity, number in catalogue.replicas.lacking_in(wanted.to)
        if wanted.identities is None or identity in wanted.identities
    ]


def run_replication(
    settings: Settings,
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    wanted: Wanted,
    tell: "Telling | None" = None,
    roll: RollCall | None = None,
) -> Replication:
    """Make every copy that is lacking in a store, several packages at a time.

    Killed anywhere, the next run goes on with what is missing. ``roll`` keeps which stores failed.
    Raises NotFoundError for a store that is not configured, UsageError when it is to be filled from
    itself, and the store's own error when it cannot be used at all.
    """
    tell = tell or Telling()
    _require_stores(stores, wanted)
    versions = lacking(catalogue, wanted)
    tell.begun(versions)
    spending = Spending(wanted.limits)
    with replicating(settings, catalogue, stores, roll) as replicator:
        # Also when nothing is lacking: an empty mount point would be told to lack nothing.
        replicator.writing.require(stores[wanted.to])
        work = _Work(catalogue, replicator, wanted, spending, tell)
        packages = [list(group) for _, group in groupby(versions, lambda one: one.identity)]
        with ThreadPoolExecutor(settings.ingest.workers) as pool:
            replicas = [one for some in pool.map(work.package, packages) for one in some]
    done = sum(replica.grade is not None for replica in replicas)
    return Replication(
        tuple(replicas), spending.spent.bytes, spending.spent.requests, len(versions) - done
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears of a run: of what is to be done, of bytes as they are read, of each copy's end.

    May be called from several threads, ``ended`` one at a time.
    """

    begun: Callable[[Sequence[Version]], None] = lambda _: None
    read: Callable[[int], None] = lambda _: None
    ended: Callable[[Replica], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class _Work:
    catalogue: Catalogue
    replicator: Replicator
    wanted: Wanted
    spending: Spending
    tell: Telling
    telling: threading.Lock = field(default_factory=threading.Lock)

    def package(self, versions: Sequence[Version]) -> list[Replica]:
        """The versions of one package, the lowest first; after a fault the others wait."""
        replicas: list[Replica] = []
        # A store that is down or full is told of once, not for each package.
        if self.spending.is_over or self.replicator.writing.fault(self.wanted.to):
            return replicas
        for replica in self._each(versions):
            replicas.append(replica)
            with self.telling:
                self.tell.ended(replica)
            if replica.grade is None:
                break
        return replicas

    def _each(self, versions: Sequence[Version]) -> Iterator[Replica]:
        identity = versions[0].identity
        # The key that an ingest holds too: both may be about to complete the same version.
        with holding(self.catalogue, f"package:{identity}", Owner.of_this_process()) as mine:
            for version in versions:
                if not mine:
                    yield Replica(identity, version.number)
                elif self.spending.is_over:
                    return
                elif _is_lacking(self.catalogue, version, self.wanted.to):
                    try:
                        yield self._one(version)
                    except BudgetSpent:
                        return

    def _one(self, version: Version) -> Replica:
        damages: list[Damage] = []
        source = self.wanted.source
        grade, sent, fault = None, 0, None
        try:
            done = self.replicator.copy(
                version,
                self.wanted.to,
                self.spending,
                sources=[source] if source else None,
                tell=self.tell.read,
                damages=damages,
            )
            grade, sent = done.grade, done.sent
        except WiazkaError as error:
            fault = error
        return Replica(version.identity, version.number, grade, sent, fault, tuple(damages))


def _is_lacking(catalogue: Catalogue, version: Version, store: str) -> bool:
    """Whether it still is, and still held: a deaccession may have come after the list was made."""
    copies = catalogue.copies(version.identity, version.number)
    held = catalogue.version(version.identity, version.number).is_kept
    return held and store not in {copy.store for copy in copies}


def _require_stores(stores: Mapping[str, Store], wanted: Wanted) -> None:
    for name in (wanted.to, wanted.source):
        if name is not None and name not in stores:
            raise NotFoundError(
                f"There is no store named {name!r}.",
                f"The configured stores are: {', '.join(stores)}.",
            )
    if wanted.to == wanted.source:
        raise UsageError(
            f"Store {wanted.to!r} cannot be filled from itself.", "Leave --from out, or change it."
        )
