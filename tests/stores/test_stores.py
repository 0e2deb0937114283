"""One conformance suite, run on every kind of real store; then stores that lie."""

import itertools
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.services.openstack import Swift
from wiazka.errors import (
    BytesRefused,
    ObjectExists,
    ObjectMissing,
    SourceChanged,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from wiazka.evidence import Grade, sha256
from wiazka.settings import S3Store
from wiazka.stores.attest import attest
from wiazka.stores.base import Capabilities, Content, ObjectInfo, Store
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.opening import open_store

PROBED = ("right", "wrong", "parts", "locked")
KEYS = ("a.txt", "packages/main/note/v1/data/objects/zażółć gęślą.tif", "b/c/d", "x+y=z&q~1.txt")
_numbers = itertools.count()


def directory(tmp_path: Path) -> DirectoryFiles:
    (tmp_path / "store").mkdir()
    return DirectoryFiles("disk", tmp_path / "store")


@pytest.fixture(params=["directory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "directory":
        return directory(tmp_path)
    swift: Swift = request.getfixturevalue("swift")
    swift.make_bucket("conformance")
    return open_store(
        "s3",
        S3Store(
            kind="s3",
            bucket="conformance",
            prefix=f"test-{next(_numbers)}",
            endpoint=swift.endpoint,
            region="us-east-1",
        ),
    )


def content(data: bytes) -> Content:
    return Content(data, len(data), sha256(data))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("data", [b"", b"x", bytes(range(256)) * 9000], ids=["0", "1", "2 MB"])
def test_what_is_put_is_what_comes_back(store: Store, key: str, data: bytes) -> None:
    store.put(key, content(data))
    with store.open(key) as stream:
        assert stream.read() == data
    assert store.head(key).size == len(data)
    assert attest(store, key, len(data), sha256(data)).strength >= Grade.STORED_DIGEST.strength


def test_a_file_is_put_from_disk(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(b"scan" * 100_000)
    store.put("scan.tif", Content(path, 400_000, sha256(path.read_bytes())))
    assert attest(store, "scan.tif", 400_000, sha256(path.read_bytes()))


def test_a_key_that_is_taken_is_never_overwritten(store: Store) -> None:
    store.put("a", content(b"first"))
    with pytest.raises(ObjectExists):
        store.put("a", content(b"second"))
    with store.open("a") as stream:
        assert stream.read() == b"first"


def test_bytes_that_differ_from_their_digest_are_refused_and_not_kept(store: Store) -> None:
    with pytest.raises((BytesRefused, SourceChanged)):
        store.put("a", Content(b"other", 5, sha256(b"bytes")))
    with pytest.raises(ObjectMissing):
        store.head("a")


def test_a_file_that_changed_since_it_was_read_is_not_kept(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(b"changed")
    with pytest.raises(SourceChanged):
        store.put("a", Content(path, 5, sha256(b"as it was")))
    assert all(info.key.startswith("probe/") for info in store.list())


def read(store: Store, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def test_what_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(ObjectMissing):
        store.head("nothing")
    with pytest.raises(ObjectMissing):
        read(store, "nothing")


def test_a_directory_that_is_not_there_is_not_made_behind_the_admins_back(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="not there"):
        DirectoryFiles("disk", tmp_path / "unmounted").put("a", content(b"x"))


def test_a_list_is_sorted_and_of_its_prefix_only(store: Store) -> None:
    for key in ("b/2", "b/1", "a", "b-1", "c"):
        store.put(key, content(key.encode()))
    assert [info.key for info in store.list("b/")] == ["b/1", "b/2"]
    assert [i.key for i in store.list() if not i.key.startswith("probe/")] == sorted(
        ["b/2", "b/1", "a", "b-1", "c"]
    )


@pytest.mark.parametrize("key", ["../a", "/a", "a/../../b", "a//b", ""])
def test_a_key_that_leads_out_is_refused(store: Store, key: str) -> None:
    with pytest.raises(StoreError):
        store.put(key, content(b"x"))


def test_the_probe_leaves_nothing_but_its_own_objects(store: Store) -> None:
    assert store.capabilities().refuses_wrong_bytes
    assert {info.key for info in store.list()} <= {f"probe/{name}" for name in PROBED}


def test_a_flipped_byte_is_seen(tmp_path: Path) -> None:
    store = directory(tmp_path)
    store.put("a", content(b"scan"))
    path = tmp_path / "store/a"
    path.chmod(0o644)
    path.write_bytes(b"sc4n")
    with pytest.raises(BytesRefused, match="expected"):
        attest(store, "a", 4, sha256(b"scan"))


def test_a_disk_that_is_full_says_so_and_keeps_nothing(tmp_path: Path) -> None:
    store = directory(tmp_path)
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StoreFull):
            store.put("a", content(b"x" * 5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert all(info.key.startswith("probe/") for info in store.list())


class LyingStore(DirectoryFiles):
    """A store that keeps something else than it was given, or nothing, and says all is well."""

    def __init__(self, root: Path, lie: str) -> None:
        root.mkdir()
        super().__init__("liar", root)
        self.lie = lie

    def capabilities(self) -> Capabilities:
        """What it claims."""
        return Capabilities(
            refuses_wrong_bytes=self.lie == "wrong digest",
            returns_digest=self.lie == "wrong digest",
            conditional_put=True,
        )

    def put(self, key: str, content: Content) -> None:
        if self.lie == "drops it":
            return
        kept = b"another" if self.lie == "other bytes" else b"scan"
        super().put(key, Content(kept, len(kept), sha256(kept)))

    def head(self, key: str) -> ObjectInfo:
        info = super().head(key)
        return ObjectInfo(info.key, info.size, sha256(b"made up"))

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        with super().open(key) as stream:
            if self.lie == "cut off":
                stream.read(1)
            yield stream


@pytest.mark.parametrize("lie", ["other bytes", "drops it", "wrong digest", "cut off"])
def test_a_store_that_lies_is_caught(tmp_path: Path, lie: str) -> None:
    store = LyingStore(tmp_path / "store", lie)
    store.put("a", content(b"scan"))
    with pytest.raises((BytesRefused, ObjectMissing)):
        attest(store, "a", 4, sha256(b"scan"))
