"""The keys and documents of a store: read back as written, and never from the future."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.errors import StoreError, StoreUnavailable
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.layout import (
    STORE_MARKER,
    StorageManifest,
    StoredFile,
    ensure_marker,
    manifest_key,
    require_marker,
    version_prefix,
)

TEXT = st.text(st.characters(codec="utf-8"))
FILES = st.builds(
    StoredFile,
    path=TEXT,
    size=st.integers(min_value=0),
    sha256=TEXT,
    version=st.none() | st.integers(min_value=1),
    held_as=st.none() | TEXT,
)
MANIFESTS = st.builds(
    StorageManifest,
    layout=st.just(1),
    identity=TEXT,
    version=st.integers(min_value=1),
    content=TEXT,
    delivery=TEXT,
    folder=TEXT,
    bagged_at=st.datetimes(timezones=st.just(UTC)),
    files=st.lists(FILES).map(tuple),
)


def manifest() -> StorageManifest:
    return StorageManifest(
        identity="main/łódź",
        version=1,
        content="0" * 64,
        delivery="2024-05",
        folder="Łódź",
        bagged_at=datetime(2026, 5, 1, tzinfo=UTC),
        files=(),
    )


@given(MANIFESTS)
def test_a_storage_manifest_is_read_back_as_it_was_written(value: StorageManifest) -> None:
    assert StorageManifest.from_json(value.to_json(), "v1.json") == value


@given(MANIFESTS)
def test_a_storage_manifest_is_canonical_json(value: StorageManifest) -> None:
    told = value.model_dump(mode="json", exclude_none=True)
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, indent=2)
    assert value.to_json() == f"{text}\n".encode()


def test_a_storage_manifest_is_readable_by_people() -> None:
    text = manifest().to_json().decode("utf-8")
    assert '"folder": "Łódź"' in text
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_the_commit_mark_lies_beside_the_bag_and_not_in_it() -> None:
    assert version_prefix("main/note", 2) == "packages/main/note/v2/"
    assert manifest_key("main/note", 2) == "packages/main/note/v2.json"


@pytest.mark.parametrize("data", [b'{"layout": 2}', b'{"layout": 99, "other": []}'])
def test_what_a_newer_wiazka_wrote_is_not_guessed_at(data: bytes) -> None:
    with pytest.raises(StoreError, match="layout version") as caught:
        StorageManifest.from_json(data, "v1.json")
    assert "Update wiazka" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"layout": 1}', b"\xff"])
def test_a_storage_manifest_that_is_none_is_refused_and_named(data: bytes) -> None:
    with pytest.raises(StoreError, match=r"v1\.json"):
        StorageManifest.from_json(data, "v1.json")


def test_a_new_store_is_made_by_its_marker_and_keeps_it(tmp_path: Path) -> None:
    store = DirectoryFiles("disk", tmp_path / "new")
    first = ensure_marker(store)
    assert first.store == "disk"
    assert ensure_marker(store) == first == require_marker(store)


def test_an_empty_mount_point_is_not_taken_for_a_store_with_copies(tmp_path: Path) -> None:
    (tmp_path / "mnt").mkdir()
    with pytest.raises(StoreUnavailable, match=STORE_MARKER):
        require_marker(DirectoryFiles("disk", tmp_path / "mnt"))
    assert list((tmp_path / "mnt").iterdir()) == []


def test_a_store_of_a_newer_layout_is_left_alone(tmp_path: Path) -> None:
    marker = tmp_path / STORE_MARKER
    marker.write_text('{"layout": 2}', encoding="utf-8")
    with pytest.raises(StoreError, match="layout version 2"):
        ensure_marker(DirectoryFiles("disk", tmp_path))
    assert marker.read_text(encoding="utf-8") == '{"layout": 2}'
