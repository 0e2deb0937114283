"""A zip file that is the same, byte for byte, whenever it is made of the same."""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MANIFEST = "manifest-sha256.txt"
# So much is hashed and compressed at a time: by the line, the calls cost more than the work.
_PIECE = 1 << 18
# A ledger is lines that are much alike: the most effort takes thrice as long, and saves a tenth.
_EFFORT = 1
_READABLE = 0o100644 << 16


class Packing:
    """A dossier on its way: each file is written once, and hashed as it is written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.digests: dict[str, str] = {}

    def add(self, name: str, parts: Iterable[str]) -> None:
        """A file of text in parts; memory holds some of them."""
        digest = hashlib.sha256()
        with self._archive.open(name, "w", force_zip64=True) as out:
            for data in _pieces(parts):
                digest.update(data)
                out.write(data)
        self._archive.getinfo(name).external_attr = _READABLE
        self.digests[name] = digest.hexdigest()

    def close(self) -> str:
        """Write the manifest of all files; its own digest, by which the whole can be known."""
        self.add(MANIFEST, [f"{digest}  {name}\n" for name, digest in sorted(self.digests.items())])
        return self.digests[MANIFEST]


@contextmanager
def packing(path: Path) -> Iterator[Packing]:
    """A new zip file at ``path``, there only when it is whole. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("xb") as stream:
            with zipfile.ZipFile(
                stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT
            ) as archive:
                yield Packing(archive)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _pieces(parts: Iterable[str]) -> Iterator[bytes]:
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(waiting).encode("utf-8")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8")
