"""Storage manifests as a store has them: looked at before anything that they say is believed."""

import re
from collections.abc import Iterable

from wiazka.errors import StoreError
from wiazka.evidence import chunks
from wiazka.stores.base import Store, checked_key
from wiazka.stores.layout import PACKAGES, StorageManifest

_MARK = re.compile(rf"{PACKAGES}([^/]+/[^/]+)/v([1-9]\d*)\.json")
_SHA256 = re.compile("[0-9a-f]{64}")


def version_of_mark(key: str) -> tuple[str, int] | None:
    """The identity and number of the version whose storage manifest has that key, or None."""
    found = _MARK.fullmatch(key)
    return (found[1], int(found[2])) if found else None


def read_manifest(store: Store, key: str) -> StorageManifest:
    """The storage manifest under ``key``. Raises StoreError that says what is wrong with it."""
    with store.open(key) as stream:
        manifest = StorageManifest.from_json(b"".join(chunks(stream)), key)
    if (manifest.identity, manifest.version) != version_of_mark(key):
        raise _wrong(store, key, f"it is of {manifest.identity} v{manifest.version}")
    seen: set[str] = set()
    for file in manifest.files:
        if fault := _fault(file.path, seen):
            raise _wrong(store, key, fault)
        if file.size < 0 or not _SHA256.fullmatch(file.sha256):
            raise _wrong(store, key, f"{file.path!r} has no right size and SHA-256")
        if file.version is not None and not 0 < file.version < manifest.version:
            raise _wrong(store, key, f"{file.path!r} is said to lie with v{file.version}")
        if file.held_as is not None and (fault := _fault(file.held_as, ())):
            raise _wrong(store, key, fault)
        seen.add(file.path)
    return manifest


def _fault(path: str, seen: Iterable[str]) -> str | None:
    try:
        checked_key(path)
    except StoreError:
        return f"no file of a bag can have the path {path!r}"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in path) or "\\" in path:
        return f"no file of a bag can have the path {path!r}"
    return f"it names {path!r} twice" if path in seen else None


def _wrong(store: Store, key: str, what: str) -> StoreError:
    return StoreError(
        f"Store {store.name!r} ({store.place}): {key} is no right storage manifest: {what}.",
        "Compare it with the same key in another store.",
    )
