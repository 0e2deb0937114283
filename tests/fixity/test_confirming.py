"""Confirm, then alarm: what a wire, a proxy, a listing or a busy server does is no damage."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.fixity.damages import a_flipped_bit, deletion, zeroes_instead
from tests.fixity.holding import SCAN, Holding, InBucket, OnDisk, filled
from tests.services.faults import Fault, FaultProxy, fault_proxy
from tests.services.versitygw import Versitygw
from tests.stores.kinds import new_directory, open_on
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner
from wiazka.catalogue.fixity_model import Audit
from wiazka.catalogue.model import Copy
from wiazka.catalogue.persons import Person
from wiazka.evidence import Grade
from wiazka.fixity.audit import run_audit
from wiazka.fixity.engine import Engine, Job
from wiazka.fixity.scope import Scope
from wiazka.fixity.strays import Strays, looks_beside
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import ObjectInfo
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.roll import RollCall
from wiazka.stores.s3 import open_bucket


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as opened:
        yield opened


@pytest.fixture
def on_disk(catalogue: Catalogue, tmp_path: Path) -> Holding:
    return filled(catalogue, new_directory(tmp_path), OnDisk(tmp_path / "store"))


@pytest.fixture
def in_bucket(catalogue: Catalogue, versitygw: Versitygw, tmp_path: Path) -> Holding:
    """In a bucket that keeps versions."""
    name = f"past-{abs(hash(str(tmp_path))):x}"
    versitygw.make_bucket(name, versioning=True)
    bucket = open_on(versitygw, name)
    return filled(catalogue, bucket, InBucket(versitygw, bucket.place))


@pytest.fixture
def proxied(in_bucket: Holding, versitygw: Versitygw) -> Iterator[tuple[Holding, FaultProxy]]:
    """The same, seen through a proxy that can do the worst."""
    with fault_proxy(versitygw.endpoint) as proxy:
        settings = S3Store(
            kind="s3",
            bucket=in_bucket.store.place.removeprefix("s3://"),
            endpoint=proxy.endpoint,
            region="us-east-1",
            attempts=2,
        )
        yield replace(in_bucket, store=open_bucket(in_bucket.store.name, settings)), proxy


def outcomes(done: Audit) -> list[tuple[str, str]]:
    return [(str(finding.outcome), finding.path) for finding in done.findings]


# Once on the wire, and at rest


@pytest.mark.parametrize(
    "fault", [Fault.WRONG_BYTES_ANSWERED, Fault.SHORTENED, Fault.CUT_OFF, Fault.RESET_AFTER]
)
def test_what_happens_once_on_the_wire_is_no_damage(
    proxied: tuple[Holding, FaultProxy], fault: Fault
) -> None:
    held, proxy = proxied
    proxy.inject(fault, "GET", SCAN)
    assert outcomes(held.audit()) == []
    assert not proxy.pending


def test_an_object_that_is_missing_once_is_not_missing(
    proxied: tuple[Holding, FaultProxy],
) -> None:
    held, proxy = proxied
    proxy.inject(Fault.NO_SUCH_UPLOAD, "GET", SCAN)
    assert outcomes(held.audit()) == []
    assert not proxy.pending


def test_what_is_wrong_at_rest_is_asked_for_twice_and_told(
    proxied: tuple[Holding, FaultProxy],
) -> None:
    held, proxy = proxied
    a_flipped_bit(held)
    before = proxy.count("GET", f"main/note/v1/{SCAN}")
    assert outcomes(held.audit()) == [("changed", SCAN)]
    # Twice; then which versions there are, and the one before.
    assert proxy.count("GET", f"main/note/v1/{SCAN}") - before == 4


def test_bytes_that_come_otherwise_each_time_are_unreadable(
    proxied: tuple[Holding, FaultProxy],
) -> None:
    held, proxy = proxied
    proxy.inject(Fault.WRONG_BYTES_ANSWERED, "GET", f"main/note/v1/{SCAN}")
    proxy.inject(Fault.SHORTENED, "GET", f"main/note/v1/{SCAN}")
    proxy.inject(Fault.NO_SUCH_UPLOAD, "GET", f"main/note/v1/{SCAN}")
    assert outcomes(held.audit()) == [("unreadable", SCAN)]


def test_a_store_that_is_busy_for_one_file_has_not_damaged_it(
    proxied: tuple[Holding, FaultProxy],
) -> None:
    held, proxy = proxied
    proxy.inject(Fault.SLOW_DOWN, "GET", f"main/note/v1/{SCAN}", times=4)
    done = held.audit()
    assert outcomes(done) == [("throttled", SCAN)]
    assert "look at the disks" in str(done.findings[0].note)
    assert outcomes(held.audit()) == []


# By version


def test_a_delete_marker_is_told_with_the_version_that_it_hides(in_bucket: Holding) -> None:
    deletion(in_bucket)
    [finding] = in_bucket.audit().findings
    assert str(finding.outcome) == "missing"
    assert finding.sound_version
    assert finding.note == (
        f"a delete marker hides version {finding.sound_version}, whose bytes are right"
    )
    past = next(
        one
        for one in in_bucket.store.history(in_bucket.key("main/note", 1, SCAN))
        if one.version_id == finding.sound_version
    )
    with in_bucket.store.open_past(in_bucket.key("main/note", 1, SCAN), past) as stream:
        assert stream.read() == in_bucket.own("main/note", 1)[SCAN]


def test_what_lies_over_the_right_bytes_is_told_from_them(in_bucket: Holding) -> None:
    zeroes_instead(in_bucket)
    [finding] = in_bucket.audit().findings
    assert finding.object_version != finding.sound_version
    assert finding.note == (
        f"version {finding.object_version} lies over version {finding.sound_version}, whose "
        "bytes are right"
    )


# A store that goes away


def test_a_store_that_goes_down_is_one_finding_and_is_let_be(
    proxied: tuple[Holding, FaultProxy],
) -> None:
    held, proxy = proxied
    for number in range(60):
        held.keep(f"main/more-{number}", 1, {"a.txt": b"%d" % number})
    before = proxy.count("GET")
    # The marker, the listings of the first copies, and then nothing more.
    proxy.inject(Fault.SERVER_ERROR, "GET", nth=30, times=100_000)
    proxy.inject(Fault.SERVER_ERROR, "HEAD", times=100_000)
    done = held.audit()
    assert outcomes(done) == [("throttled", "")]
    assert done.findings[0].identity is None
    assert proxy.count("GET") - before < 150
    proxy.calm()
    assert outcomes(held.audit()) == []


def test_of_copies_whose_store_went_away_once_they_were_begun_it_is_told_which(
    on_disk: Holding, tmp_path: Path
) -> None:
    catalogue, store = on_disk.catalogue, on_disk.store
    copies = list(catalogue.audits.due(Grade.READ))
    jobs = [
        Job(
            store,
            copy,
            catalogue.version(copy.identity, copy.version),
            tuple(catalogue.files(copy.identity, copy.version)),
            takes_digests=False,
        )
        for copy in copies
    ]
    (tmp_path / "store").rename(tmp_path / "unplugged")
    left_out: list[Copy] = []
    engine = Engine(Grade.READ, RollCall({store.name}), left_out.append)
    assert list(engine.checks(jobs)) == []
    assert sorted(map(repr, left_out)) == sorted(map(repr, copies))


def test_a_store_that_is_no_longer_configured_has_damaged_nothing(on_disk: Holding) -> None:
    done = run_audit(on_disk.catalogue, {}, Scope())
    assert outcomes(done) == [("unknown", "")]


def test_what_a_deaccession_took_away_while_it_was_listed_is_no_finding(on_disk: Holding) -> None:
    catalogue = on_disk.catalogue
    anna, piotr = (Person.named(name, name, "desk") for name in ("Anna", "Piotr"))

    class LetGo(DirectoryFiles):
        def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
            yield from super().list(prefix, after)
            now = datetime.now(UTC)
            asked = catalogue.deaccessions.request("main/note", 1, reason="Zwrot", by=anna, at=now)
            catalogue.deaccessions.approve(
                asked.id, by=piotr, at=now, grace=timedelta(0), by_account=False
            )
            catalogue.deaccessions.begin(asked.id, [1], now)
            catalogue.deaccessions.end(asked.id, now)

    store = LetGo(on_disk.store.name, Path(on_disk.store.place))
    assert Strays(catalogue, store).look().findings == ()
    # Had it been listed later, that would be left of it.
    [left] = Strays(catalogue, on_disk.store).look().findings
    assert left.path == "packages/main/note/v1.json"


def test_a_look_over_a_store_that_never_ends_does_not_hold_up_who_has_to_stop(
    on_disk: Holding,
) -> None:
    class Endless(DirectoryFiles):
        def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
            while True:
                yield from super().list(prefix, after)

    store = Endless(on_disk.store.name, Path(on_disk.store.place))
    with (
        pytest.raises(KeyboardInterrupt),
        looks_beside(on_disk.catalogue, [store, store]) as looks,
    ):
        raise KeyboardInterrupt
    assert all(look.done() for look in looks.values())


def test_a_store_is_looked_over_while_its_copies_are_read(on_disk: Holding) -> None:
    read = Event()

    class Patient(DirectoryFiles):
        def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
            if not prefix:
                assert read.wait(timeout=60)
            yield from super().list(prefix, after)

        def hashed(self, key: str, size: int) -> tuple[int, str]:
            read.set()
            return super().hashed(key, size)

    store = Patient(on_disk.store.name, Path(on_disk.store.place))
    path = Path(on_disk.store.place) / "packages/main/of-nobody/v1/a.txt"
    path.parent.mkdir(parents=True)
    path.write_text("nobody's")
    age = datetime.now(UTC).timestamp() - 3 * 86400
    os.utime(path, (age, age))
    done = run_audit(on_disk.catalogue, {store.name: store}, Scope())
    assert [(found.outcome, found.store) for found in done.findings] == [("extra", store.name)]


def test_a_disk_that_is_unmounted_while_it_is_read_has_lost_nothing(
    on_disk: Holding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "store"
    hashed = DirectoryFiles.hashed

    def unmounted(store: DirectoryFiles, key: str, size: int) -> tuple[int, str]:
        if key.endswith(SCAN) and not (tmp_path / "gone").exists():
            root.rename(tmp_path / "gone")
            root.mkdir()
        return hashed(store, key, size)

    monkeypatch.setattr(DirectoryFiles, "hashed", unmounted)
    assert outcomes(on_disk.audit()) == [("throttled", "")]


# What is only just being written, or let go


def test_a_push_that_runs_is_no_finding_and_one_of_last_week_is(
    on_disk: Holding, tmp_path: Path
) -> None:
    import os

    on_disk.catalogue.begin_version(
        "main/new", "0" * 64, datetime.now(UTC), "delivery", "folder", "Nowa"
    )
    on_disk.tools.write("packages/main/new/v1/bagit.txt", b"BagIt-Version: 1.0\n")
    assert outcomes(on_disk.audit()) == []
    path = tmp_path / "store/packages/main/new/v1/bagit.txt"
    old = (datetime.now(UTC) - timedelta(days=7)).timestamp()
    os.utime(path, (old, old))
    [finding] = on_disk.audit().findings
    assert (str(finding.outcome), finding.path) == ("extra", "packages/main/new/v1/")
    assert "push that never ended" in str(finding.note)
    owner = Owner.of_this_process()
    assert on_disk.catalogue.claim("package:main/new", owner, timedelta(minutes=1))
    assert outcomes(on_disk.audit()) == []


def test_what_repairs_keep_aside_is_known(on_disk: Holding) -> None:
    on_disk.tools.write("aside/packages/main/note/v1/bagit.txt/0", b"rotten")
    assert outcomes(on_disk.audit()) == []


# Grades and resting


def test_a_read_only_directory_can_be_audited(on_disk: Holding, tmp_path: Path) -> None:
    copy = tmp_path / "read-only"
    shutil.copytree(tmp_path / "store", copy)
    for path in sorted(copy.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted((str(p), p.stat().st_mtime_ns) for p in copy.rglob("*"))
    there = replace(on_disk, store=DirectoryFiles("disk", copy))
    for grade in Grade:
        if grade is not Grade.RECOMPUTED:
            assert outcomes(there.audit(Scope(grade))) == []
    assert sorted((str(p), p.stat().st_mtime_ns) for p in copy.rglob("*")) == before


def test_no_stronger_grade_is_kept_than_was_proved(on_disk: Holding) -> None:
    def strongest() -> Grade:
        [copy] = on_disk.catalogue.copies("main/note", 1)
        assert copy.grade
        return copy.grade

    on_disk.audit(Scope(Grade.LISTED))
    assert strongest() is Grade.SIZE
    # A directory keeps no digests: what is asked for one is read, and that is what was proved.
    on_disk.audit(Scope(Grade.STORED_DIGEST))
    assert strongest() is Grade.READ
