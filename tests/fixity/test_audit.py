"""Audits: every kind of damage is found, named, and told apart from doubt."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.conftest import House
from tests.services.openstack import Swift


def audit(house: House, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = house.run("audit", "--json", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def found(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(f["outcome"], f["store"], f["path"]) for f in report["findings"]]


def kept(house: House, name: str) -> Path:
    return next((house.path / "disk" / "packages").rglob(name))


def write_over(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


@pytest.fixture
def filled(house: House) -> House:
    house.submission("note")
    house.submission("other")
    assert house.run("ingest").returncode == 0
    return house


def test_sound_copies_are_all_well(filled: House) -> None:
    code, report = audit(filled)
    assert (code, report["checked"], report["findings"]) == (0, 2, [])
    assert report["bytes"] > 0


def test_one_flipped_bit_is_named_with_both_digests(filled: House) -> None:
    scan = kept(filled, "0001v.tif")
    data = bytearray(scan.read_bytes())
    data[100] ^= 1
    write_over(scan, bytes(data))
    code, report = audit(filled)
    assert code == 1
    assert found(report) == [("changed", "disk", "data/objects/scans/0001v.tif")]
    [finding] = report["findings"]
    assert len(finding["expected"]) == len(finding["observed"]) == 64
    assert finding["expected"] != finding["observed"]


@pytest.mark.parametrize("name", ["0001v.tif", "record.json", "manifest-sha256.txt", "bagit.txt"])
def test_a_missing_file_is_missing_whatever_it_was(filled: House, name: str) -> None:
    kept(filled, name).unlink()
    code, report = audit(filled)
    assert code == 1
    assert [outcome for outcome, _, _ in found(report)] == ["missing"]


def test_an_object_too_many_is_extra(filled: House) -> None:
    (kept(filled, "bagit.txt").parent / "data" / "smuggled.txt").write_text("x")
    assert found(audit(filled)[1]) == [("extra", "disk", "data/smuggled.txt")]


def test_a_version_the_catalogue_does_not_know_is_extra(filled: House) -> None:
    packages = filled.path / "disk/packages/main"
    shutil.copytree(packages / "note", packages / "foreign")
    assert ("extra", "disk", "packages/main/foreign/v1.json") in found(audit(filled)[1])


def test_a_version_that_is_stored_and_not_registered_yet_is_no_extra(filled: House) -> None:
    text = filled.config.read_text("utf-8")
    filled.submission("third")
    filled.config.write_text(text + '[stores.new]\nkind = "directory"\npath = "/dev/null/new"\n')
    assert filled.run("ingest").returncode == 3
    filled.config.write_text(text)
    assert kept(filled, "third").is_dir()
    assert found(audit(filled)[1]) == []


def test_a_whole_bag_swapped_for_another_valid_one_is_changed(filled: House) -> None:
    packages = filled.path / "disk/packages/main"
    shutil.rmtree(packages / "note/v1")
    shutil.copytree(packages / "other/v1", packages / "note/v1")
    assert ("changed", "disk", "manifest-sha256.txt") in found(audit(filled, "note")[1])


def test_a_changed_storage_manifest_is_changed(filled: House) -> None:
    mark = filled.path / "disk/packages/main/note/v1.json"
    write_over(mark, mark.read_bytes().replace(b"delivery", b"Delivery"))
    assert found(audit(filled)[1]) == [("changed", "disk", "../v1.json")]


def test_a_disk_that_is_not_mounted_is_not_taken_for_one_that_lost_everything(
    filled: House,
) -> None:
    (filled.path / "disk").rename(filled.path / "unplugged")
    code, report = audit(filled)
    assert code == 3
    assert {outcome for outcome, _, _ in found(report)} == {"throttled"}


def test_bit_rot_inside_the_object_store_is_found(two_stores: House, swift: Swift) -> None:
    folder = two_stores.submission("note")
    # No other test has put such bytes into the same server.
    Image.new("L", (67, 89), 201).save(folder / "scans/0001r.tif")
    two_stores.run("ingest")
    scan = (folder / "scans/0001r.tif").read_bytes()
    rotten = bytearray(scan)
    rotten[50] ^= 4
    swift.object_file(scan).write_bytes(rotten)
    code, report = audit(two_stores)
    assert code == 1
    [(outcome, store, path)] = found(report)
    assert outcome in {"changed", "missing", "unreadable"}
    assert (store, path) == ("s3", "data/objects/scans/0001r.tif")


def test_the_least_recently_proved_comes_first_within_a_budget(filled: House) -> None:
    first = audit(filled, "--budget", "1B")[1]
    second = audit(filled, "--budget", "1B")[1]
    assert (first["checked"], second["checked"]) == (1, 1)
    events = json.loads(filled.run("log", "--json").stdout)["events"]
    audited = [event["id"] for event in events if event["kind"] == "audited" and event["id"]]
    assert sorted(audited) == ["main/note", "main/other"]


def test_what_was_proved_lately_is_left_out_by_older_than(filled: House) -> None:
    assert audit(filled, "--older-than", "1d")[1]["checked"] == 0
    assert audit(filled, "--older-than", "0s")[1]["checked"] == 2


def test_a_restore_goes_round_a_damaged_copy(two_stores: House) -> None:
    two_stores.submission("note")
    two_stores.run("ingest")
    write_over(kept(two_stores, "0001r.tif"), b"rotten")
    done = two_stores.run("restore", "note", "--to", "back", "--json")
    assert done.returncode == 0, done.stderr
    used = {one["store"]: one["files"] for one in json.loads(done.stdout)["stores"]}
    assert used["s3"] == 1
    original = two_stores.inbox / "delivery/note/scans/0001r.tif"
    restored = two_stores.path / "back/data/objects/scans/0001r.tif"
    assert restored.read_bytes() == original.read_bytes()


def test_a_restore_from_damage_alone_leaves_nothing_and_says_so(filled: House) -> None:
    write_over(kept(filled, "note/v1/data/objects/scans/0001r.tif"), b"rotten")
    done = filled.run("restore", "note", "--to", "back")
    assert done.returncode == 3
    assert "0001r.tif" in done.stderr
    assert not (filled.path / "back").exists()


def test_a_restore_writes_over_nothing(filled: House) -> None:
    (filled.path / "back").mkdir()
    assert filled.run("restore", "note", "--to", "back").returncode == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET sentence = 'nothing happened' WHERE seq = 2",
        "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
        "UPDATE event SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END",
    ],
    ids=["edited", "removed", "last removed", "reordered"],
)
def test_a_ledger_that_was_touched_shows_it(filled: House, change: str) -> None:
    import sqlite3

    assert filled.run("log", "verify").returncode == 0
    with sqlite3.connect(filled.path / "wiazka-home/catalogue.sqlite") as database:
        database.execute(change)
        database.execute("UPDATE event SET seq = -seq WHERE seq < 0")
    done = filled.run("log", "verify", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["faults"]


def test_an_audit_leaves_a_report_that_names_what_it_found(filled: House) -> None:
    kept(filled, "0001v.tif").unlink()
    report = Path(audit(filled)[1]["report"])
    for page in (report, report.with_suffix(".txt")):
        text = page.read_text("utf-8")
        assert "0001v.tif" in text
        assert "missing" in text


def test_a_version_that_another_delivery_took_up_is_as_the_catalogue_knows_it(house: House) -> None:
    text = house.config.read_text("utf-8")
    house.config.write_text(text.replace('"disk"\n', '"/dev/null/disk"\n'))
    house.submission("note")
    # It has its number, and reaches no store.
    assert house.run("ingest").returncode == 3
    house.config.write_text(text)
    (house.inbox / "delivery").rename(house.inbox / "handed over again")
    assert house.run("ingest").returncode == 0
    assert found(audit(house)[1]) == []


def test_before_the_first_ingest_no_store_is_missed(house: House) -> None:
    code, report = audit(house)
    assert (code, report["checked"], report["findings"]) == (0, 0, [])
    assert not (house.path / "disk").exists()


def test_a_store_is_looked_over_once_in_an_audit(filled: House) -> None:
    told = filled.run("audit").stdout
    assert told.count("the store as a whole") == 1


def test_a_bucket_that_is_gone_has_lost_no_file_and_any_later_look_shows_that_it_is_back(
    two_stores: House,
) -> None:
    two_stores.submission("note")
    assert two_stores.run("ingest").returncode == 0
    right = two_stores.config.read_text("utf-8")
    two_stores.config.write_text(re.sub('bucket = "', 'bucket = "gone-', right), "utf-8")
    code, report = audit(two_stores, "--grade", "size")
    assert (code, [(f["outcome"], f["id"]) for f in report["findings"]]) == (3, [("unknown", None)])
    assert "Create the bucket" in report["findings"][0]["note"]
    [opened] = report["incidents"]["opened"]
    two_stores.config.write_text(right, "utf-8")
    code, report = audit(two_stores, "--grade", "size")
    assert (code, report["incidents"]["closed"]) == (0, [opened])


def test_a_person_is_told_what_to_do_about_what_is_too_much(filled: House) -> None:
    (kept(filled, "bagit.txt").parent / "data" / "smuggled.txt").write_text("xyz")
    told = filled.run("audit").stdout
    assert "found    3 bytes" in told
    assert "then: wiazka audit --store disk" in told
    assert "restore" not in told


def test_the_storage_manifest_is_called_so(filled: House) -> None:
    kept(filled, "v1.json").unlink()
    assert "missing: ../v1.json (the storage manifest)" in filled.run("audit").stdout
    assert "(the storage manifest)" in filled.run("incident", "show", "1").stdout


def test_a_plan_for_a_store_that_is_not_configured_is_refused(filled: House) -> None:
    assert filled.run("audit", "--plan", "--store", "nope").returncode == 2
