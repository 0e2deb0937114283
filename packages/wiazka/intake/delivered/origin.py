"""What a scratch place holds: of which packed file it was unpacked, and the digests of it all."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from wiazka.durable import sync_folder

_ORIGIN = "origin.json"
_CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Written:
    """A member as it was written: its path under the contents, its bytes, and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The packed file at ``path`` as it was, by ``mark``, and what unpacking it gave.

    ``digests`` are those of the packed file, by algorithm; none until it is unpacked to its end.
    """

    path: str
    mark: tuple[int, ...]
    digests: tuple[tuple[str, str], ...] = ()
    files: int = 0
    size: int = 0
    written: tuple[Written, ...] = ()

    def write(self, place: Path) -> None:
        """Write it into a scratch place, so that a power cut does not undo it."""
        with (place / _ORIGIN).open("w", encoding="utf-8") as out:
            json.dump(asdict(self), out)
            out.flush()
            os.fsync(out.fileno())

    def is_all_there(self, place: Path) -> bool:
        """Whether the contents are the members by their names and sizes, no more and no less."""
        try:
            return dict(_sizes(contents_of(place))) == {one.name: one.size for one in self.written}
        except OSError:
            return False


def _sizes(contents: Path) -> Iterator[tuple[str, int]]:
    """The names and sizes of all that is no folder."""
    for folder, folders, names in os.walk(contents):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in (*names, *links):
            path = Path(folder) / name
            yield path.relative_to(contents).as_posix(), path.lstat().st_size


def origin_of(place: Path) -> Origin | None:
    """The origin of a scratch place; None where it does not read."""
    try:
        read = json.loads((place / _ORIGIN).read_text("utf-8"))
        return Origin(
            read["path"],
            tuple(read["mark"]),
            tuple((name, digest) for name, digest in read["digests"]),
            read["files"],
            read["size"],
            tuple(Written(**one) for one in read["written"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def contents_of(place: Path) -> Path:
    """The folder in a scratch place that the members lie in."""
    return place / _CONTENTS


def unlike(place: Path, read: Mapping[Path, str]) -> tuple[str, ...]:
    """The members that are not what was unpacked, by their paths under the contents.

    ``read`` has the SHA-256 of each file as it was read. "" stands for all of it, where members
    came or went.
    """
    origin = origin_of(place)
    if origin is None:
        return ("",)
    contents = contents_of(place)
    digests = {contents / one.name: one.sha256 for one in origin.written}
    differing = [
        path.relative_to(contents).as_posix()
        for path, sha256 in read.items()
        if digests.get(path) != sha256
    ]
    return tuple(differing) if differing or origin.is_all_there(place) else ("",)


def sync_folders(place: Path) -> None:
    """Have the disk keep the names of all that lies in a scratch place."""
    for folder, _, _ in os.walk(place):
        sync_folder(Path(folder))
