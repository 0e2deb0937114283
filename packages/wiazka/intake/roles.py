"""What each file is to its document: told by its folder, or guessed from its type."""

import unicodedata
from dataclasses import dataclass

from wiazka.intake.checksums import is_checksum_file
from wiazka.intake.model import FileRole
from wiazka.intake.shared import SHARED_NAMES
from wiazka.record.languages import language_tag
from wiazka.record.sidecar import SIDECAR_NAMES
from wiazka.record.transfer import METADATA_CSV

# Where sidecars are kept in a bag, byte for byte.
DELIVERED = "data/metadata/submissionDocumentation/delivered"
# An Archivematica transfer has these under metadata/.
_TRANSFER_DOCUMENTS = "metadata/submissionDocumentation/"

_FOLDERS = {
    FileRole.SCAN: ("scans", "scan", "skany", "skan"),
    FileRole.TRANSCRIPTION: ("transcription", "transcriptions", "transkrypcja", "transkrypcje"),
    FileRole.TRANSLATION: ("translation", "translations", "tlumaczenie", "tlumaczenia", "przeklad"),
    FileRole.DOCUMENTATION: ("documents", "documentation", "dokumenty", "dokumentacja"),
    FileRole.OBJECT: ("objects",),
}
_ROLE_OF = {name: role for role, names in _FOLDERS.items() for name in names}
_INSIDE_OBJECTS = (FileRole.SCAN, FileRole.TRANSCRIPTION, FileRole.TRANSLATION)
_FOLDER_IN_BAG = {
    FileRole.SCAN: "data/objects/scans",
    FileRole.TRANSCRIPTION: "data/objects/transcription",
    FileRole.TRANSLATION: "data/objects/translation",
    FileRole.OBJECT: "data/objects",
    FileRole.DOCUMENTATION: "data/metadata/submissionDocumentation",
    FileRole.SIDECAR: DELIVERED,
    FileRole.CHECKSUMS: "data/metadata",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A file's role and language, whether its folder told them, and where it goes in the bag."""

    role: FileRole
    language: str | None
    told: bool
    bag_path: str


def is_role_folder(name: str) -> bool:
    """Whether a folder of this name tells the role of the files in it."""
    return _plain(name) in _ROLE_OF


def place(name: str) -> Placed:
    """The role of the file with this path in a submission, and its path in the bag (DESIGN §4)."""
    folder, _, rest = name.partition("/")
    if name in SIDECAR_NAMES or name in SHARED_NAMES:
        return _placed(FileRole.SIDECAR, None, name)
    if is_checksum_file(name):
        return _placed(FileRole.CHECKSUMS, None, name.removeprefix("metadata/"))
    if name == METADATA_CSV:
        return _placed(FileRole.SIDECAR, None, rest)
    if name.startswith(_TRANSFER_DOCUMENTS):
        return _placed(FileRole.DOCUMENTATION, None, name.removeprefix(_TRANSFER_DOCUMENTS))
    role = _ROLE_OF.get(_plain(folder)) if rest else None
    if role is FileRole.OBJECT:
        # A transfer, and a bag of ours, have the folders that tell roles inside objects/.
        inner = rest.partition("/")
        if inner[2] and _ROLE_OF.get(_plain(inner[0])) in _INSIDE_OBJECTS:
            role, rest = _ROLE_OF[_plain(inner[0])], inner[2]
    if role is None:
        return Placed(FileRole.OBJECT, None, told=False, bag_path=f"data/objects/{name}")
    language = None
    if role in (FileRole.TRANSCRIPTION, FileRole.TRANSLATION) and "/" in rest:
        language = language_tag(rest.split("/", 1)[0])
    return _placed(role, language, rest)


def _placed(role: FileRole, language: str | None, rest: str) -> Placed:
    return Placed(role, language, told=True, bag_path=f"{_FOLDER_IN_BAG[role]}/{rest}")


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold()).replace("ł", "l")
    return "".join(c for c in decomposed if not unicodedata.combining(c))
