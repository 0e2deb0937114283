"""Digests, and how strong a proof of them is."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

# 1 MiB keeps a core hashing at its limit and memory flat whatever the file's size.
CHUNK = 1 << 20


class Grade(StrEnum):
    """What a check proved about a copy, weakest to strongest (DESIGN §6)."""

    LISTED = "listed"
    SIZE = "size"
    STORED_DIGEST = "stored-digest"
    RECOMPUTED = "recomputed"
    READ = "read"

    @property
    def strength(self) -> int:
        """A number that orders grades: the stronger the proof, the larger."""
        return list(Grade).index(self)


class Outcome(StrEnum):
    """What a check found; the kinds are never folded into one another (DESIGN §6)."""

    OK = "ok"
    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    DENIED = "denied"
    THROTTLED = "throttled"
    EXTRA = "extra"
    UNKNOWN = "unknown"


# The bytes that were handed over are not there.
DAMAGE = frozenset({Outcome.CHANGED, Outcome.MISSING, Outcome.UNREADABLE})
# The store did not let us look: that says nothing of the copy.
INCONCLUSIVE = frozenset({Outcome.DENIED, Outcome.THROTTLED, Outcome.UNKNOWN})
# Damage before doubt, and that before what is only too much.
_GRAVITY = (
    Outcome.CHANGED,
    Outcome.MISSING,
    Outcome.UNREADABLE,
    Outcome.DENIED,
    Outcome.THROTTLED,
    Outcome.UNKNOWN,
    Outcome.EXTRA,
    Outcome.OK,
)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The one that decides what is said of a whole; OK where there is none."""
    return min(outcomes, key=_GRAVITY.index, default=Outcome.OK)


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of ``stream`` in pieces of at most ``CHUNK`` bytes."""
    while piece := stream.read(CHUNK):
        yield piece


def digests_of(pieces: Iterable[bytes], algorithms: Iterable[str]) -> tuple[int, Mapping[str, str]]:
    """The number of bytes in ``pieces`` and their hex digest by each hashlib algorithm."""
    hashers = {name: hashlib.new(name) for name in algorithms}
    size = 0
    for piece in pieces:
        size += len(piece)
        for hasher in hashers.values():
            hasher.update(piece)
    return size, {name: hasher.hexdigest() for name, hasher in hashers.items()}


def sha256_to_end(read: Callable[[int], bytes], size: int) -> tuple[int, str]:
    """The number of bytes that ``read`` gives until its end, and their hex SHA-256.

    ``size`` is how many there should be: most files are far smaller than a piece.
    """
    hasher = hashlib.sha256()
    seen, most = 0, min(CHUNK, size + 1)
    while piece := read(most):
        hasher.update(piece)
        seen += len(piece)
    return seen, hasher.hexdigest()


def sha256(data: bytes) -> str:
    """The hex SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> tuple[int, str]:
    """The size and hex SHA-256 of a file's bytes. Raises OSError as ``open`` does."""
    with path.open("rb") as stream:
        size, digests = digests_of(chunks(stream), ["sha256"])
    return size, digests["sha256"]
