"""Keeping the ledger in every store, so that a store alone tells what was done."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import ORIGIN, Link
from wiazka.catalogue.claims import Owner, holding
from wiazka.catalogue.model import LedgerHead
from wiazka.errors import (
    CatalogueError,
    ConfigError,
    LedgerForked,
    ObjectExists,
    StoreError,
    StoreUnavailable,
    WiazkaError,
)
from wiazka.evidence import sha256
from wiazka.ledger.ahead import behind
from wiazka.ledger.checkpoints import make_checkpoint, send_checkpoint
from wiazka.ledger.note import Checkpoint
from wiazka.ledger.segments import EVENTS_AT_ONCE, Segment, links_in, segments_in
from wiazka.ledger.signing import VerifierKey
from wiazka.settings_of_fixity import LedgerSettings
from wiazka.stores.attest import attest
from wiazka.stores.base import Content, Store
from wiazka.stores.layout import require_marker

_PATIENCE_SECONDS = 60.0
_WAIT_SECONDS = 0.1
_Made = tuple[Checkpoint, VerifierKey | None]
_log = logging.getLogger(__name__)


def keep_ledger(
    catalogue: Catalogue, stores: Mapping[str, Store], settings: LedgerSettings
) -> list[WiazkaError]:
    """Send each store the events that it does not have yet, proved there like any other object,
    and a checkpoint of them, signed as ``settings`` say.

    To be called once at the end of whatever adds events. Never raises for a store: the faults are
    logged and returned, each naming its store, and what one could not take (it is down, or its keys
    may only read) is sent the next time. LedgerForked and LedgerBehind do not pass by themselves.
    """
    faults: list[WiazkaError] = []
    made: _Made | None = None
    try:
        made = make_checkpoint(catalogue, settings)
    except ConfigError as error:
        _log.warning("No checkpoint was made. %s %s", error.message, error.hint)
        faults.append(error)
    except (CatalogueError, LedgerForked) as error:
        # Nothing that was rewritten goes to a store.
        _log.warning("The ledger was not sent. %s %s", error.message, error.hint)
        return [error]
    for store in stores.values():
        try:
            _keep_in(catalogue, store, made)
        except (StoreError, CatalogueError) as error:
            _log.warning("The ledger was not sent. %s %s", error.message, error.hint)
            faults.append(error)
    return faults


def _keep_in(catalogue: Catalogue, store: Store, made: _Made | None) -> None:
    try:
        require_marker(store)
    except StoreUnavailable:
        # A store begins with its first copy. One that has copies and no marker is a disk that is
        # not mounted.
        if catalogue.has_copies(store.name):
            raise
        return
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with holding(catalogue, f"ledger:{store.name}", Owner.of_this_process()) as mine:
            if mine:
                _send_new(catalogue, store)
                if made:
                    send_checkpoint(store, made)
                return
        if time.monotonic() > until:
            raise StoreUnavailable(
                f"Store {store.name!r}: another run has been sending it the ledger for a minute.",
                "Nothing needs doing: what is left is sent at the end of the next run.",
            )
        time.sleep(_WAIT_SECONDS)


def _send_new(catalogue: Catalogue, store: Store) -> None:
    kept = _kept(catalogue, store)
    links, previous = catalogue.links(after=kept.count), kept.hash
    while batch := list(islice(links, EVENTS_AT_ONCE)):
        segment = Segment(batch[0].seq, batch[-1].seq)
        data = b"".join(line + b"\n" for line in _chained(batch, previous))
        previous = batch[-1].hash
        try:
            store.put(segment.key, Content(data, len(data), sha256(data)))
        except ObjectExists as error:
            with store.open(segment.key) as stream:
                if stream.read() != data:
                    raise _forked(store, segment.first) from error
        attest(store, segment.key, len(data), sha256(data))


def _kept(catalogue: Catalogue, store: Store) -> LedgerHead:
    """How far the store's ledger goes, which is that of the catalogue."""
    # One that is far behind is listed whole.
    segments = segments_in(store, catalogue.ledger_head().count) or segments_in(store)
    if not segments:
        return LedgerHead(0, ORIGIN)
    newest = max(segments, key=lambda segment: segment.last)
    head = catalogue.ledger_head()
    last = ORIGIN
    for link in links_in(store, newest):
        last = link.hash
        if link.seq == min(newest.last, head.count) and link.hash != catalogue.event_hash(link.seq):
            raise _forked(store, link.seq)
    if newest.last > head.count:
        raise behind(store, newest.last, head.count)
    return LedgerHead(newest.last, last)


def _chained(batch: Sequence[Link], previous: str) -> Iterator[bytes]:
    """The lines of some events. Nothing broken goes to a store: raises CatalogueError for an event
    that was changed, or does not follow from the one before it."""
    for link in batch:
        if link.intact_line is None or link.previous != previous:
            raise CatalogueError(
                f"Event {link.seq} of the catalogue is not what was written; it was not sent to "
                "the stores.",
                "'wiazka log verify' tells what was done to the ledger.",
            )
        previous = link.hash
        yield link.intact_line


def _forked(store: Store, seq: int) -> LedgerForked:
    return LedgerForked(
        f"Store {store.name!r} ({store.place}): its event {seq} is not the catalogue's. Two "
        "catalogues have been writing to one store, or one of them was rewritten.",
        "Stop all runs; 'wiazka log verify' shows where they part. The one to keep is that whose "
        "events the other stores have.",
    )
