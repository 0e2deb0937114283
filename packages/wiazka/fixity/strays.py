"""From the store to the catalogue: what a store holds, and nothing that is known accounts for.

One listing, walked once. Memory holds the counts of one page of packages, whatever the store's
size; the catalogue is asked once a page, after the listing, so that nothing is met that had not
been begun there before.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Finding
from wiazka.catalogue.model import KEPT, Version, VersionState
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.check import PAGE
from wiazka.ledger.segments import is_of_ledger
from wiazka.stores.base import STORE_MARKER, ObjectInfo, Store
from wiazka.stores.layout import (
    ASIDE,
    PACKAGES,
    PROBES,
    TOMBSTONE,
    manifest_key,
    tombstone_key,
    version_prefix,
)

# An ingest of a large delivery, or one that waits for the night, is no finding.
UNDER_WAY = timedelta(days=1)
_PACKAGES_AT_ONCE = 200
# Of objects that are of no package at all, as many are named; the others are counted.
_NAMED = 1000
_IN_VERSION = re.compile(
    rf"{PACKAGES}([a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*)/v([1-9]\d*)(\.json|/.+)", re.DOTALL
)


@dataclass(slots=True)
class _Lying:
    """What lies of one version: counted, not kept."""

    identity: str
    number: int
    objects: int = 0
    bytes: int = 0
    has_mark: bool = False
    has_tombstone: bool = False
    newest: datetime | None = None
    # Made once: a store has far more objects than versions.
    prefix: str = field(init=False)
    mark: str = field(init=False)
    tombstone: str = field(init=False)

    def __post_init__(self) -> None:
        self.prefix = version_prefix(self.identity, self.number)
        self.mark = manifest_key(self.identity, self.number)
        self.tombstone = tombstone_key(self.identity, self.number)

    def has(self, key: str) -> bool:
        """Whether a key is of the version's folder."""
        return key.startswith(self.prefix) and key != self.prefix

    def add(self, info: ObjectInfo) -> None:
        self.objects += 1
        self.bytes += info.size
        self.has_mark |= info.key == self.mark
        self.has_tombstone |= info.key == self.tombstone
        if info.stored_at and (self.newest is None or info.stored_at > self.newest):
            self.newest = info.stored_at

    @property
    def key(self) -> str:
        """What stands for it: its commit mark where there is one."""
        return self.mark if self.has_mark else self.prefix


# By the names of their stores.
Looks = Mapping[str, Future[CopyCheck]]


@contextmanager
def looks_beside(catalogue: Catalogue, stores: Collection[Store]) -> Iterator[Looks]:
    """Looks at whole stores, one after another, beside what is done meanwhile.

    What is not over when that ends is given up. Their results raise the store's errors.
    """
    looks = [Strays(catalogue, store) for store in stores]
    pool = ThreadPoolExecutor(1)
    try:
        yield {
            store.name: pool.submit(look.look) for store, look in zip(stores, looks, strict=True)
        }
    finally:
        for look in looks:
            look.give_up()
        pool.shutdown(cancel_futures=True)


class Strays:
    """The look at one store as a whole. Raises the store's errors."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self._begun = datetime.now(UTC)
        self._findings: list[Finding] = []
        self._unknown = 0
        self._is_given_up = False

    def give_up(self) -> None:
        """Have a look that is under way in another thread end, with CancelledError."""
        self._is_given_up = True

    def look(self) -> CopyCheck:
        """What is too much in it, as one check of no package."""
        objects = 0
        page: dict[str, dict[int, _Lying]] = {}
        lying: _Lying | None = None
        for info in self._store.list():
            if self._is_given_up:
                raise CancelledError
            objects += 1
            # Mostly of the same version as the one before.
            if lying is None or not lying.has(info.key):
                match = _IN_VERSION.fullmatch(info.key)
                if match is None:
                    self._beside(info)
                    continue
                if match[1] not in page and len(page) == _PACKAGES_AT_ONCE:
                    self._compare(page)
                    page = {}
                number = int(match[2])
                versions = page.setdefault(match[1], {})
                lying = versions.setdefault(number, _Lying(match[1], number))
            lying.add(info)
        self._compare(page)
        if self._unknown > _NAMED:
            more = f"and {self._unknown - _NAMED} more objects that are of no package"
            self._say("", None, f"{self._unknown} objects", more)
        return CopyCheck(
            None,
            None,
            self._store.name,
            Grade.LISTED,
            Outcome.EXTRA if self._findings else Outcome.OK,
            objects,
            0,
            self._begun,
            datetime.now(UTC),
            tuple(self._findings),
            requests=1 + objects // PAGE,
        )

    def _beside(self, info: ObjectInfo) -> None:
        """An object that is of no version."""
        # What the ledger's own keys hold is looked at by 'wiazka log verify'.
        known = info.key in (STORE_MARKER, *PROBES) or info.key.startswith(ASIDE)
        if known or is_of_ledger(info.key):
            return
        self._unknown += 1
        if self._unknown <= _NAMED:
            note = "no key of wiazka's"
            self._say(info.key, info.size, f"{info.size} bytes", note)

    def _compare(self, page: dict[str, dict[int, _Lying]]) -> None:
        known = {(v.identity, v.number): v for v in self._catalogue.audits.versions_of(page)}
        copies = self._catalogue.audits.copies_in(self._store.name, page)
        for identity, versions in page.items():
            for number, lying in sorted(versions.items()):
                version = known.get((identity, number))
                note = self._fault(lying, version, is_copy=(identity, number) in copies)
                if note:
                    observed = f"{lying.objects} objects, {lying.bytes} bytes"
                    self._say(lying.key, lying.bytes, observed, note)

    def _fault(self, lying: _Lying, version: Version | None, *, is_copy: bool) -> str | None:
        """What is wrong with what lies of a version; None where it is accounted for."""
        if is_copy:
            # It is looked at file by file, with what is too much in it.
            return None
        if version is None or version.state is VersionState.DEACCESSIONED:
            asked = self._catalogue.deaccessions.of_version(lying.identity, lying.number)
            if version is None and asked is None:
                return "a version that the catalogue does not know"
            # One that ended meanwhile was still at it when this was listed.
            at_it = asked and (asked.done_at is None or asked.done_at >= self._begun)
            if lying.objects == lying.has_tombstone or at_it:
                return None
            return f"left of a version that was deaccessioned, beside its {TOMBSTONE}"
        if version.state is VersionState.ABANDONED:
            return "left by a push that was given up"
        if self._is_under_way(lying):
            return None
        if lying.has_mark:
            return "a copy that the catalogue does not know: an ingest or replicate takes it over"
        what = (
            "version that is in other stores" if version.state in KEPT else "push that never ended"
        )
        return f"half of a {what}; without its storage manifest it is of no version"

    def _is_under_way(self, lying: _Lying) -> bool:
        """Whether somebody may still be writing it: works on the package, or did so of late."""
        if self._catalogue.audits.is_claimed(f"package:{lying.identity}"):
            return True
        return lying.newest is not None and datetime.now(UTC) - lying.newest < UNDER_WAY

    def _say(self, key: str, size: int | None, observed: str, note: str) -> None:
        self._findings.append(
            Finding(
                Outcome.EXTRA,
                self._store.name,
                None,
                None,
                key,
                Grade.LISTED,
                None,
                observed,
                bytes=size,
                note=note,
            )
        )
