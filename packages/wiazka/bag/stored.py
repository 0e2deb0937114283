"""A version as one store holds it: where its files lie there, and its storage manifest."""

from collections.abc import Iterable, Mapping

from wiazka.bag.model import Entry
from wiazka.catalogue.model import File, Unchanged, Version
from wiazka.errors import ObjectMissing, StoreError
from wiazka.stores.base import Store
from wiazka.stores.layout import StorageManifest, StoredFile, version_prefix


def stored_file(file: Entry | File, unchanged: Unchanged) -> StoredFile:
    """The file as a copy has it: with an earlier version, where the copy refers to those."""
    refers = unchanged is Unchanged.REFERENCE
    return StoredFile(
        path=file.path,
        size=file.size,
        sha256=file.sha256,
        version=file.held_in if refers else None,
        held_as=file.held_as if refers else None,
    )


def key_of(version: Version, file: File, unchanged: Unchanged) -> str:
    """Where a file of a version lies in a copy of that kind: the ``file_key`` of its stored_file.

    Without making one: an audit asks this of every file there is.
    """
    if unchanged is Unchanged.REFERENCE and file.held_in is not None:
        return version_prefix(version.identity, file.held_in) + (file.held_as or file.path)
    return version_prefix(version.identity, version.number) + file.path


def storage_manifest(
    version: Version, files: Iterable[Entry | File], unchanged: Unchanged
) -> bytes:
    """The storage manifest of a version, byte for byte as a copy of that kind has it.

    Made of the version as the catalogue knows it, by whoever writes one and whoever checks it: what
    only the writer knew would look like damage later. ``files`` are sorted by path.
    """
    return StorageManifest(
        identity=version.identity,
        version=version.number,
        content=version.content,
        delivery=version.delivery,
        folder=version.folder,
        bagged_at=version.bagged_at,
        files=tuple(stored_file(file, unchanged) for file in files),
    ).to_json()


def committed_kind(store: Store, key: str, marks: Mapping[Unchanged, bytes]) -> Unchanged | None:
    """The kind of copy whose ``marks`` a store has under ``key``; None where it has none.

    Raises StoreError for any other commit mark: what is committed is never touched.
    """
    try:
        with store.open(key) as stream:
            found = stream.read()
    except ObjectMissing:
        return None
    for kind, mark in marks.items():
        if found == mark:
            return kind
    raise StoreError(
        f"Store {store.name!r} already holds {key}, committed with other content than the "
        "catalogue knows.",
        f"The catalogue is behind the store: run 'wiazka rebuild --from {store.name}', then "
        "ingest again.",
    )
