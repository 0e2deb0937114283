"""Many small files are proved by the answers to their puts and one listing: no less strongly."""

import hashlib
import itertools
from collections.abc import Callable

import pytest

from tests.bag.begun import begun
from tests.services.versitygw import Versitygw
from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.push import Pushed, push
from wiazka.errors import BytesRefused, ObjectMissing
from wiazka.evidence import Grade
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import Answer, Content, ObjectInfo
from wiazka.stores.layout import ensure_marker
from wiazka.stores.s3 import S3Bucket, open_bucket

_numbers = itertools.count()
KEY = "packages/main/note/v1/data/objects/0007.txt"


@pytest.fixture
def bucket(versitygw: Versitygw, monkeypatch: pytest.MonkeyPatch) -> S3Bucket:
    """A new bucket."""
    monkeypatch.setenv("WIAZKA_STORE_GW_ACCESS_KEY_ID", versitygw.access_key)
    monkeypatch.setenv("WIAZKA_STORE_GW_SECRET_ACCESS_KEY", versitygw.secret_key)
    name = f"told-{next(_numbers)}"
    versitygw.make_bucket(name)
    settings = S3Store(
        kind="s3", bucket=name, endpoint=versitygw.endpoint, region="us-east-1", attempts=2
    )
    store = open_bucket("gw", settings)
    ensure_marker(store)
    return store


def bag() -> BagPlan:
    entries = []
    for number in range(20):
        data = f"leaf {number}".encode()
        digests = {"sha256": hashlib.sha256(data).hexdigest()}
        entries.append(Entry(f"data/objects/{number:04}.txt", data, len(data), digests))
    return BagPlan("main/note", 1, "0" * 64, tuple(entries))


def pushed(store: S3Bucket) -> Pushed:
    return push(bag(), store, begun(bag()))


def after_put(monkeypatch: pytest.MonkeyPatch, store: S3Bucket, harm: Callable[[], None]) -> None:
    """Do ``harm`` behind the push's back as soon as its file has been stored."""
    put = store.put

    def harmed(key: str, content: Content) -> Answer:
        answer = put(key, content)
        if key == KEY:
            harm()
        return answer

    monkeypatch.setattr(store, "put", harmed)


def test_no_file_is_asked_for_by_itself_when_the_store_told_of_it(
    bucket: S3Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    head = bucket.head

    def counted(key: str) -> ObjectInfo:
        asked.append(key)
        return head(key)

    bucket.capabilities()
    monkeypatch.setattr(bucket, "head", counted)
    assert pushed(bucket).grade is Grade.STORED_DIGEST
    assert asked == ["packages/main/note/v1.json"]


@pytest.mark.parametrize("other", [b"LEAF 7", b"longer than leaf 7"])
def test_an_object_that_was_replaced_after_its_put_is_seen_in_the_listing(
    bucket: S3Bucket, versitygw: Versitygw, monkeypatch: pytest.MonkeyPatch, other: bytes
) -> None:
    client, name = versitygw.client(), bucket.place.removeprefix("s3://")
    after_put(monkeypatch, bucket, lambda: client.put_object(Bucket=name, Key=KEY, Body=other))
    with pytest.raises(BytesRefused, match=r"0007\.txt"):
        pushed(bucket)
    with pytest.raises(ObjectMissing):
        bucket.head("packages/main/note/v1.json")


def test_an_object_that_is_gone_after_its_put_is_missed_in_the_listing(
    bucket: S3Bucket, versitygw: Versitygw, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, name = versitygw.client(), bucket.place.removeprefix("s3://")
    after_put(monkeypatch, bucket, lambda: client.delete_object(Bucket=name, Key=KEY))
    with pytest.raises(ObjectMissing):
        pushed(bucket)


def test_an_answer_of_another_digest_is_not_believed(
    bucket: S3Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, head, asked = bucket.put, bucket.head, []

    def lying(key: str, content: Content) -> Answer:
        return Answer("0" * 64, put(key, content).etag)

    def counted(key: str) -> ObjectInfo:
        asked.append(key)
        return head(key)

    bucket.capabilities()
    monkeypatch.setattr(bucket, "put", lying)
    monkeypatch.setattr(bucket, "head", counted)
    assert pushed(bucket).grade is Grade.STORED_DIGEST
    assert len(asked) >= 21
