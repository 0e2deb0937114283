"""What lies in the inbox: deliveries, and the submissions in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wiazka.errors import LOOSE_FILE, SYMLINK, Problem, UsageError
from wiazka.intake.checksums import checksum_algorithm
from wiazka.intake.junk import OWN_NAMES, is_lock, is_unfinished, junk_reason
from wiazka.intake.names import printable
from wiazka.intake.roles import is_role_folder
from wiazka.intake.shared import SHARED_NAMES, has_table, rows_without_folders
from wiazka.phrase import say
from wiazka.record.sidecar import SIDECAR_NAMES


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to be looked at: its folder, and the delivery it came in.

    ``path`` is the delivery's own where the delivery is a single document.
    """

    delivery: Path
    path: Path

    @property
    def folder(self) -> str:
        """The submission's name, as it can be shown and stored."""
        return printable(self.path.name)

    @property
    def delivery_name(self) -> str:
        """The delivery's name, as it can be shown and stored."""
        return printable(self.delivery.name)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery: its submissions, and what lies in it that belongs to none of them."""

    path: Path
    jobs: tuple[Job, ...]
    loose: tuple[tuple[str, Problem], ...] = ()

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
    return [_delivery(path) for path in _folders(inbox)]


def at_paths(paths: Iterable[Path], inbox: Path) -> list[Delivery]:
    """The deliveries meant by paths on a command line: inboxes, deliveries or submissions."""
    deliveries: list[Delivery] = []
    for path in dict.fromkeys(path.absolute() for path in paths):
        if not path.is_dir():
            raise UsageError(
                f"There is no folder at {path}.",
                "Name a delivery, for example inbox/2024-05_kyungnam.",
            )
        if path.resolve() == inbox.resolve() or _is_inbox(path):
            deliveries.extend(in_inbox(path))
        elif _is_of_delivery(path) and path.parent.resolve() != inbox.resolve():
            deliveries.append(Delivery(path.parent, (Job(path.parent, path),)))
        else:
            deliveries.append(_delivery(path))
    return deliveries


def is_submission(folder: Path) -> bool:
    """Whether a folder is one document's: it has a sidecar, or a folder such as scans/."""
    try:
        return any(
            (item.is_file() and item.name in SIDECAR_NAMES)
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


def _delivery(path: Path) -> Delivery:
    folders = _folders(path)
    if is_submission(path) or not (folders or _is_only_table(path)):
        # A delivery of one document: dropped into the inbox without a folder around it.
        return Delivery(path, (Job(path, path),))
    jobs = tuple(Job(path, folder) for folder in folders if not folder.is_symlink())
    links = tuple(_link(folder) for folder in folders if folder.is_symlink())
    return Delivery(path, jobs, (*links, *_loose(path), *rows_without_folders(path)))


def _is_only_table(path: Path) -> bool:
    """Whether a folder holds a table and no file of a document: its documents are not there yet."""
    return has_table(path) and not any(True for _ in _loose(path))


def _loose(delivery: Path) -> Iterable[tuple[str, Problem]]:
    for item in sorted(delivery.iterdir(), key=lambda item: item.name):
        name = item.name
        known = name in OWN_NAMES or name in SHARED_NAMES
        expected = known or checksum_algorithm(name) or name.startswith(".")
        if item.is_dir() or expected or junk_reason(name) or is_lock(name) or is_unfinished(name):
            continue
        shown = printable(name)
        yield (
            shown,
            LOOSE_FILE.at(
                shown,
                say(
                    "'{name}' lies beside the documents' folders and belongs to none of them.",
                    name=shown,
                ),
                say("Move it into the folder of its document, for example into documents/ there."),
            ),
        )


def _link(folder: Path) -> tuple[str, Problem]:
    shown = printable(folder.name)
    return shown, SYMLINK.at(
        "",
        say("'{name}' is a link to another place, not a folder of this delivery.", name=shown),
        say("Put the folder itself in its place."),
    )
