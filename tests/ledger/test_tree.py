"""The tree of a catalogue's events: roots and proofs, however many events there are."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wiazka.catalogue import ledger, merkle
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import EventKind, EventOutcome
from wiazka.errors import CatalogueError


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        yield opened


def happen(catalogue: Catalogue, upto: int) -> None:
    """Have so many events."""
    with catalogue.tree.database.write() as connection:
        for number in range(ledger.head(connection).count, upto):
            ledger.append(connection, EventKind.FOUND, EventOutcome.SUCCESS, f"Zażółć {number}.")


def root_of(catalogue: Catalogue, count: int) -> bytes:
    """The root from the lines alone, as another program computes it from a store."""
    growing = merkle.Growing()
    for link in catalogue.links():
        if growing.count < count:
            growing.add(merkle.leaf(link.line.encode()))
    return growing.root


def rows(tmp_path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as database:
        return database.execute("SELECT * FROM tree ORDER BY level, position").fetchall()


def test_roots_and_proofs_are_those_of_the_events_however_they_came(catalogue: Catalogue) -> None:
    for count in (1, 255, 256, 257, 511, 512, 1025, 1300):
        happen(catalogue, count)
        root = root_of(catalogue, count)
        assert catalogue.tree.root(count) == root
        seqs = {1, 2, 255, 256, 257, 512, 513, count // 2, count} & set(range(1, count + 1))
        for proved in catalogue.tree.inclusions(sorted(seqs), count):
            own = merkle.leaf(proved.line.encode())
            assert merkle.includes(own, proved.seq - 1, count, proved.path, root)
    for old in (1, 3, 256, 300, 512, 1024, 1299, 1300):
        path = catalogue.tree.consistency(old, 1300)
        assert merkle.continues(old, root_of(catalogue, old), 1300, root, path)


def test_only_whole_blocks_are_kept_and_the_same_ones_by_many_at_once(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    happen(catalogue, 256 * 5 + 7)
    with ThreadPoolExecutor(4) as pool:
        roots = set(pool.map(catalogue.tree.root, [256 * 5 + 7] * 4))
    assert roots == {root_of(catalogue, 256 * 5 + 7)}
    assert [row[:2] for row in rows(tmp_path)] == [
        *((8, position) for position in range(5)),
        *((9, position) for position in range(2)),
        (10, 0),
    ]


@pytest.mark.parametrize("seq", [3, 300], ids=["in a block that is kept", "after the last block"])
def test_no_proof_is_made_of_an_event_that_was_changed(
    catalogue: Catalogue, tmp_path: Path, seq: int
) -> None:
    happen(catalogue, 300)
    catalogue.tree.root(300)
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as database:
        database.execute("UPDATE event SET sentence = 'Nothing.' WHERE seq = ?", (seq,))
    with pytest.raises(CatalogueError, match=f"Event {seq} "):
        list(catalogue.tree.inclusions([seq], 300))


def test_no_root_is_made_of_events_that_are_gone(catalogue: Catalogue, tmp_path: Path) -> None:
    happen(catalogue, 300)
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as database:
        database.execute("DELETE FROM event WHERE seq = 7")
    with pytest.raises(CatalogueError, match="Event 7 "):
        catalogue.tree.root(300)
