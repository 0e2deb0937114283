"""A short run of the torture, and that its checks see what they are there to see."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import House
from tests.intake.clean import clean_delivery
from tests.torture import Torture, service
from tests.torture_promises import Folder, Promises

PACKAGE = Path("disk/packages/main/1984-06-04_note_0001")


def test_no_promise_is_broken_by_kills_of_ingest_and_store(tmp_path: Path) -> None:
    with service(tmp_path / "server", None) as server:
        torture = Torture(tmp_path, server, seed=4, rounds_a_house=2, strikes=1)
        torture.run(2)
    assert torture.broken == []
    assert torture.survived == 2
    assert sum(torture.struck.values()) > 0


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with one document that is kept in a directory."""
    house = House(tmp_path_factory.mktemp("kept") / "house")
    house.inbox.mkdir(parents=True)
    house.config.write_text('[stores.disk]\nkind = "directory"\npath = "disk"\n')
    clean_delivery(house.inbox)
    assert house.run("ingest").returncode == 0
    return house


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def _execute(house: Path, statement: str) -> None:
    with closing(sqlite3.connect(house / "wiazka-home" / "catalogue.sqlite")) as database, database:
        database.execute("PRAGMA foreign_keys = OFF")
        assert database.execute(statement).rowcount > 0


def _original(house: Path) -> Path:
    return next((house / "inbox").rglob("0001r.tif"))


def _written_again(house: Path) -> None:
    """The same storage manifest in other bytes."""
    mark = house / PACKAGE / "v1.json"
    mark.chmod(0o644)
    mark.write_text(json.dumps(json.loads(mark.read_text("utf-8"))))


def _marked_first(house: Path) -> None:
    """What a push leaves that was killed and writes its commit mark before its last file."""
    (house / PACKAGE / "v1/data/objects/scans/0002v.tif").unlink()
    _execute(house, "DELETE FROM copy")
    _execute(house, "UPDATE version SET state = 'packaged'")
    _execute(house, "UPDATE submission SET state = 'packaged'")


def _time_set(house: Path) -> None:
    os.utime(_original(house), (0, 0))


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a bit of an object": (
        lambda house: _flip(house / PACKAGE / "v1/data/objects/scans/0001r.tif"),
        "2 stored",
    ),
    "an object lost after its commit": (
        lambda house: (house / PACKAGE / "v1/data/objects/scans/0001r.tif").unlink(),
        "2 stored",
    ),
    "the commit mark written first": (_marked_first, "2 stored"),
    "a copy that has no commit mark": (
        lambda house: (house / PACKAGE / "v1.json").unlink(),
        "2 stored: the catalogue has a copy",
    ),
    "an object written over": (
        lambda house: _flip(house / PACKAGE / "v1/bag-info.txt"),
        "overwritten",
    ),
    "a storage manifest written again": (_written_again, "overwritten"),
    "a bit of an original": (lambda house: _flip(_original(house)), "1 originals"),
    "the time of an original": (_time_set, "1 originals"),
    "an original gone": (lambda house: _original(house).unlink(), "1 originals"),
    "a file put beside the originals": (
        lambda house: (_original(house).with_name("0009r.tif")).touch(),
        "1 originals",
    ),
    "a grade that the store cannot give": (
        lambda house: _execute(house, "UPDATE copy SET proved_read = '', proved_recomputed = ''"),
        "3 grades",
    ),
    "a copy without any proof": (
        lambda house: _execute(
            house,
            "UPDATE copy SET proved_read = '', proved_recomputed = '', proved_stored_digest = '',"
            " proved_size = '', proved_listed = ''",
        ),
        "3 grades",
    ),
    "registered without a copy": (
        lambda house: _execute(house, "DELETE FROM copy"),
        "2 registered",
    ),
    "registered no longer": (
        lambda house: _execute(house, "UPDATE version SET state = 'stored'"),
        "2 registered",
    ),
    "a manifest that is not the payload's": (
        lambda house: _flip(house / PACKAGE / "v1/manifest-sha256.txt"),
        "4 stores alone",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_broken_promise_is_seen(kept: House, tmp_path: Path, fault: str) -> None:
    # With the times of the originals, which are among what is looked at.
    house = shutil.copytree(kept.path, tmp_path / "house")
    catalogue = house / "wiazka-home" / "catalogue.sqlite"
    promises = Promises(house / "inbox", catalogue, [Folder("disk", house / "disk")])
    promises.handed_over()
    assert promises.broken() == []
    make, expected = FAULTS[fault]
    make(house)
    assert any(one.startswith(expected) for one in promises.broken())
