"""Sound bytes in the place of damaged ones: on every store, in every kind of bucket."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.running import Service
from tests.stores.kinds import MIB, SMALL_PARTS, new_directory
from wiazka.errors import BytesRefused, ObjectExists, ObjectMissing, StoreError
from wiazka.evidence import sha256
from wiazka.settings_of_stores import Retention, S3Store
from wiazka.stores.attest import attest
from wiazka.stores.base import Content, Store
from wiazka.stores.layout import ASIDE, aside_key
from wiazka.stores.replacement import DirectoryReplacement, Kept, Replacing
from wiazka.stores.s3_replacement import S3Replacement, open_replacing_bucket

KEY = "packages/main/note/v1/data/objects/scans/zażółć 1.tif"
GOOD, BAD, OTHER = b"a scan" * 1000, b"a sc4n" * 1000, b"of somebody else"
BUCKETS = [
    "versitygw plain",
    "versitygw versions",
    "versitygw lock",
    "ministack plain",
    "ministack versions",
    "ministack lock",
    "swift plain",
    "swift versions",
    "ceph plain",
    "ceph versions",
    "ceph lock",
]
_numbers = itertools.count()


def content(data: bytes) -> Content:
    return Content(data, len(data), sha256(data))


def read(store: Store, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def bucket_of(service: Service, how: str) -> S3Replacement:
    """A new bucket of that kind, with a store that asks for a lock where it can have one."""
    name = f"mended-{next(_numbers)}-{os.getpid()}"
    service.make_bucket(name, versioning=how != "plain", lock=how == "lock")
    settings = S3Store(
        kind="s3",
        bucket=name,
        prefix="archiwum",
        endpoint=service.endpoint,
        region="us-east-1",
        lock=Retention(mode="governance", days=2) if how == "lock" else None,
    )
    return open_replacing_bucket(service.name, settings, sizes=SMALL_PARTS)


@pytest.fixture(params=["directory", *BUCKETS])
def mending(request: pytest.FixtureRequest, tmp_path: Path) -> Replacing:
    if request.param == "directory":
        new_directory(tmp_path)
        return DirectoryReplacement("disk", tmp_path / "store")
    server, how = request.param.split()
    return bucket_of(request.getfixturevalue(server), how)


def kept_bytes(store: Replacing, kept: Kept) -> bytes:
    """What can be had of the damaged bytes afterwards."""
    if kept.aside:
        return read(store, kept.aside)
    assert isinstance(store, S3Replacement)
    where = store._where(KEY)
    answer = store._client.get_object(**where, VersionId=str(kept.version_id))
    return answer["Body"].read()


def test_sound_bytes_take_the_place_and_the_damaged_stay(mending: Replacing) -> None:
    mending.put(KEY, content(BAD))
    kept = mending.keep_aside(KEY)
    assert read(mending, KEY) == BAD, "nothing is written over before"
    mending.replace(kept, content(GOOD))
    attest(mending, KEY, len(GOOD), sha256(GOOD))
    assert read(mending, KEY) == GOOD
    assert kept_bytes(mending, kept) == BAD
    listed = [info.key for info in mending.list() if not info.key.startswith("probe/")]
    assert listed == [key for key in (kept.aside, KEY) if key]


def test_what_is_kept_aside_twice_is_kept_once(mending: Replacing) -> None:
    mending.put(KEY, content(BAD))
    assert mending.keep_aside(KEY) == mending.keep_aside(KEY)
    assert len(list(mending.list(ASIDE))) <= 1


def test_what_came_meanwhile_is_not_written_over(mending: Replacing) -> None:
    mending.put(KEY, content(BAD))
    kept = mending.keep_aside(KEY)
    mending.replace(kept, content(OTHER))
    with pytest.raises(StoreError, match="changed while it was being mended"):
        mending.replace(kept, content(GOOD))
    assert read(mending, KEY) == OTHER


def test_other_bytes_than_were_declared_take_nobodys_place(mending: Replacing) -> None:
    mending.put(KEY, content(BAD))
    kept = mending.keep_aside(KEY)
    with pytest.raises(BytesRefused):
        mending.replace(kept, Content(OTHER, len(OTHER), sha256(GOOD)))
    assert read(mending, KEY) == BAD


def test_what_is_gone_is_put_back_and_what_is_there_is_not_touched(mending: Replacing) -> None:
    with pytest.raises(ObjectMissing):
        mending.keep_aside(KEY)
    mending.put_back(KEY, content(GOOD))
    with pytest.raises(ObjectExists):
        mending.put_back(KEY, content(OTHER))
    assert read(mending, KEY) == GOOD


@pytest.mark.parametrize("server", ["versitygw", "ministack", "swift", "ceph"])
def test_what_a_delete_marker_hides_is_put_back(
    server: str, request: pytest.FixtureRequest
) -> None:
    store = bucket_of(request.getfixturevalue(server), "versions")
    store.put(KEY, content(GOOD))
    store._client.delete_object(**store._where(KEY))
    store.put_back(KEY, content(GOOD))
    assert read(store, KEY) == GOOD


# Not every server takes a lock with parts: docs/stores.md.
@pytest.mark.parametrize(
    "kind", [one for one in BUCKETS if "lock" not in one or "versitygw" in one]
)
def test_a_file_in_parts_takes_the_place_too(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server, how = kind.split()
    store = bucket_of(request.getfixturevalue(server), how)
    store.put(KEY, content(BAD))
    source = tmp_path / "large"
    source.write_bytes(os.urandom(1024) * (11 * MIB // 1024))
    size, digest = source.stat().st_size, sha256(source.read_bytes())
    kept = store.keep_aside(KEY)
    store.replace(kept, Content(source, size, digest))
    attest(store, KEY, size, digest)
    assert kept_bytes(store, kept) == BAD


@pytest.mark.parametrize("server", ["versitygw", "ceph"])
def test_a_lock_is_there_again(server: str, request: pytest.FixtureRequest) -> None:
    store = bucket_of(request.getfixturevalue(server), "lock")
    store.put(KEY, content(BAD))
    before = store.head(KEY)
    store.replace(store.keep_aside(KEY), content(GOOD))
    after = store.head(KEY)
    store.require_lock(after)
    assert after.locked_until is not None
    assert before.version_id != after.version_id


@pytest.mark.parametrize("server", ["versitygw", "ceph"])
def test_versions_that_are_suspended_keep_nothing_so_the_bytes_go_aside(
    server: str, request: pytest.FixtureRequest
) -> None:
    store = bucket_of(request.getfixturevalue(server), "versions")
    store.put(KEY, content(BAD))
    store._client.put_bucket_versioning(
        Bucket=store._bucket, VersioningConfiguration={"Status": "Suspended"}
    )
    kept = store.keep_aside(KEY)
    assert kept.aside == aside_key(KEY, sha256(BAD))
    store.replace(kept, content(GOOD))
    assert (read(store, KEY), read(store, str(kept.aside))) == (GOOD, BAD)


@pytest.fixture
def disk(tmp_path: Path) -> DirectoryReplacement:
    new_directory(tmp_path)
    return DirectoryReplacement("disk", tmp_path / "store")


def test_what_no_disk_reads_any_more_is_kept_without_reading(
    disk: DirectoryReplacement, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.put(KEY, content(BAD))

    def broken(_store: Store, _key: str) -> Callable[[], None]:
        raise StoreError("Input/output error")

    with monkeypatch.context() as patch:
        # There is no disk here that could be made to fail.
        patch.setattr(DirectoryReplacement, "open", broken)
        kept = disk.keep_aside(KEY)
    assert "/unreadable-" in str(kept.aside)
    disk.replace(kept, content(GOOD))
    assert (read(disk, KEY), read(disk, str(kept.aside))) == (GOOD, BAD)


def test_what_lies_aside_under_that_name_with_other_bytes_stops_it(
    disk: DirectoryReplacement,
) -> None:
    disk.put(KEY, content(BAD))
    disk.put(aside_key(KEY, sha256(BAD)), content(OTHER))
    with pytest.raises(BytesRefused, match="is not what lies under"):
        disk.keep_aside(KEY)
    assert read(disk, KEY) == BAD


def test_who_reads_meanwhile_has_the_old_or_the_new_whole(disk: DirectoryReplacement) -> None:
    disk.put(KEY, content(BAD))
    kept = disk.keep_aside(KEY)
    with disk.open(KEY) as stream:
        begun = stream.read(10)
        disk.replace(kept, content(GOOD))
        assert begun + stream.read() == BAD
    assert read(disk, KEY) == GOOD


def test_a_link_out_of_the_store_is_replaced_and_where_it_led_is_not(
    disk: DirectoryReplacement, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(BAD)
    disk.put(KEY, content(GOOD))
    (tmp_path / "store" / KEY).unlink()
    (tmp_path / "store" / KEY).symlink_to(outside)
    disk.replace(disk.keep_aside(KEY), content(GOOD))
    assert not (tmp_path / "store" / KEY).is_symlink()
    assert (read(disk, KEY), outside.read_bytes()) == (GOOD, BAD)
