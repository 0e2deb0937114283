"""A next version: what the ones before hold is referred to, and neither sent nor stored again."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bag.begun import begun
from tests.services.openstack import Swift
from wiazka.bag.fetch import fetch_txt, read_fetch_txt
from wiazka.bag.held import Held
from wiazka.bag.judge import require_valid
from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.plan import About, plan
from wiazka.bag.profile import departures
from wiazka.bag.push import Pushed, push
from wiazka.bag.stored import stored_file
from wiazka.bag.writer import write_bag, write_plan
from wiazka.catalogue.model import File, Unchanged
from wiazka.errors import BagInvalid, BytesRefused, ObjectMissing, PrefixTaken
from wiazka.record.model import Record
from wiazka.settings import Archive
from wiazka.settings_of_stores import DirectoryStore, S3Store
from wiazka.stores.base import Store
from wiazka.stores.layout import ensure_marker, file_key
from wiazka.stores.opening import open_store

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SCAN = b"II*\0" + b"scan " * 20_000
OTHER = b"II*\0" + b"other " * 20_000
V1 = {"scans/0001r.tif": SCAN, "scans/0001v.tif": OTHER, "translation/en/0001.txt": b"A note."}
V2 = {**V1, "translation/en/0001.txt": b"A corrected note."}


@pytest.fixture(params=["directory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "directory":
        return open_store("disk", DirectoryStore(kind="directory", path=tmp_path / "store"))
    swift: Swift = request.getfixturevalue("swift")
    bucket = request.getfixturevalue("bucket")
    settings = S3Store(kind="s3", bucket=bucket, endpoint=swift.endpoint, region="us-east-1")
    return open_store("s3", settings)


def made(number: int, files: Mapping[str, bytes], *earlier: BagPlan) -> BagPlan:
    """Version ``number`` of a package with these files, after the versions that are registered."""
    entries = [
        Entry(f"data/objects/{name}", data, len(data), {"sha256": hashlib.sha256(data).hexdigest()})
        for name, data in files.items()
    ]
    about = About("main/note", number, "delivery", AT, Archive(name="Archiwum"), ("sha256",))
    held = Held.by({bag.version: files_of(bag) for bag in earlier})
    return plan(Record(title="Notatka"), entries, about, [], held)


def files_of(bag: BagPlan) -> list[File]:
    """The files of a bag as the catalogue keeps them."""
    return [File(e.path, e.size, e.sha256, "", e.held_in, e.held_as) for e in bag.entries]


def stored(bag: BagPlan, store: Store, unchanged: Unchanged = Unchanged.REFERENCE) -> Pushed:
    ensure_marker(store)
    return push(bag, store, begun(bag), unchanged=unchanged)


def restored(bag: BagPlan, store: Store, to: Path, unchanged: Unchanged) -> dict[str, bytes]:
    """The payload of a version as it comes out of a store, once the bagit package has judged it."""
    files = {e.path: stored_file(e, unchanged) for e in bag.entries}
    write_bag(
        files.values(),
        to,
        lambda path: store.open(file_key(bag.identity, bag.version, files[path])),
    )
    require_valid(to)
    assert departures(to) == []
    objects = to / "data" / "objects"
    return {
        path.relative_to(objects).as_posix(): path.read_bytes()
        for path in objects.rglob("*")
        if path.is_file()
    }


def damage(store: Store, key: str, tmp_path: Path, swift: Swift | None) -> None:
    """Flip a byte of an object, at the same size."""
    with store.open(key) as stream:
        data = stream.read()
    file = swift.object_file(data) if swift else tmp_path / "store" / key
    file.write_bytes(bytes([data[0] ^ 1]) + data[1:])


def test_scans_are_not_sent_again_and_both_versions_restore_whole(
    store: Store, tmp_path: Path
) -> None:
    first = made(1, V1)
    second = made(2, V2, first)
    assert stored(first, store).referred == 0
    pushed = stored(second, store)
    assert pushed.referred >= len(SCAN) + len(OTHER)
    assert pushed.sent < len(SCAN)
    under = [info.key for info in store.list("packages/main/note/v2/")]
    assert not [key for key in under if key.endswith(".tif")]
    for bag, files in ((first, V1), (second, V2)):
        out = restored(bag, store, tmp_path / f"v{bag.version}", Unchanged.REFERENCE)
        assert out == files


def test_fetch_txt_says_where_they_are_and_every_tag_manifest_lists_it() -> None:
    first = made(1, V1)
    second = made(2, V2, first)
    sources = {entry.path: entry.source for entry in second.entries}
    fetch = sources["fetch.txt"]
    assert isinstance(fetch, bytes)
    line = f"packages/main/note/v1/data/objects/scans/0001r.tif {len(SCAN)} "
    assert f"wiazka://{line}data/objects/scans/0001r.tif\n".encode() in fetch
    assert b"0001.txt" not in fetch
    digest = hashlib.sha256(fetch).hexdigest()
    tags = sources["tagmanifest-sha256.txt"]
    assert isinstance(tags, bytes)
    assert f"{digest}  fetch.txt\n".encode() in tags
    assert "fetch.txt" not in {entry.path for entry in first.entries}


def test_a_third_version_refers_to_whoever_really_holds_the_bytes(
    store: Store, tmp_path: Path
) -> None:
    first = made(1, V1)
    second = made(2, {**V2, "scans/0002r.tif": b"a new leaf" * 1000}, first)
    files = {**V2, "scans/0002r.tif": b"a new leaf" * 1000, "notes.txt": b"third"}
    third = made(3, files, first, second)
    places = {e.path.removeprefix("data/objects/"): e.held_in for e in third.entries}
    assert places["scans/0001r.tif"] == 1
    assert places["scans/0002r.tif"] == 2
    assert places["translation/en/0001.txt"] == 2
    assert places["notes.txt"] is None
    for bag in (first, second, third):
        stored(bag, store)
    assert restored(third, store, tmp_path / "v3", Unchanged.REFERENCE) == files


def test_a_renamed_scan_is_referred_to_under_its_old_name(store: Store, tmp_path: Path) -> None:
    first = made(1, V1)
    files = {"scans/k. 12 zażółć #1?.tif": SCAN, "scans/k. 13.tif": SCAN, "new.txt": b"new"}
    second = made(2, files, first)
    stored(first, store)
    assert stored(second, store).sent < len(SCAN)
    assert restored(second, store, tmp_path / "v2", Unchanged.REFERENCE) == files


def test_a_store_that_copies_is_whole_by_itself(store: Store, tmp_path: Path) -> None:
    first = made(1, V1)
    second = made(2, V2, first)
    stored(first, store)
    pushed = stored(second, store, Unchanged.COPY)
    assert pushed.copied >= len(SCAN) + len(OTHER)
    assert pushed.sent < len(SCAN)
    assert (pushed.referred, pushed.unchanged) == (0, Unchanged.COPY)
    with store.open("packages/main/note/v2.json") as stream:
        assert b'"version": 1' not in stream.read()
    assert restored(second, store, tmp_path / "v2", Unchanged.COPY) == V2


def test_a_store_without_the_earlier_version_is_sent_all_of_it(
    store: Store, tmp_path: Path
) -> None:
    first = made(1, V1)
    second = made(2, V2, first)
    pushed = stored(second, store, Unchanged.COPY)
    assert pushed.sent > len(SCAN) + len(OTHER)
    assert pushed.copied == 0
    assert restored(second, store, tmp_path / "v2", Unchanged.COPY) == V2


@pytest.mark.parametrize("unchanged", Unchanged)
def test_a_damaged_object_of_an_earlier_version_is_found_before_anything_refers_to_it(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest, unchanged: Unchanged
) -> None:
    # Swift keeps the objects of all tests side by side: this one is found by its bytes.
    its_own = str(tmp_path).encode() * 1000
    first = made(1, {**V1, "scans/0001r.tif": its_own})
    stored(first, store)
    key = "packages/main/note/v1/data/objects/scans/0001r.tif"
    swift = None if store.name == "disk" else request.getfixturevalue("swift")
    damage(store, key, tmp_path, swift)
    with pytest.raises(BytesRefused, match=rf"{key} is damaged") as told:
        stored(made(2, {**V2, "scans/0001r.tif": its_own}, first), store, unchanged)
    assert "Mend main/note v1" in told.value.hint
    assert "packages/main/note/v2.json" not in {info.key for info in store.list()}
    assert f"v2/{key.partition('/v1/')[2]}" not in {info.key for info in store.list()}


def test_an_object_of_an_earlier_version_that_is_gone_is_found_too(tmp_path: Path) -> None:
    store = open_store("disk", DirectoryStore(kind="directory", path=tmp_path / "store"))
    first = made(1, V1)
    stored(first, store)
    (tmp_path / "store/packages/main/note/v1/data/objects/scans/0001r.tif").unlink()
    with pytest.raises(ObjectMissing, match="is missing"):
        stored(made(2, V2, first), store)


@pytest.mark.parametrize("unchanged", Unchanged)
def test_a_push_taken_up_again_keeps_to_what_it_had_begun(
    store: Store, unchanged: Unchanged
) -> None:
    first = made(1, V1)
    second = made(2, V2, first)
    stored(first, store)
    begun = stored(second, store, unchanged)
    other = Unchanged.COPY if unchanged is Unchanged.REFERENCE else Unchanged.REFERENCE
    again = stored(second, store, other)
    assert again.unchanged is unchanged
    assert (again.sent, again.copied, again.referred) == (0, 0, begun.referred)
    assert again.kept == begun.sent + begun.copied


def test_a_copy_that_was_begun_whole_is_ended_whole(tmp_path: Path) -> None:
    store = open_store("disk", DirectoryStore(kind="directory", path=tmp_path / "store"))
    first = made(1, V1)
    second = made(2, V2, first)
    stored(first, store)
    stored(second, store, Unchanged.COPY)
    (tmp_path / "store/packages/main/note/v2.json").unlink()
    again = stored(second, store, Unchanged.REFERENCE)
    assert again.unchanged is Unchanged.COPY
    assert again.sent == store.head("packages/main/note/v2.json").size


def test_another_size_in_the_listing_is_seen_without_reading(tmp_path: Path) -> None:
    store = open_store("disk", DirectoryStore(kind="directory", path=tmp_path / "store"))
    stored(made(1, V1), store)
    (tmp_path / "store/packages/main/note/v1.json").unlink()
    before = list(store.list())
    with pytest.raises(PrefixTaken, match=r"translation/en/0001\.txt"):
        stored(made(1, V2), store)
    assert list(store.list()) == before


def test_an_interrupted_ingest_refers_to_the_same_places_again() -> None:
    first = made(1, {**V1, "scans/twice.tif": SCAN})
    moved = {"scans/moved.tif": SCAN, "scans/twice.tif": SCAN, "new.txt": b"new"}
    second = made(2, moved, first)
    held = Held.as_described(files_of(second))
    bare = [Entry(e.path, e.source, e.size, e.digests) for e in second.entries]
    assert [held.marked(entry) for entry in bare] == list(second.entries)


def test_payload_never_refers_to_a_tag_file_of_the_same_bytes() -> None:
    first = made(1, V1)
    [bagit] = [entry.source for entry in first.entries if entry.path == "bagit.txt"]
    assert isinstance(bagit, bytes)
    second = made(2, {"bagit copy.txt": bagit}, first)
    assert {e.held_in for e in second.entries if e.path.endswith("bagit copy.txt")} == {None}


@given(st.dictionaries(st.text(min_size=1), st.sampled_from([None, "data/zażółć 100% %25/ą.tif"])))
def test_fetch_txt_gives_back_every_path_and_place(names: dict[str, str | None]) -> None:
    paths = {f"data/{name}": held_as for name, held_as in names.items() if _is_a_path(name)}
    entries = [Entry(path, b"", 7, {"sha256": "0"}, 3, to) for path, to in paths.items()]
    data = fetch_txt("main/note", 4, entries)
    places = {path: (3, held_as or path) for path, held_as in paths.items()}
    assert read_fetch_txt(data, "main/note") == places
    assert data.count(b"\n") == len(paths)
    for line in data.decode().split("\n")[:-1]:
        url = line.split(" ")[0]
        assert url.isascii()
        assert url.startswith("wiazka://packages/main/note/v3/data/")


def _is_a_path(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(
    "line",
    [
        "https://example.org/a.tif 3 data/a.tif",
        "wiazka://packages/main/other/v1/data/a.tif 3 data/a.tif",
        "wiazka://packages/main/note/v1/bagit.txt 3 data/a.tif",
        "wiazka://packages/main/note/v1/data/a.tif data/a.tif",
        "",
    ],
)
def test_a_line_that_names_no_file_of_an_earlier_version_is_refused(line: str) -> None:
    with pytest.raises(BagInvalid, match=r"fetch\.txt"):
        read_fetch_txt(f"{line}\n".encode(), "main/note")


def test_a_bag_whose_fetched_files_are_not_there_does_not_validate(tmp_path: Path) -> None:
    write_plan(made(2, V2, made(1, V1)), tmp_path / "bag")
    require_valid(tmp_path / "bag")
    (tmp_path / "bag/data/objects/scans/0001r.tif").unlink()
    with pytest.raises(BagInvalid):
        require_valid(tmp_path / "bag")
