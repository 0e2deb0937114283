"""Looking at copies: each is read whole now, against the digests of the first read.

What an earlier audit found is no reason to write, and a copy that was proved last month is no
source: both are looked at in the very run that mends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck
from wiazka.catalogue.model import Copy, Version
from wiazka.errors import StoreDenied, StoreError, StoreUnavailable, WiazkaError
from wiazka.evidence import DAMAGE, Grade, Outcome
from wiazka.fixity.check import check_copy, unreachable
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall

_HARMLESS = frozenset({Outcome.OK, Outcome.EXTRA})


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a copy showed; ``fault`` where its store, or a part of it, gave no answer.

    Then nothing is known of what was not seen.
    """

    check: CopyCheck
    fault: WiazkaError | None

    @property
    def is_whole(self) -> bool:
        """Whether all that should be there was read and is right."""
        return self.fault is None and self.check.outcome in _HARMLESS

    def has(self, path: str) -> bool:
        """Whether this file was read in it and is right."""
        bad = {f.path for f in self.check.findings if f.outcome not in _HARMLESS}
        return self.fault is None and path not in bad


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of one run, each kept in the catalogue as a check of audit ``audit``."""

    catalogue: Catalogue
    stores: Mapping[str, Store]
    roll: RollCall
    audit: int
    _seen: dict[tuple[int, str], Look] = field(default_factory=dict)

    def at(self, version: Version, copy: Copy) -> Look:
        """What a copy holds, read in this run."""
        key = (copy.version, copy.store)
        if key not in self._seen:
            self._seen[key] = self._look(version, copy, self.audit)
        return self._seen[key]

    def again(self, version: Version, copy: Copy) -> Look:
        """What a copy holds now that something in it was moved."""
        # An audit of its own: none may close what it found itself.
        audit = self.catalogue.audits.begin(Grade.READ, datetime.now(UTC))
        look = self._seen[copy.version, copy.store] = self._look(version, copy, audit)
        self.catalogue.audits.end(audit, datetime.now(UTC))
        return look

    def _look(self, version: Version, copy: Copy, audit: int) -> Look:
        store = self.stores[copy.store]
        fault: WiazkaError | None = None
        try:
            self.roll.require(store)
            files = self.catalogue.files(copy.identity, copy.version)
            check = check_copy(store, version, files, Grade.READ, copy.unchanged)
            fault = _doubt(store, check)
        except StoreError as error:
            check, fault = unreachable(copy, Grade.READ, error), error
        what = f"{check.identity} v{check.version} in {check.store}"
        self.catalogue.audits.record(audit, check, f"Read {what} for a repair: {check.told}.")
        return Look(check, fault)


def begin_looks(catalogue: Catalogue, stores: Mapping[str, Store]) -> Looks:
    """Looks that are kept as a new audit."""
    roll = RollCall(catalogue.replicas.stores_in_use())
    return Looks(catalogue, stores, roll, catalogue.audits.begin(Grade.READ, datetime.now(UTC)))


def _doubt(store: Store, check: CopyCheck) -> WiazkaError | None:
    """Why some of it could not be looked at."""
    for finding in check.findings:
        if finding.outcome not in DAMAGE | _HARMLESS:
            denied = finding.outcome is Outcome.DENIED
            kind = StoreDenied if denied else StoreUnavailable
            return kind(
                f"Store {store.name!r} ({store.place}): {finding.path} of {check.identity} "
                f"v{check.version} could not be read ({finding.outcome}): {finding.observed}",
                "Nothing is mended that cannot be looked at. "
                + ("Let the keys read it." if denied else "Run again later."),
            )
    return None
