"""The files that pages are made of: scans, transcriptions and translations, in their series."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from wiazka.intake.model import FileRole, SourceFile
from wiazka.intake.pairing.stems import Natural, Stem, natural, stem_of
from wiazka.intake.roles import is_role_folder, place
from wiazka.record.languages import language_tag

PAIRED = (FileRole.SCAN, FileRole.TRANSCRIPTION, FileRole.TRANSLATION)
_IN_BAG = {role: f"data/objects/{role.value}{'s' * (role is FileRole.SCAN)}/" for role in PAIRED}
_OBJECTS = "data/objects/"
_OF_MANY = frozenset({"image/tiff", "application/pdf"})
# Folders that hold the same pages in another form: they make no series of their own.
_FORMS = frozenset(
    (
        *("tif", "tiff", "jpg", "jpeg", "png", "jp2", "pdf"),
        *("txt", "docx", "doc", "odt", "xml", "page", "alto", "tei", "hocr", "text", "tekst"),
        *("master", "masters", "access", "archival", "web", "preview", "thumbs"),
    )
)


@dataclass(frozen=True, slots=True)
class Item:
    """One file that shows or says pages; ``file`` is None for one that could not be read.

    ``series`` is the folder inside the folder of its role; ``pages`` is how many are in a scan.
    """

    name: str
    role: FileRole
    language: str | None
    series: str
    stem: Stem
    pages: int = 1
    file: SourceFile | None = None

    @property
    def folder(self) -> str:
        """The folder it was delivered in."""
        return self.name.rpartition("/")[0]

    @property
    def order(self) -> tuple[Natural, Natural, str]:
        """A key for the order of names, in which 2 stands before 10."""
        return natural(self.series), natural(self.stem.text), self.name


def items_of(files: Iterable[SourceFile], unread: Iterable[str]) -> tuple[Item, ...]:
    """All that is of pages, in natural order. ``unread`` are names of files that are there, though
    they could not be read.
    """
    found = [_of_file(file) for file in files if file.role in PAIRED]
    have = {item.name for item in found}
    found += [item for name in dict.fromkeys(unread) if name not in have for item in _of_name(name)]
    return tuple(sorted(_with_sides(found), key=lambda item: item.order))


def _of_file(file: SourceFile) -> Item:
    pages = 1
    if file.role is FileRole.SCAN and file.technical.mime in _OF_MANY:
        pages = max(1, file.technical.pages or 1)
    series = _series(file.role, file.language, file.bag_path)
    stem = stem_of(file.name, file.language)
    return Item(file.name, file.role, file.language, series, stem, pages, file)


def _of_name(name: str) -> list[Item]:
    placed = place(name)
    if placed.role not in PAIRED:
        return []
    series = _series(placed.role, placed.language, placed.bag_path)
    stem = stem_of(name, placed.language)
    return [Item(name, placed.role, placed.language, series, stem)]


def _series(role: FileRole, language: str | None, bag_path: str) -> str:
    folder = bag_path.rpartition("/")[0] + "/"
    if folder.startswith(_IN_BAG[role]):
        parts = folder.removeprefix(_IN_BAG[role]).split("/")[:-1]
        if language and parts and _tag(parts[0]) == language:
            parts = parts[1:]
    else:
        parts = folder.removeprefix(_OBJECTS).split("/")[:-1]
        parts = parts[1:] if parts and is_role_folder(parts[0]) else parts
    return "/".join(part for part in parts if part.casefold() not in _FORMS)


@lru_cache(maxsize=1000)
def _tag(name: str) -> str | None:
    return language_tag(name)


def _with_sides(items: Sequence[Item]) -> list[Item]:
    """The items with sides as their series means them: beside ``0001c``, ``0001a`` is no recto;
    beside ``0001v``, a plain ``0001`` is one.
    """
    groups: dict[tuple[str, str | None, str, str], list[Stem]] = defaultdict(list)
    for item in items:
        groups[_group(item)].append(item.stem)
    lettered = {key for key, stems in groups.items() if _letters(stems)}
    one_sided = {key for key, stems in groups.items() if _one_sided(stems)}
    settled = []
    for item in items:
        key = _group(item)
        stem = _settled(item.stem, lettered=key in lettered, one_sided=key in one_sided)
        settled.append(item if stem is item.stem else replace(item, stem=stem))
    return settled


def _group(item: Item) -> tuple[str, str | None, str, str]:
    return item.role, item.language, item.series, item.stem.prefix


def _letters(stems: Iterable[Stem]) -> bool:
    return any(stem.mark and stem.side is None for stem in stems)


def _one_sided(stems: Sequence[Stem]) -> bool:
    """Whether only versos are marked, as in the numbering of leaves: 12, 12v."""
    versos = {stem.number for stem in stems if stem.side == "verso"}
    plain = {stem.number for stem in stems if stem.number is not None and stem.side is None}
    rectos = any(stem.side == "recto" for stem in stems)
    return bool(versos) and not rectos and 2 * len(versos & plain) >= len(plain)


def _settled(stem: Stem, *, lettered: bool, one_sided: bool) -> Stem:
    if lettered:
        return replace(stem, side=None) if stem.mark else stem
    plain = stem.number is not None and stem.side is None and stem.mark is None
    if plain and one_sided:
        return replace(stem, side="recto")
    return replace(stem, mark=None) if stem.mark else stem
