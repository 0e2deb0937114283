"""What the ledger costs when it is long: adding, checkpoints, each run's look, proofs, log verify.

Run: make bench-ledger (EVENTS=1000000 for ten years of a large archive: some minutes, and 3 GB in
$TMPDIR). Each twenty events were a run: a segment and a checkpoint in the store. The memory of log
verify is told as no less than that of the generating, from which it is started.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar

from sqlalchemy import create_engine, insert, update

from tests.benchmarks.measuring import measure
from tests.services import postgres
from wiazka.catalogue import merkle
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import Link, digest
from wiazka.catalogue.fixity_schema import CHECKPOINT
from wiazka.catalogue.model import EventKind, EventOutcome, State, SubmissionState
from wiazka.catalogue.schema import EVENT, LEDGER
from wiazka.evidence import Grade
from wiazka.ledger.ahead import require_newest
from wiazka.ledger.checkpoints import make_checkpoint
from wiazka.ledger.keeping import keep_ledger
from wiazka.ledger.note import Checkpoint
from wiazka.ledger.proofs import checkpoint_at, proofs
from wiazka.ledger.segments import Segment
from wiazka.settings_of_fixity import LedgerSettings
from wiazka.stores.base import Answer, Content, ObjectInfo
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.layout import ensure_marker
from wiazka.stores.roll import RollCall

T = TypeVar("T")
A_RUN = 20
AT_ONCE = 1000
KEYS_A_PAGE = 1000
BEGUN = datetime(2016, 1, 1, tzinfo=UTC)
UNSIGNED = LedgerSettings()
ORIGINS = "archive.example.org/ledger"


class Counting(DirectoryFiles):
    """A directory that counts what would be asked of a bucket: a listing costs one a page."""

    def __init__(self, name: str, root: Path) -> None:
        super().__init__(name, root)
        self.asked: Counter[str] = Counter()

    def put(self, key: str, content: Content) -> Answer:
        self.asked.update(puts=1, sent=content.size)
        return super().put(key, content)

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        self.asked.update(gets=1, fetched=super().head(key).size)
        return super().open(key)

    def head(self, key: str) -> ObjectInfo:
        self.asked.update(heads=1)
        return super().head(key)

    def list(self, *places: str) -> Iterator[ObjectInfo]:
        self.asked.update(listings=1)
        for number, info in enumerate(super().list(*places), start=1):
            self.asked.update(listings=int(number % KEYS_A_PAGE == 0))
            yield info

    def told(self) -> str:
        """What was asked since the last time."""
        told = ", ".join(f"{count:,} {what}" for what, count in self.asked.items() if count)
        self.asked.clear()
        return told


def main() -> None:
    """Generate, measure, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not chosen.postgres:
            _measure("SQLite", f"sqlite:///{folder / 'catalogue.sqlite'}", folder, chosen.events)
        elif not postgres.installed():
            print(postgres.ABSENT)
        else:
            with postgres.Postgres(shared_buffers="1GB") as server:
                _measure("PostgreSQL", server.url(), folder, chosen.events)


def _measure(what: str, url: str, folder: Path, events: int) -> None:
    store = Counting("disk", folder / "disk")
    ensure_marker(store)
    with Catalogue.open(url) as catalogue:
        catalogue.begin_version("main/note", "c", BEGUN, "d", "note", "Note")
        catalogue.copy_stored("main/note", 1, "disk", Grade.READ, BEGUN, "Stored.", {})
        _fill(catalogue, url, folder / "disk", events)
        print(f"{what}, {events:,} events, {events // A_RUN:,} segments and checkpoints")
        stores = {"disk": store}

        def keep() -> None:
            assert keep_ledger(catalogue, stores, UNSIGNED) == []

        _timed("the tree grown from nothing", lambda: make_checkpoint(catalogue, UNSIGNED))
        _timed("one event added", lambda: _happen(catalogue, 1))
        _timed("a checkpoint after one event", lambda: make_checkpoint(catalogue, UNSIGNED))
        _timed("1,000 events added", lambda: _happen(catalogue, 1000))
        _timed("a checkpoint after 1,000 events", lambda: make_checkpoint(catalogue, UNSIGNED))
        _timed("keep_ledger, 1,001 events new", keep, store)
        _timed("keep_ledger, nothing new", keep, store)
        _happen(catalogue, 1)
        _timed("keep_ledger, one event new", keep, store)
        roll = RollCall(frozenset())
        _timed("require_newest", lambda: require_newest(catalogue, stores, roll), store)
        newest = catalogue.tree.newest()
        assert newest is not None
        for seq in (events // 3, newest.count):
            checkpoint = checkpoint_at(catalogue, newest.count)
            assert checkpoint is not None
            _timed(
                f"the proof of event {seq:,}",
                lambda seq=seq, under=checkpoint: list(proofs(catalogue, [seq], under, None)),
            )
        late = Counting("late", folder / "late")
        ensure_marker(late)
        catalogue.copy_stored("main/note", 1, "late", Grade.READ, BEGUN, "Stored.", {})
        stores = {"late": late}
        _timed("a new store is sent all", keep, late)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"  {peak:7} MB at the most, with the generating", flush=True)
    config = folder / "wiazka.toml"
    config.write_text(
        f'[catalogue]\nurl = "{url}"\n[stores.disk]\nkind = "directory"\npath = "{folder}/disk"\n'
    )
    wiazka = [Path(sys.executable).with_name("wiazka"), "log", "verify", "--config", config]
    cost, told = measure(wiazka, server=1)
    print(
        f"  {cost.seconds:7.2f} s  log verify, one store: {events / cost.cpu:,.0f} events a second "
        f"of processor, {cost.peak >> 20} MB at the most"
    )
    print("  " + told.strip().splitlines()[-1])


def _fill(catalogue: Catalogue, url: str, root: Path, events: int) -> None:
    """Events with a right chain, as rows, and in the store as if each twenty had been a run."""
    head, growing = catalogue.ledger_head(), merkle.Growing()
    lines = [link.line for link in catalogue.links()]
    for line in lines:
        growing.add(merkle.leaf(line.encode()))
    (root / "ledger/checkpoints").mkdir(parents=True)
    engine = create_engine(url)
    previous = head.hash
    for first in range(head.count + 1, events + 1, AT_ONCE):
        rows, made = [], []
        last = min(first + AT_ONCE - 1, events)
        for seq in range(first, last + 1):
            link = _link(seq, previous)
            rows.append(asdict(link))
            lines.append(link.line)
            growing.add(merkle.leaf(link.line.encode()))
            previous = link.hash
            if seq % A_RUN == 0:
                (root / Segment(seq - len(lines) + 1, seq).key).write_text(
                    "".join(line + "\n" for line in lines)
                )
                lines.clear()
                checkpoint = Checkpoint(ORIGINS, seq, growing.root)
                (root / checkpoint.key).write_text(checkpoint.text)
                made.append(
                    {"count": seq, "root": growing.root.hex(), "at": BEGUN, "note": checkpoint.text}
                )
        with engine.begin() as connection:
            connection.execute(insert(EVENT), rows)
            connection.execute(insert(CHECKPOINT), made)
            connection.execute(update(LEDGER).values(count=last, hash=previous))
    engine.dispose()


def _link(seq: int, previous: str) -> Link:
    bare = Link(
        seq=seq,
        at=f"{BEGUN + timedelta(minutes=5 * seq):%Y-%m-%dT%H:%M:%S.%fZ}",
        kind=EventKind.STORED.value,
        outcome=EventOutcome.SUCCESS.value,
        identity=f"main/1984-06-04_depesza_{seq}",
        version=1,
        store="disk",
        agent="wiazka 0.1.0",
        sentence=f"Stored 34 files of main/1984-06-04_depesza_{seq} v1 in disk (żółć).",
        detail='{"grade":"stored-digest","unchanged":"reference"}',
        previous=previous,
        hash="",
    )
    fields = asdict(bare)
    del fields["hash"]
    return replace(bare, hash=digest(fields))


def _happen(catalogue: Catalogue, times: int) -> None:
    for number in range(times):
        state = SubmissionState("d", f"n{number}", "m", State.FOUND, None, None, "Found.", BEGUN)
        catalogue.note_submission(state, EventKind.FOUND, EventOutcome.SUCCESS, {})


def _timed(what: str, work: Callable[[], T], store: Counting | None = None) -> T:
    if store:
        store.told()
    begun, before = time.perf_counter(), time.process_time()
    done = work()
    processor, seconds = time.process_time() - before, time.perf_counter() - begun
    asked = f": {store.told()}" if store else ""
    print(f"  {seconds:7.3f} s, processor {processor:7.3f} s  {what}{asked}", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
