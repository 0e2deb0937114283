"""An older backup of the catalogue adds nothing before it has caught up with the stores."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import House

TWO = (
    '[stores.disk]\nkind = "directory"\npath = "disk"\n'
    '[stores.nas]\nkind = "directory"\npath = "nas"\n'
)


def catalogue(house: House) -> Path:
    return house.path / "wiazka-home/catalogue.sqlite"


def noted(house: House) -> int:
    with closing(sqlite3.connect(catalogue(house))) as database:
        [[count]] = database.execute("SELECT count FROM ledger")
    return int(count)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("once"))
    house.config.write_text(TWO, "utf-8")
    house.submission("early", delivery="early")
    assert house.run("ingest").returncode == 0
    # Closed, so that no journal of what came later is left beside the backup.
    with (
        closing(sqlite3.connect(catalogue(house))) as now,
        closing(sqlite3.connect(house.path / "backup.sqlite")) as backup,
    ):
        now.backup(backup)
    house.submission("later", delivery="later")
    assert house.run("ingest").returncode == 0
    assert not catalogue(house).with_name("catalogue.sqlite-wal").exists()
    shutil.move(house.path / "backup.sqlite", catalogue(house))
    return house


@pytest.fixture
def restored(once: House, tmp_path: Path) -> House:
    """A house whose catalogue was put back from a backup before its last ingest."""
    shutil.copytree(once.path, tmp_path / "house")
    return House(tmp_path / "house")


def test_what_would_add_events_says_what_to_do_first_and_adds_none(restored: House) -> None:
    before = noted(restored)
    (restored.path / "nas").rename(restored.path / "unplugged")
    for command in (["ingest"], ["audit"], ["drill"], ["replicate", "--to", "nas"]):
        done = restored.run(*command, "--json")
        assert done.returncode == 3, command
        error = json.loads(done.stdout)["error"]
        assert error["code"] == "ledger-behind"
        assert "wiazka rebuild --from disk" in error["hint"]
    assert noted(restored) == before
    (restored.path / "unplugged").rename(restored.path / "nas")
    assert restored.run("rebuild", "--from", "disk").returncode == 0
    assert restored.run("ingest").returncode == 0
    assert restored.run("log", "verify").returncode == 0


def test_a_restore_is_not_kept_waiting_and_what_it_notes_is_sent_nowhere(restored: House) -> None:
    # One store is where the backup is, and would take what goes on from there.
    sorted((restored.path / "nas/ledger").glob("*.jsonl"))[-1].unlink()
    behind = sorted((restored.path / "nas/ledger").rglob("*"))
    done = restored.run("restore", "early", "--to", "back")
    assert done.returncode == 0
    assert "wiazka rebuild --from disk" in done.stderr
    assert sorted((restored.path / "nas/ledger").rglob("*")) == behind
    assert restored.run("drill", "--status").returncode == 0


def test_a_new_catalogue_in_the_place_of_a_lost_one_does_not_begin_another_history(
    restored: House,
) -> None:
    shutil.rmtree(restored.path / "wiazka-home")
    assert restored.run("ingest").returncode == 3
    assert noted(restored) == 0


def test_a_store_that_is_down_stops_nothing(restored: House) -> None:
    assert restored.run("rebuild", "--from", "disk").returncode == 0
    (restored.path / "nas").rename(restored.path / "unplugged")
    done = restored.run("ingest", "--json")
    assert done.returncode == 0, done.stderr
