"""Ingest as its users see it, on a directory and on a real object store."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RECORD, House
from tests.services.openstack import Swift

PAGE = Path(__file__).parents[2].parent / "shared/data/record-page-olszowski-1984.txt"


def ingest(house: House, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = house.run("ingest", "--json", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    deliveries = json.loads(done.stdout)["deliveries"]
    return done.returncode, [s for d in deliveries for s in d["submissions"]]


def end_state(house: House) -> Any:
    """What is held, without the times and numbers that differ from run to run."""
    listed = json.loads(house.run("list", "--json").stdout)["packages"]
    shown = [json.loads(house.run("show", "--json", p["id"]).stdout) for p in listed]
    return [
        (
            package["id"],
            [
                (
                    version["version"],
                    version["content"],
                    [f["path"] for f in version["files"]],
                    [(c["store"], c["grade"]) for c in version["copies"]],
                )
                for version in package["versions"]
            ],
        )
        for package in shown
    ]


def test_a_document_is_registered_when_every_store_has_proved_it(two_stores: House) -> None:
    two_stores.submission("note")
    code, [result] = ingest(two_stores)
    assert code == 0
    assert result["state"] == "registered"
    assert result["id"] == "main/note"
    assert result["copies"] == [
        {"store": "disk", "grade": "read"},
        {"store": "s3", "grade": "read"},
    ]
    receipt = Path(result["receipt"]).read_text("utf-8")
    assert "Giebułtowski" in receipt
    assert two_stores.run("audit").returncode == 0


def test_what_was_handed_over_is_left_as_it_was(house: House) -> None:
    folder = house.submission("note")
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}
    ingest(house)
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}
    assert after == before


def test_a_second_run_stores_nothing(house: House) -> None:
    house.submission("note")
    ingest(house)
    events = house.run("log").stdout
    code, [result] = ingest(house)
    assert (code, result["state"]) == (0, "already-held")
    assert house.run("log").stdout == events


def test_a_changed_text_becomes_the_next_version(house: House) -> None:
    folder = house.submission("note")
    ingest(house)
    (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
    _, [result] = ingest(house)
    assert (result["state"], result["version"]) == ("registered", 2)
    assert house.run("audit").returncode == 0


def test_the_same_document_under_another_name_is_already_held(house: House) -> None:
    folder = house.submission("note")
    ingest(house)
    again = house.submission("other", delivery="later")
    for path in (p for p in folder.rglob("*") if p.is_file()):
        (again / path.relative_to(folder)).write_bytes(path.read_bytes())
    _, results = ingest(house, "inbox/later")
    assert [(r["state"], r["id"]) for r in results] == [("already-held", "main/note")]


def test_a_refused_document_leaves_a_list_of_what_to_mend_and_stops_no_other(house: House) -> None:
    house.submission("sound")
    house.submission("broken", record="date: 1984\n")
    code, results = ingest(house)
    assert code == 1
    assert {r["folder"]: r["state"] for r in results} == {
        "sound": "registered",
        "broken": "refused",
    }
    listed = house.inbox / "delivery" / "_PROBLEMS.txt"
    assert "title" in listed.read_text("utf-8")
    (house.inbox / "delivery/broken/record.yaml").write_text(RECORD, encoding="utf-8")
    assert ingest(house)[0] == 0
    assert not listed.exists()


def test_in_an_inbox_that_can_only_be_read_the_list_goes_to_the_reports(house: House) -> None:
    house.submission("broken", record="date: 1984\n")
    # Also root cannot write into a folder where the list's name is taken by a folder.
    (house.inbox / "delivery" / "_PROBLEMS.txt").mkdir()
    code, [result] = ingest(house)
    assert code == 1
    assert "title" in Path(result["receipt"]).read_text("utf-8")


def test_a_store_that_is_down_leaves_the_document_stored_in_the_others(
    make_house: Callable[[str], House],
) -> None:
    house = make_house(
        '[stores.disk]\nkind = "directory"\npath = "disk"\n'
        '[stores.s3]\nkind = "s3"\nbucket = "x-bucket"\nendpoint = "http://127.0.0.1:9"\n'
        'region = "us-east-1"\nattempts = 1\n'
    )
    house.submission("note")
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "verysecret"}
    done = house.run("ingest", "--json", **keys)
    [result] = json.loads(done.stdout)["deliveries"][0]["submissions"]
    assert (done.returncode, result["state"]) == (3, "stored")
    assert result["copies"] == [{"store": "disk", "grade": "read"}]
    assert "verysecret" not in done.stdout + done.stderr
    [listed] = json.loads(house.run("list", "--json").stdout)["packages"]
    assert (listed["id"], listed["state"]) == ("main/note", "stored")


def test_a_store_that_refuses_the_key_is_named(
    make_house: Callable[[str], House], swift: Swift, bucket: str
) -> None:
    house = make_house(
        f'[stores.s3]\nkind = "s3"\nbucket = "{bucket}"\nendpoint = "{swift.endpoint}"\n'
        'region = "us-east-1"\n'
    )
    house.submission("note")
    done = house.run("ingest", "--json", WIAZKA_STORE_S3_SECRET_ACCESS_KEY="wrong")
    [result] = json.loads(done.stdout)["deliveries"][0]["submissions"]
    assert (done.returncode, result["state"]) == (3, "failed")
    assert result["faults"][0]["code"] == "store-denied"


@pytest.mark.skipif(not PAGE.is_file(), reason="the record page is not here")
def test_the_real_record_page_is_read_as_an_archivist_would(house: House) -> None:
    folder = house.submission("olszowski")
    (folder / "record.yaml").unlink()
    page = PAGE.read_bytes()
    (folder / "record.txt").write_bytes(page)
    code, [result] = ingest(house)
    assert code == 0, result
    shown = json.loads(house.run("show", "--json", result["id"]).stdout)
    record = shown["record"]
    assert record["title"].startswith("Untitled report the Polish Minister of Foreign Affairs")
    assert record["date"] == {"verbatim": "June 4, 1984", "edtf": "1984-06-04"}
    [source] = record["sources"]
    assert source["repository"]["code"] == "AMSZ"
    assert (source["department"], source["accession"], source["bundle"]) == ("II", "30/87", "5")
    assert record["source_lines"] == [
        "AMSZ, Department II, 30/87, w. 5. Obtained by Marek Hańderek and translated by "
        "Jerzy Giebułtowski."
    ]
    agents = {(a["role"], a["name"]) for a in record["agents"]}
    assert agents == {
        ("obtained_by", "Marek Hańderek"),
        ("translator", "Jerzy Giebułtowski"),
        ("funder", "Kyungnam University"),
    }
    assert record["rights"]["note"].startswith("The History and Public Policy Program welcomes")
    assert record["summary"].startswith("During a visit to the USSR, Kim Il Sung stressed")
    assert record["record_id"] is None
    assert record["uploaded"] is None
    kept = next((house.path / "disk").rglob("delivered/record.txt"))
    assert kept.read_bytes() == page


def test_killed_at_any_moment_the_next_run_ends_as_if_never_killed(two_stores: House) -> None:
    for number in range(6):
        two_stores.submission(f"note-{number}")
    for pause in (0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.7, 2.0):
        run = subprocess.Popen(
            two_stores.command("ingest"),
            cwd=two_stores.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            run.wait(pause)
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
        run.wait()
    code, results = ingest(two_stores)
    assert code == 0
    assert {r["state"] for r in results} <= {"registered", "already-held"}
    assert [(identity, len(versions)) for identity, versions in end_state(two_stores)] == [
        (f"main/note-{number}", 1) for number in range(6)
    ]
    assert two_stores.run("audit").returncode == 0
    assert two_stores.run("log", "verify").returncode == 0


@pytest.mark.parametrize("point", ["payload", "mark"])
def test_killed_between_payload_and_commit_mark_nothing_half_is_seen(
    house: House, point: str
) -> None:
    house.submission("note")
    ingest(house)
    wanted = end_state(house)
    store = house.path / "disk" / "packages" / "main"
    # What a first run leaves behind when it is killed: some of the payload, or all of it and no
    # mark, and no event in the store.
    (store / "note" / "v1.json").unlink()
    shutil.rmtree(house.path / "disk" / "ledger")
    if point == "payload":
        next(store.rglob("0001v.tif")).unlink()
    for path in (house.path / "wiazka-home").glob("catalogue.sqlite*"):
        path.unlink()
    assert json.loads(house.run("list", "--json").stdout)["packages"] == []
    code, [result] = ingest(house)
    # Nothing is removed and nothing mixed in: the document has the next number.
    assert (code, result["state"], result["version"]) == (0, "registered", 2)
    assert end_state(house) != wanted
    # What is left of it is named, and nothing of the document is called damaged.
    findings = json.loads(house.run("audit", "--json").stdout)["findings"]
    assert {found["outcome"] for found in findings} == {"extra"}
    assert all(found["path"].startswith("packages/main/note/v1/") for found in findings)
    assert house.run("restore", "note", "--to", "back").returncode == 0


def test_two_ingests_at_once_take_each_submission_once(two_stores: House) -> None:
    for number in range(5):
        two_stores.submission(f"note-{number}")
    runs = [
        subprocess.Popen(
            two_stores.command("ingest", "--json"),
            cwd=two_stores.path,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    results = [json.loads(run.communicate()[0]) for run in runs]
    states = [s["state"] for r in results for d in r["deliveries"] for s in d["submissions"]]
    assert states.count("registered") == 5
    assert set(states) <= {"registered", "held", "already-held"}
    kinds = [e["kind"] for e in json.loads(two_stores.run("log", "--json").stdout)["events"]]
    assert kinds.count("registered") == 5
