"""What only S3 can do wrong: parts, keys, buckets, and answers that never come."""

import hashlib
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import HTTPClientError

from tests.services.openstack import ACCESS_KEY, SECRET_KEY, Swift
from wiazka.errors import (
    BytesRefused,
    ConfigError,
    LockNotKept,
    ObjectExists,
    ObjectMissing,
    SourceChanged,
    StoreDenied,
    StoreError,
    StoreUnavailable,
)
from wiazka.evidence import Grade, sha256
from wiazka.settings_of_stores import Retention, S3Store
from wiazka.stores.attest import attest
from wiazka.stores.base import Content
from wiazka.stores.s3 import S3Bucket, Sizes, open_bucket

MIB = 1 << 20
IN_PARTS = Sizes(single_put=6 * MIB, part=5 * MIB)
Opener = Callable[..., S3Bucket]


def content(data: bytes) -> Content:
    return Content(data, len(data), sha256(data))


@pytest.fixture
def opened(swift: Swift, bucket: str) -> Opener:
    """Open the test's own bucket, with these settings changed."""

    def opened(*, name: str = "s3", sizes: Sizes | None = None, **changed: object) -> S3Bucket:
        settings = S3Store(
            kind="s3", bucket=bucket, endpoint=swift.endpoint, region="us-east-1", attempts=2
        )
        return open_bucket(name, settings.model_copy(update=changed), sizes)

    return opened


@pytest.fixture
def large(tmp_path: Path) -> Content:
    """A file of three parts."""
    path = tmp_path / "film.mkv"
    path.write_bytes(hashlib.shake_256(b"film").digest(12 * MIB))
    return Content(path, 12 * MIB, sha256(path.read_bytes()))


def test_a_large_file_goes_in_parts_and_is_read_back(opened: Opener, large: Content) -> None:
    store = opened(sizes=IN_PARTS)
    store.put("film.mkv", large)
    assert store.head("film.mkv").size == large.size
    assert attest(store, "film.mkv", large.size, large.sha256) is Grade.READ
    with pytest.raises(ObjectExists):
        store.put("film.mkv", large)


def test_a_large_file_that_changed_leaves_no_parts_on_the_bill(
    opened: Opener, large: Content, swift: Swift, bucket: str
) -> None:
    store = opened(sizes=IN_PARTS)
    with pytest.raises(SourceChanged, match=r"film\.mkv"):
        store.put("film.mkv", Content(large.source, large.size, sha256(b"as it was")))
    with pytest.raises(ObjectMissing):
        store.head("film.mkv")
    client = boto3.client(
        "s3",
        endpoint_url=swift.endpoint,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    assert not client.list_multipart_uploads(Bucket=bucket).get("Uploads")


def test_a_file_is_read_once_to_be_sent(opened: Opener, large: Content) -> None:
    store = opened()
    store.capabilities()
    before = bytes_read()
    store.put("film.mkv", large)
    assert bytes_read() - before < 1.1 * large.size


def bytes_read() -> int:
    """What this process has read so far, from files and sockets."""
    if not Path("/proc/self/io").exists():
        pytest.skip("only Linux counts what a process reads")
    return int(Path("/proc/self/io").read_text(encoding="ascii").split()[1])


def test_a_file_that_is_shorter_now_is_not_waited_for(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "cut.tif"
    path.write_bytes(b"cut")
    with pytest.raises(SourceChanged, match=r"cut\.tif"):
        opened().put("cut.tif", Content(path, 5000, sha256(b"whole")))


def test_wrong_bytes_are_named_with_their_key(opened: Opener) -> None:
    with pytest.raises(BytesRefused, match="key 'a'"):
        opened().put("a", Content(b"other", 5, sha256(b"bytes")))


def test_a_wrong_secret_is_denied_and_told_to_nobody(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIAZKA_STORE_OUR_NAS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("WIAZKA_STORE_OUR_NAS_SECRET_ACCESS_KEY", "tajne-hasło")
    store = opened(name="our-nas")
    with pytest.raises(StoreDenied) as caught:
        store.put("a", content(b"a"))
    assert "$WIAZKA_STORE_OUR_NAS_SECRET_ACCESS_KEY" in caught.value.hint
    told = caught.value.message + caught.value.hint + str(caught.value.__cause__)
    assert "tajne" not in told
    with pytest.raises(StoreDenied):
        store.head("a")
    with pytest.raises(StoreDenied):
        list(store.list())


def test_half_a_pair_of_keys_is_refused_at_once(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIAZKA_STORE_HALF_ACCESS_KEY_ID", ACCESS_KEY)
    with pytest.raises(ConfigError, match="WIAZKA_STORE_HALF_SECRET_ACCESS_KEY"):
        opened(name="half")


def test_a_profile_that_is_not_there_is_named(opened: Opener) -> None:
    with pytest.raises(ConfigError, match="no-such-profile"):
        opened(profile="no-such-profile")


def test_a_bucket_that_is_not_there_is_not_a_missing_object(opened: Opener) -> None:
    store = opened(bucket="no-such-bucket")
    for asked in (
        lambda: store.put("a", content(b"a")),
        lambda: store.head("a"),
        lambda: list(store.list()),
    ):
        with pytest.raises(StoreError, match="no-such-bucket") as caught:
            asked()
        assert not isinstance(caught.value, ObjectMissing)
        assert "Create the bucket" in caught.value.hint


def test_a_store_that_is_down_can_be_tried_again_later(opened: Opener) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        store = opened(endpoint=f"http://127.0.0.1:{nobody_listens.getsockname()[1]}")
        with pytest.raises(StoreUnavailable) as caught:
            store.put("a", content(b"a"))
    assert caught.value.transient


def test_a_store_that_never_answers_is_given_up(opened: Opener) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreUnavailable):
            opened(endpoint=endpoint, timeout_seconds=0.2, attempts=1).head("a")


def test_a_store_that_leaves_a_lock_out_is_told(opened: Opener) -> None:
    store = opened(lock=Retention(mode="governance", days=1))
    with pytest.raises(LockNotKept, match="key 'a'"):
        store.put("a", content(b"a"))
    assert not store.capabilities().locks


def test_parts_are_taken_up_by_their_etags_where_no_digest_is_told(
    opened: Opener, large: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(sizes=IN_PARTS)
    store.capabilities()
    put, sent = store._wire.put, []

    def failing(*arguments: Any, query: str = "", **others: Any) -> Any:
        if "partNumber=3" in query and not sent:
            raise HTTPClientError(error=TimeoutError())
        return put(*arguments, query=query, **others)

    monkeypatch.setattr(store._wire, "put", failing)
    with pytest.raises(StoreUnavailable):
        store.put("film.mkv", large)

    def counting(*arguments: Any, query: str = "", **others: Any) -> Any:
        sent.append(query)
        return put(*arguments, query=query, **others)

    monkeypatch.setattr(store._wire, "put", counting)
    store.put("film.mkv", large)
    assert len(sent) == 1
    assert attest(store, "film.mkv", large.size, large.sha256) is Grade.READ


def test_who_keeps_copies_on_disks_never_waits_for_boto3(tmp_path: Path) -> None:
    asked = (
        "import sys, wiazka.stores.opening, wiazka.stores.layout, wiazka.stores.attest;"
        "sys.exit('boto3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, check=False).returncode == 0
