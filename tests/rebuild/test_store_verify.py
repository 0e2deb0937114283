"""wiazka store verify: a store by itself, keys against manifests both ways, without a database."""

import json
import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import House
from wiazka.rebuild.verifying import verify as verify_store
from wiazka.stores.base import ObjectInfo
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.layout import PROBES

NOTE = "packages/main/note"


def verify(house: House, *, reading: bool = False) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    store = DirectoryFiles("disk", house.path / "disk")
    verify_store(store, lambda kind, key, _: found.append((kind, key)), reading=reading)
    return found


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("once"))
    house.config.write_text('[stores.disk]\nkind = "directory"\npath = "disk"\n', "utf-8")
    house.submission("note")
    house.submission("other")
    assert house.run("ingest").returncode == 0
    shutil.rmtree(house.path / "wiazka-home")
    return house


@pytest.fixture
def filled(once: House, tmp_path: Path) -> House:
    shutil.copytree(once.path, tmp_path / "house")
    return House(tmp_path / "house")


def at(house: House, key: str) -> Path:
    return house.path / "disk" / key


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.chmod(0o644)
    path.write_bytes(data)


def manifest(house: House, change: Callable[[dict], object]) -> None:
    told = json.loads(at(house, f"{NOTE}/v1.json").read_text("utf-8"))
    change(told)
    write(at(house, f"{NOTE}/v1.json"), json.dumps(told).encode())


def test_a_sound_store_is_well_and_needs_no_database(filled: House) -> None:
    assert filled.run("store", "verify", "disk", "--read").returncode == 0
    assert verify(filled, reading=True) == []
    assert not (filled.path / "wiazka-home").exists()


def test_what_probes_leave_is_no_finding(filled: House) -> None:
    for key in PROBES:
        write(at(filled, key), b"probe")
    assert verify(filled) == []


def test_a_bucket_is_looked_at_as_a_directory_is(two_stores: House) -> None:
    two_stores.submission("note")
    assert two_stores.run("ingest").returncode == 0
    assert two_stores.run("doctor").returncode == 0, "what it leaves behind is nobody's object"
    done = two_stores.run("store", "verify", "s3", "--read", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["findings"], told["versions"]) == (0, [], 1)
    assert told["read"] > 0


SCAN = f"{NOTE}/v1/data/objects/scans/0001r.tif"


def gone(house: House) -> None:
    at(house, SCAN).unlink()


def shorter(house: House) -> None:
    write(at(house, SCAN), at(house, SCAN).read_bytes()[:-1])


def smuggled(house: House) -> None:
    write(at(house, f"{NOTE}/v1/data/smuggled.txt"), b"x")


def at_the_root(house: House) -> None:
    write(at(house, "desktop.ini"), b"x")


def interrupted(house: House) -> None:
    at(house, f"{NOTE}/v1.json").unlink()


def no_json(house: House) -> None:
    write(at(house, f"{NOTE}/v1.json"), b"{")


def of_another(house: House) -> None:
    shutil.copy(at(house, "packages/main/other/v1.json"), at(house, f"{NOTE}/v1.json"))


def refers_to_what_is_not_there(house: House) -> None:
    v2 = json.loads(at(house, f"{NOTE}/v1.json").read_text("utf-8"))
    gone = {**v2["files"][0], "path": "data/gone.tif", "version": 1}
    v2.update(version=2, files=[gone])
    write(at(house, f"{NOTE}/v2.json"), json.dumps(v2).encode())


def no_marker(house: House) -> None:
    at(house, "wiazka-store.json").unlink()


def no_ledger(house: House) -> None:
    shutil.rmtree(at(house, "ledger"))


def a_changed_event(house: House) -> None:
    [path] = at(house, "ledger").glob("*.jsonl")
    write(path, path.read_bytes().replace(b"note", b"Note", 1))


@pytest.mark.parametrize(
    ("harm", "kind", "key"),
    [
        (gone, "missing", SCAN),
        (shorter, "changed", SCAN),
        (smuggled, "extra", f"{NOTE}/v1/data/smuggled.txt"),
        (at_the_root, "extra", "desktop.ini"),
        (interrupted, "uncommitted", f"{NOTE}/v1/"),
        (no_json, "manifest", f"{NOTE}/v1.json"),
        (of_another, "manifest", f"{NOTE}/v1.json"),
        (refers_to_what_is_not_there, "missing", f"{NOTE}/v1/data/gone.tif"),
        (no_marker, "marker", "wiazka-store.json"),
        (no_ledger, "ledger", "ledger/"),
        (a_changed_event, "ledger", "ledger/"),
    ],
)
def test_each_harm_is_found_and_only_it(
    filled: House, harm: Callable[[House], None], kind: str, key: str
) -> None:
    harm(filled)
    assert verify(filled) == [(kind, key)]


@pytest.mark.parametrize("path", ["../../other/v1.json", "/etc/passwd", "data/a\nb", "data/./a"])
def test_a_hostile_path_in_a_manifest_is_told_and_not_followed(filled: House, path: str) -> None:
    manifest(filled, lambda told: told["files"][0].update(path=path))
    assert verify(filled) == [("manifest", f"{NOTE}/v1.json")]


def test_names_that_differ_only_by_case_or_accents_are_told(filled: House) -> None:
    write(at(filled, f"{NOTE}/v1/Bagit.txt"), b"x")
    assert ("twin", f"{NOTE}/v1/bagit.txt") in verify(filled)


def test_a_flipped_bit_is_found_by_reading_and_not_without(filled: House) -> None:
    data = bytearray(at(filled, SCAN).read_bytes())
    data[100] ^= 1
    write(at(filled, SCAN), bytes(data))
    assert verify(filled) == []
    assert verify(filled, reading=True) == [("changed", SCAN)]


def test_the_bags_own_manifest_is_held_against_the_storage_manifest(filled: House) -> None:
    path = at(filled, f"{NOTE}/v1/manifest-sha256.txt")
    data = path.read_bytes().replace(b"0001r.tif", b"0001x.tif")
    write(path, data)
    kinds = [kind for kind, _ in verify(filled, reading=True)]
    assert kinds == ["changed", "disagree", "disagree"]


def test_a_store_that_is_away_is_a_system_error(filled: House) -> None:
    (filled.path / "disk").rename(filled.path / "unplugged")
    assert filled.run("store", "verify", "disk").returncode == 3


def test_people_read_it_grouped(filled: House) -> None:
    gone(filled)
    done = filled.run("store", "verify", "disk")
    assert done.returncode == 1
    assert "✘ missing (1)" in done.stdout
    assert "disk" in filled.run("store", "list").stdout


class Endless(DirectoryFiles):
    """The real store, listed as if it held very many objects of packages that never ended."""

    number = 0

    def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
        if prefix or after:
            return
        for number in range(self.number):
            yield ObjectInfo(f"packages/main/p{number // 10:07}/x{number % 10}", 1, None)


def peak(tmp_path: Path, number: int) -> int:
    store = Endless("disk", tmp_path)
    store.number = number
    tracemalloc.start()
    try:
        verify_store(store, lambda *_: None, reading=False)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_objects(tmp_path: Path) -> None:
    peak(tmp_path, 100)
    assert peak(tmp_path, 20_000) < peak(tmp_path, 1_000) + 200_000
