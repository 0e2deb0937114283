"""What is measured with: a few large files, and many small ones."""

import os
from dataclasses import dataclass
from pathlib import Path

_PIECE = 1 << 22


@dataclass(frozen=True, slots=True)
class Corpus:
    """Files of one size, of random bytes; those of a ``sparse`` one are holes."""

    name: str
    files: int
    file_size: int
    sparse: bool = False

    @property
    def size(self) -> int:
        """The bytes of all of them."""
        return self.files * self.file_size

    def write(self, folder: Path) -> Path:
        """Make it, a hundred files a folder; its folder."""
        root = folder / self.name
        for number in range(self.files):
            path = root / f"{number // 100:03}" / f"{number:05}.bin"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as stream:
                if self.sparse:
                    # With no byte at all on the disk it would be taken for a stand-in of a file.
                    stream.seek(self.file_size - 1)
                    stream.write(b"!")
                    continue
                for left in range(self.file_size, 0, -_PIECE):
                    stream.write(os.urandom(min(left, _PIECE)))
        return root


# Too large for one PUT.
LARGE = Corpus("large", 1, 6_000_000_000, sparse=True)


def corpora(scale: float) -> list[Corpus]:
    """Corpus A, 2 GiB in 40 files, and B, 20,000 files of 20 KiB; ``scale`` of both."""
    large = Corpus("A", 40, int((2 << 30) / 40 * scale))
    return [large, Corpus("B", max(1, int(20_000 * scale)), 20 << 10)]
