"""A store added later is filled from the others: proved at both ends, resumed, within a budget."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import House
from tests.services.openstack import Swift
from wiazka.catalogue.persons import Person
from wiazka.deaccession.run import removing_stores, run_due
from wiazka.ingest.desk import open_desk
from wiazka.settings import load

ONE = '[stores.disk]\nkind = "directory"\npath = "disk"\n'
SECOND = '[stores.far]\nkind = "directory"\npath = "far"\n'
VAULT = '[stores.vault]\nkind = "directory"\npath = "vault"\n'


def replicate(house: House, *arguments: str, code: int = 0) -> dict[str, Any]:
    done = house.run("replicate", "--json", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def packages(store: Path) -> dict[str, bytes]:
    files = (path for path in (store / "packages").rglob("*") if path.is_file())
    return {str(path.relative_to(store)): path.read_bytes() for path in files}


def rot(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def add(house: House, lines: str) -> None:
    house.config.write_text(house.config.read_text("utf-8") + lines, "utf-8")


@pytest.fixture
def filled(make_house: Callable[[str], House]) -> House:
    """Two stores with four documents, one of them in two versions; the vault comes later."""
    house = make_house(ONE + SECOND)
    for number in range(4):
        house.submission(f"note-{number}")
    assert house.run("ingest").returncode == 0
    text = house.inbox / "delivery/note-0/transcription/pl/0001.txt"
    text.write_text("Poprawiony odpis: zażółć.", encoding="utf-8")
    assert house.run("ingest").returncode == 0
    add(house, VAULT)
    return house


def test_the_new_store_holds_the_same_bytes_as_the_first(filled: House) -> None:
    report = replicate(filled, "--to", "vault")
    assert [(c["id"], c["version"]) for c in report["copies"]] == [
        ("main/note-0", 1),
        ("main/note-0", 2),
        ("main/note-1", 1),
        ("main/note-2", 1),
        ("main/note-3", 1),
    ]
    assert report["left"] == 0
    assert {c["grade"] for c in report["copies"]} == {"read"}
    assert packages(filled.path / "vault") == packages(filled.path / "disk")
    assert filled.run("audit", "--store", "vault").returncode == 0
    assert not list((filled.path / "wiazka-home/spool").iterdir())


def test_each_copy_is_an_event_and_is_shown(filled: House) -> None:
    replicate(filled, "--to", "vault", "note-1")
    events = json.loads(filled.run("log", "--json", "note-1").stdout)["events"]
    [event] = [e for e in events if e["kind"] == "replicated"]
    assert (event["store"], event["detail"]["from"]) == ("vault", "disk")
    shown = json.loads(filled.run("show", "--json", "note-1").stdout)
    copies = {c["store"]: c["grade"] for c in shown["versions"][0]["copies"]}
    assert copies == {"disk": "read", "far": "read", "vault": "read"}
    assert filled.run("log", "verify").returncode == 0


def test_a_second_run_sends_nothing(filled: House) -> None:
    replicate(filled, "--to", "vault")
    report = replicate(filled, "--to", "vault")
    assert (report["copies"], report["bytes"], report["left"]) == ([], 0, 0)


def test_into_a_bucket_and_back_out_of_it_the_bytes_are_the_same(
    filled: House, swift: Swift, bucket: str
) -> None:
    add(
        filled,
        f'[stores.s3]\nkind = "s3"\nbucket = "{bucket}"\nendpoint = "{swift.endpoint}"\n'
        'region = "us-east-1"\n',
    )
    assert replicate(filled, "--to", "s3", "--from", "disk")["left"] == 0
    assert replicate(filled, "--to", "vault", "--from", "s3")["left"] == 0
    assert packages(filled.path / "vault") == packages(filled.path / "disk")


def test_damage_in_the_source_is_got_round_and_told(filled: House) -> None:
    sound = packages(filled.path / "far")
    rot(filled.path / "disk/packages/main/note-2/v1/data/objects/scans/0001r.tif")
    done = filled.run("replicate", "--to", "vault", "note-2")
    assert done.returncode == 0, done.stderr
    assert "disk: data/objects/scans/0001r.tif is changed" in done.stderr
    assert "wiazka audit --store disk" in done.stderr
    copied = packages(filled.path / "vault")
    assert copied == {key: data for key, data in sound.items() if "/note-2/" in key}
    events = json.loads(filled.run("log", "--json", "note-2").stdout)["events"]
    assert [e["store"] for e in events if e["outcome"] == "warning"] == ["disk"]


def test_what_is_damaged_everywhere_is_not_copied_and_stops_no_other(filled: House) -> None:
    for store in ("disk", "far"):
        rot(filled.path / store / "packages/main/note-2/v1/data/objects/scans/0001r.tif")
    report = replicate(filled, "--to", "vault", code=3)
    faults = {c["id"]: c["fault"]["code"] for c in report["copies"] if c["fault"]}
    assert faults == {"main/note-2": "bytes-refused"}
    assert report["left"] == 1
    assert not (filled.path / "vault/packages/main/note-2/v1.json").exists()
    assert (filled.path / "vault/packages/main/note-3/v1.json").exists()


def test_killed_again_and_again_it_ends_with_the_same_bytes(filled: House) -> None:
    for pause in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1.0):
        run = subprocess.Popen(
            filled.command("replicate", "--to", "vault"),
            cwd=filled.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            run.wait(pause)
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
        run.wait()
    assert replicate(filled, "--to", "vault")["left"] == 0
    assert packages(filled.path / "vault") == packages(filled.path / "disk")
    assert not list((filled.path / "wiazka-home/spool").iterdir())


def test_what_a_killed_run_left_is_proved_and_not_sent_again(filled: House) -> None:
    replicate(filled, "--to", "vault", "note-1")
    # As after a kill before the commit mark: the catalogue knows of no copy, one file is missing.
    forget(filled, "note-1", "vault")
    left = filled.path / "vault/packages/main/note-1/v1"
    left.with_suffix(".json").unlink()
    scan = left / "data/objects/scans/0001r.tif"
    size = scan.stat().st_size
    scan.unlink()
    report = replicate(filled, "--to", "vault", "note-1")
    assert report["bytes"] == size
    assert report["left"] == 0


def forget(house: House, name: str, store: str) -> None:
    import sqlite3

    with sqlite3.connect(house.path / "wiazka-home/catalogue.sqlite") as database:
        database.execute(
            "DELETE FROM copy WHERE identity = ? AND store = ?", (f"main/{name}", store)
        )


def test_what_lies_there_with_other_bytes_is_neither_kept_nor_written_over(filled: House) -> None:
    replicate(filled, "--to", "vault", "note-1")
    forget(filled, "note-1", "vault")
    kept = filled.path / "vault/packages/main/note-1"
    (kept / "v1.json").unlink()
    rot(kept / "v1/bagit.txt")
    rotten = (kept / "v1/bagit.txt").read_bytes()
    report = replicate(filled, "--to", "vault", "note-1", code=3)
    assert report["copies"][0]["fault"]["code"] == "bytes-refused"
    assert (kept / "v1/bagit.txt").read_bytes() == rotten
    assert not (kept / "v1.json").exists()


@pytest.mark.parametrize("budget", ["1B", "5req", "1KiB"])
def test_a_budget_ends_a_run_and_every_run_comes_further(filled: House, budget: str) -> None:
    lefts = [replicate(filled, "--to", "vault", "--budget", budget)["left"]]
    assert lefts[0] > 0
    while lefts[-1]:
        lefts.append(replicate(filled, "--to", "vault", "--budget", budget)["left"])
        assert len(lefts) < 100
    assert packages(filled.path / "vault") == packages(filled.path / "disk")


def test_a_large_file_goes_through_the_disk_and_leaves_nothing_there(filled: House) -> None:
    folder = filled.submission("large", delivery="later")
    with (folder / "scans/0002r.tif").open("wb") as out:
        from PIL import Image

        Image.effect_noise((3100, 3100), 60).save(out, "TIFF")
    filled.config.write_text(ONE + SECOND, "utf-8")
    assert filled.run("ingest", "inbox/later").returncode == 0
    add(filled, VAULT)
    assert replicate(filled, "--to", "vault", "large")["left"] == 0
    kept = "packages/main/large/v1/data/objects/scans/0002r.tif"
    assert (filled.path / "vault" / kept).read_bytes() == (filled.path / "disk" / kept).read_bytes()
    assert not list((filled.path / "wiazka-home/spool").iterdir())


def test_a_target_that_is_down_is_one_fault(filled: House) -> None:
    replicate(filled, "--to", "vault", "note-1")
    (filled.path / "vault").rename(filled.path / "unplugged")
    done = filled.run("replicate", "--to", "vault")
    assert done.returncode == 3
    assert done.stderr.count("'vault'") == 1
    assert not (filled.path / "vault").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "valut"], "no store named 'valut'"),
        (["--to", "vault", "--from", "vault"], "cannot be filled from itself"),
        (["--to", "vault", "--budget", "a lot"], "2000req"),
    ],
)
def test_wrong_usage_is_told(filled: House, arguments: list[str], said: str) -> None:
    done = filled.run("replicate", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def kind_of(house: House, unchanged: str) -> None:
    text = house.config.read_text("utf-8").replace(VAULT, "").partition("[stores.vault]")[0]
    house.config.write_text(f'{text}{VAULT}unchanged = "{unchanged}"\n', "utf-8")


@pytest.mark.parametrize("marked", [True, False])
def test_what_was_begun_whole_goes_on_whole_though_it_is_to_refer_by_now(
    filled: House, *, marked: bool
) -> None:
    kind_of(filled, "copy")
    replicate(filled, "--to", "vault", "note-0")
    whole = packages(filled.path / "vault")
    forget(filled, "note-0", "vault")
    if not marked:
        (filled.path / "vault/packages/main/note-0/v2.json").unlink()
    kind_of(filled, "reference")
    report = replicate(filled, "--to", "vault", "note-0")
    assert (report["left"], packages(filled.path / "vault")) == (0, whole)
    assert filled.run("audit", "--store", "vault").returncode == 0


def test_what_would_refer_to_a_version_that_was_let_go_is_copied_whole(
    make_house: Callable[[str], House],
) -> None:
    house = make_house(ONE + 'unchanged = "copy"\n')
    folder = house.submission("note")
    assert house.run("ingest").returncode == 0
    (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
    assert house.run("ingest").returncode == 0
    with open_desk(load(house.config)) as desk:
        now, gone = datetime.now(UTC), desk.catalogue.deaccessions
        anna, jan = (Person.named(None, name, "host") for name in ("anna", "jan"))
        asked = gone.request("main/note", 1, reason="Given back.", by=anna, at=now)
        gone.approve(asked.id, by=jan, at=now, grace=timedelta(), by_account=False)
        assert [one.faults for one in run_due(desk.catalogue, removing_stores(desk.settings))] == [
            ()
        ]
    add(house, VAULT)
    assert replicate(house, "--to", "vault")["left"] == 0
    assert house.run("audit", "--store", "vault").returncode == 0
    assert house.run("restore", "note", "--to", "out").returncode == 0
