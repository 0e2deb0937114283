"""Deaccession in buckets: every version goes, and nothing goes while one object is locked."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import House
from tests.services.openstack import Swift
from tests.services.running import Service
from tests.services.versitygw import Versitygw
from wiazka.errors import ObjectLocked
from wiazka.evidence import sha256
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import Content
from wiazka.stores.removal import Removing, open_removing

CHOSEN = '[deaccession]\ngrace_days = 0\npersons = "name"\n'
DISK = '[stores.disk]\nkind = "directory"\npath = "disk"\n'
PACKAGE = "packages/main/note"


@pytest.fixture
def name(tmp_path: Path) -> str:
    return f"gone-{abs(hash(str(tmp_path))):x}"


@pytest.fixture
def let_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Service], Service]:
    def let_in(service: Service) -> Service:
        monkeypatch.setenv("WIAZKA_STORE_CLOUD_ACCESS_KEY_ID", service.access_key)
        monkeypatch.setenv("WIAZKA_STORE_CLOUD_SECRET_ACCESS_KEY", service.secret_key)
        return service

    return let_in


def approved(house: House) -> House:
    house.submission("note")
    for arguments in (
        ("ingest",),
        ("deaccession", "request", "main/note", "--reason", "Zwrócone", "--by", "Anna"),
        ("deaccession", "approve", "1", "--by", "Jan"),
    ):
        done = house.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return house


def cloud(service: Service, bucket: str) -> str:
    return (
        f'[stores.cloud]\nkind = "s3"\nbucket = "{bucket}"\nendpoint = "{service.endpoint}"\n'
        'region = "us-east-1"\nattempts = 2\n'
    )


def test_a_bucket_without_versions_holds_a_tombstone_only(
    swift: Swift,
    name: str,
    make_house: Callable[[str], House],
    let_in: Callable[[Service], Service],
) -> None:
    let_in(swift)
    swift.make_bucket(name)
    house = approved(make_house(CHOSEN + cloud(swift, name)))
    done = house.run("deaccession", "run")
    assert done.returncode == 0, done.stdout + done.stderr
    left = swift.client().list_objects_v2(Bucket=name, Prefix="packages/")["Contents"]
    assert [found["Key"] for found in left] == [f"{PACKAGE}/v1/tombstone.json"]


def test_what_was_overwritten_or_hidden_in_a_bucket_with_versions_goes_too(
    versitygw: Versitygw,
    name: str,
    make_house: Callable[[str], House],
    let_in: Callable[[Service], Service],
) -> None:
    let_in(versitygw)
    versitygw.make_bucket(name, versioning=True)
    house = approved(make_house(CHOSEN + cloud(versitygw, name)))
    client = versitygw.client()
    client.put_object(Bucket=name, Key=f"{PACKAGE}/v1/bagit.txt", Body=b"a later version")
    client.delete_object(Bucket=name, Key=f"{PACKAGE}/v1/bag-info.txt")
    client.put_object(Bucket=name, Key="packages/main/note2/v1/bagit.txt", Body=b"another package")
    client.create_multipart_upload(Bucket=name, Key=f"{PACKAGE}/v1/data/half.tif")
    done = house.run("deaccession", "run")
    assert done.returncode == 0, done.stdout + done.stderr
    left = client.list_object_versions(Bucket=name, Prefix="packages/")
    assert [found["Key"] for found in left["Versions"]] == [
        f"{PACKAGE}/v1/tombstone.json",
        "packages/main/note2/v1/bagit.txt",
    ]
    assert not left.get("DeleteMarkers")
    assert not client.list_multipart_uploads(Bucket=name).get("Uploads")


def test_nothing_goes_anywhere_while_one_object_is_locked_and_it_is_told_until_when(
    versitygw: Versitygw,
    name: str,
    make_house: Callable[[str], House],
    let_in: Callable[[Service], Service],
) -> None:
    let_in(versitygw)
    versitygw.make_bucket(name, lock=True)
    house = approved(make_house(CHOSEN + DISK + cloud(versitygw, name)))
    client = versitygw.client()
    key = f"{PACKAGE}/v1/bagit.txt"
    until = (datetime.now(UTC) + timedelta(days=40)).replace(microsecond=0)
    client.put_object_retention(
        Bucket=name, Key=key, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until}
    )
    before = client.list_object_versions(Bucket=name, Prefix="packages/")["Versions"]
    done = house.run("deaccession", "run", "--json")
    assert done.returncode == 3
    [carried] = json.loads(done.stdout)["deaccessions"]
    assert carried["problems"][0]["code"] == "object-locked"
    assert f"{until:%Y-%m-%d %H:%M} UTC" in carried["problems"][0]["message"]
    assert client.list_object_versions(Bucket=name, Prefix="packages/")["Versions"] == before
    audit = house.run("audit", "--json")
    assert json.loads(audit.stdout)["checked"] == 2
    assert (house.path / "disk" / PACKAGE / "v1.json").is_file()

    client.put_object_retention(
        Bucket=name,
        Key=key,
        Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until},
        BypassGovernanceRetention=True,
    )
    client.put_object_legal_hold(Bucket=name, Key=key, LegalHold={"Status": "ON"})
    assert f"{key} is under a legal hold" in house.run("deaccession", "run").stdout


def test_a_lock_that_comes_in_the_last_moment_is_not_got_round(
    versitygw: Versitygw, name: str, let_in: Callable[[Service], Service]
) -> None:
    let_in(versitygw)
    versitygw.make_bucket(name, lock=True)
    store: Removing = open_removing(
        "cloud",
        S3Store(kind="s3", bucket=name, endpoint=versitygw.endpoint, region="us-east-1"),
    )
    store.put("a", Content(b"scan", 4, sha256(b"scan")))
    [seen] = store.all_versions("a")
    assert not seen.locked_until
    until = datetime.now(UTC) + timedelta(days=1)
    versitygw.client().put_object_retention(
        Bucket=name, Key="a", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
    )
    with pytest.raises(ObjectLocked, match=f"{until:%Y-%m-%d}"):
        store.remove(seen)
    with store.open("a") as stream:
        assert stream.read() == b"scan"
