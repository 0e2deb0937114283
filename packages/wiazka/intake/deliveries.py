"""What lies in the inbox: deliveries, and the submissions in each."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wiazka.errors import UsageError
from wiazka.intake.checksums import Declared, is_checksum_file
from wiazka.intake.delivered.model import Unpacked
from wiazka.intake.delivered.packing import is_not_taken, is_packed, unpacked_name
from wiazka.intake.junk import OWN_NAMES, junk_reason
from wiazka.intake.model import LeftOut
from wiazka.intake.names import printable
from wiazka.intake.roles import is_role_folder
from wiazka.intake.settle import waiting_for
from wiazka.intake.shared import SHARED_NAMES, has_table, rows_without_folders
from wiazka.intake.sheet_paths import delivery_sheets, folder_named, read_sheet
from wiazka.phrase import say, say_many
from wiazka.problem_kinds import (
    ARCHIVE_NOT_TAKEN,
    CHECKSUM_FILE_MISSING,
    LOOSE_FILE,
    NAME_TWINS,
    SYMLINK,
    Problem,
)
from wiazka.record.sidecar import SIDECAR_NAMES
from wiazka.record.text import nfc

BAGIT_TXT = "bagit.txt"


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to be looked at: its folder or packed file, and the delivery it came in.

    ``path`` is the delivery's own where the delivery is a single document. ``unpacked`` is where a
    ``packed`` one is read from, once it was opened.
    """

    delivery: Path
    path: Path
    packed: bool = False
    unpacked: Unpacked | None = None

    @property
    def folder(self) -> str:
        """The submission's name, as it can be shown and stored."""
        return printable(unpacked_name(self.path.name) if self.packed else self.path.name)

    @property
    def root(self) -> Path:
        """The folder that it is read from."""
        return self.unpacked.contents if self.unpacked else self.path

    @property
    def is_bag(self) -> bool:
        """Whether it was handed over as a bag (RFC 8493)."""
        return (self.root / BAGIT_TXT).is_file()

    @property
    def home(self) -> Path:
        """The folder that scans/, a table of its own and so on lie in: the payload of a bag."""
        return self.root / "data" if self.is_bag else self.root

    @property
    def delivery_name(self) -> str:
        """The delivery's name, as it can be shown and stored."""
        return printable(self.delivery.name)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery: its submissions, and what lies in it that belongs to none of them.

    ``left_out`` is what operating systems and editors leave beside the documents' folders; what
    lies in a folder is told of its document. It is not ``whole`` where one document of it was
    asked for alone.
    """

    path: Path
    jobs: tuple[Job, ...]
    loose: tuple[tuple[str, Problem], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    whole: bool = True

    @property
    def name(self) -> str:
        """Its name, as it can be shown and stored."""
        return printable(self.path.name)


def in_inbox(inbox: Path) -> list[Delivery]:
    """The deliveries in an inbox, by name. Raises UsageError when there is no such folder."""
    if not inbox.is_dir():
        raise UsageError(
            f"There is no inbox at {inbox}.",
            "Make the folder, or name yours in wiazka.toml under [paths]: inbox = "
            '"/srv/archive/inbox"',
        )
    packed = [Delivery(path, (Job(path, path, packed=True),)) for path in _packed(inbox)]
    found = [*map(delivery_at, _folders(inbox)), *packed]
    return sorted(found, key=lambda delivery: delivery.path.name)


def at_paths(paths: Iterable[Path], inbox: Path) -> list[Delivery]:
    """The deliveries meant by paths on a command line: inboxes, deliveries or submissions."""
    deliveries: list[Delivery] = []
    for path in dict.fromkeys(path.absolute() for path in paths):
        packed = path.is_file() and is_packed(path.name)
        if not (packed or path.is_dir()):
            raise UsageError(
                f"There is no folder at {path}.",
                "Name a delivery, for example inbox/2024-05_kyungnam.",
            )
        if packed:
            delivery = path.parent if _is_delivery(path.parent, inbox) else path
            whole = delivery == path
            deliveries.append(Delivery(delivery, (Job(delivery, path, packed=True),), whole=whole))
        elif path.resolve() == inbox.resolve() or _is_inbox(path):
            deliveries.extend(in_inbox(path))
        elif _is_of_delivery(path) and path.parent.resolve() != inbox.resolve():
            deliveries.append(Delivery(path.parent, (Job(path.parent, path),), whole=False))
        else:
            deliveries.append(delivery_at(path))
    return deliveries


def is_submission(folder: Path) -> bool:
    """Whether a folder is one document's: it has a sidecar, or a folder such as scans/."""
    try:
        return any(
            (item.is_file() and item.name in (*SIDECAR_NAMES, BAGIT_TXT))
            or (item.is_dir() and is_role_folder(item.name))
            for item in folder.iterdir()
        )
    except OSError:
        return False


def _is_of_delivery(folder: Path) -> bool:
    """Whether a folder is one document of the delivery that it lies in."""
    return is_submission(folder) or has_table(folder.parent)


def _is_inbox(path: Path) -> bool:
    if is_submission(path) or has_table(path):
        return False
    folders = _folders(path)
    return not any(is_submission(folder) for folder in folders) and any(
        is_submission(inner) for folder in folders for inner in _folders(folder)
    )


def _folders(path: Path) -> list[Path]:
    try:
        items = sorted(path.iterdir(), key=lambda item: item.name)
    except OSError:
        return []
    return [
        item
        for item in items
        if item.is_dir()
        and not item.name.startswith(".")
        and item.name not in OWN_NAMES
        and not junk_reason(item.name)
    ]


def delivery_at(path: Path) -> Delivery:
    """The delivery in a folder, which may be a single document's."""
    folders = _folders(path)
    packed = _packed(path)
    if is_submission(path) or not (folders or _is_only_table(path) or _is_only_packed(path)):
        # A delivery of one document: dropped into the inbox without a folder around it.
        return Delivery(path, (Job(path, path),))
    jobs = [Job(path, folder) for folder in folders if not folder.is_symlink()]
    links = tuple(_link(folder) for folder in folders if folder.is_symlink())
    twins = []
    for item in packed:
        job = Job(path, item, packed=True)
        if twin := next((one.path for one in jobs if one.folder == job.folder), None):
            twins.append(_packed_twice(twin, item))
        else:
            jobs.append(job)
    jobs.sort(key=lambda job: job.folder)
    loose = (
        *links,
        *twins,
        *_loose(path),
        *rows_without_folders(path),
        *_sums_without_folders(path),
    )
    return Delivery(path, tuple(jobs), loose, tuple(_left_out(path)))


def _is_only_table(path: Path) -> bool:
    """Whether a folder holds a table and no file of a document: its documents are not there yet."""
    return has_table(path) and not any(True for _ in _loose(path))


def _left_out(delivery: Path) -> Iterable[LeftOut]:
    for name in sorted(os.listdir(delivery)):  # noqa: PTH208 - names alone are wanted
        if reason := junk_reason(name):
            yield LeftOut(printable(name), reason)


def _is_only_packed(path: Path) -> bool:
    """Whether a folder without folders holds documents that are packed, and no other file."""
    told = [problem.code for _, problem in _loose(path)]
    packed = bool(_packed(path)) or ARCHIVE_NOT_TAKEN.code in told
    return packed and LOOSE_FILE.code not in told


def _packed(folder: Path) -> list[Path]:
    """The packed files beside the documents' folders."""
    try:
        items = sorted(folder.iterdir(), key=lambda item: item.name)
    except OSError:
        return []
    return [
        item
        for item in items
        if is_packed(item.name)
        and item.is_file()
        and not item.is_symlink()
        and not item.name.startswith(".")
        and not waiting_for(item.name, item.name)
        and not junk_reason(item.name)
    ]


def _is_delivery(folder: Path, inbox: Path) -> bool:
    """Whether the folder that a packed file lies in is its delivery, not any folder of files."""
    marked = any((folder / name).exists() for name in (*OWN_NAMES, *SHARED_NAMES))
    return marked or folder.parent.resolve() == inbox.resolve()


def _loose(delivery: Path) -> Iterable[tuple[str, Problem]]:
    for item in sorted(delivery.iterdir(), key=lambda item: item.name):
        name = item.name
        expected = name in OWN_NAMES or name in SHARED_NAMES or is_checksum_file(name)
        if expected or junk_reason(name) or waiting_for(name, name):
            continue
        if is_packed(name) and item.is_file() and not item.is_symlink():
            continue
        shown = printable(name)
        if is_not_taken(name):
            yield shown, _not_taken(shown)
        elif not item.is_dir():
            yield shown, _loose_file(shown)
        elif name.startswith("."):
            yield shown, _hidden_folder(shown)


def _loose_file(shown: str) -> Problem:
    return LOOSE_FILE.at(
        shown,
        say("'{name}' lies beside the documents' folders and belongs to none of them.", name=shown),
        say("Move it into the folder of its document, for example into documents/ there."),
    )


def _hidden_folder(shown: str) -> Problem:
    return LOOSE_FILE.at(
        shown,
        say(
            "'{name}' is a hidden folder, for its name begins with a dot; it was not taken.",
            name=shown,
        ),
        say("If it is a document's folder, rename it without the dot; else remove it."),
    )


def _sums_without_folders(delivery: Path) -> Iterable[tuple[str, Problem]]:
    """A problem for each folder that a checksum file lists files of, and that is not there."""
    there = {nfc(item.name) for item in delivery.iterdir() if item.is_dir()}
    there |= {nfc(unpacked_name(item.name)) for item in _packed(delivery)}
    for path in delivery_sheets(delivery):
        said = path.name
        declared, _ = read_sheet(path, said)
        missing: dict[str, list[Declared]] = defaultdict(list)
        for item in declared:
            folder = folder_named(item)
            if folder and nfc(folder) not in there and not junk_reason(folder):
                missing[folder].append(item)
        for folder, items in missing.items():
            shown = printable(folder)
            yield (
                shown,
                CHECKSUM_FILE_MISSING.at(
                    said,
                    say_many(
                        "{file} lists {number} file of the folder '{folder}', which is not there.",
                        "{file} lists {number} files of the folder '{folder}', which is not there.",
                        len(items),
                        file=said,
                        folder=shown,
                    ),
                    say(
                        "Copy the folder into the delivery, or remove its lines from {file}.",
                        file=said,
                    ),
                    field=f"line {items[0].line}",
                ),
            )


def _link(folder: Path) -> tuple[str, Problem]:
    shown = printable(folder.name)
    return shown, SYMLINK.at(
        "",
        say("'{name}' is a link to another place, not a folder of this delivery.", name=shown),
        say("Put the folder itself in its place."),
    )


def _not_taken(shown: str) -> Problem:
    return ARCHIVE_NOT_TAKEN.at(
        shown,
        say("'{name}' is packed in a way that is not opened here.", name=shown),
        say(
            "Unpack it and hand over the folder, or pack the folder as a zip or tar file, for "
            "example 1984-06-04_note.zip."
        ),
    )


def _packed_twice(there: Path, packed: Path) -> tuple[str, Problem]:
    shown = printable(packed.name)
    return shown, NAME_TWINS.at(
        shown,
        say(
            "'{packed}' and '{there}' would be one and the same document.",
            packed=shown,
            there=printable(there.name),
        ),
        say("Keep one of them; if they are two documents, rename one."),
    )
