"""Stores that can also remove: for deaccession alone; nothing else may import this.

A ``Store`` cannot remove what it keeps, so no fault elsewhere in wiazka can lose an object.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from wiazka.durable import sync_folder
from wiazka.settings_of_stores import DirectoryStore, StoreSettings
from wiazka.stores.base import ObjectInfo, Store
from wiazka.stores.directory import DirectoryFiles


class Removing(Store, Protocol):
    """A store that can be made to forget. Raises what a Store raises."""

    def all_versions(self, prefix: str) -> Iterator[ObjectInfo]:
        """Every version of every object whose key begins with ``prefix``, and delete markers.

        Each with what keeps it from being removed: ``locked_until`` and ``legal_hold``.
        """
        ...

    def remove(self, info: ObjectInfo) -> None:
        """Remove that very version of an object for good; one that is gone already is no fault.

        Raises ObjectLocked where the store does not allow it yet. A lock is never got round.
        """
        ...

    def discard_parts(self, prefix: str) -> None:
        """Discard the parts of unfinished uploads to keys that begin with ``prefix``."""
        ...


def open_removing(name: str, settings: StoreSettings) -> Removing:
    """The store that ``settings`` describe, able to remove. Raises ConfigError as open_store."""
    if isinstance(settings, DirectoryStore):
        return DirectoryRemoval(name, settings.path)
    from wiazka.stores.s3_removal import open_removing_bucket

    return open_removing_bucket(name, settings)


class DirectoryRemoval(DirectoryFiles):
    """A directory whose files can be removed. It has no versions, locks or unfinished uploads."""

    def all_versions(self, prefix: str) -> Iterator[ObjectInfo]:
        """The files, as ``list`` has them."""
        return self.list(prefix)

    def remove(self, info: ObjectInfo) -> None:
        """Unlink the file, and the folders that it leaves empty."""
        path = self._path(info.key)
        with self._explained(info.key):
            path.unlink(missing_ok=True)
            self._tidy(path.parent)

    def discard_parts(self, prefix: str) -> None:
        """Nothing: what is on its way in has no name yet, and is swept by the next put."""

    def _tidy(self, folder: Path) -> None:
        while folder != self._root:
            # Not empty, or gone already by a removal beside this one.
            with suppress(OSError):
                folder.rmdir()
            if folder.exists():
                break
            folder = folder.parent
        # A name is gone for good only when its folder is on the disk.
        with suppress(FileNotFoundError):
            sync_folder(folder)
