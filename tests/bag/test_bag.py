"""Bags: by the letter of RFC 8493, and judged by the bagit package."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bag.begun import begun
from wiazka.bag.judge import require_valid
from wiazka.bag.manifest import bag_info, decode_path, encode_path, manifest
from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.plan import About, plan
from wiazka.bag.profile import departures
from wiazka.bag.push import push
from wiazka.bag.writer import write_bag, write_plan
from wiazka.errors import BagInvalid, BytesRefused, PrefixTaken, UsageError
from wiazka.evidence import Grade
from wiazka.record.model import DocumentDate, Record, Source
from wiazka.settings import Archive
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.layout import StoredFile, ensure_marker

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
RECORD = Record(
    title="Notatka z rozmowy\nz ambasadorem",
    date=DocumentDate(verbatim="June 4, 1984", edtf="1984-06-04"),
    sources=(Source(verbatim="AMSZ, Department II, 30/87, w. 5."),),
)


def made(algorithms: tuple[str, ...] = ("sha256",), **files: bytes) -> BagPlan:
    entries = [
        Entry(
            f"data/objects/{name}.txt",
            data,
            len(data),
            {a: hashlib.new(a, data).hexdigest() for a in {"sha256", *algorithms}},
        )
        for name, data in (files or {"zażółć": b"gesla", "b": b""}).items()
    ]
    about = About("main/note", 1, "delivery", AT, Archive(name="Archiwum"), algorithms)
    return plan(RECORD, entries, about, [])


@pytest.mark.parametrize("algorithms", [("sha256",), ("sha256", "sha512")])
def test_what_we_write_is_valid_for_the_bagit_package_and_keeps_our_profile(
    tmp_path: Path, algorithms: tuple[str, ...]
) -> None:
    write_plan(made(algorithms), tmp_path / "bag")
    require_valid(tmp_path / "bag")
    assert departures(tmp_path / "bag") == []


def test_a_flipped_byte_is_found_by_the_bagit_package(tmp_path: Path) -> None:
    write_plan(made(), tmp_path / "bag")
    (tmp_path / "bag/data/objects/zażółć.txt").write_bytes(b"Gesla")
    with pytest.raises(BagInvalid):
        require_valid(tmp_path / "bag")


@pytest.mark.parametrize("missing", ["metadata/record.json", "manifest-sha256.txt"])
def test_a_bag_that_lacks_a_file_departs_from_the_profile(tmp_path: Path, missing: str) -> None:
    write_plan(made(), tmp_path / "bag")
    (tmp_path / "bag" / missing).unlink()
    assert departures(tmp_path / "bag") == [f"{missing} is missing"]


def test_the_same_document_makes_the_same_bytes() -> None:
    assert made() == made()


def test_a_title_on_two_lines_keeps_its_words_apart() -> None:
    [info] = [e.source for e in made().entries if e.path == "bag-info.txt"]
    assert b"External-Description: Notatka z rozmowy z ambasadorem\n" in info


@given(st.text())
def test_a_path_survives_encoding(path: str) -> None:
    encoded = encode_path(path)
    assert decode_path(encoded) == path
    assert "\n" not in encoded
    assert "\r" not in encoded


@given(st.dictionaries(st.text(min_size=1), st.just("0" * 64)))
def test_a_manifest_has_a_line_a_file_in_the_order_of_paths(files: dict[str, str]) -> None:
    lines = manifest(files.items()).decode("utf-8", "surrogatepass").split("\n")[:-1]
    assert [decode_path(line[66:]) for line in lines] == sorted(files)


@given(st.text())
def test_a_value_of_bag_info_is_always_one_line(value: str) -> None:
    assert bag_info([("Label", value)]).count(b"\n") <= 1


def test_bytes_that_are_not_the_declared_ones_leave_no_bag(tmp_path: Path) -> None:
    bag = made()
    changed = replace(
        bag, entries=tuple(replace(e, digests={"sha256": "0" * 64}) for e in bag.entries)
    )
    with pytest.raises(BytesRefused):
        write_plan(changed, tmp_path / "bag")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_plan(made(), tmp_path)


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "data/../../evil"])
def test_a_path_out_of_the_bag_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(BytesRefused, match="outside"):
        write_bag([StoredFile(path=path, size=0, sha256="")], tmp_path / "bag", lambda _: None)


def test_a_push_that_is_taken_up_again_sends_only_what_is_missing(tmp_path: Path) -> None:
    store = DirectoryFiles("disk", tmp_path / "store")
    ensure_marker(store)
    bag = made(a=b"x" * 1000, b=b"y" * 1000)
    first = push(bag, store, begun(bag))
    assert first.grade is Grade.READ
    assert push(bag, store, begun(bag)).sent == 0
    (tmp_path / "store/packages/main/note/v1.json").unlink()
    (tmp_path / "store/packages/main/note/v1/data/objects/a.txt").unlink()
    again = push(bag, store, begun(bag))
    assert again.sent == 1000 + store.head("packages/main/note/v1.json").size


@pytest.mark.parametrize("left", [{"a": b"old"}, {"a": b"new", "gone": b"gone"}])
def test_what_an_interrupted_push_of_other_bytes_left_is_neither_removed_nor_mixed_in(
    tmp_path: Path, left: dict[str, bytes]
) -> None:
    store = DirectoryFiles("disk", tmp_path / "store")
    ensure_marker(store)
    old, new = made(**left), made(a=b"new")
    push(old, store, begun(old))
    (tmp_path / "store/packages/main/note/v1.json").unlink()
    before = list(store.list())
    with pytest.raises(PrefixTaken, match="packages/main/note/v1/"):
        push(new, store, begun(new))
    assert list(store.list()) == before
