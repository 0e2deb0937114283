"""Everything is gone, only a store is left: the catalogue comes back from it, equal to what it was.

Audits with their findings, probes and claims are not in the stores and are not compared.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, create_engine

from tests.conftest import House
from wiazka.cli.main import wiazka
from wiazka.errors import WiazkaError
from wiazka.settings import load

TABLES = (
    "version",
    "file",
    "signature",
    "copy",
    "event",
    "ledger",
    "submission",
    "deaccession",
    "incident",
    "doubt",
    "drill",
)
TWO = (
    '[stores.disk]\nkind = "directory"\npath = "disk"\n'
    '[stores.nas]\nkind = "directory"\npath = "nas"\n'
)


@contextmanager
def connected(house: House) -> Iterator[Connection]:
    """The catalogue, whichever database it is in; what was done in it is kept."""
    engine = create_engine(load(house.config).catalogue_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def tables(house: House) -> dict[str, list[tuple[Any, ...]]]:
    with connected(house) as connection:
        # The names of tables, from the list above.
        return {
            name: sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr)  # noqa: S608
            for name in TABLES
        }


def home(house: House) -> Path:
    return house.path / "wiazka-home"


def database(house: House) -> Path:
    return home(house) / "catalogue.sqlite"


def lose_the_catalogue(house: House) -> None:
    shutil.rmtree(home(house), ignore_errors=True)
    if load(house.config).catalogue.url:
        with connected(house) as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")


def rebuild(house: House, store: str) -> tuple[int, dict[str, Any]]:
    """The command, in this process: a new one for each would be most of the time."""
    done = CliRunner().invoke(
        wiazka,
        ["rebuild", "--from", store, "--json", "--config", str(house.config)],
        standalone_mode=False,
    )
    if isinstance(done.exception, WiazkaError):
        return done.exception.exit_code, {"error": done.exception}
    assert done.exception is None, done.exception
    return done.return_value, json.loads(done.stdout)


def live(house: House) -> None:
    """A history: two documents, one of them in two versions, one refused, and audits."""
    house.submission("1962_depesza_hawana")
    house.submission("note")
    refused = house.submission("refused")
    (refused / "record.yaml").unlink()
    assert house.run("ingest").returncode == 1
    assert house.run("audit").returncode == 0
    text = house.submission("note", delivery="second") / "transcription/pl/0001.txt"
    text.write_text("Odpis poprawiony.", encoding="utf-8")
    assert house.run("ingest", "inbox/second").returncode == 0
    assert house.run("audit", "--grade", "size").returncode == 0
    assert house.run("drill").returncode == 0


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("once"))
    house.config.write_text(TWO, "utf-8")
    house.submission("early", delivery="early")
    assert house.run("ingest").returncode == 0
    with sqlite3.connect(database(house)) as now:
        now.backup(sqlite3.connect(house.path / "backup.sqlite"))
    live(house)
    return house


@pytest.fixture
def lived(once: House, tmp_path: Path) -> House:
    shutil.copytree(once.path, tmp_path / "house")
    return House(tmp_path / "house")


def damage(house: House) -> None:
    scan = next((house.path / "disk/packages/main/note/v1").rglob("0001r.tif"))
    scan.chmod(0o644)
    scan.write_bytes(b"rotten")
    assert house.run("audit").returncode == 1


def test_the_rebuilt_catalogue_is_equal_to_the_lost_one(lived: House) -> None:
    damage(lived)
    before = tables(lived)
    for store in ("disk", "nas"):
        lose_the_catalogue(lived)
        code, told = rebuild(lived, store)
        assert (code, told["faults"], told["adopted"], told["absent"]) == (0, [], [], [])
        after = tables(lived)
        for name in TABLES:
            assert after[name] == before[name], name
    assert lived.run("log", "verify").returncode == 0
    assert lived.run("restore", "note", "--to", "back").returncode == 0
    again = json.loads(lived.run("ingest", "--json").stdout)
    states = {s["folder"]: s["state"] for d in again["deliveries"] for s in d["submissions"]}
    assert states["1962_depesza_hawana"] == "already-held"


def test_a_second_rebuild_changes_nothing(lived: House) -> None:
    before = tables(lived)
    code, told = rebuild(lived, "nas")
    assert (code, told["versions"]) == (0, 0)
    assert tables(lived) == before


def test_the_catalogue_comes_back_from_a_bucket(two_stores: House) -> None:
    two_stores.submission("note")
    assert two_stores.run("ingest").returncode == 0
    assert two_stores.run("audit").returncode == 0
    before = tables(two_stores)
    lose_the_catalogue(two_stores)
    shutil.rmtree(two_stores.path / "disk")
    assert rebuild(two_stores, "s3")[0] == 0
    assert tables(two_stores) == before


def test_an_older_backup_catches_up(lived: House) -> None:
    before = tables(lived)
    lose_the_catalogue(lived)
    home(lived).mkdir()
    shutil.copy(lived.path / "backup.sqlite", database(lived))
    code, told = rebuild(lived, "disk")
    assert (code, told["versions"]) == (0, 3)
    assert 0 < told["events_known_before"] < told["events"]
    assert tables(lived) == before


def test_a_catalogue_of_another_history_is_left_as_it_is(lived: House) -> None:
    lose_the_catalogue(lived)
    for name in ("packages", "ledger"):
        for store in ("disk", "nas"):
            (lived.path / store / name).rename(lived.path / store / f"away-{name}")
    lived.submission("other", delivery="third")
    lived.run("ingest", "inbox/third")
    for name in ("packages", "ledger"):
        for store in ("disk", "nas"):
            shutil.rmtree(lived.path / store / name)
            (lived.path / store / f"away-{name}").rename(lived.path / store / name)
    before = tables(lived)
    code, told = rebuild(lived, "disk")
    assert (code, told["error"].code) == (3, "ledger-forked")
    assert tables(lived) == before


def test_without_a_ledger_versions_are_adopted_and_not_called_proved(lived: House) -> None:
    for store in ("disk", "nas"):
        shutil.rmtree(lived.path / store / "ledger")
    lose_the_catalogue(lived)
    code, told = rebuild(lived, "disk")
    assert (code, len(told["adopted"])) == (0, 4)
    for version in json.loads(lived.run("show", "note", "--json").stdout)["versions"]:
        assert [(c["store"], c["grade"]) for c in version["copies"]] == [("disk", None)]
    kinds = {e["kind"] for e in json.loads(lived.run("log", "--json").stdout)["events"]}
    assert kinds == {"rebuilt"}
    assert lived.run("audit", "--store", "disk").returncode == 0


def test_without_a_ledger_a_copy_that_holds_all_itself_is_taken_for_one(house: House) -> None:
    text = house.config.read_text("utf-8") + 'unchanged = "copy"\n'
    house.config.write_text(text, "utf-8")
    folder = house.submission("note")
    assert house.run("ingest").returncode == 0
    (folder / "transcription/pl/0001.txt").write_text("Odpis poprawiony.", encoding="utf-8")
    assert house.run("ingest").returncode == 0
    lose_the_catalogue(house)
    shutil.rmtree(house.path / "disk/ledger")
    assert rebuild(house, "disk")[0] == 0
    audited = house.run("audit", "--json")
    assert (audited.returncode, json.loads(audited.stdout)["findings"]) == (0, [])


def test_a_ledger_behind_its_manifests_is_made_up_for(lived: House) -> None:
    for store in ("disk", "nas"):
        for path in sorted((lived.path / store / "ledger").glob("*.jsonl"))[-3:]:
            path.unlink()
    lose_the_catalogue(lived)
    code, told = rebuild(lived, "disk")
    assert code == 0
    assert told["adopted"] == [{"id": "main/note", "version": 2}]


def test_a_store_whose_ledger_lacks_the_newest_events_is_not_rebuilt_from_before_the_other(
    lived: House,
) -> None:
    before = tables(lived)
    newest = sorted((lived.path / "disk/ledger").glob("*.jsonl"))[-1]
    newest.unlink()
    lose_the_catalogue(lived)
    code, told = rebuild(lived, "disk")
    assert code == 2
    assert "rebuild --from nas" in told["error"].hint
    assert rebuild(lived, "nas")[0] == 0
    assert rebuild(lived, "disk")[0] == 0
    assert tables(lived) == before


def test_a_bad_record_is_named_and_the_others_come_back(lived: House) -> None:
    path = lived.path / "disk/packages/main/note/v1/metadata/record.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"ambassador", b"Ambassador"))
    lose_the_catalogue(lived)
    code, told = rebuild(lived, "disk")
    assert code == 1
    assert "packages/main/note/v1/metadata/record.json" in told["faults"][0]["message"]
    assert told["absent"] == [{"id": "main/note", "version": 1}]
    assert told["versions"] == 3
    # What one store lacks, another has.
    assert rebuild(lived, "nas")[1]["versions"] == 1


@pytest.mark.parametrize("path", ["../../../x", "/etc/passwd", "data/\n", "a//b"])
def test_a_hostile_path_in_a_manifest_is_refused(lived: House, path: str) -> None:
    mark = lived.path / "disk/packages/main/note/v2.json"
    told = json.loads(mark.read_text("utf-8"))
    told["files"][0]["path"] = path
    mark.chmod(0o644)
    mark.write_text(json.dumps(told), "utf-8")
    lose_the_catalogue(lived)
    code, told = rebuild(lived, "disk")
    assert code == 1
    assert "no right storage manifest" in told["faults"][0]["message"]


def is_being_written(path: Path) -> bool:
    """Whether a catalogue is there, and somebody is in the middle of writing it."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        made = "SELECT 1 FROM sqlite_master WHERE name = 'finding'"
        try:
            if connection.execute(made).fetchone() is None:
                return False
        except sqlite3.OperationalError:
            return False
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def test_killed_it_has_written_nothing_and_can_be_run_again(lived: House) -> None:
    before = tables(lived)
    lose_the_catalogue(lived)
    # Opening a named pipe waits for its other end: the kill comes in the middle.
    record = lived.path / "disk/packages/main/note/v2/metadata/record.json"
    data = record.read_bytes()
    record.unlink()
    os.mkfifo(record)
    running = subprocess.Popen(
        lived.command("rebuild", "--from", "disk"),
        cwd=lived.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not is_being_written(database(lived)):
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    record.unlink()
    record.write_bytes(data)
    assert not any(tables(lived)["event"])
    assert rebuild(lived, "disk")[0] == 0
    assert tables(lived) == before


def test_a_store_by_another_name_is_told_its_own(lived: House) -> None:
    lived.config.write_text(TWO.replace("stores.nas", "stores.attic"), "utf-8")
    code, told = rebuild(lived, "attic")
    assert code == 2
    assert "[stores.nas]" in told["error"].hint
