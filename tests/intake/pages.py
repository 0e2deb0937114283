"""Files of a document as values, for what is told by their names and by what was seen in them."""

import hashlib
from pathlib import Path

from wiazka.intake.model import Seen, SourceFile, Technical
from wiazka.intake.pairing.pair import Paired, pair
from wiazka.intake.roles import place
from wiazka.record.model import Record

_MIME = {"tif": "image/tiff", "jpg": "image/jpeg", "pdf": "application/pdf", "xml": "text/xml"}


def page_file(
    name: str, *, pages: int | None = None, same_as: str | None = None, seen: Seen | None = None
) -> SourceFile:
    """A file of this name; ``same_as`` is another that it has the bytes of."""
    placed = place(name)
    digest = hashlib.sha256((same_as or name).encode()).hexdigest()
    mime = _MIME.get(name.rpartition(".")[2], "text/plain")
    return SourceFile(
        path=Path(name),
        name=name,
        bag_path=placed.bag_path,
        role=placed.role,
        language=placed.language,
        size=1,
        digests={"sha256": digest},
        technical=Technical(mime, pages=pages),
        seen=seen or Seen(),
    )


def scans(*stems: str) -> list[SourceFile]:
    return [page_file(f"scans/{stem}.tif") for stem in stems]


def polish(*stems: str) -> list[SourceFile]:
    return [page_file(f"transcription/pl/{stem}.txt") for stem in stems]


def english(*stems: str) -> list[SourceFile]:
    return [page_file(f"translation/en/{stem}.txt") for stem in stems]


def paired(files: list[SourceFile], *unread: str, **extra: str) -> Paired:
    """The pages of these files; ``extra`` are keys of the record."""
    return pair(files, unread, Record(extra=extra, sidecar="record.yaml"))


def drawn(found: Paired) -> list[str]:
    """The pages in order, each with its files: ``0001r: scans/0001r.tif transcription/pl/…``."""
    return [
        f"{page.label}: {' '.join(_part(part.path, part.page) for part in page.parts)}"
        for page in found.pages
    ]


def _part(path: str, page: int | None) -> str:
    return path.removeprefix("data/objects/") + (f"#{page}" if page else "")


def told(found: Paired) -> list[tuple[str, str]]:
    """The codes of what is told, each with its message."""
    return [(problem.code, str(problem.message)) for problem in found.problems]


def codes(found: Paired) -> list[str]:
    return [problem.code for problem in found.problems]
