"""One copy restored whole to scratch, from its store alone, judged and thrown away."""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from wiazka.bag.stored import storage_manifest
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Drill, Finding
from wiazka.catalogue.model import Copy, File, Version
from wiazka.drill.model import Drilled
from wiazka.errors import BagInvalid, NoRoom, ObjectMissing, StoreDenied, StoreError, WiazkaError
from wiazka.evidence import DAMAGE, Grade, Outcome, chunks, sha256, worst
from wiazka.fixity.check import expected_of, extras
from wiazka.restore.folder import restore_folder
from wiazka.restore.met import by_store
from wiazka.restore.reader import Damage, Reader
from wiazka.restore.sources import Source
from wiazka.stores.base import Store
from wiazka.stores.layout import manifest_key, version_prefix
from wiazka.stores.roll import RollCall

_NAMED = 3


def drill_package(
    catalogue: Catalogue,
    store: Store,
    copy: Copy,
    scratch: Path,
    roll: RollCall,
    tell: Callable[[int], None],
) -> Drilled | None:
    """Restore a copy as if its store were all that is left, and keep what that proved.

    A copy that came back whole was read to its last byte, against the digests of the first read:
    that is a proof of grade ``read``, and damage is a finding. Both are kept as an audit's are.
    None when the version was let go meanwhile. ``tell`` hears of bytes as they are read.
    """
    version = catalogue.version(copy.identity, copy.version)
    files = catalogue.files(copy.identity, copy.version)
    look = _Look(store, version, files, copy, tell)
    begun = datetime.now(UTC)
    look.restore(scratch / "bag", roll)
    ended = datetime.now(UTC)
    if not _still_there(catalogue, copy):
        return None
    if look.fault is None or look.is_damaged:
        _keep_proof(catalogue, look, begun, ended)
    drill = catalogue.drills.record(
        Drill(
            id=0,
            store=store.name,
            identity=copy.identity,
            version=copy.version,
            begun=begun,
            ended=ended,
            outcome=look.outcome,
            files=len(files),
            bytes=look.bytes,
            sentence=look.sentence,
        )
    )
    faults = () if look.fault is None else (look.fault.message,)
    return Drilled(drill, tuple(look.findings), faults)


class _Look:
    """What is seen of one copy while it is restored."""

    def __init__(
        self,
        store: Store,
        version: Version,
        files: Sequence[File],
        copy: Copy,
        tell: Callable[[int], None],
    ) -> None:
        # Files of which it is known what became of them; of a look that was cut short, not all.
        self.looked_at = 0
        self.bytes = self.requests = 0
        self.fault: WiazkaError | None = None
        self.findings: list[Finding] = []
        self.version, self.files = version, files
        self.store, self.copy = store, copy
        self._tell = tell

    def restore(self, to: Path, roll: RollCall) -> None:
        """Restore it; what stopped that is the ``fault``."""
        source = Source(self.store, self.copy.unchanged)
        reader = Reader(self.version, [source], roll, self._count)
        try:
            roll.require(self.store)
            self._look_at_mark()
            try:
                restore_folder(reader, self.files, to)
            finally:
                # Damage does not keep from seeing what lies beside.
                self._look_for_extras()
                self.looked_at = reader.used.total() + len({one.path for one in reader.damages})
        except (StoreError, BagInvalid, NoRoom) as error:
            self.fault = error
        finally:
            # The next has the room of it.
            shutil.rmtree(to, ignore_errors=True)
            self.requests += reader.requests
            for damages in by_store(reader.damages).values():
                self.findings += map(self._damaged, damages)
            if self.outcome is Outcome.UNREADABLE and isinstance(self.fault, StoreError):
                self.findings = self.findings or [
                    self._finding(self.outcome, "", Grade.READ, None, self.fault.message)
                ]

    @property
    def is_damaged(self) -> bool:
        """Whether something that was handed over is not there."""
        return any(one.outcome in DAMAGE for one in self.findings)

    @property
    def outcome(self) -> Outcome:
        """The worst of what was seen; what lies beside a copy does not stop a restore."""
        if self.is_damaged:
            return worst(one.outcome for one in self.findings)
        if self.fault is None:
            return Outcome.OK
        if isinstance(self.fault, NoRoom):
            return Outcome.UNKNOWN
        if isinstance(self.fault, StoreDenied):
            return Outcome.DENIED
        return Outcome.THROTTLED if self.fault.transient else Outcome.UNREADABLE

    @property
    def sentence(self) -> str:
        """What came of it, for the ledger."""
        what = f"{self.copy.identity} v{self.copy.version} in {self.store.name}"
        if self.outcome is Outcome.OK:
            return (
                f"Drilled {what}: restored from there alone, whole and valid: {len(self.files)} "
                f"files, {self.bytes} bytes."
            )
        named = ", ".join(f"{one.path} ({one.outcome})" for one in self.findings[:_NAMED])
        told = named or (self.fault.message if self.fault else "")
        return f"Drilled {what}: it could not be restored from there alone: {told}"

    def _count(self, size: int) -> None:
        self.bytes += size
        self._tell(size)

    def _damaged(self, damage: Damage) -> Finding:
        expected = {file.path: file.sha256 for file in self.files}
        return self._finding(
            damage.outcome, damage.path, Grade.READ, expected[damage.path], damage.observed
        )

    def _finding(
        self,
        outcome: Outcome,
        path: str,
        grade: Grade,
        expected: str | None,
        observed: str | None,
    ) -> Finding:
        copy = self.copy
        return Finding(
            outcome, copy.store, copy.identity, copy.version, path, grade, expected, observed
        )

    def _look_at_mark(self) -> None:
        """Without its storage manifest no rebuild would find the version in that store."""
        version = self.version
        expected = storage_manifest(version, self.files, self.copy.unchanged)
        path = f"../v{version.number}.json"
        # A flipped bit on the wire is not damage: only what is seen twice counts.
        seen = self._mark()
        if seen != expected and (seen := self._mark()) != expected:
            outcome = Outcome.MISSING if seen is None else Outcome.CHANGED
            observed = None if seen is None else sha256(seen)
            self.findings.append(
                self._finding(outcome, path, Grade.READ, sha256(expected), observed)
            )

    def _mark(self) -> bytes | None:
        self.requests += 1
        try:
            with self.store.open(manifest_key(self.version.identity, self.version.number)) as mark:
                return b"".join(chunks(mark))
        except ObjectMissing:
            return None

    def _look_for_extras(self) -> None:
        """An audit at this grade does, and what is kept of a drill counts as one."""
        self.requests += 1
        listed = self.store.list(version_prefix(self.version.identity, self.version.number))
        expected = expected_of(self.version, self.files, self.copy.unchanged)
        self.findings += extras(self.store, self.version, listed, expected)


def _still_there(catalogue: Catalogue, copy: Copy) -> bool:
    """Whether it is still held: a deaccession takes away what is being read."""
    held = catalogue.version(copy.identity, copy.version).is_kept
    return held and copy.store in {one.store for one in catalogue.copies(*_version_of(copy))}


def _version_of(copy: Copy) -> tuple[str, int]:
    return copy.identity, copy.version


def _keep_proof(catalogue: Catalogue, look: _Look, begun: datetime, ended: datetime) -> None:
    outcome = worst(one.outcome for one in look.findings)
    check = CopyCheck(
        identity=look.copy.identity,
        version=look.copy.version,
        store=look.store.name,
        grade=Grade.READ,
        outcome=outcome,
        # What was not looked at is not proved by this.
        files=look.looked_at,
        bytes=look.bytes,
        begun=begun,
        ended=ended,
        findings=tuple(look.findings),
        requests=look.requests,
    )
    what = f"{check.identity} v{check.version} in {check.store}"
    told = f"all {check.files} files proved {check.grade}" if outcome is Outcome.OK else outcome
    number = catalogue.audits.begin(Grade.READ, begun)
    catalogue.audits.record(number, check, f"Audited {what} by a drill: {told}.")
    catalogue.audits.end(number, ended)
