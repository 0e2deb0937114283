"""Reading an earlier version of a damaged object, which its bucket still keeps."""

from dataclasses import dataclass
from typing import BinaryIO

from wiazka.catalogue.model import File
from wiazka.errors import BytesRefused
from wiazka.evidence import digests_of
from wiazka.restore.reader import written
from wiazka.stores.base import Past, Store


@dataclass(frozen=True, slots=True)
class PastReader:
    """What gives the bytes of one version of the object under ``key``."""

    store: Store
    key: str
    past: Past

    @property
    def version_id(self) -> str:
        """Which of the object's versions it is."""
        return self.past.version_id

    def read(self, file: File, out: BinaryIO) -> None:
        """Write a file's bytes into ``out``; whole and right, or BytesRefused.

        Raises the store's errors, and OSError as writing to ``out`` does.
        """
        with self.store.open_past(self.key, self.past) as stream:
            size, digests = digests_of(written(stream, out), ["sha256"])
        if (size, digests["sha256"]) != (file.size, file.sha256):
            raise BytesRefused(
                f"Store {self.store.name!r} ({self.store.place}), key {self.key!r}: version "
                f"{self.past.version_id} was right a moment ago, and reads otherwise now.",
                "Nothing was written. Run again; if it stays, look at the store's disks.",
            )
