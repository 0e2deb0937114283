"""Bytes that a store has already, kept under one more key."""

import pytest

from wiazka.errors import BytesRefused, ObjectExists, ObjectMissing
from wiazka.evidence import sha256
from wiazka.stores.attest import attest
from wiazka.stores.base import Content, Store

OLD, NEW = "packages/main/note/v1/a ż.tif", "packages/main/note/v2/a ż+.tif"
DATA = b"a scan" * 1000


@pytest.fixture(autouse=True)
def old(store: Store) -> None:
    """What each of these stores holds."""
    store.put(OLD, Content(DATA, len(DATA), sha256(DATA)))


def test_a_copy_is_proved_as_any_other_object(store: Store) -> None:
    store.copy(OLD, NEW, len(DATA), sha256(DATA))
    attest(store, NEW, len(DATA), sha256(DATA))
    attest(store, OLD, len(DATA), sha256(DATA))


def test_a_copy_never_writes_over_anything(store: Store) -> None:
    store.put(NEW, Content(b"other", 5, sha256(b"other")))
    with pytest.raises(ObjectExists):
        store.copy(OLD, NEW, len(DATA), sha256(DATA))
    attest(store, NEW, 5, sha256(b"other"))


def test_there_is_no_copy_of_what_is_not_there(store: Store) -> None:
    with pytest.raises(ObjectMissing):
        store.copy("nothing", NEW, len(DATA), sha256(DATA))


def test_other_bytes_than_are_asked_for_are_not_taken_for_them(store: Store) -> None:
    with pytest.raises(BytesRefused):
        store.copy(OLD, NEW, len(DATA) + 1, sha256(DATA + b"!"))
    with pytest.raises(ObjectMissing):
        store.head(NEW)
