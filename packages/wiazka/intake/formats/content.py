"""The bytes of one file, as they were read: in memory, or through the open file they came from."""

import io
import os
from dataclasses import dataclass
from typing import BinaryIO

# How much of each end is looked at to tell a format; what DROID, too, looks at by default.
ENDS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes. ``data`` is None for a large file, which is read again through
    ``descriptor``: never by its path, which may name another file by then.
    """

    descriptor: int
    size: int
    head: bytes
    tail: bytes
    data: bytes | None

    def stream(self) -> BinaryIO:
        """A new stream of the whole file, at its beginning."""
        if self.data is not None:
            return io.BytesIO(self.data)
        # A duplicate shares the place of reading with the first: one thread has the file.
        stream = os.fdopen(os.dup(self.descriptor), "rb")
        stream.seek(0)
        return stream

    def all_zeros(self) -> bool:
        """Whether the file holds nothing but zero bytes."""
        if any(self.head) or any(self.tail):
            return False
        with self.stream() as stream:
            while piece := stream.read(1 << 20):
                if piece.count(0) != len(piece):
                    return False
        return True
