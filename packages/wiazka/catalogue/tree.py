"""The ledger as a Merkle tree (RFC 6962 2.1), and the checkpoints that were made of it.

The table keeps the roots of whole blocks of events, and of whole pairs of those: enough for a proof
without reading all events, and a row for each 128 events. It is a memory and no evidence: 'wiazka
log verify' computes all from the events.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice

from sqlalchemy import Connection, func, insert, select

from wiazka.catalogue import ledger, merkle
from wiazka.catalogue.chain import Link
from wiazka.catalogue.database import Database
from wiazka.catalogue.fixity_schema import CHECKPOINT, TREE
from wiazka.catalogue.model import EventKind
from wiazka.catalogue.schema import EVENT
from wiazka.errors import CatalogueError

# A block is 256 events. Hashes below that are computed anew from its events.
BLOCK_LEVEL = 8
_BLOCK = 1 << BLOCK_LEVEL
_BLOCKS_AT_ONCE = 40
# What a line of signature begins with.
_SIGNED = "\u2014"


@dataclass(frozen=True, slots=True)
class Made:
    """A checkpoint as it was made: of how many events, their root (hex), when, and its text."""

    count: int
    root: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Included:
    """That an event is among the first ``count``: its line, and the hashes that prove it."""

    line: str
    seq: int
    count: int
    root: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Roots, proofs, and the checkpoints that were made.

    Every method raises CatalogueError when the database fails, or an event is not what was written.
    """

    database: Database

    def root(self, count: int) -> bytes:
        """The root of the first ``count`` events."""
        self._grow(count)
        with self.database.read() as connection:
            return merkle.root(count, _nodes(connection))

    def inclusions(self, seqs: Iterable[int], count: int) -> Iterator[Included]:
        """The proof of each event that it is among the first ``count``; none that does not hold."""
        self._grow(count)
        with self.database.read() as connection:
            nodes = _nodes(connection)
            root = merkle.root(count, nodes)
            for seq in seqs:
                [link] = _links(connection, seq, seq)
                path = merkle.inclusion(seq - 1, count, nodes)
                if not merkle.includes(_leaf(link), seq - 1, count, path, root):
                    raise _changed(seq)
                yield Included(link.line, seq, count, root, path)

    def consistency(self, old: int, count: int) -> tuple[bytes, ...]:
        """What proves that the first ``old`` events begin the first ``count``."""
        self._grow(count)
        with self.database.read() as connection:
            return merkle.consistency(old, count, _nodes(connection))

    def registered(self, after: int, upto: int) -> list[tuple[int, str, int]]:
        """The events after one, up to another, that registered a version: seq, identity, number."""
        query = (
            select(EVENT.c.seq, EVENT.c.identity, EVENT.c.version)
            .where(EVENT.c.kind == EventKind.REGISTERED, EVENT.c.seq > after, EVENT.c.seq <= upto)
            .order_by(EVENT.c.seq)
        )
        with self.database.read() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def registration(self, identity: str, number: int) -> int | None:
        """The event that registered a version."""
        query = select(func.min(EVENT.c.seq)).where(
            EVENT.c.kind == EventKind.REGISTERED,
            EVENT.c.identity == identity,
            EVENT.c.version == number,
        )
        with self.database.read() as connection:
            return connection.execute(query).scalar()

    def keep(self, made: Made) -> None:
        """Keep a checkpoint; of those of so many events the first one that was signed."""
        with self.database.write() as connection:
            same = select(CHECKPOINT.c.note).where(CHECKPOINT.c.count == made.count)
            known = connection.execute(same).scalar()
            if known is not None and (_SIGNED in known or _SIGNED not in made.note):
                return
            if known is not None:
                connection.execute(CHECKPOINT.delete().where(CHECKPOINT.c.count == made.count))
            values = {"count": made.count, "root": made.root, "at": made.at, "note": made.note}
            connection.execute(insert(CHECKPOINT).values(**values))

    def newest(self, upto: int | None = None) -> Made | None:
        """The last checkpoint that was made (of at most ``upto`` events)."""
        query = select(*_MADE).order_by(CHECKPOINT.c.count.desc()).limit(1)
        if upto is not None:
            query = query.where(CHECKPOINT.c.count <= upto)
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return Made(*row) if row else None

    def checkpoints(self) -> list[Made]:
        """Every checkpoint that this catalogue made, oldest first; a rebuilt one has only its own.

        Those of all times are in the stores.
        """
        with self.database.read() as connection:
            rows = connection.execute(select(*_MADE).order_by(CHECKPOINT.c.count)).all()
        return [Made(*row) for row in rows]

    def _grow(self, count: int) -> None:
        """Have the roots of all whole blocks of the first ``count`` events."""
        while True:
            with self.database.read() as connection:
                first = _blocks(connection)
            upto = min(count >> BLOCK_LEVEL, first + _BLOCKS_AT_ONCE)
            if first >= upto:
                return
            roots = list(self._roots(first, upto))
            with self.database.write() as connection:
                # Another process may have been faster.
                for root in roots[_blocks(connection) - first :]:
                    _add(connection, root)

    def _roots(self, first: int, upto: int) -> Iterator[bytes]:
        links = ledger.links(self.database, after=first << BLOCK_LEVEL)
        for block in range(first, upto):
            begin = (block << BLOCK_LEVEL) + 1
            page = _in_place(islice(links, _BLOCK), begin)
            if len(page) < _BLOCK:
                raise _changed(begin + len(page))
            yield _pyramid([_leaf(link) for link in page])[-1][0]


_MADE = tuple(CHECKPOINT.c[name] for name in Made.__dataclass_fields__)


def _nodes(connection: Connection) -> Callable[[int, int], bytes]:
    """The hash of a whole subtree: from the table, or from the events of its block."""

    @lru_cache(maxsize=4)
    def block(number: int) -> list[list[bytes]]:
        links = _links(connection, (number << BLOCK_LEVEL) + 1, (number + 1) << BLOCK_LEVEL)
        return _pyramid([_leaf(link) for link in links])

    @lru_cache(maxsize=4096)
    def node(level: int, position: int) -> bytes:
        if level < BLOCK_LEVEL:
            height = BLOCK_LEVEL - level
            first = position >> height << height
            try:
                return block(position >> height)[level][position - first]
            except IndexError:
                raise _changed((position << level) + 1) from None
        query = select(TREE.c.hash).where(TREE.c.level == level, TREE.c.position == position)
        return bytes.fromhex(connection.execute(query).scalar_one())

    return node


def _pyramid(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The whole subtrees over some leaves, level by level."""
    levels = [list(leaves)]
    while len(below := levels[-1]) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)
        levels.append([merkle.joined(left, right) for left, right in pairs])
    return levels


def _blocks(connection: Connection) -> int:
    query = select(func.max(TREE.c.position)).where(TREE.c.level == BLOCK_LEVEL)
    newest = connection.execute(query).scalar()
    return 0 if newest is None else newest + 1


def _add(connection: Connection, root: bytes) -> None:
    """Keep a block's root, and those of the subtrees that it makes whole."""
    level, position = BLOCK_LEVEL, _blocks(connection)
    while True:
        values = {"level": level, "position": position, "hash": root.hex()}
        connection.execute(insert(TREE).values(**values))
        if not position & 1:
            return
        query = select(TREE.c.hash).where(TREE.c.level == level, TREE.c.position == position - 1)
        root = merkle.joined(bytes.fromhex(connection.execute(query).scalar_one()), root)
        level, position = level + 1, position >> 1


def _links(connection: Connection, first: int, last: int) -> list[Link]:
    query = select(EVENT).where(EVENT.c.seq >= first, EVENT.c.seq <= last).order_by(EVENT.c.seq)
    return _in_place((Link(*row) for row in connection.execute(query)), first)


def _in_place(links: Iterable[Link], first: int) -> list[Link]:
    """Events of which none is missing before another."""
    page = list(links)
    for seq, link in enumerate(page, start=first):
        if link.seq != seq:
            raise _changed(seq)
    return page


def _leaf(link: Link) -> bytes:
    # Nothing broken is ever signed.
    if link.intact_line is None:
        raise _changed(link.seq)
    return merkle.leaf(link.intact_line)


def _changed(seq: int) -> CatalogueError:
    return CatalogueError(
        f"Event {seq} of the catalogue is not what was written; no checkpoint and no proof is made "
        "of it.",
        "'wiazka log verify' tells what was done to the ledger.",
    )
