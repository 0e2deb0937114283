"""What a repair does to one copy: look, find sound bytes, mend, look again, and keep it all."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from wiazka.bag.stored import storage_manifest, stored_file
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import Copy, Version
from wiazka.errors import RepairRefused, StoreUnavailable, WiazkaError
from wiazka.evidence import DAMAGE, Outcome, sha256
from wiazka.fixity.looking import Expected, sound_past
from wiazka.repair.looks import Look, Looks
from wiazka.repair.mending import Damaged, Mender
from wiazka.repair.model import Fix, MendedCopy, State, Wanted
from wiazka.repair.past import PastReader
from wiazka.repair.told import counted, origins, told
from wiazka.restore.sources import Source, nearest
from wiazka.settings import Settings
from wiazka.stores.base import Credentials, Store
from wiazka.stores.layout import file_key
from wiazka.stores.replacement import open_replacing


@dataclass(frozen=True, slots=True)
class Work:
    """One run's work on the copies of a package; ``looks`` are what it reads."""

    settings: Settings
    catalogue: Catalogue
    stores: Mapping[str, Store]
    wanted: Wanted
    looks: Looks
    spool: Path
    pool: ThreadPoolExecutor
    credentials: Credentials | None

    def copy(self, version: Version, copy: Copy) -> MendedCopy:
        """Look at one copy, and mend it."""
        look = self.looks.at(version, copy)
        seen = MendedCopy(
            version.identity,
            version.number,
            copy.store,
            State.SOUND,
            extras=tuple(f.path for f in look.check.findings if f.outcome is Outcome.EXTRA),
        )
        if look.fault:
            return replace(seen, state=State.FAILED, fault=look.fault)
        damaged = Damaged(version, copy, self.catalogue.files(version.identity, version.number))
        fixes = _damage(damaged, look)
        if not (asked := self._asked(damaged, fixes)):
            return seen
        sources = {source.store.name: source for source in self._candidates(version, copy)}
        try:
            fixes = [
                self._from_the_past(damaged, fix, sources)
                for fix in self._with_sources(version, asked, sources)
            ]
        except StoreUnavailable as error:
            # Only doubt: what cannot be asked now may have it.
            return replace(seen, state=State.FAILED, fixes=tuple(asked), fault=error)
        fault = self._refusal(version, copy, fixes, sources)
        if self.wanted.plan:
            state = _state_of(fault) if fault else State.DAMAGED
            return replace(seen, state=state, fixes=tuple(fixes), fault=fault)
        if any(fix.source for fix in fixes):
            fixes, hindrance = self._mend(damaged, fixes, sources)
            fault = hindrance or fault
        if fault:
            self.catalogue.replicas.repair_refused(
                copy,
                f"Did not mend {counted([f for f in fixes if not f.done])} of {version.identity} "
                f"v{version.number} in {copy.store}: {fault.message}",
                {"files": told(fixes), "code": fault.code},
            )
        state = _state_of(fault) if fault else State.MENDED
        return replace(seen, state=state, fixes=tuple(fixes), fault=fault)

    def _asked(self, damaged: Damaged, fixes: list[Fix]) -> list[Fix]:
        paths = self.wanted.paths
        # The commit mark says that all is there: it is never put without the rest.
        if not paths or damaged.mark_path in paths:
            return fixes
        return [fix for fix in fixes if fix.path in paths]

    def _candidates(self, version: Version, target: Copy) -> list[Source]:
        only = self.wanted.source
        usable = {
            name: store
            for name, store in self.stores.items()
            if name != target.store and only in (None, name)
        }
        copies = self.catalogue.copies(version.identity, version.number)
        return nearest(copies, usable, self.settings)

    def _with_sources(
        self, version: Version, fixes: Sequence[Fix], sources: Mapping[str, Source]
    ) -> Iterator[Fix]:
        """Each with the nearest copy that has it; no more copies are read than that takes."""
        copies = {copy.store: copy for copy in self._copies(version)}
        for fix in fixes:
            has = (n for n in sources if self.looks.at(version, copies[n]).has(fix.path))
            yield replace(fix, source=next(has, None))

    def _from_the_past(self, damaged: Damaged, fix: Fix, sources: Mapping[str, Source]) -> Fix:
        """What no copy has may be an earlier version of an object, still in a bucket: of the very
        one that is damaged, else of that of another copy. Read now, like any other source.

        Raises StoreUnavailable when a store does not tell.
        """
        if fix.source:
            return fix
        places = [] if self.wanted.source else [(self.stores[damaged.copy.store], damaged)]
        places += [(one.store, damaged.as_in(one)) for one in sources.values()]
        for store, held in places:
            key = held.key_of(fix.path)
            if past := sound_past(store, Expected(fix.path, key, fix.size, fix.expected)):
                return replace(fix, source=store.name, past=PastReader(store, key, past))
        return fix

    def _refusal(
        self, version: Version, copy: Copy, fixes: Sequence[Fix], sources: Mapping[str, Source]
    ) -> WiazkaError | None:
        """Why some of it has no source; None where all has."""
        lost = [fix for fix in fixes if fix.source is None]
        if not lost:
            return None
        copies = {one.store: one for one in self._copies(version)}
        seen = {name: self.looks.at(version, copies[name]) for name in sources}
        # Only doubt: what cannot be asked now may have it.
        for look in seen.values():
            if look.fault:
                return look.fault
        others = ", ".join(seen) or "no other copy"
        return RepairRefused(
            f"{version.identity} v{version.number} in {copy.store}: no copy has "
            f"{counted(lost)} as handed over (looked at: {others}): "
            + ", ".join(f"{fix.path} (SHA-256 {fix.expected})" for fix in lost[:3]),
            "Nothing was written there. Connect a store that has it, or look for a backup; what is "
            "expected is never changed to what is found.",
        )

    def _mend(
        self, damaged: Damaged, fixes: list[Fix], sources: Mapping[str, Source]
    ) -> tuple[list[Fix], WiazkaError | None]:
        version, copy = damaged.version, damaged.copy
        what = f"{version.identity} v{version.number} in {copy.store}"
        sound = [fix for fix in fixes if fix.source]
        origin = origins(sound)
        self.catalogue.replicas.repair_begun(
            copy,
            f"Began to mend {counted(sound)} of {what} from {origin}.",
            {"files": told(sound), "from": origin, "audit": str(self.looks.audit)},
        )
        store = open_replacing(
            copy.store, self.settings.stores[copy.store], self.catalogue, self.credentials
        )
        mender = Mender(damaged, store, sources, self.looks.roll, self.spool, self.pool)
        fixes, fault = mender.mend(fixes)
        mended = [fix for fix in fixes if fix.done]
        if not mended:
            return fixes, fault
        self.catalogue.replicas.repaired(
            copy,
            f"Mended {counted(mended)} of {what} from {origin}.",
            {"files": told(mended), "from": origin, "audit": str(self.looks.audit)},
        )
        look = self.looks.again(version, copy)
        for other, theirs in self._sharing(damaged, mended):
            self.catalogue.replicas.repaired(
                theirs,
                f"Mended what {other.identity} v{other.number} in {copy.store} refers to or holds "
                f"for v{version.number}, from {origin}.",
                {"with": str(version.number), "from": origin, "audit": str(self.looks.audit)},
            )
            self.looks.again(other, theirs)
        return fixes, fault or _still_damaged(look, mended)

    def _sharing(self, damaged: Damaged, mended: Sequence[Fix]) -> Iterator[tuple[Version, Copy]]:
        """The other versions whose copies in the same store have what was mended."""
        keys = {damaged.key_of(fix.path) for fix in mended}
        for version in self.catalogue.versions(damaged.version.identity):
            if version.number == damaged.version.number or not version.is_kept:
                continue
            files = self.catalogue.files(version.identity, version.number)
            for copy in self._copies(version):
                if copy.store == damaged.copy.store and any(
                    file_key(version.identity, version.number, stored_file(f, copy.unchanged))
                    in keys
                    for f in files
                ):
                    yield version, copy

    def _copies(self, version: Version) -> list[Copy]:
        return self.catalogue.copies(version.identity, version.number)


def _damage(damaged: Damaged, look: Look) -> list[Fix]:
    """What is wrong, with what is expected: from the catalogue, never from what was found."""
    version = damaged.version
    mark = storage_manifest(version, damaged.files, damaged.copy.unchanged)
    expected = {file.path: (file.size, file.sha256) for file in damaged.files}
    expected[damaged.mark_path] = len(mark), sha256(mark)
    return [
        Fix(found.path, found.outcome, *expected[found.path], found.observed, None)
        for found in look.check.findings
        if found.outcome in DAMAGE
    ]


def _still_damaged(look: Look, mended: Sequence[Fix]) -> WiazkaError | None:
    again = [fix for fix in mended if not look.has(fix.path)]
    if not again:
        return None
    check = look.check
    return look.fault or StoreUnavailable(
        f"Store {check.store!r} gave wrong bytes of {again[0].path} of {check.identity} "
        f"v{check.version} when it was read after it was mended.",
        "Look at the store's disks (dmesg, smartctl): what is written there does not stay.",
    )


def _state_of(fault: WiazkaError) -> State:
    return State.REFUSED if isinstance(fault, RepairRefused) else State.FAILED
