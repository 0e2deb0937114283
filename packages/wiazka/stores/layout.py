"""Where things lie in a store (DESIGN §4): the same keys and bytes in each, readable by hand."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, ValidationError

from wiazka.errors import ObjectExists, ObjectMissing, StoreError, StoreUnavailable
from wiazka.evidence import sha256
from wiazka.stores.base import STORE_MARKER, Content, Store

LAYOUT_VERSION = 1
PACKAGES = "packages/"
# Events, as they were appended: what a catalogue's history is rebuilt from.
LEDGER = "ledger/"
# What a probe writes, always under the same keys: who may not delete, and an ingest may not, leaves
# no more behind than this.
RIGHT, WRONG, PARTS, LOCKED = PROBES = tuple(
    f"probe/{name}" for name in ("right", "wrong", "parts", "locked")
)
TOMBSTONE = "tombstone.json"
# What a repair found damaged, as it was found: evidence, and of no version.
ASIDE = "aside/"


def version_prefix(identity: str, number: int) -> str:
    """Where version ``number`` of the package ``<collection>/<slug>`` lies, ending in ``/``."""
    return f"{PACKAGES}{identity}/v{number}/"


def manifest_key(identity: str, number: int) -> str:
    """The key of a version's storage manifest: written last, it is the commit mark."""
    return f"{PACKAGES}{identity}/v{number}.json"


def tombstone_key(identity: str, number: int) -> str:
    """The key of what is still told of a version after its deaccession.

    Where the version lay, so that who looks for it there finds why it is gone; and a key of its own
    for each version, since nothing is ever overwritten.
    """
    return version_prefix(identity, number) + TOMBSTONE


def aside_key(key: str, name: str) -> str:
    """Where the damaged bytes that lay under ``key`` are kept; ``name`` tells them from others.

    In a folder of the key's own name, so that no part of it is longer than that of the key.
    """
    return f"{ASIDE}{key}/{name}"


def file_key(identity: str, number: int, file: "StoredFile") -> str:
    """Where a file of version ``number`` lies: with it, or with the version that it refers to."""
    return version_prefix(identity, file.version or number) + (file.held_as or file.path)


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    layout: int = LAYOUT_VERSION

    def to_json(self) -> bytes:
        """Canonical JSON: sorted keys, UTF-8, the same bytes for the same value in every store."""
        value = self.model_dump(mode="json", exclude_none=True)
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2)
        return (text + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes, key: str) -> Self:
        """The value that ``to_json`` wrote under ``key``.

        Raises StoreError when it cannot be read or a newer wiazka wrote it.
        """
        try:
            # The version first: what a newer wiazka wrote need not have the fields we know.
            layout = _Document.model_validate_json(data).layout
            if layout > LAYOUT_VERSION:
                raise StoreError(
                    f"The object {key!r} has layout version {layout}; this wiazka knows up to "
                    f"{LAYOUT_VERSION}.",
                    "Update wiazka on this machine. Nothing was changed in the store.",
                )
            return cls.model_validate_json(data)
        except ValidationError as error:
            raise StoreError(
                f"The object {key!r} cannot be understood: {error}.",
                "Compare it with the same key in another store; audit the store that differs.",
            ) from error


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a bag as stored; ``path`` is inside the bag.

    ``version``: the earlier version of the package that its bytes lie with in this store, where
    they are not stored again; ``held_as``: its path there, where that is another. See ``file_key``.
    """

    path: str
    size: int
    sha256: str
    version: int | None = None
    held_as: str | None = None


class StorageManifest(_Document):
    """What one version holds: written last, read first when a catalogue is rebuilt.

    ``content`` is the digest of the payload (BagPlan.content); ``delivery`` and ``folder`` say
    where the submission came from.
    """

    identity: str
    version: int
    content: str
    delivery: str
    folder: str
    bagged_at: AwareDatetime
    files: tuple[StoredFile, ...]

    def to_json(self) -> bytes:
        """As of any document, in a third of the time: an audit makes one for each copy it reads."""
        rest = self.model_copy(update={"files": ()})
        if not self.files:
            return super(StorageManifest, rest).to_json()
        before, after = super(StorageManifest, rest).to_json().decode().split(_NO_FILES)
        files = ",\n".join(map(_file_json, self.files))
        return f'{before}\n  "files": [\n{files}\n  ],{after}'.encode()


# A line break inside of a value is written as such, so that this is found once.
_NO_FILES = '\n  "files": [],'


def _file_json(file: StoredFile) -> str:
    held_as = version = ""
    if file.held_as is not None:
        held_as = f'"held_as": {encode_basestring(file.held_as)},\n      '
    if file.version is not None:
        version = f',\n      "version": {file.version}'
    return (
        f'    {{\n      {held_as}"path": {encode_basestring(file.path)},\n'
        f'      "sha256": {encode_basestring(file.sha256)},\n'
        f'      "size": {file.size}{version}\n    }}'
    )


class Tombstone(_Document):
    """What is still told of a version that was deaccessioned: it wins over all else lying there.

    ``record`` is the document's record.json. What was never committed has no more than what was
    known of it; ``title`` to ``bagged_at`` are then absent.
    """

    identity: str
    version: int
    reason: str
    requested_by: str
    requested_at: AwareDatetime
    approved_by: str
    approved_at: AwareDatetime
    due_at: AwareDatetime
    title: str | None = None
    content: str | None = None
    delivery: str | None = None
    folder: str | None = None
    bagged_at: AwareDatetime | None = None
    registered_at: AwareDatetime | None = None
    record: JsonValue = None
    files: tuple[StoredFile, ...] = ()


class StoreMarker(_Document):
    """That a place is a store, and which: the object ``wiazka-store.json`` at its root."""

    store: str
    created_at: AwareDatetime


def require_marker(store: Store) -> StoreMarker:
    """The marker of a store that is known to hold copies.

    Raises StoreUnavailable when it has none: an empty mount point, or another bucket or prefix.
    """
    try:
        return _read_marker(store)
    except ObjectMissing as error:
        raise StoreUnavailable(
            f"Store {store.name!r} at {store.place} has no {STORE_MARKER}, but copies are known "
            "to be in it.",
            "Mount the disk it is on, or set its path, bucket and prefix right in wiazka.toml.",
        ) from error


def ensure_marker(store: Store) -> StoreMarker:
    """The marker of a store, written when there is none: how a store begins.

    For a store that is known to hold copies use ``require_marker``.
    """
    try:
        return _read_marker(store)
    except ObjectMissing:
        marker = StoreMarker(store=store.name, created_at=datetime.now(UTC).replace(microsecond=0))
        data = marker.to_json()
        try:
            store.put(STORE_MARKER, Content(data, len(data), sha256(data)))
        except ObjectExists:
            return _read_marker(store)
        return marker


def _read_marker(store: Store) -> StoreMarker:
    with store.open(STORE_MARKER) as stream:
        return StoreMarker.from_json(stream.read(), STORE_MARKER)
