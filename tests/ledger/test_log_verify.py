"""wiazka log verify: the catalogue's ledger beside those that the stores keep."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import House
from wiazka.catalogue.catalogue import Catalogue
from wiazka.ledger.comparing import compare
from wiazka.settings import load
from wiazka.stores.opening import open_stores

FAKE = """
import sqlite3, sys
sys.path.insert(0, {path!r})
from wiazka.catalogue.chain import ORIGIN, Link
from dataclasses import asdict, replace
from wiazka.catalogue.chain import digest
database = sqlite3.connect({database!r})
rows = database.execute("SELECT seq, at, kind, outcome, identity, version, store, agent, sentence, "
                        "detail, previous, hash FROM event ORDER BY seq").fetchall()
previous = ORIGIN
for row in rows:
    link = Link(*row)
    if link.seq == 2:
        link = replace(link, sentence="Nothing happened.")
    fields = asdict(replace(link, previous=previous))
    del fields["hash"]
    previous_, previous = previous, digest(fields)
    database.execute("UPDATE event SET sentence = ?, previous = ?, hash = ? WHERE seq = ?",
                     (link.sentence, previous_, previous, link.seq))
database.execute("UPDATE ledger SET hash = ?", (previous,))
database.commit()
"""


@pytest.fixture
def filled(house: House) -> House:
    house.submission("note")
    done = house.run("ingest")
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    return house


def database(house: House) -> Path:
    return house.path / "wiazka-home/catalogue.sqlite"


def ledger(house: House) -> list[Path]:
    return sorted((house.path / "disk/ledger").glob("*.jsonl"))


def verify(house: House) -> tuple[int, list[str]]:
    done = house.run("log", "verify", "--json")
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)
    return done.returncode, [fault["sentence"] for fault in told["faults"]]


def test_an_ingest_and_an_audit_send_their_events_to_the_store(filled: House) -> None:
    assert len(ledger(filled)) == 1
    assert filled.run("audit").returncode == 0
    lines = [line for path in ledger(filled) for line in path.read_bytes().splitlines()]
    events = json.loads(filled.run("log", "--json").stdout)["events"]
    assert [json.loads(line)["hash"] for line in lines] == [event["hash"] for event in events]
    assert verify(filled) == (0, [])


def test_a_restore_sends_its_event_and_does_not_fail_where_it_cannot(filled: House) -> None:
    before = len(ledger(filled))
    assert filled.run("restore", "note", "--to", "back").returncode == 0
    assert len(ledger(filled)) == before + 1
    assert b'"kind":"restored"' in ledger(filled)[-1].read_bytes()
    # As another's: root is stopped by no mode, and a link to nowhere stops it too.
    kept = filled.path / "disk/ledger"
    kept.rename(filled.path / "away")
    kept.symlink_to(filled.path / "nowhere")
    done = filled.run("restore", "note", "--to", "again", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["valid"]
    assert "ledger was not sent" in done.stderr


def test_a_history_rewritten_with_a_sound_chain_shows_by_the_store(filled: House) -> None:
    import subprocess
    import sys

    root = str(Path(__file__).parents[2] / "packages")
    script = FAKE.format(path=root, database=str(database(filled)))
    subprocess.run([sys.executable, "-c", script], check=True)
    code, sentences = verify(filled)
    assert code == 1
    assert sentences[0].startswith("Event 2 is not the one that store 'disk' keeps")
    assert sentences[1].startswith("No checkpoint in store 'disk', the catalogue is of")
    filled.submission("other")
    assert "ledger was not sent" in filled.run("ingest").stderr


def test_another_database_in_its_place_shows(filled: House) -> None:
    for path in database(filled).parent.glob("catalogue.sqlite*"):
        path.unlink()
    filled.submission("other", delivery="second")
    refused = filled.run("ingest", "inbox/second")
    assert refused.returncode == 3
    assert "wiazka rebuild --from disk" in refused.stderr
    # The new database began its own history while the store's was out of sight.
    kept, away = filled.path / "disk" / "ledger", filled.path / "away"
    kept.rename(away)
    assert filled.run("ingest", "inbox/second").returncode == 0
    shutil.rmtree(kept)
    away.rename(kept)
    code, sentences = verify(filled)
    assert code == 1
    assert "Event 1 is not the one that store 'disk' keeps" in sentences[0]


def test_events_taken_off_the_end_with_care_show(filled: House) -> None:
    with sqlite3.connect(database(filled)) as connection:
        connection.execute("DELETE FROM event WHERE seq > 2")
        connection.execute(
            "UPDATE ledger SET count = 2, hash = (SELECT hash FROM event WHERE seq = 2)"
        )
    code, [sentence, other] = verify(filled)
    assert code == 1
    assert other.startswith("The catalogue has 2 events, a checkpoint in store 'disk'")
    assert sentence.startswith("Event 3 and what may follow is kept in store 'disk'")


def test_a_count_of_events_that_is_gone_is_all_that_is_told(filled: House) -> None:
    with sqlite3.connect(database(filled)) as connection:
        connection.execute("DELETE FROM ledger")
    with Catalogue.open(f"sqlite:///{database(filled)}") as catalogue:
        stores = open_stores(load(filled.config), catalogue)
        faults, unasked = compare(catalogue, stores)
    assert [fault.sentence for fault in faults] == ["The row that counts the events is gone."]
    assert not unasked


def test_an_event_that_nothing_can_parse_is_told_and_not_a_traceback(filled: House) -> None:
    nested = "[" * 100_000 + "]" * 100_000
    with sqlite3.connect(database(filled)) as connection:
        connection.execute("UPDATE event SET detail = ? WHERE seq = 2", (nested,))
    code, sentences = verify(filled)
    assert code == 1
    assert "Event 2 was changed after it was written." in sentences
    [path] = ledger(filled)
    path.write_bytes(nested.encode())
    assert any("line 1: the event is not" in sentence for sentence in verify(filled)[1])


def test_a_segment_that_was_changed_shows(filled: House) -> None:
    [path] = ledger(filled)
    path.write_bytes(path.read_bytes().replace(b"note", b"Note", 1))
    code, [sentence] = verify(filled)
    assert code == 1
    assert "000000000001-" in sentence


def test_a_store_that_is_away_is_told_apart_from_one_that_differs(filled: House) -> None:
    shutil.move(filled.path / "disk", filled.path / "unplugged")
    done = filled.run("log", "verify", "--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert [error["code"] for error in told["not_compared"]] == ["store-unavailable"]
