"""What a store really does, seen by trying it: every promise of S3 fails on some server."""

import os
from contextlib import AbstractContextManager, suppress
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
from wiazka.stores.base import Capabilities, Content, ObjectInfo
from wiazka.stores.layout import PROBE

# Always the same keys: who may not delete, and an ingest may not, leaves no more behind than this.
RIGHT, WRONG = PROBE + "right", PROBE + "wrong"


class Probed(Protocol):
    """What of a store the probe uses."""

    def send(self, key: str, content: Content, *, conditional: bool) -> None:
        """Put, without regard to what the store can do."""
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """As Store.open."""
        ...

    def head(self, key: str) -> ObjectInfo:
        """As Store.head."""
        ...


def probe(store: Probed) -> Capabilities:
    """What ``store`` did with two objects of 32 bytes under ``probe/``, which stay there.

    Raises StoreUnavailable, StoreDenied or StoreError when it cannot even keep those.
    """
    content = _of(os.urandom(32))
    store.send(RIGHT, content, conditional=False)
    return Capabilities(
        refuses_wrong_bytes=_refuses_wrong_bytes(store),
        returns_digest=store.head(RIGHT).sha256 == content.sha256,
        conditional_put=_refuses_second(store, content),
    )


def _of(data: bytes) -> Content:
    return Content(data, len(data), sha256(data))


def _refuses_wrong_bytes(store: Probed) -> bool:
    wrong = os.urandom(32)
    with suppress(BytesRefused):
        store.send(WRONG, Content(wrong, 32, sha256(b"other bytes")), conditional=False)
        return False
    try:
        with store.open(WRONG) as stream:
            # What an earlier probe left here is not what was sent now.
            return stream.read() != wrong
    except ObjectMissing:
        return True


def _refuses_second(store: Probed, content: Content) -> bool:
    try:
        store.send(RIGHT, content, conditional=True)
    except ObjectExists:
        return True
    except (StoreUnavailable, StoreDenied):
        raise
    except StoreError:
        # 501 NotImplemented: the server refuses the condition itself.
        return False
    return False
