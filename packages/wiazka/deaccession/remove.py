"""Removing versions from one store: a tombstone first, the commit marks next, then the rest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from wiazka.errors import DeaccessionRefused, ObjectExists, StoreError
from wiazka.evidence import sha256
from wiazka.stores.attest import attest
from wiazka.stores.base import Content, ObjectInfo
from wiazka.stores.layout import (
    ASIDE,
    PACKAGES,
    StorageManifest,
    Tombstone,
    manifest_key,
    tombstone_key,
    version_prefix,
)
from wiazka.stores.locks import locked_error
from wiazka.stores.removal import Removing

REQUESTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed from a store in one go: objects with all their versions, and their bytes."""

    objects: int
    bytes: int


def lying(store: Removing, identity: str, numbers: Sequence[int]) -> list[ObjectInfo]:
    """All that a store holds of these versions, commit marks first; not their tombstones.

    With what repairs kept of them: damaged bytes can be read, too.
    """
    marks = [
        info
        for number in numbers
        for info in store.all_versions(manifest_key(identity, number))
        if info.key == manifest_key(identity, number)
    ]
    rest = [
        info
        for number in numbers
        for info in store.all_versions(version_prefix(identity, number))
        if info.key != tombstone_key(identity, number)
    ]
    aside = [
        info
        for number in numbers
        for key in (version_prefix(identity, number), f"{manifest_key(identity, number)}/")
        for info in store.all_versions(ASIDE + key)
    ]
    return marks + rest + aside


def require_free(store: Removing, identity: str, numbers: Sequence[int]) -> None:
    """Raises what speaks against removing these versions from a store.

    ObjectLocked when one object is under a retention or a legal hold, with the day on which the
    last of them ends; DeaccessionRefused when a version that the catalogue need not even know
    refers to files that lie with them.
    """
    locked = [i for i in lying(store, identity, numbers) if i.locked_until or i.legal_hold]
    if locked:
        raise locked_error(store, *locked)
    for manifest in _others(store, identity, numbers):
        if {file.version for file in manifest.files} & set(numbers):
            raise DeaccessionRefused(
                f"Store {store.name!r} ({store.place}): {identity} v{manifest.version} refers to "
                "files that lie with what was to be removed.",
                f"Deaccession v{manifest.version} too, or the package whole (without --version).",
            )


def _others(store: Removing, identity: str, numbers: Sequence[int]) -> list[StorageManifest]:
    own = {manifest_key(identity, number) for number in numbers}
    found = []
    for info in store.list(f"{PACKAGES}{identity}/v"):
        if info.key.count("/") == 3 and info.key.endswith(".json") and info.key not in own:
            with store.open(info.key) as stream:
                found.append(StorageManifest.from_json(stream.read(), info.key))
    return found


def remove(store: Removing, tombstones: Mapping[int, Tombstone], identity: str) -> Removed:
    """Remove all that a store holds of the versions that ``tombstones`` are of.

    The tombstones are put and proved first: what was known is never lost. The commit marks go next,
    so that no half of a version looks whole. Killed anywhere, the same call ends it. Raises
    ObjectLocked before anything is removed, and the store's errors.
    """
    numbers = list(tombstones)
    require_free(store, identity, numbers)
    for number, stone in tombstones.items():
        _erect(store, tombstone_key(identity, number), stone)
    found = lying(store, identity, numbers)
    marks = {manifest_key(identity, number) for number in numbers}
    for info in found:
        if info.key in marks:
            store.remove(info)
    versions = defaultdict(list)
    for info in found:
        if info.key not in marks:
            versions[info.key].append(info)
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        list(pool.map(partial(_remove_versions, store), versions.values()))
    for number in numbers:
        store.discard_parts(version_prefix(identity, number))
    if left := lying(store, identity, numbers):
        raise StoreError(
            f"Store {store.name!r} ({store.place}) still holds {left[0].key} after its removal.",
            "Run 'wiazka deaccession run' again; if it stays, see what else writes there.",
        )
    return Removed(len({info.key for info in found}), sum(info.size for info in found))


def _remove_versions(store: Removing, versions: Sequence[ObjectInfo]) -> None:
    """Remove all versions of one object, one by one, the newest last.

    Asked for two of them at once, versitygw puts an older one in the place of the newest while it
    is itself being removed, and keeps it.
    """
    for info in reversed(versions):
        store.remove(info)


def _erect(store: Removing, key: str, stone: Tombstone) -> None:
    if any(info.key == key for info in store.list(key)):
        # The first word on a version stays: a second deaccession takes only what was left of it.
        return
    data = stone.to_json()
    content = Content(data, len(data), sha256(data))
    with suppress(ObjectExists):
        store.put(key, content)
    attest(store, key, content.size, content.sha256)
