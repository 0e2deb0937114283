"""The ledger in the stores: what was done is kept with the documents."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import BinaryIO

import pytest

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import Link, link_of_line
from wiazka.catalogue.model import EventKind, EventOutcome, State, SubmissionState
from wiazka.errors import (
    CatalogueError,
    LedgerBehind,
    LedgerBroken,
    LedgerForked,
    StoreDenied,
    StoreUnavailable,
)
from wiazka.evidence import Grade
from wiazka.ledger import keeping
from wiazka.ledger import segments as segments_module
from wiazka.ledger.ahead import require_newest
from wiazka.ledger.keeping import keep_ledger
from wiazka.ledger.segments import Reader
from wiazka.settings_of_fixity import LedgerSettings
from wiazka.stores.base import ObjectInfo
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.layout import ensure_marker
from wiazka.stores.roll import RollCall

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def happen(catalogue: Catalogue, *names: str) -> None:
    for name in names:
        state = SubmissionState("d", name, "mark", State.FOUND, None, None, f"Zażółć {name}.", AT)
        catalogue.note_submission(state, EventKind.FOUND, EventOutcome.SUCCESS, {"ż": "\u2028"})


def segments(store: DirectoryFiles) -> list[Path]:
    return sorted(Path(store.place, "ledger").glob("*.jsonl"))


def events(store: DirectoryFiles) -> list[Link]:
    return list(Reader(store))


def back_up(tmp_path: Path, name: str) -> None:
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as now:
        now.backup(sqlite3.connect(tmp_path / name))


def edit(tmp_path: Path, change: str) -> None:
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as database:
        database.execute(change)


def test_every_event_is_in_the_store_as_it_was_hashed(
    catalogue: Catalogue, store: DirectoryFiles
) -> None:
    happen(catalogue, "a", "b")
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert events(store) == list(catalogue.links())


def test_only_what_is_new_is_sent_and_nothing_when_nothing_is(
    catalogue: Catalogue, store: DirectoryFiles
) -> None:
    for names in (["a"], [], ["b", "c"]):
        happen(catalogue, *names)
        assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert [path.name for path in segments(store)] == [
        "000000000001-000000000002.jsonl",
        "000000000003-000000000004.jsonl",
    ]


def test_a_segment_is_bounded(
    catalogue: Catalogue, store: DirectoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "EVENTS_AT_ONCE", 2)
    happen(catalogue, "a", "b", "c", "d")
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert [len(path.read_bytes().splitlines()) for path in segments(store)] == [2, 2, 1]
    assert len(events(store)) == 5


class Counting(DirectoryFiles):
    """The real store, which counts the objects that a run has to do with."""

    asked = 0

    def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
        for info in super().list(prefix, after):
            self.asked += 1
            yield info

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        self.asked += 1
        return super().open(key)


def test_what_each_run_asks_of_a_store_does_not_grow_with_the_ledger(
    catalogue: Catalogue, store: DirectoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (keeping, segments_module):
        monkeypatch.setattr(module, "EVENTS_AT_ONCE", 3)
    counting = Counting(store.name, Path(store.place))
    asked = []
    for number in range(12):
        happen(catalogue, f"n{number}")
        counting.asked = 0
        require_newest(catalogue, {"disk": counting}, RollCall(frozenset()))
        assert keep_ledger(catalogue, {"disk": counting}, LedgerSettings()) == []
        asked.append(counting.asked)
    assert len(segments(store)) == 12
    assert len(set(asked[5:])) == 1
    assert events(store) == list(catalogue.links())


class Meeting(DirectoryFiles):
    """The real store, which gives a segment only when others are asked for at the same time."""

    together = Barrier(4)

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        self.together.wait(timeout=60)
        return super().open(key)


def test_many_small_segments_are_fetched_side_by_side_and_read_in_their_order(
    catalogue: Catalogue, store: DirectoryFiles
) -> None:
    for number in range(12):
        happen(catalogue, f"n{number}")
        assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert len(segments(store)) == 12
    assert list(Reader(Meeting(store.name, Path(store.place)))) == list(catalogue.links())


KILLED = """
import os, signal, sys
from pathlib import Path
from threading import Barrier
from wiazka.catalogue.catalogue import Catalogue
from wiazka.ledger import keeping
from wiazka.settings_of_fixity import LedgerSettings
from wiazka.stores.directory import DirectoryFiles

class Dying(DirectoryFiles):
    left = 3
    def put(self, key, content):
        answer = super().put(key, content)
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

keeping.EVENTS_AT_ONCE = 5
with Catalogue.open(sys.argv[1]) as catalogue:
    keeping.keep_ledger(catalogue, {"late": Dying("late", Path(sys.argv[2]))}, LedgerSettings())
"""


def test_a_store_that_was_added_late_is_filled_on_where_a_killed_run_ended(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(catalogue, *(f"n{number}" for number in range(40)))
    late = DirectoryFiles("late", tmp_path / "late")
    ensure_marker(late)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, f"sqlite:///{tmp_path / 'catalogue.sqlite'}", late.place],
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    before = {path: path.stat().st_ino for path in segments(late)}
    assert len(before) == 3
    monkeypatch.setattr(keeping, "EVENTS_AT_ONCE", 5)
    # The killed run's turn at this store ends with its process.
    assert keep_ledger(catalogue, {"late": late}, LedgerSettings()) == []
    assert events(late) == list(catalogue.links())
    after = {path: path.stat().st_ino for path in segments(late)}
    assert before.items() <= after.items()
    assert len(after) == 9


def test_a_store_that_is_away_does_not_stop_the_others(
    catalogue: Catalogue, store: DirectoryFiles, tmp_path: Path
) -> None:
    catalogue.copy_stored("main/note", 1, "nas", Grade.READ, AT, "Stored.", {})
    away = DirectoryFiles("nas", tmp_path / "nas")
    [fault] = keep_ledger(catalogue, {"nas": away, "disk": store}, LedgerSettings())
    assert isinstance(fault, StoreUnavailable)
    assert "'nas'" in fault.message
    assert len(events(store)) == 2


def test_a_store_without_copies_is_not_begun_by_the_ledger(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    assert (
        keep_ledger(catalogue, {"new": DirectoryFiles("new", tmp_path / "new")}, LedgerSettings())
        == []
    )
    assert not (tmp_path / "new").exists()


def test_a_store_that_may_only_be_read_gets_it_the_next_time(
    catalogue: Catalogue, store: DirectoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> None:
        raise StoreDenied("Store 'disk': no.")

    with monkeypatch.context() as only_read:
        # The tests run as root, whom no file mode stops.
        only_read.setattr(DirectoryFiles, "put", denied)
        [fault] = keep_ledger(catalogue, {"disk": store}, LedgerSettings())
        assert isinstance(fault, StoreDenied)
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert len(events(store)) == 1


def test_two_catalogues_on_one_store_are_a_fork(
    catalogue: Catalogue, store: DirectoryFiles, tmp_path: Path
) -> None:
    keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    back_up(tmp_path, "other.sqlite")
    with Catalogue.open(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        happen(other, "x")
        assert keep_ledger(other, {"disk": store}, LedgerSettings()) == []
    happen(catalogue, "y")
    before = segments(store)
    [fault] = keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    assert isinstance(fault, LedgerForked)
    assert segments(store) == before


def test_an_older_backup_is_told_to_catch_up_and_sends_nothing(
    catalogue: Catalogue, store: DirectoryFiles, tmp_path: Path
) -> None:
    back_up(tmp_path, "backup.sqlite")
    happen(catalogue, "a", "b")
    keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    with Catalogue.open(f"sqlite:///{tmp_path / 'backup.sqlite'}") as backup:
        [fault] = keep_ledger(backup, {"disk": store}, LedgerSettings())
    assert isinstance(fault, LedgerBehind)
    assert "wiazka rebuild --from disk" in fault.hint


def test_a_changed_event_is_never_sent(
    catalogue: Catalogue, store: DirectoryFiles, tmp_path: Path
) -> None:
    happen(catalogue, "a")
    edit(tmp_path, "UPDATE event SET sentence = 'nothing happened' WHERE seq = 2")
    [fault] = keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    assert isinstance(fault, CatalogueError)
    assert not Path(store.place, "ledger").exists()


def test_segments_that_overlap_are_one_history(catalogue: Catalogue, store: DirectoryFiles) -> None:
    happen(catalogue, "a")
    keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    happen(catalogue, "b")
    whole = "".join(link.line + "\n" for link in catalogue.links())
    (Path(store.place) / "ledger/000000000001-000000000003.jsonl").write_text(whole, "utf-8")
    assert len(events(store)) == 3
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"kind":"found"', b'"kind":"HELD!"'),
        (b"Za\xc5\xbc", b"Za\xc5\xba"),
        (b'"detail":{', b'"detail": {'),
        (b'"seq":2', b'"seq":true'),
        (b"\n", b"\n\n"),
    ],
    ids=["a word", "a letter", "a blank", "a type", "a line"],
)
def test_a_segment_that_was_changed_is_named_with_its_line(
    catalogue: Catalogue, store: DirectoryFiles, old: bytes, new: bytes
) -> None:
    happen(catalogue, "a", "b")
    keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    [path] = segments(store)
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    if old == b'"detail":{':
        # How a line is typed does not matter: it is what it says that is hashed.
        assert len(events(store)) == 3
        return
    with pytest.raises(LedgerBroken, match=r"000000000001-000000000003.jsonl', line \d"):
        events(store)


def test_a_segment_that_is_gone_is_a_gap(catalogue: Catalogue, store: DirectoryFiles) -> None:
    for name in "abc":
        happen(catalogue, name)
        keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    segments(store)[1].unlink()
    with pytest.raises(LedgerBroken, match="events 3 to 3"):
        events(store)


def test_a_line_of_the_ledger_round_trips(catalogue: Catalogue) -> None:
    happen(catalogue, "a\x85b\u2028c")
    for link in catalogue.links():
        assert link_of_line(link.line.encode()) == link
