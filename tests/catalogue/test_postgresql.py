"""A catalogue in PostgreSQL, which sorts text otherwise than SQLite, under what a house does."""

import json
import os
import subprocess
from collections.abc import Callable

import pytest

from tests.conftest import RECORD, House
from tests.rebuild.test_rebuild import TABLES, connected, lose_the_catalogue, rebuild, tables
from tests.repair.houses import SCAN, TWO, rot, run
from tests.services.postgres import Postgres

# In the order of a dictionary none of these stands where its bytes would put it.
NAMES = ("zażółć", "źle", "a-b", "ab", "Łódź", 'it\'s 100% "odd" \\ {0}')
ODD_RECORD = RECORD.replace("Note on a talk", "Nótka — ‘odd’ 100% {0} $1 \\\\0 \U0001f4dc")


@pytest.fixture
def house(make_house: Callable[[str], House], postgres: Postgres) -> House:
    return make_house(TWO + postgres.section())


@pytest.fixture
def lived(house: House) -> House:
    """Documents whose names sort oddly, one of them in two versions, and one that was refused."""
    for name in NAMES:
        house.submission(name, record=ODD_RECORD)
    refused = house.inbox / "delivery" / os.fsdecode(b"no-utf8-\xff")
    (refused / "scans").mkdir(parents=True)
    (refused / "scans/0001r.tif").write_bytes(b"x")
    assert run(house, "ingest", str(house.inbox))[0] == 1
    text = house.submission("ab", delivery="second") / "transcription/pl/0001.txt"
    text.write_text("Odpis poprawiony.", encoding="utf-8")
    assert run(house, "ingest", str(house.inbox / "second"))[0] == 0
    return house


def test_a_catalogue_rebuilt_from_a_store_alone_is_the_same_row_by_row(lived: House) -> None:
    rot(lived.path / "disk/packages/main/ab/v1" / SCAN)
    assert run(lived, "audit", "--store", "disk")[0] == 1
    assert run(lived, "repair", "ab")[0] == 0
    # The drill's own is in SQLite, beside the living one.
    code, told = run(lived, "drill")
    assert code == 0, told
    assert all(one["compared"]["rows"] > 100 for one in told["drills"] if one["compared"])
    before = tables(lived)
    for store in ("disk", "nas"):
        lose_the_catalogue(lived)
        code, told = rebuild(lived, store)
        assert (code, told["faults"], told["adopted"], told["absent"]) == (0, [], [], [])
        after = tables(lived)
        for name in TABLES:
            assert after[name] == before[name], f"{name}, from {store}"
    assert run(lived, "log", "verify")[0] == 0


def test_what_was_edited_by_hand_is_told_row_and_column(lived: House) -> None:
    with connected(lived) as connection:
        for statement in (
            "UPDATE version SET delivery = 'second ' WHERE identity = 'main/a-b'",
            "UPDATE copy SET proved_read = '2030-01-01T00:00:00.000000Z' "
            "WHERE identity = 'main/ab' AND version = 1 AND store = 'nas'",
            "DELETE FROM event WHERE seq = 3",
        ):
            assert connection.exec_driver_sql(statement).rowcount == 1
    code, told = run(lived, "drill", "--store", "disk", "--only", "catalogue")
    assert code == 1
    [one] = told["drills"]
    assert sorted((d["table"], d["row"], d["column"]) for d in one["compared"]["told"]) == [
        ("copy", "main/ab v1 nas", "proved_read"),
        ("event", "3", None),
        ("version", "main/a-b v1", "delivery"),
    ]


def test_many_at_once_wait_for_one_another_and_none_fails(house: House) -> None:
    house.submission("note")
    commands = (("ingest", "inbox/late"), ("audit", "--grade", "read"), ("drill",))
    assert run(house, "ingest", str(house.inbox))[0] == 0
    for number in range(3):
        house.submission(f"late{number}", delivery="late")
    running = [
        subprocess.Popen(
            house.command(*arguments, "--json"),
            cwd=house.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for arguments in commands
    ]
    ended = [(*one.communicate(), one.returncode) for one in running]
    assert [code for _, _, code in ended] == [0] * len(ended), ended
    assert run(house, "log", "verify")[0] == 0
    code, told = run(house, "audit", "--grade", "read")
    assert (code, told["checked"]) == (0, 8)


def test_an_empty_database_that_several_open_at_once_is_made_once(house: House) -> None:
    running = [
        subprocess.Popen(house.command("list", "--json"), cwd=house.path, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [json.loads(one.communicate()[0]) for one in running] == [{"packages": []}] * 4
