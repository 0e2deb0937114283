"""What takes a server that keeps every promise of S3: parts with a digest of the whole, locks."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from wiazka.errors import BytesRefused, LockNotKept, ObjectExists, ObjectMissing, SourceChanged
from wiazka.evidence import Grade, sha256, sha256_of_file
from wiazka.settings_of_stores import Retention, S3Store
from wiazka.stores.attest import attest
from wiazka.stores.base import Content
from wiazka.stores.s3 import S3Bucket, Sizes, open_bucket

PROGRAM = Path(__file__).parents[2] / ".versitygw" / "versitygw"
MIB = 1 << 20
SMALL_PARTS = Sizes(single_put=6 * MIB, part=5 * MIB)
KEYS = {"aws_access_key_id": "archive", "aws_secret_access_key": "archivesecret123"}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A versitygw of these tests' own."""
    if not PROGRAM.exists():
        pytest.skip("versitygw is not built")
    home = tmp_path_factory.mktemp("gateway")
    for name in ("data", "old", "users"):
        (home / name).mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        [
            *(PROGRAM, "--port", address, "--quiet", "--keep-alive", "--iam-dir", home / "users"),
            *("posix", "--versioning-dir", home / "old", home / "data"),
        ],
        env=os.environ | {"ROOT_ACCESS_KEY": "archive", "ROOT_SECRET_KEY": "archivesecret123"},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(address.split(":")):
                break
            time.sleep(0.05)
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def client(endpoint: str) -> Any:
    """A plain client, as anybody has one."""
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **KEYS)


@pytest.fixture
def settings(endpoint: str, client: Any, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    """A bucket that keeps versions and locks."""
    monkeypatch.setenv("WIAZKA_STORE_S3_ACCESS_KEY_ID", KEYS["aws_access_key_id"])
    monkeypatch.setenv("WIAZKA_STORE_S3_SECRET_ACCESS_KEY", KEYS["aws_secret_access_key"])
    bucket = f"bucket-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    return S3Store(kind="s3", bucket=bucket, endpoint=endpoint, region="us-east-1")


@pytest.fixture
def film(tmp_path: Path) -> Content:
    """A file of five parts, the last of them short."""
    path = tmp_path / "film.mkv"
    path.write_bytes(os.urandom(22 * MIB))
    return Content(path, *sha256_of_file(path))


def uploads(client: Any, settings: S3Store) -> list[Any]:
    return list(client.list_multipart_uploads(Bucket=settings.bucket).get("Uploads", []))


def counted(store: S3Bucket, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that are sent from now on."""
    sent: list[str] = []
    put = store._wire.put

    def counting(*arguments: Any, query: str = "", **others: Any) -> Any:
        sent.append(query)
        return put(*arguments, query=query, **others)

    monkeypatch.setattr(store._wire, "put", counting)
    return sent


def test_all_is_seen_that_such_a_server_can_do(settings: S3Store) -> None:
    seen = open_bucket("s3", settings).capabilities()
    assert seen.refuses_wrong_bytes
    assert seen.refuses_wrong_payload
    assert seen.returns_digest
    assert seen.conditional_put
    assert seen.whole_crc
    assert seen.keeps_versions
    assert not seen.locks, "it was not asked to lock anything"


def test_the_digest_of_the_whole_proves_what_went_in_parts(
    settings: S3Store, client: Any, film: Content
) -> None:
    store = open_bucket("s3", settings, SMALL_PARTS)
    store.put("film.mkv", film)
    assert attest(store, "film.mkv", film.size, film.sha256) is Grade.STORED_DIGEST
    body = client.get_object(Bucket=settings.bucket, Key="film.mkv")["Body"].read()
    assert sha256(body) == film.sha256
    with pytest.raises(ObjectExists):
        store.put("film.mkv", film)


def test_who_did_not_see_the_bytes_go_reads_them_back(settings: S3Store, film: Content) -> None:
    open_bucket("s3", settings, SMALL_PARTS).put("film.mkv", film)
    later = open_bucket("s3", settings, SMALL_PARTS)
    assert attest(later, "film.mkv", film.size, film.sha256) is Grade.READ


def test_a_digest_of_other_bytes_of_the_whole_is_told(settings: S3Store, film: Content) -> None:
    store = open_bucket("s3", settings, SMALL_PARTS)
    store.put("film.mkv", film)
    store._crcs[film.sha256] = "0" * 16
    with pytest.raises(BytesRefused, match="CRC64NVME"):
        attest(store, "film.mkv", film.size, film.sha256)


def test_a_file_that_changed_is_nowhere_not_even_in_parts(
    settings: S3Store, client: Any, film: Content
) -> None:
    store = open_bucket("s3", settings, SMALL_PARTS)
    with pytest.raises(SourceChanged):
        store.put("film.mkv", Content(film.source, film.size, sha256(b"as it was")))
    with pytest.raises(ObjectMissing):
        store.head("film.mkv")
    assert uploads(client, settings) == []


KILLED = """
import itertools, os, signal, sys, threading
from pathlib import Path
from wiazka.evidence import sha256_of_file
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import Content
from wiazka.stores.s3 import Sizes, open_bucket
path = Path(sys.argv[3])
settings = S3Store(kind="s3", bucket=sys.argv[1], endpoint=sys.argv[2], region="us-east-1")
store = open_bucket("s3", settings, Sizes(single_put=6 << 20, part=5 << 20))
store.capabilities()
put, arrived, turn = store._wire.put, [], itertools.count(1)
def dying(*arguments, **others):
    if next(turn) > 3:
        threading.Event().wait()
    answer = put(*arguments, **others)
    arrived.append(answer)
    if len(arrived) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
store._wire.put = dying
store.put("film.mkv", Content(path, *sha256_of_file(path)))
"""


def killed_on_its_way(settings: S3Store, film: Content) -> None:
    """Leave exactly three of the film's parts: one in flight at the kill could land at any time."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, settings.bucket, str(settings.endpoint), str(film.source)]
    )
    assert done.returncode == -signal.SIGKILL


def test_a_killed_process_starts_nothing_over(
    settings: S3Store, client: Any, film: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_on_its_way(settings, film)
    (upload,) = uploads(client, settings)
    where = {"Bucket": settings.bucket, "Key": "film.mkv", "UploadId": upload["UploadId"]}
    assert len(client.list_parts(**where)["Parts"]) == 3
    store = open_bucket("s3", settings, SMALL_PARTS)
    store.capabilities()
    sent = counted(store, monkeypatch)
    store.put("film.mkv", film)
    assert len(sent) == 2
    assert attest(store, "film.mkv", film.size, film.sha256) is Grade.STORED_DIGEST
    assert uploads(client, settings) == []


def test_what_is_left_of_another_file_is_given_up(
    settings: S3Store, client: Any, film: Content
) -> None:
    killed_on_its_way(settings, film)
    path = film.source
    assert isinstance(path, Path)
    path.write_bytes(os.urandom(22 * MIB))
    other = Content(path, *sha256_of_file(path))
    store = open_bucket("s3", settings, SMALL_PARTS)
    store.put("film.mkv", other)
    assert attest(store, "film.mkv", other.size, other.sha256) is Grade.STORED_DIGEST
    assert uploads(client, settings) == []
    head = client.head_object(Bucket=settings.bucket, Key="film.mkv")
    assert head["Metadata"] == {"sha256": other.sha256}


def test_parts_of_another_size_are_given_up(settings: S3Store, client: Any, film: Content) -> None:
    killed_on_its_way(settings, film)
    store = open_bucket("s3", settings, Sizes(single_put=6 * MIB, part=8 * MIB))
    store.put("film.mkv", film)
    assert attest(store, "film.mkv", film.size, film.sha256) is Grade.STORED_DIGEST
    assert uploads(client, settings) == []


def test_a_part_that_is_too_large_to_be_held_is_sent_from_the_file(
    settings: S3Store, film: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiazka.stores.s3_parts.MOST_PARTS", 3)
    store = open_bucket("s3", settings, SMALL_PARTS)
    sent = counted(store, monkeypatch)
    store.put("film.mkv", film)
    assert len([query for query in sent if query]) == 3
    assert attest(store, "film.mkv", film.size, film.sha256) is Grade.STORED_DIGEST


def test_a_large_object_is_copied_in_parts_and_read_back(settings: S3Store, film: Content) -> None:
    store = open_bucket("s3", settings, SMALL_PARTS)
    store.put("v1/film.mkv", film)
    store.copy("v1/film.mkv", "v2/film.mkv", film.size, film.sha256)
    later = open_bucket("s3", settings, SMALL_PARTS)
    assert attest(later, "v2/film.mkv", film.size, film.sha256) is Grade.READ


GOVERNANCE = Retention(mode="governance", days=30)


def put_small(store: S3Bucket, key: str = "a") -> None:
    store.put(key, Content(b"a scan", 6, sha256(b"a scan")))


@pytest.mark.parametrize("size", ["one put", "streamed", "in parts", "copied"])
def test_what_is_locked_cannot_be_removed(
    settings: S3Store, client: Any, film: Content, size: str
) -> None:
    locked = settings.model_copy(update={"lock": GOVERNANCE, "legal_hold": True})
    sizes = SMALL_PARTS if size == "in parts" else Sizes()
    store = open_bucket("s3", locked, sizes)
    store.put("a", film if size in ("streamed", "in parts") else Content(b"a", 1, sha256(b"a")))
    key = "a"
    if size == "copied":
        key = "b"
        store.copy("a", "b", 1, sha256(b"a"))
    info = store.head(key)
    assert info.locked_until is not None
    assert info.locked_until - datetime.now(UTC) > timedelta(days=29, hours=23)
    if size == "in parts":
        # Also what is taken up days later is locked for as long as asked.
        assert info.locked_until - datetime.now(UTC) > timedelta(days=36, hours=23)
    assert (info.lock_mode, info.legal_hold) == ("governance", True)
    with pytest.raises(ClientError, match="object lock"):
        client.delete_object(Bucket=settings.bucket, Key=key, VersionId=info.version_id)
    assert open_bucket("s3", locked).capabilities().locks


def test_a_lock_until_a_day_lasts_until_that_day(settings: S3Store) -> None:
    until = Retention(mode="compliance", until=date(2099, 1, 1))
    # Never kept but for this test's own server, which goes with it.
    store = open_bucket("s3", settings.model_copy(update={"lock": until}))
    put_small(store)
    assert store.head("a").locked_until == datetime(2099, 1, 1, tzinfo=UTC)


def test_a_lock_that_a_proof_finds_missing_is_told(settings: S3Store) -> None:
    put_small(open_bucket("s3", settings))
    locking = open_bucket("s3", settings.model_copy(update={"lock": GOVERNANCE}))
    with pytest.raises(LockNotKept, match="no retention, instead of governance"):
        attest(locking, "a", 6, sha256(b"a scan"))


def test_a_storage_class_is_asked_for(
    settings: S3Store, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_bucket("s3", settings.model_copy(update={"storage_class": "STANDARD"}))
    put_small(store)
    assert client.head_object(Bucket=settings.bucket, Key="a")["StorageClass"] == "STANDARD"
