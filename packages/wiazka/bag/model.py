"""A bag as a value: what it will hold, before a byte is moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a bag: ``path`` inside it, and a source file or bytes in memory.

    ``held_in``: the earlier version of the package that holds the same bytes; ``held_as``: its path
    there, where that is another.
    """

    path: str
    source: Path | bytes
    size: int
    digests: Mapping[str, str]
    held_in: int | None = None
    held_as: str | None = None

    @property
    def sha256(self) -> str:
        """The hex SHA-256 that the manifest declares."""
        return self.digests["sha256"]


@dataclass(frozen=True, slots=True)
class BagPlan:
    """A whole bag (RFC 8493): payload, tag files and manifests, sorted by path.

    ``content`` is the digest of what was delivered (paths and digests): equal content, equal
    document.
    """

    identity: str
    version: int
    content: str
    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """The bytes of all its files."""
        return sum(entry.size for entry in self.entries)
