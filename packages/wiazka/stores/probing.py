"""What a store really does, seen by trying it: every promise of S3 fails on some server."""

import os
from contextlib import suppress
from typing import Protocol
from uuid import uuid4

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


class Probed(Protocol):
    """What of a store the probe uses."""

    def send(self, key: str, content: Content, *, conditional: bool) -> None:
        """Put, without regard to what the store can do."""
        ...

    def head(self, key: str) -> ObjectInfo:
        """As Store.head."""
        ...

    def remove(self, key: str) -> None:
        """As Store.remove."""
        ...


def probe(store: Probed) -> Capabilities:
    """What ``store`` did with two small objects under ``probe/``, which are removed again.

    Raises StoreUnavailable, StoreDenied or StoreError when it cannot even keep those.
    """
    right, wrong = (f"probe/{uuid4().hex}" for _ in range(2))
    data = os.urandom(32)
    content = Content(data, len(data), sha256(data))
    try:
        store.send(right, content, conditional=False)
        return Capabilities(
            refuses_wrong_bytes=_refuses_wrong_bytes(store, wrong),
            returns_digest=store.head(right).sha256 == content.sha256,
            conditional_put=_refuses_second(store, right, content),
        )
    finally:
        # Who may not delete can still store; the probe's objects then stay.
        for key in (right, wrong):
            with suppress(StoreError):
                store.remove(key)


def _refuses_wrong_bytes(store: Probed, key: str) -> bool:
    with suppress(BytesRefused):
        store.send(key, Content(b"these bytes", 11, sha256(b"other bytes")), conditional=False)
        return False
    try:
        store.head(key)
    except ObjectMissing:
        return True
    return False


def _refuses_second(store: Probed, key: str, content: Content) -> bool:
    try:
        store.send(key, content, conditional=True)
    except ObjectExists:
        return True
    except (StoreUnavailable, StoreDenied):
        raise
    except StoreError:
        # 501 NotImplemented: the server refuses the condition itself.
        return False
    return False
