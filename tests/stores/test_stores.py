"""One conformance suite, run on every kind of real store; then stores that lie."""

import hashlib
import resource
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import boto3
import pytest

from tests.services.running import Service
from tests.stores.kinds import MIB, SMALL_PARTS, new_directory, new_place
from wiazka.errors import (
    BytesRefused,
    ObjectExists,
    ObjectMissing,
    SourceChanged,
    StoreDenied,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from wiazka.evidence import Grade, sha256
from wiazka.stores.attest import attest
from wiazka.stores.base import NO_ANSWER, Answer, Capabilities, Content, ObjectInfo, Store
from wiazka.stores.directory import DirectoryFiles

PROBED = ("right", "wrong", "parts", "locked")
KEYS = (
    "a.txt",
    "packages/main/note/v1/data/objects/zażółć gęślą.tif",
    "b/c/d",
    "x+y=z&q~1.txt",
    "100%/%2F/50%25.txt",
    " both ends ",
    "?a=b#c",
    "..hidden/...",
    "o\u0301 and ó",
    "한국어/📜.txt",
    "a" * 250,
)
# Where a condition is looked at before a put, but not together with it.
SEVERAL_WIN = ("swift",)
# All of ASCII that can be seen, but for the separator of keys.
SIGNS = [sign for sign in map(chr, range(0x20, 0x7F)) if not sign.isalnum() and sign != "/"]


def content(data: bytes) -> Content:
    return Content(data, len(data), sha256(data))


def put(store: Store, key: str, data: bytes) -> None:
    store.put(key, content(data))


def read(store: Store, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def listed(store: Store, prefix: str = "", after: str = "") -> list[str]:
    """The keys but those of the probe, in the order in which they come."""
    return [info.key for info in store.list(prefix, after) if not info.key.startswith("probe/")]


@pytest.mark.parametrize("data", [b"", b"x", bytes(range(256)) * 9000], ids=["0", "1", "2 MB"])
def test_what_is_put_is_what_comes_back(store: Store, data: bytes) -> None:
    put(store, "packages/main/note/v1/scan.tif", data)
    assert read(store, "packages/main/note/v1/scan.tif") == data
    info = store.head("packages/main/note/v1/scan.tif")
    assert info.size == len(data)
    assert info.sha256 in (None, sha256(data))
    grade = attest(store, "packages/main/note/v1/scan.tif", len(data), sha256(data))
    assert grade.strength >= Grade.STORED_DIGEST.strength


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_kept_as_it_was_written(store: Store, key: str) -> None:
    put(store, key, key.encode())
    assert listed(store) == [key]
    assert read(store, key) == key.encode()
    assert store.head(key).key == key


def test_every_sign_that_can_be_seen_can_be_in_a_key(store: Store) -> None:
    keys = sorted(f"{sign}{ord(sign)}" for sign in SIGNS)
    for key in keys:
        put(store, key, key.encode())
    assert listed(store) == keys
    assert all(read(store, key) == key.encode() for key in keys)


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


def test_what_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(ObjectMissing):
        store.head("nothing")
    with pytest.raises(ObjectMissing):
        read(store, "nothing")


def test_a_directory_that_is_not_there_is_not_made_behind_the_admins_back(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="not there"):
        DirectoryFiles("disk", tmp_path / "unmounted").put("a", content(b"x"))


def test_a_list_is_sorted_and_of_its_prefix_only(store: Store) -> None:
    keys = ["b/2", "b/1", "a", "b-1", "c", "b.1/0", "b/1.json", "ą", "B"]
    for key in keys:
        put(store, key, key.encode())
    assert listed(store, "b/") == ["b/1", "b/1.json", "b/2"]
    assert listed(store, "b/1") == ["b/1", "b/1.json"]
    assert listed(store, "nothing") == []
    assert listed(store) == sorted(keys, key=str.encode)
    assert listed(store, "b/", after="b/1") == ["b/1.json", "b/2"]
    assert listed(store, "b", after="b-") == listed(store, "b")
    assert listed(store, "b/", after="b/2") == []
    assert listed(store, after="b/2") == ["c", "ą"]
    assert {info.key: info.size for info in store.list("b")}["b/1.json"] == len("b/1.json")


def test_a_list_goes_on_where_a_page_of_it_ends(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = boto3.Session.client

    def with_small_pages(*arguments: Any, **named: Any) -> Any:
        client = made(*arguments, **named)
        client.meta.events.register(
            "provide-client-params.s3.ListObjectsV2",
            lambda params, **_: params | {"MaxKeys": 5},
        )
        return client

    monkeypatch.setattr(boto3.Session, "client", with_small_pages)
    store = new_place(service)
    keys = sorted(["a.txt", "a b", "a+b", "a/1", "a/2", "ą/1", *(f"p/{n:02}" for n in range(12))])
    for key in keys:
        put(store, key, b"x")
    assert listed(store) == keys
    assert listed(store, "p/") == keys[-13:-1]


def test_of_several_who_put_at_once_only_one_can_prove_it(store: Store) -> None:
    store.capabilities()
    together = threading.Barrier(4)

    def told(number: int) -> bool:
        together.wait()
        try:
            put(store, "a", b"%d" % number)
        except ObjectExists:
            return False
        return True

    def proved(number: int) -> bool:
        try:
            attest(store, "a", 1, sha256(b"%d" % number))
        except BytesRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        stored = [number for number, well in enumerate(pool.map(told, range(4))) if well]
    assert len(stored) == 1 or store.name in SEVERAL_WIN
    assert [proved(number) for number in stored].count(True) == 1


def test_what_is_too_large_for_one_put_goes_in_parts(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    data = hashlib.shake_256(b"film").digest(11 * MIB)
    path.write_bytes(data)
    film = Content(path, len(data), sha256(data))
    store = new_place(service, SMALL_PARTS)
    store.put("film.mkv", film)
    assert store.head("film.mkv").size == film.size
    assert attest(store, "film.mkv", film.size, film.sha256)
    assert sha256(read(store, "film.mkv")) == film.sha256
    with pytest.raises(ObjectExists):
        store.put("film.mkv", film)
    with pytest.raises(SourceChanged):
        store.put("other.mkv", Content(path, film.size, sha256(b"as it was")))
    with pytest.raises(ObjectMissing):
        store.head("other.mkv")


def test_a_wrong_secret_is_denied_where_the_server_looks_at_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"WIAZKA_STORE_{service.name.upper()}_SECRET_ACCESS_KEY"
    monkeypatch.setenv(variable, "not-the-secret")
    store = new_place(service)
    if not service.verifies_signatures:
        put(store, "a", b"let in")
        return
    for asked in (
        lambda: put(store, "a", b"x"),
        lambda: read(store, "a"),
        lambda: store.head("a"),
        lambda: listed(store),
    ):
        with pytest.raises(StoreDenied) as caught:
            asked()
        assert variable in caught.value.hint


@pytest.mark.parametrize("key", ["../a", "/a", "a/../../b", "a//b", ""])
def test_a_key_that_leads_out_is_refused(store: Store, key: str) -> None:
    with pytest.raises(StoreError):
        store.put(key, content(b"x"))


def test_the_probe_leaves_nothing_but_its_own_objects(store: Store) -> None:
    assert store.capabilities().refuses_wrong_bytes
    assert {info.key for info in store.list()} <= {f"probe/{name}" for name in PROBED}


def test_a_flipped_byte_is_seen(tmp_path: Path) -> None:
    store = new_directory(tmp_path)
    store.put("a", content(b"scan"))
    path = tmp_path / "store/a"
    path.chmod(0o644)
    path.write_bytes(b"sc4n")
    with pytest.raises(BytesRefused, match="expected"):
        attest(store, "a", 4, sha256(b"scan"))


def test_a_disk_that_is_full_says_so_and_keeps_nothing(tmp_path: Path) -> None:
    store = new_directory(tmp_path)
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

    def put(self, key: str, content: Content) -> Answer:
        if self.lie == "drops it":
            return NO_ANSWER
        kept = b"another" if self.lie == "other bytes" else b"scan"
        return super().put(key, Content(kept, len(kept), sha256(kept)))

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
