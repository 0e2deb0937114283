"""Proofs for receipts: that the event which registered a bag is in the ledger."""

import inspect
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.packages import TAG_MANIFEST
from wiazka.catalogue.tree import Included
from wiazka.ledger import verify_receipt, verify_receipt_ed25519, verify_receipt_words
from wiazka.ledger.note import Checkpoint, checkpoint_of
from wiazka.ledger.signing import VerifierKey


@dataclass(frozen=True, slots=True)
class Proof:
    """That an event is under the checkpoint of so many events; ``text`` is JSON, in ASCII alone.

    ``seals_a_bag``: the event names the digest by which a bag can be checked; old ones do not.
    """

    seq: int
    count: int
    text: str
    seals_a_bag: bool


def proofs(
    catalogue: Catalogue, seqs: Iterable[int], checkpoint: Checkpoint, key: VerifierKey | None
) -> Iterator[Proof]:
    """The proofs of some events under a checkpoint; ``key`` is the public key that signed it.

    Raises CatalogueError where an event is not what was written.
    """
    for included in catalogue.tree.inclusions(seqs, checkpoint.count):
        seals = TAG_MANIFEST in json.loads(included.line)["detail"]
        yield Proof(included.seq, included.count, _json(included, checkpoint, key), seals)


def checkpoint_at(catalogue: Catalogue, count: int) -> Checkpoint | None:
    """The checkpoint of so many events: as it was made, else an unsigned one.

    None where none was ever made, to take the origin from.
    """
    last = catalogue.tree.newest(upto=count) or catalogue.tree.newest()
    if last is None:
        return None
    known = checkpoint_of(last.note)
    if known.count == count:
        return known
    return Checkpoint(known.origin, count, catalogue.tree.root(count))


def joining(catalogue: Catalogue, old: int, new: int) -> str:
    """The proof, as JSON, that the first ``old`` events begin the first ``new``.

    Raises CatalogueError where an event is not what was written.
    """
    path = [b64encode(one).decode("ascii") for one in catalogue.tree.consistency(old, new)]
    return json.dumps({"wiazka-consistency": 1, "old": old, "new": new, "path": path}, indent=1)


def verifier_source() -> str:
    """The program verify_receipt.py: one file, which needs nothing but Python."""
    program = inspect.getsource(verify_receipt)
    for part in (verify_receipt_ed25519, verify_receipt_words):
        _, _, source = inspect.getsource(part).partition("\n\n")
        begin, _, rest = re.split(rf"(from {part.__name__} import .*\n)", program)
        program = f"{begin}{source}{rest}"
    return program


def _json(included: Included, checkpoint: Checkpoint, key: VerifierKey | None) -> str:
    signed = key is not None and key.signed(checkpoint)
    proof = {
        "wiazka-proof": 1,
        "event": included.line,
        "index": included.seq - 1,
        "size": included.count,
        "path": [b64encode(one).decode("ascii") for one in included.path],
        "checkpoint": checkpoint.text,
        "key": key.line if key and signed else None,
    }
    return json.dumps(proof, indent=1)
