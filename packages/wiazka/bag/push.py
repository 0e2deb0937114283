"""Pushing a bag straight into a store: no second copy on local disk (DESIGN §5)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from wiazka.bag.model import BagPlan, Entry
from wiazka.errors import BytesRefused, ObjectExists, ObjectMissing, PrefixTaken, StoreError
from wiazka.evidence import Grade, sha256
from wiazka.stores.attest import attest
from wiazka.stores.base import Content, Store
from wiazka.stores.layout import (
    StorageManifest,
    StoredFile,
    ensure_marker,
    manifest_key,
    version_prefix,
)

# Small files are bound by the round trip, not by the core or the disk.
REQUESTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: the weakest grade at which any file was proved, and the bytes sent."""

    store: str
    grade: Grade
    sent: int


def push(
    bag: BagPlan,
    store: Store,
    *,
    delivery: str,
    folder: str,
    bagged_at: datetime,
    on_file: Callable[[Entry], None] = lambda _: None,
) -> Pushed:
    """Put every file of a bag into a store, prove each, and write the commit mark last.

    What an interrupted push left behind is proved again, not sent again. Raises StoreError and its
    kinds; nothing counts as stored then, and the same call takes it up again.
    """
    ensure_marker(store)
    prefix = version_prefix(bag.identity, bag.version)
    commit = _storage_manifest(bag, delivery, folder, bagged_at)
    mark = manifest_key(bag.identity, bag.version)
    committed = _is_committed(store, mark, commit)
    present = {info.key for info in store.list(prefix)}
    if not committed and (strays := present - {prefix + entry.path for entry in bag.entries}):
        raise _taken(store, min(strays))
    keep = _proved if committed else partial(_keep, present)

    def one(entry: Entry) -> tuple[Grade, int]:
        content = Content(entry.source, entry.size, entry.sha256)
        result = keep(store, prefix + entry.path, content)
        on_file(entry)
        return result

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        futures = [pool.submit(one, entry) for entry in bag.entries]
        try:
            kept = [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    kept.append(keep(store, mark, Content(commit, len(commit), sha256(commit))))
    weakest = min((grade for grade, _ in kept), key=lambda grade: grade.strength)
    return Pushed(store.name, weakest, sum(sent for _, sent in kept))


def _keep(present: set[str], store: Store, key: str, content: Content) -> tuple[Grade, int]:
    """Have ``content`` under ``key``, proved; how strongly, and how many bytes were sent."""
    if key in present:
        try:
            return _proved(store, key, content)
        except BytesRefused as error:
            # Left by an interrupted push of other bytes; no commit mark refers to it.
            raise _taken(store, key) from error
    # ObjectExists: a retried request whose first try had arrived after all; the proof decides.
    with suppress(ObjectExists):
        store.put(key, content)
    return attest(store, key, content.size, content.sha256), content.size


def _proved(store: Store, key: str, content: Content) -> tuple[Grade, int]:
    return attest(store, key, content.size, content.sha256), 0


def _taken(store: Store, key: str) -> PrefixTaken:
    return PrefixTaken(
        f"Store {store.name!r} ({store.place}) holds {key}, which an interrupted push of other "
        "content left behind; nothing is written over, and an ingest removes nothing.",
        "The document takes the next version number. What was left is of no version: "
        f"'wiazka store verify {store.name}' lists it, a deaccession removes it.",
    )


def _is_committed(store: Store, mark: str, commit: bytes) -> bool:
    """Whether this very version is committed; one committed with other content is never touched."""
    try:
        with store.open(mark) as stream:
            found = stream.read()
    except ObjectMissing:
        return False
    if found != commit:
        raise StoreError(
            f"Store {store.name!r} already holds {mark}, committed with other content than the "
            "catalogue knows.",
            f"The catalogue is behind the store: run 'wiazka rebuild --from {store.name}', then "
            "ingest again.",
        )
    return True


def _storage_manifest(bag: BagPlan, delivery: str, folder: str, bagged_at: datetime) -> bytes:
    return StorageManifest(
        identity=bag.identity,
        version=bag.version,
        content=bag.content,
        delivery=delivery,
        folder=folder,
        bagged_at=bagged_at,
        files=tuple(
            StoredFile(path=entry.path, size=entry.size, sha256=entry.sha256)
            for entry in bag.entries
        ),
    ).to_json()
