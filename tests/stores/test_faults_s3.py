"""What a store promises holds whatever networks and servers do: each fault, on each real server."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bag.begun import begun
from tests.services.faults import Fault, FaultProxy, fault_proxy
from tests.services.openstack import Swift
from tests.services.running import Service
from tests.stores.kinds import MIB, SMALL_PARTS, new_place, open_on
from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.plan import About, plan
from wiazka.bag.push import push
from wiazka.errors import BytesRefused, ObjectExists, ObjectMissing, StoreError, StoreUnavailable
from wiazka.evidence import sha256
from wiazka.record.model import DocumentDate, Record, Source
from wiazka.settings import Archive
from wiazka.stores.attest import attest
from wiazka.stores.base import Content
from wiazka.stores.layout import ensure_marker
from wiazka.stores.s3 import S3Bucket

ATTEMPTS = 2
ALWAYS = 1000
DATA = os.urandom(100_000)
CONTENT = Content(DATA, len(DATA), sha256(DATA))
# Nothing was done, and a client that asks again is served.
PASSING = (Fault.SERVER_ERROR, Fault.SLOW_DOWN, Fault.RESET_BEFORE)
# It was done, and the client cannot know.
UNKNOWN = (Fault.RESET_AFTER, Fault.SERVER_ERROR_AFTER)


@pytest.fixture
def proxy(service: Service) -> Iterator[FaultProxy]:
    """A proxy before each of the servers."""
    with fault_proxy(service.endpoint) as proxy:
        yield proxy


def probed(service: Service, proxy: FaultProxy, **changed: object) -> S3Bucket:
    """A new store on the server behind the proxy, probed already."""
    store = new_place(service, SMALL_PARTS, endpoint=proxy.endpoint, attempts=ATTEMPTS, **changed)
    store.capabilities()
    return store


@pytest.fixture
def s3(service: Service, proxy: FaultProxy) -> S3Bucket:
    """A new store behind the proxy, probed already."""
    return probed(service, proxy)


@pytest.fixture
def film(tmp_path: Path) -> Content:
    """A file of three parts."""
    path = tmp_path / "film.mkv"
    data = hashlib.shake_256(b"film").digest(11 * MIB)
    path.write_bytes(data)
    return Content(path, len(data), sha256(data))


def read(store: S3Bucket, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def proved(store: S3Bucket, key: str, content: Content) -> bool:
    return bool(attest(store, key, content.size, content.sha256))


def require_missing(store: S3Bucket, key: str) -> None:
    with pytest.raises(ObjectMissing):
        store.head(key)


# Putting


@pytest.mark.parametrize("fault", PASSING)
def test_a_put_that_failed_in_passing_is_sent_again(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    proxy.inject(fault, "PUT", "/a")
    s3.put("a", CONTENT)
    assert proxy.pending == []
    assert proxy.count("PUT", "/a") == 2
    assert proved(s3, "a", CONTENT)


@pytest.mark.parametrize("fault", PASSING)
def test_a_store_that_takes_nothing_is_given_up_after_its_attempts(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    proxy.inject(fault, "PUT", "/a", times=ALWAYS)
    with pytest.raises(StoreUnavailable, match="key 'a'") as caught:
        s3.put("a", CONTENT)
    assert caught.value.transient
    assert proxy.count("PUT", "/a") == ATTEMPTS
    require_missing(s3, "a")


@pytest.mark.parametrize("fault", UNKNOWN)
def test_a_put_whose_answer_was_lost_is_no_conflict_with_itself(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    proxy.inject(fault, "PUT", "/a")
    s3.put("a", CONTENT)
    assert proxy.pending == []
    assert proved(s3, "a", CONTENT)


@pytest.mark.parametrize("fault", UNKNOWN)
def test_a_lost_answer_does_not_hide_that_the_key_was_anothers(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    s3.put("a", Content(b"another's", 9, sha256(b"another's")))
    proxy.inject(fault, "PUT", "/a")
    with pytest.raises(ObjectExists):
        s3.put("a", CONTENT)
    assert read(s3, "a") == b"another's"


@pytest.mark.parametrize("fault", UNKNOWN)
def test_a_put_of_which_no_answer_ever_comes_is_not_called_stored(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    proxy.inject(fault, "PUT", "/a", times=ALWAYS)
    with pytest.raises(StoreUnavailable):
        s3.put("a", CONTENT)


def test_a_put_that_arrives_twice_is_proved_or_told_and_never_lost(
    s3: S3Bucket, proxy: FaultProxy
) -> None:
    proxy.inject(Fault.TWICE, "PUT", "/a")
    # The second answer: to the client no other than if somebody else had been there first.
    with suppress(ObjectExists):
        s3.put("a", CONTENT)
    assert proxy.pending == []
    assert proved(s3, "a", CONTENT)


def test_bytes_that_change_on_their_way_are_refused_and_not_kept(
    s3: S3Bucket, proxy: FaultProxy, tmp_path: Path
) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(DATA)
    proxy.inject(Fault.WRONG_BYTES_SENT, "PUT", "/a", times=ALWAYS)
    # BytesRefused and not SourceChanged: the file is what it was.
    with pytest.raises(BytesRefused, match="key 'a'"):
        s3.put("a", Content(path, len(DATA), CONTENT.sha256))
    require_missing(s3, "a")


# Reading


@pytest.mark.parametrize("fault", PASSING)
def test_what_failed_in_passing_is_asked_for_again(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    s3.put("a", CONTENT)
    proxy.inject(fault, "GET", "/a")
    assert read(s3, "a") == DATA
    proxy.inject(fault, "HEAD", "/a")
    assert s3.head("a").size == len(DATA)
    proxy.inject(fault, "GET", "list-type=2")
    assert "a" in [info.key for info in s3.list()]
    assert proxy.pending == []


@pytest.mark.parametrize("fault", [*PASSING, Fault.RESET_AFTER])
def test_a_store_that_answers_nothing_is_unavailable_and_nothing_is_missing(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    s3.put("a", CONTENT)
    for method in ("GET", "HEAD"):
        proxy.inject(fault, method, times=ALWAYS)
    for asked in (
        lambda: read(s3, "a"),
        lambda: s3.head("a"),
        lambda: list(s3.list()),
        lambda: proved(s3, "a", CONTENT),
    ):
        with pytest.raises(StoreUnavailable):
            asked()


def test_a_body_that_breaks_off_is_no_end_of_the_object(s3: S3Bucket, proxy: FaultProxy) -> None:
    s3.put("a", CONTENT)
    proxy.inject(Fault.CUT_OFF, "GET", "/a", times=ALWAYS)
    with pytest.raises(StoreUnavailable, match="key 'a'"):
        read(s3, "a")


@pytest.mark.parametrize("fault", [Fault.WRONG_BYTES_ANSWERED, Fault.SHORTENED])
def test_other_bytes_are_no_proof(s3: S3Bucket, proxy: FaultProxy, fault: Fault) -> None:
    s3.put("a", CONTENT)
    proxy.inject(fault, "GET", "/a", times=ALWAYS)
    assert read(s3, "a") != DATA
    # Where the store tells its digest, no byte is read for a proof.
    if not s3.capabilities().returns_digest:
        with pytest.raises(BytesRefused, match="expected"):
            proved(s3, "a", CONTENT)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_of_yesterday_is_no_proof_of_today(
    s3: S3Bucket, proxy: FaultProxy, method: str
) -> None:
    for asked in (read, S3Bucket.head):
        with pytest.raises(ObjectMissing):
            asked(s3, "a")
    s3.put("a", CONTENT)
    proxy.inject(Fault.STALE, method, "/a", times=ALWAYS)
    with pytest.raises(ObjectMissing):
        read(s3, "a") if method == "GET" else s3.head("a")


@pytest.mark.parametrize("fault", [Fault.CUT_OFF, Fault.SHORTENED])
def test_half_a_list_is_no_list(s3: S3Bucket, proxy: FaultProxy, fault: Fault) -> None:
    s3.put("a", CONTENT)
    proxy.inject(fault, "GET", "list-type=2", times=ALWAYS)
    with pytest.raises(StoreUnavailable):
        list(s3.list())


# Probing


@pytest.mark.parametrize("fault", PASSING)
def test_a_probe_that_was_disturbed_says_nothing_and_is_made_again(
    service: Service, proxy: FaultProxy, fault: Fault
) -> None:
    proxy.inject(fault, "PUT", "/probe/wrong", times=ATTEMPTS)
    store = new_place(service, endpoint=proxy.endpoint, attempts=ATTEMPTS)
    with pytest.raises(StoreUnavailable):
        store.capabilities()
    assert proxy.pending == []
    assert store.capabilities() == new_place(service).capabilities()


# In parts


@pytest.mark.parametrize("fault", [Fault.SLOW_DOWN, Fault.RESET_BEFORE])
@pytest.mark.parametrize(
    ("method", "request_of"),
    [("POST", "?uploads"), ("PUT", "partNumber=2"), ("POST", "uploadId=")],
    ids=["begin", "part", "complete"],
)
def test_parts_that_failed_in_passing_are_sent_again(
    s3: S3Bucket, proxy: FaultProxy, film: Content, fault: Fault, method: str, request_of: str
) -> None:
    proxy.inject(fault, method, request_of)
    s3.put("film.mkv", film)
    assert proxy.pending == []
    assert proved(s3, "film.mkv", film)


@pytest.mark.parametrize("fault", [*UNKNOWN, Fault.TWICE, Fault.ERROR_INSIDE])
def test_parts_that_were_put_together_though_nobody_said_so_are_stored(
    s3: S3Bucket, proxy: FaultProxy, film: Content, fault: Fault
) -> None:
    proxy.inject(fault, "POST", "uploadId=")
    try:
        s3.put("film.mkv", film)
    except ObjectExists:
        assert fault is Fault.TWICE
    assert proxy.pending == []
    assert proved(s3, "film.mkv", film)


def test_parts_that_a_server_forgot_to_have_put_together_are_looked_for(
    s3: S3Bucket, proxy: FaultProxy, film: Content
) -> None:
    proxy.inject(Fault.RESET_AFTER, "POST", "uploadId=")
    proxy.inject(Fault.NO_SUCH_UPLOAD, "POST", "uploadId=")
    s3.put("film.mkv", film)
    assert proxy.pending == []
    assert proved(s3, "film.mkv", film)


def test_a_part_that_changes_on_its_way_is_refused_and_the_rest_is_taken_up_later(
    s3: S3Bucket, proxy: FaultProxy, film: Content
) -> None:
    proxy.inject(Fault.WRONG_BYTES_SENT, "PUT", "partNumber=2", times=ALWAYS)
    with pytest.raises(BytesRefused, match=r"film\.mkv"):
        s3.put("film.mkv", film)
    require_missing(s3, "film.mkv")
    proxy.calm()
    s3.put("film.mkv", film)
    assert proved(s3, "film.mkv", film)


def test_a_store_that_takes_no_part_is_given_up(
    s3: S3Bucket, proxy: FaultProxy, film: Content
) -> None:
    proxy.inject(Fault.SLOW_DOWN, "PUT", "partNumber=2", times=ALWAYS)
    with pytest.raises(StoreUnavailable):
        s3.put("film.mkv", film)
    require_missing(s3, "film.mkv")


# Silence, on one server: what it did meanwhile is the same as in the faults above


@pytest.fixture
def quiet_proxy(swift: Swift) -> Iterator[FaultProxy]:
    """A proxy before a server."""
    with fault_proxy(swift.endpoint) as proxy:
        yield proxy


@pytest.fixture
def quiet(swift: Swift, quiet_proxy: FaultProxy) -> S3Bucket:
    """A new store behind it, probed already."""
    return probed(swift, quiet_proxy, timeout_seconds=2)


def test_a_store_that_says_nothing_to_a_put_is_given_up(
    quiet: S3Bucket, quiet_proxy: FaultProxy
) -> None:
    quiet_proxy.inject(Fault.HANG, "PUT", "/a", times=ALWAYS)
    with pytest.raises(StoreUnavailable, match="key 'a'"):
        quiet.put("a", CONTENT)
    assert quiet_proxy.count("PUT", "/a") == ATTEMPTS
    require_missing(quiet, "a")


def test_a_put_that_was_done_in_silence_is_stored(quiet: S3Bucket, quiet_proxy: FaultProxy) -> None:
    quiet_proxy.inject(Fault.LOST, "PUT", "/a")
    quiet.put("a", CONTENT)
    assert quiet_proxy.pending == []
    assert proved(quiet, "a", CONTENT)


def test_parts_that_were_put_together_in_silence_are_stored(
    quiet: S3Bucket, quiet_proxy: FaultProxy, film: Content
) -> None:
    quiet_proxy.inject(Fault.LOST, "POST", "uploadId=")
    quiet.put("film.mkv", film)
    assert quiet_proxy.pending == []
    assert proved(quiet, "film.mkv", film)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.STALLED])
def test_who_waits_for_bytes_or_a_list_does_not_wait_for_ever(
    quiet: S3Bucket, quiet_proxy: FaultProxy, fault: Fault, swift: Swift
) -> None:
    quiet.put("a", CONTENT)
    impatient = open_on(
        swift,
        "conformance",
        prefix=quiet.place.removeprefix("s3://conformance/"),
        endpoint=quiet_proxy.endpoint,
        attempts=1,
        timeout_seconds=0.5,
    )
    quiet_proxy.inject(fault, "GET", times=ALWAYS)
    with pytest.raises(StoreUnavailable):
        read(impatient, "a")
    with pytest.raises(StoreUnavailable):
        list(impatient.list())


# A whole bag


def bag() -> BagPlan:
    record = Record(
        title="Notatka z rozmowy",
        date=DocumentDate(verbatim="June 4, 1984", edtf="1984-06-04"),
        sources=(Source(verbatim="AMSZ, Department II, 30/87, w. 5."),),
    )
    data = {f"data/objects/{number:02}.tif": b"%d" % number for number in range(6)}
    entries = [
        Entry(path, body, len(body), {"sha256": sha256(body)}) for path, body in data.items()
    ]
    at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    about = About("main/note", 1, "delivery", at, Archive(name="Archiwum"), ("sha256",))
    return plan(record, entries, about, [])


def pushed(store: S3Bucket) -> int:
    """The bytes that a push of the bag sent."""
    ensure_marker(store)
    return push(bag(), store, begun(bag())).sent


def require_whole(store: S3Bucket) -> None:
    for entry in bag().entries:
        key = f"packages/main/note/v1/{entry.path}"
        assert proved(store, key, Content(entry.source, entry.size, entry.sha256))


def test_a_list_of_yesterday_makes_no_second_copy_and_no_gap(
    s3: S3Bucket, proxy: FaultProxy
) -> None:
    proxy.inject(Fault.SERVER_ERROR, "PUT", "/05.tif", times=ATTEMPTS)
    with pytest.raises(StoreError):
        pushed(s3)
    proxy.inject(Fault.STALE, "GET", "list-type=2")
    assert pushed(s3)
    assert proxy.pending == []
    require_whole(s3)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.RESET_AFTER, Fault.CUT_OFF])
def test_a_bag_comes_whole_through_a_bad_line(
    s3: S3Bucket, proxy: FaultProxy, fault: Fault
) -> None:
    for method in ("PUT", "GET", "HEAD"):
        for number in (3, 7, 11):
            proxy.inject(fault, method, "/note/", nth=number)
    for _ in range(10):
        with suppress(StoreUnavailable):
            pushed(s3)
            break
    proxy.calm()
    require_whole(s3)
    assert pushed(s3) == 0
