"""How large a file may become when it is opened: a small one can claim to hold terabytes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Of one image file: its pages, and all their pixels as a multiple of the most for one page.
IMAGE_PAGES = 10_000
IMAGE_PAGES_FULL = 40
PDF_PAGES = 20_000
# Of an archive or a word processor's document: members, bytes unpacked, and bytes for one packed.
ZIP_MEMBERS = 20_000
ZIP_BYTES = 1 << 30
ZIP_RATIO = 200
# A drawing or a table packs well; below this, no ratio is a danger.
ZIP_RATIO_FROM = 32 << 20
XML_BYTES = 64 << 20
# What decoded pictures and parsed trees may take together, over all threads.
OPENED_AT_ONCE = 1 << 30


class Bomb(Exception):
    """A file that would become far larger than it is; ``why`` says what it claims."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Room:
    """Memory that threads share: who needs more than is free waits, one alone always gets in."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._taken = 0
        self._freed = threading.Condition()

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Hold ``size`` bytes. Must not be asked for by who holds some already."""
        with self._freed:
            self._freed.wait_for(lambda: not self._taken or self._taken + size <= self._size)
            self._taken += size
        try:
            yield
        finally:
            with self._freed:
                self._taken -= size
                self._freed.notify_all()


room = Room(OPENED_AT_ONCE)
