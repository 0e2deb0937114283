"""The end of a run: the ledger goes to the stores, and receipts get their proof of being in it."""

import logging
from contextlib import suppress
from pathlib import Path

from wiazka.errors import WiazkaError
from wiazka.ingest.model import Desk
from wiazka.ingest.receipts import receipt_path
from wiazka.ledger.keeping import keep_ledger
from wiazka.ledger.note import checkpoint_of
from wiazka.ledger.proofs import proofs
from wiazka.ledger.signing import signing_key
from wiazka.report.page import write_whole
from wiazka.report.registration import with_proof

_log = logging.getLogger(__name__)


def keep_and_prove(desk: Desk) -> None:
    """Send the ledger with its checkpoint to the stores; then prove the receipts under it.

    Never raises: what fails is logged, and done at the end of the next run.
    """
    keep_ledger(desk.catalogue, desk.roll.answering(desk.stores), desk.settings.ledger)
    try:
        prove_receipts(desk)
    except (WiazkaError, OSError) as error:
        _log.warning("Receipts were left without the proof of their registration. %s", error)


def prove_receipts(desk: Desk) -> None:
    """Write into each receipt that has none the proof of its registration.

    Up to the newest checkpoint; how far that was done stands in a file beside the receipts, so that
    a run that was killed is made up for by the next.
    """
    made = desk.catalogue.tree.newest()
    mark = desk.settings.reports / "receipts" / ".proved"
    done = _done(mark)
    if made is None or made.count <= done:
        return
    checkpoint, key = checkpoint_of(made.note), signing_key(desk.settings.ledger)
    waiting: dict[int, Path] = {}
    for seq, identity, number in desk.catalogue.tree.registered(done, made.count):
        path = receipt_path(desk.settings, identity, number)
        if path.is_file():
            waiting[seq] = path
    for proof in proofs(desk.catalogue, waiting, checkpoint, key.verifier if key else None):
        path = waiting[proof.seq]
        if proof.seals_a_bag:
            page = path.read_text("utf-8")
            told = with_proof(
                page, desk.settings.archive, proof.text, event=proof.seq, events=proof.count
            )
            write_whole(path, told)
    write_whole(mark, f"{made.count}\n")


def _done(mark: Path) -> int:
    with suppress(OSError, ValueError):
        return int(mark.read_text("ascii"))
    return 0
