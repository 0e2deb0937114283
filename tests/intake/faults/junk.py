"""What computers leave behind, and copies that they make."""

import shutil
from pathlib import Path

from tests.intake.faults import fault

LEFT_BEHIND = (
    "Thumbs.db",
    "ehthumbs.db",
    ".DS_Store",
    "._0001r.tif",
    "desktop.ini",
    "Icon\r",
    ".directory",
    ".gitkeep",
    "~WRL0001.tmp",
    "scan.tmp",
)
FOLDERS_LEFT_BEHIND = (
    ".Spotlight-V100",
    ".Trashes",
    ".fseventsd",
    ".TemporaryItems",
    "@eaDir",
    ".sync",
    "$RECYCLE.BIN",
    "System Volume Information",
    "__MACOSX",
    "lost+found",
)


def leave_behind(folder: Path) -> None:
    for name in LEFT_BEHIND:
        (folder / name).write_bytes(b"x")
    for name in FOLDERS_LEFT_BEHIND:
        (folder / name).mkdir()
        (folder / name / "anything").write_bytes(b"x")


@fault()
def what_systems_leave_in_a_folder_of_scans(folder: Path) -> None:
    leave_behind(folder / "scans")


@fault()
def what_systems_leave_beside_the_documents(folder: Path) -> None:
    leave_behind(folder.parent)


@fault("loose-file")
def a_hidden_file_beside_the_documents(folder: Path) -> None:
    (folder.parent / ".notes").write_text("Remember.\n", "utf-8")


@fault("loose-file")
def a_hidden_folder_beside_the_documents(folder: Path) -> None:
    (folder.parent / ".1984_note").mkdir()


@fault("role-guessed")
def a_hidden_file_of_nobodys_in_a_document(folder: Path) -> None:
    (folder / ".notes").write_text("Remember.\n", "utf-8")


def copied(folder: Path, name: str, added: str = "") -> None:
    text = folder / "transcription" / "pl" / "0001r.txt"
    copy = text.with_name(name)
    shutil.copy(text, copy)
    with copy.open("a", encoding="utf-8") as stream:
        stream.write(added)


@fault("copy-left-out")
def a_copy_that_windows_numbered(folder: Path) -> None:
    copied(folder, "0001r (1).txt")


@fault("copy-left-out")
def copies_in_polish_and_english(folder: Path) -> None:
    for name in (
        "Kopia 0001r.txt",
        "Kopia (2) 0001r.txt",
        "0001r — kopia.txt",
        "0001r - kopia (2).txt",
        "0001r - Copy.txt",
        "Copy of 0001r.txt",
        "0001r (kopia).txt",
        "0001r copy 2.txt",
        "0001r-DESKTOP-AB12CD3.txt",
        "0001r (Anna's conflicted copy 2024-05-01).txt",
        "0001r (kopia w konflikcie 2024-05-01).txt",
        "0001r.sync-conflict-20240501-101010-ABCDEFG.txt",
    ):
        copied(folder, name)


@fault("conflict-copy")
def a_copy_that_was_worked_on(folder: Path) -> None:
    copied(folder, "0001r (1).txt", "And a word more.\n")


@fault("conflict-copy")
def a_copy_that_onedrive_made_of_two(folder: Path) -> None:
    copied(folder, "0001r-LAPTOP-7Q2M1.txt", "And a word more.\n")


@fault()
def numbered_letters_of_which_none_is_without_a_number(folder: Path) -> None:
    (folder / "documents").mkdir()
    for number in (1, 2):
        (folder / "documents" / f"letter ({number}).txt").write_text(f"No. {number}\n", "utf-8")


@fault()
def a_series_of_numbered_letters_with_a_first_that_has_none(folder: Path) -> None:
    (folder / "documents").mkdir()
    (folder / "documents" / "letter.txt").write_text("The first.\n", "utf-8")
    for number in range(1, 41):
        (folder / "documents" / f"letter ({number}).txt").write_text(f"No. {number}\n", "utf-8")
