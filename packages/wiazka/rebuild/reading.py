"""The versions that a store holds, read for the catalogue: manifests and records, each checked."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice

from wiazka.bag.fetch import read_fetch_txt
from wiazka.catalogue.described import search_text, signatures_of
from wiazka.catalogue.model import File, Unchanged, Version, VersionState
from wiazka.catalogue.rebuilding import FoundVersion
from wiazka.errors import BagInvalid, BytesRefused, StoreError
from wiazka.evidence import chunks, sha256
from wiazka.intake.model import FileRole
from wiazka.ledger.manifests import read_manifest, version_of_mark
from wiazka.record.crosswalk.own import in_one_form, read_record_json
from wiazka.record.model import Record
from wiazka.stores.base import Store
from wiazka.stores.layout import (
    PACKAGES,
    TOMBSTONE,
    StorageManifest,
    StoredFile,
    Tombstone,
    file_key,
    tombstone_key,
)

RECORD, FETCH = "metadata/record.json", "fetch.txt"
_AT_ONCE = 8
_WINDOW = 64


def found_versions(
    store: Store, on_fault: Callable[[StoreError | BagInvalid], None], tell: Callable[[str], None]
) -> Iterator[FoundVersion]:
    """Every committed version, in the order of keys; ``tell`` hears of each.

    What cannot be read, or is not what its manifest says, is given to ``on_fault`` and left out; a
    store that does not answer stops it all.
    """
    keys = (
        info.key
        for info in store.list(PACKAGES)
        if version_of_mark(info.key) or info.key.endswith(f"/{TOMBSTONE}")
    )

    def one(key: str) -> FoundVersion | StoreError | BagInvalid | None:
        try:
            return _read(store, key) if version_of_mark(key) else _of_tombstone(store, key)
        except (StoreError, BagInvalid) as error:
            if error.transient:
                raise
            return error

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while window := list(islice(keys, _WINDOW)):
            for read in pool.map(one, window):
                if isinstance(read, (StoreError, BagInvalid)):
                    on_fault(read)
                elif read is not None:
                    tell(f"{read.version.identity} v{read.version.number}")
                    yield read


def _read(store: Store, key: str) -> FoundVersion:
    manifest = read_manifest(store, key)
    held = read_fetch_txt(_tag(store, key, manifest, FETCH), manifest.identity)
    found = _found(manifest, _tag(store, key, manifest, RECORD), partial(_held, held))
    if held and not any(file.version for file in manifest.files):
        return replace(found, unchanged=Unchanged.COPY)
    return found


def _of_tombstone(store: Store, key: str) -> FoundVersion | None:
    """What is still known of a version that was deaccessioned; None where that is nothing."""
    with store.open(key) as stream:
        stone = Tombstone.from_json(b"".join(chunks(stream)), key)
    if tombstone_key(stone.identity, stone.version) != key:
        raise StoreError(
            f"Store {store.name!r} ({store.place}): {key} is of {stone.identity} v{stone.version}.",
            "Compare it with the same key in another store.",
        )
    if not (stone.content and stone.delivery and stone.folder and stone.bagged_at):
        return None
    manifest = StorageManifest(
        identity=stone.identity,
        version=stone.version,
        content=stone.content,
        delivery=stone.delivery,
        folder=stone.folder,
        bagged_at=stone.bagged_at,
        files=stone.files,
    )
    return _found(manifest, in_one_form(stone.record), lambda file: (file.version, file.held_as))


def _found(
    manifest: StorageManifest,
    data: bytes,
    held: Callable[[StoredFile], tuple[int | None, str | None]],
) -> FoundVersion:
    try:
        record = read_record_json(data)
    except ValueError:
        # Of a model that this wiazka does not know: its text is kept, and little is found by it.
        record = Record()
    version = Version(
        identity=manifest.identity,
        number=manifest.version,
        title=record.title or manifest.folder,
        content=manifest.content,
        state=VersionState.PACKAGED,
        bagged_at=manifest.bagged_at,
        registered_at=None,
        delivery=manifest.delivery,
        folder=manifest.folder,
        record_json=data.decode("utf-8", "replace"),
        size=sum(file.size for file in manifest.files),
        file_count=len(manifest.files),
    )
    roles = {file.path: file.role for file in record.files}
    files = tuple(
        File(f.path, f.size, f.sha256, roles.get(f.path, FileRole.METADATA), *held(f))
        for f in manifest.files
    )
    return FoundVersion(version, files, search_text(record, version), tuple(signatures_of(record)))


def _held(held: Mapping[str, tuple[int, str]], file: StoredFile) -> tuple[int | None, str | None]:
    number, inside = held.get(file.path, (None, file.path))
    return number, None if inside == file.path else inside


def _tag(store: Store, mark: str, manifest: StorageManifest, path: str) -> bytes:
    """A tag file's bytes, checked; empty for a fetch.txt that the bag does not have."""
    for file in manifest.files:
        if file.path == path:
            key = file_key(manifest.identity, manifest.version, file)
            with store.open(key) as stream:
                data = b"".join(chunks(stream))
            if (len(data), sha256(data)) == (file.size, file.sha256):
                return data
            raise BytesRefused(
                f"Store {store.name!r} ({store.place}): {key} is not what {mark} says: expected "
                f"{file.size} bytes with SHA-256 {file.sha256}, found {len(data)} bytes with "
                f"{sha256(data)}.",
                "The version was left out. Another store may have it: 'wiazka rebuild --from' that "
                "one too.",
            )
    if path == FETCH:
        return b""
    raise StoreError(
        f"Store {store.name!r} ({store.place}): {mark} names no {path}.",
        "The version was left out. Compare it with the same key in another store.",
    )
