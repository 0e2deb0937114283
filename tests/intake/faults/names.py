"""Names that come from other systems, or from nobody's keyboard."""

import os
import unicodedata
from pathlib import Path

from tests.intake.faults import fault


def renamed(folder: Path, name: bytes, stem: str = "0001r") -> None:
    """Give the transcription of a page another name; its page is still to be told from it."""
    text = folder / "transcription" / "pl" / f"{stem}.txt"
    os.rename(text, os.fsencode(text.parent) + b"/" + name)  # noqa: PTH104 - bytes are no path


@fault("name-changed")
def a_name_with_a_percent_sign(folder: Path) -> None:
    renamed(folder, b"%0001r.txt")


@fault("name-changed")
def a_name_with_a_backslash(folder: Path) -> None:
    renamed(folder, b"\\0001r.txt")


@fault("name-changed")
def a_name_with_a_line_break(folder: Path) -> None:
    renamed(folder, b"0001r\n.txt")


@fault("name-changed")
def a_name_with_a_line_separator(folder: Path) -> None:
    renamed(folder, "0001r\u2028.txt".encode())


@fault("name-changed")
def a_name_that_begins_with_a_blank(folder: Path) -> None:
    renamed(folder, b" 0001r.txt")


@fault("name-changed")
def a_name_that_ends_with_a_blank(folder: Path) -> None:
    renamed(folder, b"0001r.txt ")


@fault("name-changed")
def a_name_whose_text_is_turned_round(folder: Path) -> None:
    renamed(folder, "\u202e0001r.txt".encode())


@fault("name-changed")
def a_name_in_cp1250(folder: Path) -> None:
    renamed(folder, "żółć_0001r.txt".encode("cp1250"))


@fault("name-changed")
def a_folder_with_a_percent_sign_is_told_once(folder: Path) -> None:
    (folder / "documents").mkdir()
    inner = folder / "documents" / "100%"
    inner.mkdir()
    for number in range(3):
        (inner / f"letter{number}.txt").write_text(f"Letter {number}\n", "utf-8")


@fault("name-not-portable")
def a_name_that_windows_reserves(folder: Path) -> None:
    (folder / "documents").mkdir()
    (folder / "documents" / "aux.txt").write_text("A letter.\n", "utf-8")


@fault("name-not-portable")
def a_name_with_a_question_mark(folder: Path) -> None:
    renamed(folder, b"0001r?.txt")


@fault("name-not-portable")
def a_name_that_ends_with_a_dot(folder: Path) -> None:
    (folder / "documents").mkdir()
    (folder / "documents" / "letter.").write_text("A letter.\n", "utf-8")


@fault("name-not-portable")
def a_path_that_is_too_long_for_windows(folder: Path) -> None:
    deep = folder / "documents" / ("a" * 120) / ("b" * 120)
    deep.mkdir(parents=True)
    (deep / "letter.txt").write_text("A letter.\n", "utf-8")
    (deep / "another.txt").write_text("Another letter.\n", "utf-8")


@fault("name-twins")
def names_that_differ_only_in_case(folder: Path) -> None:
    (folder / "documents").mkdir()
    for name in ("letter.txt", "Letter.txt"):
        (folder / "documents" / name).write_text(f"{name}\n", "utf-8")


@fault("name-twins")
def names_that_differ_only_in_how_accents_are_written(folder: Path) -> None:
    (folder / "documents").mkdir()
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "ósmy.txt")
        (folder / "documents" / name).write_text("The same text.\n", "utf-8")


@fault("symlink")
def a_folder_that_is_a_link(folder: Path) -> None:
    elsewhere = folder.parent.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.txt").write_text("Not to be read.\n", "utf-8")
    (folder / "documents").symlink_to(elsewhere)


@fault("name-too-long")
def folders_in_folders_without_end(folder: Path) -> None:
    deep = folder / "documents" / "/".join("a" * 400)
    deep.mkdir(parents=True)
    (deep / "letter.txt").write_text("List.", "utf-8")
