"""Checkpoints made of the ledger, and sent to the stores that have its events."""

from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.tree import Made
from wiazka.errors import LedgerForked, ObjectExists, ObjectMissing
from wiazka.evidence import chunks, sha256
from wiazka.ledger.note import Checkpoint, checkpoint_count, checkpoint_of, key_object
from wiazka.ledger.signing import SigningKey, VerifierKey, signing_key
from wiazka.settings_of_fixity import LedgerSettings
from wiazka.stores.attest import attest
from wiazka.stores.base import Content, Store


def make_checkpoint(
    catalogue: Catalogue, settings: LedgerSettings
) -> tuple[Checkpoint, VerifierKey | None] | None:
    """The checkpoint of all events, signed where there is a key; kept in the catalogue.

    With the public key of its signature. None where there are no events. Raises ConfigError for a
    key that cannot be used, CatalogueError where an event is not what was written, and LedgerForked
    where the events are not those of the last checkpoint.
    """
    head = catalogue.ledger_head()
    if not head.count:
        return None
    key = signing_key(settings)
    if last := catalogue.tree.newest():
        _require_continued(catalogue, last, head.count)
    bare = Checkpoint(
        _origin(catalogue, settings, key), head.count, catalogue.tree.root(head.count)
    )
    made = key.sign(bare) if key else bare
    catalogue.tree.keep(Made(made.count, made.root.hex(), datetime.now(UTC), made.text))
    return made, key.verifier if key else None


def send_checkpoint(store: Store, made: tuple[Checkpoint, VerifierKey | None]) -> None:
    """Put a checkpoint, and the public key of its signature, into a store, each proved there.

    Raises LedgerForked where another checkpoint of so many events is, and the store's errors.
    """
    checkpoint, verifier = made
    if _has(store, checkpoint.key):
        return
    if verifier and not _has(store, key := key_object(verifier.id)):
        _put(store, key, (verifier.line + "\n").encode())
    _put(store, checkpoint.key, checkpoint.text.encode())


def read_checkpoint(store: Store, key: str) -> Checkpoint:
    """The checkpoint under a key. Raises ValueError that says why it is none, and StoreError."""
    with store.open(key) as stream:
        told = checkpoint_of(b"".join(chunks(stream)).decode("utf-8", "replace"))
    if told.count != checkpoint_count(key):
        raise ValueError(f"it is of {told.count} events")
    return told


def _has(store: Store, key: str) -> bool:
    try:
        store.head(key)
    except ObjectMissing:
        return False
    return True


def _put(store: Store, key: str, data: bytes) -> None:
    try:
        store.put(key, Content(data, len(data), sha256(data)))
    except ObjectExists as error:
        # Another machine made the same one at the same moment; a signature has no chance in it.
        with store.open(key) as stream:
            if b"".join(chunks(stream)) != data:
                raise LedgerForked(
                    f"Store {store.name!r} ({store.place}): {key} is not what this catalogue's "
                    "ledger is.",
                    "Stop all runs; 'wiazka log verify' shows what differs.",
                ) from error
    attest(store, key, len(data), sha256(data))


def _require_continued(catalogue: Catalogue, last: Made, count: int) -> None:
    if last.count <= count and catalogue.tree.root(last.count).hex() == last.root:
        return
    raise LedgerForked(
        f"The catalogue's {count} events do not go on from its checkpoint of {last.count} events: "
        "no checkpoint was made.",
        "'wiazka log verify' tells what was done to the ledger.",
    )


def _origin(catalogue: Catalogue, settings: LedgerSettings, key: SigningKey | None) -> str:
    if settings.origin:
        return settings.origin
    if key:
        return key.verifier.name
    # No two archives have the same first event.
    return f"wiazka/{str(catalogue.event_hash(1))[:16]}"
