"""A catalogue from what a store keeps: the ledger verbatim, the versions, and what follows."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from wiazka.catalogue import copies, ledger, packages
from wiazka.catalogue.chain import ORIGIN, Link
from wiazka.catalogue.model import (
    EventKind,
    EventOutcome,
    File,
    Signature,
    Unchanged,
    Version,
    VersionState,
)
from wiazka.catalogue.replay import replay_rest, replay_version
from wiazka.catalogue.schema import COPY, EVENT, LEDGER, VERSION
from wiazka.errors import LedgerForked

_PAGE = 1000
_HOLDING = (EventKind.STORED, EventKind.REPLICATED, EventKind.REGISTERED)


@dataclass(frozen=True, slots=True)
class FoundVersion:
    """A version as a store holds it; its state and times come from the ledger.

    ``unchanged``: what this copy does with the files that an earlier version holds.
    """

    version: Version
    files: tuple[File, ...]
    search: str
    signed: tuple[Signature, ...]
    unchanged: Unchanged = Unchanged.REFERENCE


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was taken over: how many events there were and are, and new versions (identity, number).

    ``adopted``: versions, or their copies, that the ledger did not tell of; they count as unproved.
    ``absent``: versions that the ledger tells of, and the store does not hold.
    """

    known_events: int
    events: int
    versions: int
    adopted: tuple[tuple[str, int], ...]
    absent: tuple[tuple[str, int], ...]


def rebuild(
    connection: Connection,
    store: str,
    links: Iterable[Link],
    found: Iterable[FoundVersion],
    at: datetime,
) -> Rebuilt:
    """See Catalogue.rebuild."""
    before = ledger.head(connection)
    _append(connection, before.count, links, store)
    held: dict[tuple[str, int], Unchanged] = {}
    new: set[tuple[str, int]] = set()
    for one in found:
        key = (one.version.identity, one.version.number)
        held[key] = one.unchanged
        if not _is_known(connection, key):
            packages.insert_found(connection, one.version, one.files, one.search, one.signed)
            new.add(key)
    absent = _replay(connection, before.count, new)
    adopted = [key for key, kind in held.items() if _adopt(connection, key, store, kind, at)]
    return Rebuilt(
        before.count,
        ledger.head(connection).count,
        len(new),
        tuple(adopted),
        tuple(sorted(absent)),
    )


def catch_up(connection: Connection, store: str, done: Rebuilt, newest: Iterable[Link]) -> None:
    """Give a catalogue that was made by ``rebuild`` from ``store`` the events after the store's.

    What it adopted then is told by them, or was not to be adopted: that is taken back first.
    """
    known = done.events - len(done.adopted)
    connection.execute(delete(EVENT).where(EVENT.c.seq > known))
    last = ledger.hash_of(connection, known) or ORIGIN
    connection.execute(update(LEDGER).values(count=known, hash=last))
    for identity, number in done.adopted:
        this = (COPY.c.identity == identity) & (COPY.c.version == number)
        connection.execute(delete(COPY).where(this))
        connection.execute(
            update(VERSION)
            .where(VERSION.c.identity == identity, VERSION.c.number == number)
            .values(state=VersionState.PACKAGED, registered_at=None)
        )
    _append(connection, known, newest, store)
    _replay(connection, known, set(done.adopted))


def _append(connection: Connection, known: int, links: Iterable[Link], store: str) -> None:
    """Add the events after the ``known``; those are compared."""
    page: list[Link] = []
    for link in links:
        if link.seq <= known:
            if ledger.hash_of(connection, link.seq) != link.hash:
                raise LedgerForked(
                    f"Event {link.seq} of the catalogue is not the one that store {store!r} keeps. "
                    "They are not of one history; nothing was written.",
                    "To have what the store keeps, name a new catalogue.url in wiazka.toml (or put "
                    "the old database away), and run the same again.",
                )
            continue
        page.append(link)
        if len(page) == _PAGE:
            _insert(connection, page)
            page = []
    _insert(connection, page)


def _insert(connection: Connection, page: list[Link]) -> None:
    if page:
        connection.execute(insert(EVENT), [asdict(link) for link in page])
        connection.execute(update(LEDGER).values(count=page[-1].seq, hash=page[-1].hash))


def _replay(connection: Connection, known: int, new: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Tell events again: those that are new, and of versions that are, from their beginning."""
    absent: set[tuple[str, int]] = set()
    for link in events_after(connection, 0 if new else known):
        key = (link.identity, link.version)
        held = None in key or key in new or _is_known(connection, key)
        # A deaccession of a whole package names no version, and takes some that are new.
        if held and (link.seq > known or key in new or link.version is None):
            replay_version(connection, link)
        if link.seq > known:
            replay_rest(connection, link)
            if link.kind in _HOLDING and not held:
                absent.add((str(link.identity), int(link.version or 0)))
            if link.kind == EventKind.DEACCESSIONED:
                removed = json.loads(json.loads(link.detail).get("versions", "[]"))
                absent -= {(str(link.identity), number) for number in removed}
    return absent


def events_after(connection: Connection, after: int) -> Iterator[Link]:
    """The events after number ``after`` as they stand in the table, in pages."""
    while True:
        query = select(EVENT).where(EVENT.c.seq > after).order_by(EVENT.c.seq).limit(_PAGE)
        rows = connection.execute(query).all()
        yield from (Link(*row) for row in rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1].seq


def _adopt(
    connection: Connection, key: tuple[str, int], store: str, unchanged: Unchanged, at: datetime
) -> bool:
    """Take over a copy that the ledger does not tell of, as one that nobody proved."""
    identity, number = key
    state = packages.version(connection, identity, number).state
    if state is VersionState.DEACCESSIONED or any(
        copy.store == store for copy in copies.of_version(connection, identity, number)
    ):
        return False
    ledger.append(
        connection,
        EventKind.REBUILT,
        EventOutcome.WARNING,
        f"{identity} v{number} was found in {store}, and the ledger there did not tell of that "
        "copy. It counts as kept and not as proved.",
        at=at,
        identity=identity,
        version=number,
        store=store,
        detail={"unchanged": unchanged.value},
    )
    head = ledger.head(connection)
    [link] = events_after(connection, head.count - 1)
    replay_version(connection, link)
    return True


def _is_known(connection: Connection, key: tuple[str | None, int | None]) -> bool:
    query = select(VERSION.c.number).where(VERSION.c.identity == key[0], VERSION.c.number == key[1])
    return connection.execute(query).first() is not None
