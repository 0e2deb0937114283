"""Drills: what is kept is had back from each store alone, and what would not be is found."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from tests.conftest import House
from tests.fixity.holding import InBucket
from tests.services.running import Service
from wiazka.cli.main import wiazka
from wiazka.errors import WiazkaError

TWO = (
    '[stores.disk]\nkind = "directory"\npath = "disk"\n'
    '[stores.nas]\nkind = "directory"\npath = "nas"\n'
)
SCAN = "data/objects/scans/0001r.tif"


def drill(house: House, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The command, in this process: a new one for each would be most of the time."""
    done = CliRunner().invoke(
        wiazka,
        ["drill", *arguments, "--json", "--config", str(house.config)],
        standalone_mode=False,
    )
    if isinstance(done.exception, WiazkaError):
        return done.exception.exit_code, {"error": done.exception}
    assert done.exception is None, done.exception
    return done.return_value, json.loads(done.stdout)


def outcomes(told: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(one["store"], one["id"], one["outcome"]) for one in told["drills"]]


def differences(told: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [
        (d["table"], d["row"], d["column"])
        for one in told["drills"]
        if one["compared"]
        for d in one["compared"]["told"]
    ]


def kept(house: House, path: str, store: str = "disk") -> Path:
    return house.path / store / "packages/main/note" / path


def write_over(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    write_over(path, bytes(data))


def edit(house: House, statement: str) -> None:
    with sqlite3.connect(house.path / "wiazka-home/catalogue.sqlite") as database:
        assert database.execute(statement).rowcount > 0


def left_in_scratch(house: House) -> list[Path]:
    return list((house.path / "wiazka-home/drill").iterdir())


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("once"))
    house.config.write_text(TWO, "utf-8")
    house.submission("note")
    assert house.run("ingest").returncode == 0
    text = house.submission("note", delivery="second") / "transcription/pl/0001.txt"
    text.write_text("Odpis poprawiony.", encoding="utf-8")
    house.submission("zażółć", delivery="second")
    assert house.run("ingest", "inbox/second").returncode == 0
    return house


@pytest.fixture
def lived(once: House, tmp_path: Path) -> House:
    """Two documents in two stores, one of them in two versions."""
    shutil.copytree(once.path, tmp_path / "house")
    return House(tmp_path / "house")


def test_from_each_store_alone_a_package_and_the_catalogue_come_back(lived: House) -> None:
    code, told = drill(lived)
    assert code == 0, told
    assert [(store, outcome) for store, _, outcome in outcomes(told)] == [
        *[("disk", "ok")] * 2,
        *[("nas", "ok")] * 2,
    ]
    for one in told["drills"]:
        assert one["bytes"] > 0
        assert one["bytes_per_second"] > 0
        if one["compared"]:
            assert one["compared"]["rows"] > 30
            assert one["compared"]["newest_events"] > 0, "the drill's own are not sent there yet"
    assert left_in_scratch(lived) == []
    assert lived.run("log", "verify").returncode == 0


@pytest.mark.parametrize("server", ["versitygw", "ceph"])
def test_a_bucket_is_drilled_as_a_directory_is(
    make_house: Callable[[str], House], server: str, request: pytest.FixtureRequest
) -> None:
    service: Service = request.getfixturevalue(server)
    service.let_in("cloud")
    service.make_bucket("drilled")
    house = make_house(
        '[stores.disk]\nkind = "directory"\npath = "disk"\n'
        f'[stores.cloud]\nkind = "s3"\nbucket = "drilled"\nendpoint = "{service.endpoint}"\n'
        'region = "us-east-1"\n'
    )
    house.submission("note")
    assert house.run("ingest").returncode == 0
    # Not from the other store: that one is gone.
    shutil.rmtree(house.path / "disk")
    code, told = drill(house, "--store", "cloud")
    assert (code, outcomes(told)) == (0, [("cloud", "main/note", "ok"), ("cloud", None, "ok")])
    tools, scan = InBucket(service, "s3://drilled"), f"packages/main/note/v1/{SCAN}"
    tools.write(scan, tools.read(scan)[:-1] + b"x")
    code, told = drill(house, "--store", "cloud", "note")
    assert (code, outcomes(told)) == (1, [("cloud", "main/note", "changed")])
    tools.delete(scan)
    code, told = drill(house, "--store", "cloud", "note")
    assert (code, outcomes(told)) == (1, [("cloud", "main/note", "missing")])


def test_each_copy_is_drilled_once_before_any_is_drilled_twice(lived: House) -> None:
    drawn = []
    for _ in range(6):
        code, told = drill(lived, "--only", "package", "--store", "disk")
        assert code == 0
        [one] = told["drills"]
        drawn.append((one["id"], one["version"]))
    copies = {("main/note", 1), ("main/note", 2), ("main/zazolc", 1)}
    assert set(drawn[:3]) == set(drawn[3:]) == copies


def test_the_choice_is_not_always_the_same(lived: House) -> None:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.drills import Limits

    with Catalogue.open(f"sqlite:///{lived.path}/wiazka-home/catalogue.sqlite") as catalogue:
        drawn = {
            (copy.identity, copy.version)
            for _ in range(100)
            if (copy := catalogue.drills.choose("disk", Limits(1 << 40)).copy)
        }
    assert len(drawn) == 3


def test_one_changed_byte_is_found_named_and_put_first_in_the_next_audit(lived: House) -> None:
    flip(kept(lived, f"v1/{SCAN}"))
    # v2 refers to the scans of v1.
    code, told = drill(lived, "note", "--store", "disk")
    assert (code, outcomes(told)) == (1, [("disk", "main/note", "changed")])
    [finding] = told["drills"][0]["findings"]
    assert (finding["outcome"], finding["path"]) == ("changed", SCAN)
    assert len(finding["expected"]) == len(finding["observed"]), "both digests are told"
    first = json.loads(lived.run("audit", "--json", "--budget", "1B").stdout)
    assert [(f["store"], f["path"]) for f in first["findings"]] == [("disk", SCAN)]
    said = lived.run("drill", "note", "--store", "disk")
    assert said.returncode == 1
    assert "wiazka audit --store disk main/note" in said.stdout
    # The other store is not accused.
    assert drill(lived, "note", "--store", "nas")[0] == 0


@pytest.mark.parametrize(
    ("path", "outcome"), [(f"v1/{SCAN}", "missing"), ("v1.json", "missing"), ("v2.json", "missing")]
)
def test_what_is_gone_is_missing(lived: House, path: str, outcome: str) -> None:
    kept(lived, path).unlink()
    code, told = drill(lived, "--store", "disk", "--only", "package", "note")
    if path == "v1.json":
        # Of the latest version nothing lacks; the catalogue shows it.
        assert code == 0
        code, told = drill(lived, "--store", "disk", "--only", "catalogue")
        assert code == 1
        assert ("version", "main/note v1", None) in differences(told)
        return
    assert (code, outcomes(told)) == (1, [("disk", "main/note", outcome)])


def test_a_storage_manifest_that_tells_otherwise_is_changed(lived: House) -> None:
    mark = kept(lived, "v2.json")
    write_over(mark, mark.read_bytes().replace(b"second", b"2econd"))
    code, told = drill(lived, "--store", "disk", "note")
    assert code == 1
    assert [f["path"] for f in told["drills"][0]["findings"]] == ["../v2.json"]
    code, told = drill(lived, "--store", "disk", "--only", "catalogue")
    assert code == 1
    assert differences(told) == [("version", "main/note v2", "delivery")]


def test_an_object_too_many_is_told_and_the_package_still_restorable(lived: House) -> None:
    kept(lived, "v2/data/smuggled.txt").write_text("x", "utf-8")
    code, told = drill(lived, "--store", "disk", "note")
    assert (code, outcomes(told)) == (1, [("disk", "main/note", "ok")])
    assert [f["path"] for f in told["drills"][0]["findings"]] == ["data/smuggled.txt"]


def test_damage_that_an_audit_found_is_the_same_when_a_drill_meets_it(lived: House) -> None:
    flip(kept(lived, f"v1/{SCAN}"))
    kept(lived, "v2/data/smuggled.txt").write_text("x", "utf-8")
    assert lived.run("audit", "--store", "disk").returncode == 1

    def incidents() -> list[tuple[int, str, bool]]:
        told = json.loads(lived.run("incident", "list", "--all", "--json").stdout)["incidents"]
        return [(one["number"], one["outcome"], one["closed_at"] is None) for one in told]

    before = incidents()
    assert len(before) == 2
    # It ends at the first file that is damaged: what it did not see by then it proved not.
    assert drill(lived, "--store", "disk", "note")[0] == 1
    assert incidents() == before


def test_a_drill_is_a_proof_by_reading_and_needs_no_second(lived: House) -> None:
    def proved() -> dict[str, str]:
        shown = json.loads(lived.run("show", "zazolc", "--json").stdout)
        return {c["store"]: c["proved_at"] for c in shown["versions"][0]["copies"]}

    # Copied to where it is, nothing in the house is proved there.
    assert drill(lived, "zazolc")[0] == 0
    before = proved()
    assert drill(lived, "zazolc", "--store", "disk")[0] == 0
    after = proved()
    assert after["disk"] > before["disk"]
    assert after["nas"] == before["nas"]


def test_a_segment_of_the_ledger_that_was_changed_is_named(lived: House) -> None:
    segment = sorted((lived.path / "disk/ledger").glob("*.jsonl"))[0]
    write_over(segment, segment.read_bytes().replace(b"note", b"Note", 1))
    code, told = drill(lived, "--store", "disk", "--only", "catalogue")
    assert (code, outcomes(told)) == (1, [("disk", None, "changed")])
    assert segment.name in told["drills"][0]["faults"][0]
    assert drill(lived, "--store", "nas", "--only", "catalogue")[0] == 0


def test_a_lost_end_of_the_ledger_is_no_fault_and_a_lost_beginning_is(lived: House) -> None:
    first, *_, last = sorted((lived.path / "disk/ledger").glob("*.jsonl"))
    last.unlink()
    code, told = drill(lived, "--store", "disk", "--only", "catalogue")
    assert code == 0, told
    assert told["drills"][0]["compared"]["newest_events"] > 5
    for path in sorted((lived.path / "disk/ledger").glob("*.jsonl")):
        if path != first:
            path.unlink()
    first.rename(lived.path / "away")
    shutil.copy(lived.path / "nas/ledger" / last.name, lived.path / "disk/ledger")
    code, told = drill(lived, "--store", "disk", "--only", "catalogue")
    assert code == 1
    assert "are missing" in told["drills"][0]["faults"][0]


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        (
            "UPDATE file SET sha256 = 'f' || substr(sha256, 2) WHERE path LIKE '%0001r.tif' "
            "AND version = 1 AND identity = 'main/note'",
            ("file", f"main/note v1 {SCAN}", "sha256"),
        ),
        (
            "DELETE FROM file WHERE path LIKE '%0001r.tif' AND version = 1 "
            "AND identity = 'main/note'",
            ("file", f"main/note v1 {SCAN}", None),
        ),
        (
            "UPDATE copy SET proved_read = '2030-01-01T00:00:00+00:00' WHERE store = 'nas' "
            "AND identity = 'main/zazolc'",
            ("copy", "main/zazolc v1 nas", "proved_read"),
        ),
        (
            "UPDATE version SET record_json = replace(record_json, 'ambassador', 'consul') "
            "WHERE identity = 'main/zazolc'",
            ("version", "main/zazolc v1", "record_json"),
        ),
        (
            "UPDATE event SET sentence = 'Nothing happened.' WHERE seq = 3",
            ("event", "3", "sentence"),
        ),
        ("DELETE FROM event WHERE seq = 3", ("event", "3", None)),
        (
            "UPDATE submission SET state = 'refused' WHERE delivery = 'delivery'",
            ("submission", "delivery/note", "state"),
        ),
    ],
)
def test_a_catalogue_that_was_edited_by_hand_is_told_row_and_column(
    lived: House, statement: str, difference: tuple[str, str, str | None]
) -> None:
    edit(lived, statement)
    code, told = drill(lived, "--store", "disk", "--only", "catalogue")
    assert code == 1
    assert differences(told) == [difference]


def test_another_text_to_be_found_by_is_no_difference(lived: House) -> None:
    edit(lived, "UPDATE version SET search = 'as another wiazka made it'")
    assert drill(lived, "--store", "disk", "--only", "catalogue")[0] == 0


def test_a_version_that_only_another_store_holds_is_not_missed(lived: House) -> None:
    with lived.config.open("a", encoding="utf-8") as config:
        config.write('[stores.late]\nkind = "directory"\npath = "late"\n')
    assert lived.run("replicate", "--to", "late", "zazolc").returncode == 0
    code, told = drill(lived, "--store", "late")
    assert code == 0, told
    assert told["drills"][1]["compared"]["elsewhere"] == 2


def test_a_version_that_is_being_stored_is_no_difference(lived: House) -> None:
    # As a killed ingest leaves it: the store has the commit mark, the catalogue not yet the copy.
    lived.submission("third", delivery="third")
    assert lived.run("ingest", "inbox/third").returncode == 0
    for store in ("disk", "nas"):
        sorted((lived.path / store / "ledger").glob("*.jsonl"))[-1].unlink()
    for statement in (
        "DELETE FROM copy WHERE identity = 'main/third'",
        "DELETE FROM submission WHERE folder = 'third'",
        "UPDATE version SET state = 'packaged', registered_at = NULL WHERE identity = 'main/third'",
        "DELETE FROM event WHERE detail LIKE '%third%' OR identity = 'main/third'",
        "UPDATE ledger SET (count, hash) = (SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1)",
    ):
        edit(lived, statement)
    code, told = drill(lived, "--store", "disk", "--only", "catalogue")
    assert (code, differences(told)) == (0, [])
    assert told["drills"][0]["compared"]["begun"] == 1


def test_a_store_that_is_away_is_not_called_damaged(lived: House) -> None:
    (lived.path / "disk").rename(lived.path / "unplugged")
    code, told = drill(lived, "--store", "disk")
    assert (code, [outcome for *_, outcome in outcomes(told)]) == (3, ["throttled", "throttled"])
    assert drill(lived, "--store", "nas")[0] == 0
    (lived.path / "unplugged").rename(lived.path / "disk")
    # It was in no doubt.
    first = json.loads(lived.run("audit", "--json").stdout)
    assert first["findings"] == []


def test_a_store_that_holds_nothing_yet_is_not_begun(lived: House) -> None:
    with lived.config.open("a", encoding="utf-8") as config:
        config.write('[stores.late]\nkind = "directory"\npath = "late"\n')
    code, told = drill(lived, "--store", "late")
    assert (code, told["drills"], told["left"][0]["well"]) == (0, [], True)
    assert not (lived.path / "late").exists()


def test_what_is_too_large_is_told_and_another_is_drawn(lived: House) -> None:
    edit(lived, "UPDATE version SET size = 1 << 50 WHERE identity = 'main/note'")
    code, told = drill(lived, "--store", "disk", "--only", "package")
    assert (code, outcomes(told)) == (0, [("disk", "main/zazolc", "ok")])
    [left] = told["left"]
    assert "2 copies in disk were not drawn from" in left["sentence"]
    assert "1,125,899,906,842,624" in left["sentence"]


def test_where_nothing_fits_nothing_counts_as_well(lived: House) -> None:
    code, told = drill(lived, "--store", "disk", "--only", "package", "--budget", "1KB")
    assert (code, told["drills"]) == (3, [])
    code, told = drill(lived, "--store", "disk", "zazolc", "--budget", "1KB")
    assert (code, told["drills"]) == (3, [])
    assert "was not drilled" in told["left"][0]["sentence"]


def test_a_budget_is_of_the_whole_run(lived: House) -> None:
    code, told = drill(lived, "--only", "package", "--budget", "60KB")
    assert code == 3
    assert [store for store, *_ in outcomes(told)] == ["disk"]
    assert [left["store"] for left in told["left"]] == ["nas"]


def test_the_status_tells_of_each_store_when_it_was_proved(lived: House) -> None:
    code, told = drill(lived, "--status")
    assert code == 0
    assert [(s["store"], s["restored"], s["drilled"], s["copies"]) for s in told["stores"]] == [
        ("disk", None, 0, 3),
        ("nas", None, 0, 3),
    ]
    assert drill(lived, "--store", "disk")[0] == 0
    # What went wrong later proves nothing of before.
    flip(kept(lived, f"v1/{SCAN}"))
    assert drill(lived, "--store", "disk", "note")[0] == 1
    disk, nas = drill(lived, "--status")[1]["stores"]
    assert disk["restored"]["outcome"] == disk["rebuilt"]["outcome"] == "ok"
    assert (disk["drilled"], nas["drilled"], nas["rebuilt"]) == (1, 0, None)
    assert "never" in lived.run("drill", "--status").stdout


def test_drills_come_back_with_the_catalogue(lived: House) -> None:
    assert drill(lived)[0] == 0
    before = drill(lived, "--status")[1]
    shutil.rmtree(lived.path / "wiazka-home")
    assert lived.run("rebuild", "--from", "disk").returncode == 0
    assert drill(lived, "--status")[1] == before


def test_killed_in_its_midst_what_it_left_is_swept_by_the_next(lived: House) -> None:
    running = subprocess.Popen(
        [*lived.command("drill", "--json")],
        cwd=lived.path,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    scratch = lived.path / "wiazka-home/drill"
    until = time.monotonic() + 60
    while time.monotonic() < until and not list(scratch.glob("*/*")):
        assert running.poll() is None, "it ended before it could be killed"
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert left_in_scratch(lived) != []
    assert drill(lived)[0] == 0
    assert left_in_scratch(lived) == []


def test_nothing_is_left_in_scratch_when_it_fails(lived: House) -> None:
    flip(kept(lived, f"v1/{SCAN}"))
    assert drill(lived, "note")[0] == 1
    assert left_in_scratch(lived) == []


def test_a_disk_that_fills_up_is_not_the_stores_fault(lived: House) -> None:
    # A limit on the size of files is answered as a full disk is, and needs no disk of its own.
    big = lived.submission("big", delivery="big")
    Image.frombytes("L", (2000, 2000), os.urandom(4_000_000)).save(big / "scans/0001r.tif")
    assert lived.run("ingest", "inbox/big").returncode == 0
    command = lived.command("drill", "--store", "disk", "--json", "big")
    limited = ["bash", "-c", 'ulimit -f 2048; trap "" XFSZ; exec "$@"', "-", *command]
    done = subprocess.run(limited, cwd=lived.path, capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert outcomes(json.loads(done.stdout)) == [("disk", "main/big", "unknown")]
    assert left_in_scratch(lived) == []
    assert drill(lived, "--store", "disk", "big")[0] == 0


def test_unknown_names_are_wrong_usage(lived: House) -> None:
    assert drill(lived, "--store", "diks")[0] == 2
    assert drill(lived, "nothing")[0] == 2
    assert drill(lived, "note", "--only", "catalogue")[0] == 2
