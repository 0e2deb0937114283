"""Copies that come later: stored 2 of 3, and finished without the inbox when the store is back."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import House
from tests.services.openstack import Swift
from wiazka.catalogue.persons import Person
from wiazka.ingest.completing import _versions
from wiazka.ingest.desk import open_desk
from wiazka.replicate.replicator import replicating
from wiazka.settings import load

STORES = """
[stores.a]
kind = "directory"
path = "a"
provider = "us"

[stores.b]
kind = "directory"
path = "b"
provider = "us"

[stores.c]
kind = "directory"
path = "c"
provider = "them"
"""


def ingest(house: House, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = house.run("ingest", "--json", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    deliveries = json.loads(done.stdout)["deliveries"]
    return done.returncode, [s for d in deliveries for s in d["submissions"]]


@contextmanager
def away(house: House, store: str) -> Iterator[None]:
    """The store's disk is not mounted while the block runs."""
    (house.path / store).rename(house.path / "unplugged")
    yield
    assert not (house.path / store).exists(), "an unmounted disk was written to"
    (house.path / "unplugged").rename(house.path / store)


def begun(make_house: Callable[[str], House], config: str = "") -> House:
    """A house whose three stores have held something already."""
    house = make_house(config + STORES)
    house.submission("first", delivery="early")
    assert ingest(house)[0] == 0
    shutil.rmtree(house.inbox / "early")
    return house


def kept(store: Path) -> dict[str, bytes]:
    files = (path for path in (store / "packages").rglob("*") if path.is_file())
    return {str(path.relative_to(store)): path.read_bytes() for path in files}


def receipts(result: dict[str, Any]) -> list[str]:
    page = Path(result["receipt"])
    return [one.read_text("utf-8") for one in (page, page.with_suffix(".txt"))]


def shown(house: House, name: str) -> dict[str, Any]:
    return json.loads(house.run("show", "--json", "--version", "1", name).stdout)


def assert_held_as_far_as_it_is(house: House) -> None:
    """What waits for its third copy is listed, found, shown, restored and audited all the same."""
    for command in (["list"], ["find", "note"]):
        told = json.loads(house.run(*command, "--json").stdout)["packages"]
        assert ("main/note", "stored") in [(one["id"], one["state"]) for one in told], command
    assert "2 of 3:" in house.run("list").stdout
    assert house.run("show", "note").returncode == 0
    assert house.run("restore", "note", "--to", str(house.path / "out")).returncode == 0
    for store in ("a", "b"):
        audit = json.loads(house.run("audit", "--json", "--store", store).stdout)
        assert (audit["checked"], audit["findings"]) == (2, []), store


def test_stored_two_of_three_then_finished_though_the_folder_is_gone(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house)
    house.submission("note")
    with away(house, "c"):
        code, [result] = ingest(house)
        assert (code, result["state"], result["missing"]) == (3, "stored", ["c"])
        assert result["sentence"] == "Stored 2 of 3; still to come: c."
        assert [copy["store"] for copy in result["copies"]] == ["a", "b"]
        assert all("Stored 2 of 3; still to come: c." in text for text in receipts(result))
        assert_held_as_far_as_it_is(house)
    shutil.rmtree(house.inbox / "delivery")
    code, [result] = ingest(house)
    assert (code, result["state"], result["missing"]) == (0, "registered", [])
    assert (result["folder"], result["id"]) == ("note", "main/note")
    page, text = receipts(result)
    assert "Giebułtowski" in page
    assert "data:image" in page
    assert all("still to come" not in one and "3 stores" in one for one in (page, text))
    assert not Path(result["receipt"]).with_suffix(".json").exists()
    assert kept(house.path / "c") == kept(house.path / "a")
    assert house.run("audit").returncode == 0
    assert house.run("log", "verify").returncode == 0
    assert ingest(house) == (0, [])


def test_a_folder_that_is_still_there_is_not_read_again(make_house: Callable[[str], House]) -> None:
    house = begun(make_house)
    house.submission("note")
    with away(house, "c"):
        ingest(house)
        assert ingest(house)[1][0]["state"] == "stored"
    code, [result] = ingest(house)
    assert (code, result["state"]) == (0, "registered")
    kinds = [event["kind"] for event in shown(house, "note")["events"]]
    # What is read is packaged anew.
    assert (kinds.count("packaged"), kinds.count("replicated")) == (1, 1)


def test_with_copies_required_it_is_registered_and_shown_short_and_completed_later(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house, "[ingest]\ncopies_required = 2\n")
    house.submission("note")
    with away(house, "c"):
        code, [result] = ingest(house)
        assert (code, result["state"], result["missing"]) == (0, "registered", ["c"])
        assert all("Stored 2 of 3; still to come: c." in text for text in receipts(result))
        assert "2 of 3" in house.run("list").stdout
        again = ingest(house)
        assert (again[0], again[1][0]["state"]) == (0, "already-held")
    code, [result] = ingest(house)
    assert (code, result["state"], result["missing"]) == (0, "registered", [])
    assert all("still to come" not in text for text in receipts(result))
    assert "2 of 3" not in house.run("list").stdout


def test_providers_required_keeps_two_copies_of_one_provider_from_counting(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house, "[ingest]\ncopies_required = 2\nproviders_required = 2\n")
    house.submission("note")
    with away(house, "c"):
        code, [result] = ingest(house)
        assert (code, result["state"], result["missing"]) == (3, "stored", ["c"])
    with away(house, "b"):
        code, [result] = ingest(house)
        assert (code, result["state"]) == (0, "registered")
    house.submission("other")
    with away(house, "b"):
        code, results = ingest(house)
        states = {r["folder"]: (r["state"], r["missing"]) for r in results}
        assert (code, states["other"]) == (0, ("registered", ["b"]))


def test_a_store_that_is_down_is_asked_and_told_of_once(make_house: Callable[[str], House]) -> None:
    house = begun(make_house)
    for number in range(5):
        house.submission(f"note-{number}")
    with away(house, "c"):
        done = house.run("ingest")
        assert done.returncode == 3
        assert (done.stdout + done.stderr).count("'c'") == 1
        assert done.stdout.count("Stored 2 of 3") == 5
        assert done.stdout.count(" v1: Stored 2 of 3") == 5, "the name it is found by"
    assert ingest(house)[0] == 0


def test_a_bucket_that_does_not_answer_gets_its_copies_from_the_disks(
    make_house: Callable[[str], House], swift: Swift, bucket: str
) -> None:
    bucket_of = (
        f'[stores.s3]\nkind = "s3"\nbucket = "{bucket}"\nregion = "us-east-1"\nattempts = 1\n'
    )
    house = make_house(STORES + bucket_of + 'endpoint = "http://127.0.0.1:9"\n')
    house.submission("note")
    code, [result] = ingest(house)
    assert (code, result["state"], result["missing"]) == (3, "stored", ["s3"])
    house.config.write_text(STORES + bucket_of + f'endpoint = "{swift.endpoint}"\n', "utf-8")
    shutil.rmtree(house.inbox / "delivery")
    code, [result] = ingest(house)
    assert (code, result["state"]) == (0, "registered")
    assert {c["store"] for c in result["copies"]} == {"a", "b", "c", "s3"}
    assert house.run("audit", "--store", "s3").returncode == 0


def test_two_versions_that_wait_are_completed_the_lower_first(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house, "[ingest]\ncopies_required = 2\n")
    folder = house.submission("note")
    with away(house, "c"):
        ingest(house)
        (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
        ingest(house)
    shutil.rmtree(house.inbox / "delivery")
    code, results = ingest(house)
    assert (code, [r["version"] for r in results]) == (0, [1, 2])
    assert kept(house.path / "c") == kept(house.path / "a")


def test_while_a_version_cannot_be_copied_the_next_waits_and_is_not_copied_whole(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house, "[ingest]\ncopies_required = 2\n")
    folder = house.submission("note")
    with away(house, "c"):
        ingest(house)
        (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
        ingest(house)
    texts = [
        house.path / store / "packages/main/note/v1/data/objects/transcription/pl/0001.txt"
        for store in ("a", "b")
    ]
    sound = texts[0].read_bytes()
    for text in texts:
        text.chmod(0o644)
        text.write_bytes(b"rotten")
    ingest(house)
    assert not (house.path / "c/packages/main/note/v2").exists()
    for text in texts:
        text.write_bytes(sound)
    assert ingest(house)[0] == 0
    assert kept(house.path / "c") == kept(house.path / "a")


def test_into_a_store_that_never_had_the_earlier_version_the_next_goes_whole(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house)
    folder = house.submission("note")
    assert ingest(house)[0] == 0
    late = STORES + '[stores.late]\nkind = "directory"\npath = "late"\n'
    house.config.write_text(late, encoding="utf-8")
    house.submission("new", delivery="next")
    assert ingest(house)[0] == 0
    with away(house, "late"):
        (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
        assert ingest(house)[0] == 3
    assert ingest(house)[0] == 0
    scan = "packages/main/note/v2/data/objects/scans/0001r.tif"
    assert (house.path / "late" / scan).is_file()
    assert not (house.path / "a" / scan).exists()
    assert house.run("audit", "--store", "late").returncode == 0


def test_completion_reads_from_the_sound_copy(make_house: Callable[[str], House]) -> None:
    house = begun(make_house)
    house.submission("note")
    with away(house, "c"):
        ingest(house)
    scan = house.path / "a/packages/main/note/v1/data/objects/scans/0001r.tif"
    scan.chmod(0o644)
    scan.write_bytes(b"rotten")
    code, [result] = ingest(house)
    assert (code, result["state"]) == (0, "registered")
    assert kept(house.path / "c") == kept(house.path / "b")
    warned = [e for e in shown(house, "note")["events"] if e["outcome"] == "warning"]
    assert [e["store"] for e in warned] == ["a"]


@pytest.mark.parametrize("paths", [["inbox/delivery"]])
def test_with_paths_only_what_they_hold_is_completed(
    make_house: Callable[[str], House], paths: list[str]
) -> None:
    house = begun(make_house)
    house.submission("gone", delivery="gone")
    house.submission("note")
    with away(house, "c"):
        ingest(house)
    shutil.rmtree(house.inbox / "gone")
    _, results = ingest(house, *paths)
    assert [(r["folder"], r["state"]) for r in results] == [("note", "registered")]
    _, results = ingest(house)
    assert ("gone", "registered") in [(r["folder"], r["state"]) for r in results]


def test_a_store_added_later_is_not_filled_by_an_ingest_but_told_of(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house)
    house.submission("note")
    assert ingest(house)[0] == 0
    house.config.write_text(
        STORES + '[stores.late]\nkind = "directory"\npath = "late"\n', encoding="utf-8"
    )
    done = house.run("ingest")
    assert done.returncode == 0
    assert not (house.path / "late").exists()
    assert "'late' lacks 2 of the versions" in " ".join(done.stderr.split())
    assert "wiazka replicate --to late" in " ".join(done.stderr.split())
    house.submission("new", delivery="next")
    assert ingest(house)[0] == 0
    assert {p.name for p in (house.path / "late/packages/main").iterdir()} == {"new"}
    house.submission("other", delivery="next")
    with away(house, "late"):
        _, results = ingest(house)
        assert ("other", "stored") in [(r["folder"], r["state"]) for r in results]
    # From its first copy on it is completed like any other; what was before stays for replicate.
    assert ingest(house)[0] == 0
    assert {p.name for p in (house.path / "late/packages/main").iterdir()} == {"new", "other"}
    told = json.loads(house.run("doctor", "--json").stdout)["checks"]
    assert ["replicate --to late" in c["warning"] for c in told if c["part"] == "store late"] == [
        True
    ]
    assert house.run("replicate", "--to", "late").returncode == 0
    assert "lacks" not in house.run("ingest").stderr
    assert kept(house.path / "late") == kept(house.path / "a")


def test_what_was_kept_and_not_yet_registered_when_killed_is_registered_by_its_path(
    make_house: Callable[[str], House],
) -> None:
    house = begun(make_house, "[ingest]\ncopies_required = 3\nproviders_required = 2\n")
    house.submission("note")
    with away(house, "c"):
        assert ingest(house)[1][0]["state"] == "stored"
    house.config.write_text("[ingest]\ncopies_required = 2\n" + STORES.partition("[stores.c]")[0])
    code, [result] = ingest(house, "inbox/delivery")
    assert (code, result["state"], result["missing"]) == (0, "registered", [])


def test_what_was_let_go_meanwhile_is_not_completed(make_house: Callable[[str], House]) -> None:
    house = begun(make_house)
    house.submission("note")
    with away(house, "c"):
        ingest(house)
    with open_desk(load(house.config)) as desk:
        [short] = desk.catalogue.replicas.to_complete(desk.stores)
        assert (short.identity, short.stores) == ("main/note", ("c",))
        people = [Person.named(None, name, "host") for name in ("anna", "jan")]
        now, gone = datetime.now(UTC), desk.catalogue.deaccessions
        asked = gone.request("main/note", None, reason="Given back.", by=people[0], at=now)
        gone.approve(asked.id, by=people[1], at=now, grace=timedelta(), by_account=False)
        gone.begin(asked.id, [1], now)
        with replicating(desk.settings, desk.catalogue, desk.stores) as replicator:
            assert list(_versions(desk, replicator, [short])) == []
        assert desk.catalogue.copies("main/note", 1) == []
