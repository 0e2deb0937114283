"""What a store really does, seen by trying it: every promise of S3 fails on some server."""

import os
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import BinaryIO, Protocol

from wiazka.errors import (
    BytesRefused,
    ObjectExists,
    ObjectMissing,
    StoreDenied,
    StoreError,
    StoreUnavailable,
)
from wiazka.evidence import sha256
from wiazka.stores.base import Answer, Capabilities, ObjectInfo
from wiazka.stores.layout import LOCKED, PARTS, RIGHT, WRONG
from wiazka.stores.s3_digests import crc64nvme, hex_crc


class Locked(Enum):
    """The lock that a small object is offered with."""

    NOT = auto()
    AS_CONFIGURED = auto()
    ONE_DAY = auto()


@dataclass(frozen=True, slots=True)
class Declared:
    """What is said of the bytes of a put: the digests (hex) may be wrong ones.

    ``checksum`` goes into a header of its own, ``payload`` is what the signature covers;
    ``instead_of`` is the tag of the one object whose place they may take.
    """

    checksum: str | None
    payload: str
    conditional: bool = False
    instead_of: str | None = None
    locked: Locked = Locked.AS_CONFIGURED


class Probed(Protocol):
    """What of a store the probe uses."""

    def offer(self, key: str, data: bytes, declared: Declared) -> Answer:
        """Put, without regard to what the store can do."""
        ...

    def offer_whole_crc(self, key: str, data: bytes, crc: str) -> None:
        """Put in one part, with a hex CRC64NVME of the whole."""
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """As Store.open."""
        ...

    def head(self, key: str) -> ObjectInfo:
        """As Store.head."""
        ...


def probe(store: Probed, *, locks: bool) -> Capabilities:
    """What ``store`` did with small objects under ``probe/``, which stay there.

    ``locks``: whether objects will be asked to be locked; then one is, for a day. Raises
    StoreUnavailable, StoreDenied or StoreError when it cannot even keep the first.
    """
    data = os.urandom(32)
    right = Declared(sha256(data), sha256(data), locked=Locked.NOT)
    store.offer(RIGHT, data, right)
    kept = store.head(RIGHT)
    wrong = sha256(b"other bytes")
    return Capabilities(
        refuses_wrong_bytes=_refuses(store, Declared(wrong, wrong, locked=Locked.NOT)),
        returns_digest=kept.sha256 == sha256(data),
        conditional_put=_refuses_second(store, data, replace(right, conditional=True)),
        whole_crc=_checks_whole_crc(store),
        keeps_versions=kept.version_id is not None,
        locks=locks and _locks(store, data, replace(right, locked=Locked.ONE_DAY)),
        refuses_wrong_payload=_refuses(store, Declared(None, wrong, locked=Locked.NOT)),
    )


def _refuses(store: Probed, declared: Declared) -> bool:
    data = os.urandom(32)
    with suppress(BytesRefused):
        store.offer(WRONG, data, declared)
        return False
    try:
        with store.open(WRONG) as stream:
            # What an earlier probe left here is not what was sent now.
            return stream.read() != data
    except ObjectMissing:
        return True


def _refuses_second(store: Probed, data: bytes, declared: Declared) -> bool:
    try:
        store.offer(RIGHT, data, declared)
    except ObjectExists:
        return True
    except (StoreUnavailable, StoreDenied):
        raise
    except StoreError:
        # 501 NotImplemented: the server refuses the condition itself.
        return False
    return False


def _checks_whole_crc(store: Probed) -> bool:
    """A server that knows nothing of it may answer anything, also 500."""
    data = os.urandom(32)
    crc = hex_crc(crc64nvme(data))
    try:
        store.offer_whole_crc(PARTS, data, crc)
        if store.head(PARTS).crc64nvme != crc:
            return False
    except StoreError:
        return False
    try:
        store.offer_whole_crc(PARTS, data, hex_crc(crc64nvme(b"other bytes")))
    except BytesRefused:
        return True
    except StoreError:
        return False
    return False


def _locks(store: Probed, data: bytes, declared: Declared) -> bool:
    try:
        store.offer(LOCKED, data, declared)
    except (StoreUnavailable, StoreDenied):
        raise
    except StoreError:
        # A bucket that was made without Object Lock refuses the very headers.
        return False
    return store.head(LOCKED).locked_until is not None
