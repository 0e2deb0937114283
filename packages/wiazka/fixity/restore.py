"""Restoring a version: streamed from a store, checked as it goes by, validated as a bag."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from wiazka.bag.judge import require_valid
from wiazka.bag.stored import stored_file
from wiazka.bag.writer import write_bag
from wiazka.catalogue.model import File, Unchanged, Version
from wiazka.errors import BytesRefused, ObjectMissing, StoreError
from wiazka.stores.base import Store
from wiazka.stores.layout import file_key, version_prefix


def restore(version: Version, files: Iterable[File], stores: Iterable[Store], to: Path) -> Store:
    """Write a version into the new folder ``to`` from the first store with a whole copy of it.

    The digests are those of the catalogue, not what the store says of itself. Returns the store it
    came from. Raises UsageError when ``to`` is there already, BagInvalid when the bagit package
    does not validate what was written, and the last store's error when none has a whole copy.
    """
    wanted = [stored_file(file, Unchanged.REFERENCE) for file in files]
    keys = {file.path: file_key(version.identity, version.number, file) for file in wanted}
    own = version_prefix(version.identity, version.number)
    fault: StoreError | None = None
    for store in stores:
        try:
            write_bag(wanted, to, partial(_open, store, keys, own))
        except StoreError as error:
            fault = error
            continue
        require_valid(to)
        return store
    raise fault or BytesRefused(
        f"No store has a copy of {version.identity} v{version.number}.",
        f"'wiazka show {version.identity}' lists its copies.",
    )


@contextmanager
def _open(store: Store, keys: Mapping[str, str], own: str, path: str) -> Iterator[BinaryIO]:
    with ExitStack() as opened:
        try:
            stream = opened.enter_context(store.open(keys[path]))
        except ObjectMissing:
            # A copy that holds its unchanged files itself.
            stream = opened.enter_context(store.open(own + path))
        yield stream
