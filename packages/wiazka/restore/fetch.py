"""A file's bytes at hand, whole and proved, before anybody is given the first of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Protocol, cast

from wiazka.catalogue.model import File
from wiazka.restore.room import require_room, room_explained
from wiazka.stores.base import Content

# A store is given bytes only when they are known to be right, and reads them again for a retry, so
# they cannot be passed straight through. Small ones wait in memory: with a few on their way at a
# time it stays flat, and no disk is bothered with thousands of files of some kilobytes.
IN_MEMORY = 8 << 20


class Reading(Protocol):
    """What gives a file's bytes whole and right, or raises: see ``Reader``."""

    def read(self, file: File, out: BinaryIO) -> None:
        """Write the file's bytes into ``out``, from its beginning."""
        ...


@contextmanager
def fetched(reader: Reading, file: File, spool: Path) -> Iterator[Content]:
    """The bytes of a file, as ``reader`` gives them; larger ones in a file in ``spool``.

    Raises as its ``read`` does, and NoRoom.
    """
    if file.size <= IN_MEMORY:
        memory = BytesIO()
        reader.read(file, memory)
        yield Content(memory.getvalue(), file.size, file.sha256)
        return
    require_room(spool, file.size)
    with NamedTemporaryFile(dir=spool) as out:
        with room_explained(spool):
            reader.read(file, cast("BinaryIO", out))
            out.flush()
        yield Content(Path(out.name), file.size, file.sha256)
