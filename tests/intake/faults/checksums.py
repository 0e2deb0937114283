"""Checksum files: those that do not hold, and styles that must all be understood."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.intake.faults import fault

Style = Callable[[str, str], str]


def files(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "record.yaml"
    ]


def digest(path: Path, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, path.read_bytes()).hexdigest()


def listed(
    folder: Path, names: Iterable[str], style: Style, algorithm: str = "sha256", end: str = "\n"
) -> str:
    return "".join(style(digest(folder / name, algorithm), name) + end for name in names)


def gnu(value: str, name: str) -> str:
    return f"{value}  {name}"


@fault()
def the_styles_of_sha256sum_and_bsd(folder: Path) -> None:
    names = files(folder)
    half = len(names) // 2
    (folder / "SHA256SUMS").write_text(
        listed(folder, names[:half], lambda value, name: f"{value} *./{name}"), "utf-8"
    )
    (folder / "checksums.md5").write_text(
        listed(folder, names[half:], lambda value, name: f"MD5 ({name}) = {value}", "md5"), "utf-8"
    )


@fault()
def the_style_of_windows(folder: Path) -> None:
    text = listed(
        folder,
        files(folder),
        lambda value, name: f"{value.upper()} *{name}".replace("/", "\\"),
        "sha1",
        "\r\n",
    )
    (folder / "checksum.sha1").write_bytes(b"\xef\xbb\xbf" + text.encode())


@fault()
def the_table_of_powershell(folder: Path) -> None:
    where = f"C:\\Users\\anna\\inbox\\{folder.name}\\"
    head = "\r\nAlgorithm       Hash                 Path\r\n---------       ----       ----\r\n"
    text = head + listed(
        folder,
        files(folder),
        lambda value, name: f"SHA256    {value.upper()}    {where}{name}".replace("/", "\\"),
        end="\r\n",
    )
    (folder / "checksum.txt").write_bytes(text.encode("utf-16"))


@fault()
def the_list_of_powershell(folder: Path) -> None:
    text = listed(
        folder,
        files(folder),
        lambda value, name: (
            f"\r\nAlgorithm : SHA512\r\nHash      : {value}\r\nPath      : D:\\{name}"
        ),
        "sha512",
        "\r\n",
    )
    (folder / "checksums.txt").write_bytes(text.encode("utf-16"))


@fault()
def a_table_with_a_column_of_checksums(folder: Path) -> None:
    text = "Plik;Suma kontrolna;md5\r\n" + "".join(
        f"{name};{digest(folder / name)};{digest(folder / name, 'md5')}\r\n"
        for name in files(folder)
    )
    (folder / "checksums.csv").write_bytes(text.encode("cp1250"))


@fault()
def a_checksum_beside_each_file(folder: Path) -> None:
    for name in files(folder):
        (folder / f"{name}.md5").write_text(digest(folder / name, "md5"), "utf-8")


@fault("checksum-not-listed")
def a_checksum_beside_some_files(folder: Path) -> None:
    for name in files(folder)[:2]:
        (folder / f"{name}.md5").write_text(digest(folder / name, "md5"), "utf-8")


@fault("checksum-file-missing", "checksum-not-listed")
def a_checksum_beside_a_file_that_is_gone(folder: Path) -> None:
    (folder / "scans" / "0009r.tif.md5").write_text("0" * 32, "utf-8")


@fault()
def the_lists_of_an_archivematica_transfer(folder: Path) -> None:
    (folder / "scans").rename(folder / "objects")
    for inner in ("transcription", "translation"):
        (folder / inner).rename(folder / "objects" / inner)
    names = [name.removeprefix("objects/") for name in files(folder)]
    (folder / "metadata").mkdir()
    for algorithm, start in (("md5", ""), ("sha256", "../objects/"), ("sha1", "objects/")):
        text = "".join(
            f"{digest(folder / 'objects' / name, algorithm)}  {start}{name}\n" for name in names
        )
        (folder / "metadata" / f"checksum.{algorithm}").write_text(text, "utf-8")


@fault()
def the_manifest_of_a_bag_lying_loose(folder: Path) -> None:
    text = listed(folder, files(folder), lambda value, name: f"{value} data/{name}")
    (folder / "manifest-sha256.txt").write_text(text, "utf-8")


@fault("checksum-name-form")
def accents_written_otherwise_in_the_list(folder: Path) -> None:
    text = folder / "transcription" / "pl" / "0001r.txt"
    text.rename(text.with_name(unicodedata.normalize("NFD", "0001r_ósma.txt")))
    lines = listed(folder, files(folder), gnu)
    (folder / "checksum.sha256").write_text(unicodedata.normalize("NFC", lines), "utf-8")


@fault()
def accents_in_a_list_in_cp1250(folder: Path) -> None:
    text = folder / "transcription" / "pl" / "0001r.txt"
    text.rename(text.with_name("0001r_żółć_święta.txt"))
    (folder / "md5sum.txt").write_bytes(listed(folder, files(folder), gnu, "md5").encode("cp1250"))


@fault("name-changed")
def an_escaped_name_in_the_list(folder: Path) -> None:
    text = folder / "transcription" / "pl" / "0001r.txt"
    text.rename(text.with_name("0001r\n.txt"))
    lines = listed(
        folder,
        files(folder),
        lambda value, name: ("\\" if "\n" in name else "") + gnu(value, name.replace("\n", "\\n")),
    )
    (folder / "checksum.sha256").write_text(lines, "utf-8")


@fault()
def what_is_left_out_is_listed(folder: Path) -> None:
    (folder / "scans" / "Thumbs.db").write_bytes(b"x")
    names = [*files(folder), "checksum.sha256"]
    (folder / "checksum.sha256").touch()
    (folder / "checksum.sha256").write_text(listed(folder, names, gnu), "utf-8")


@fault("checksum-mismatch")
def a_file_that_was_changed(folder: Path) -> None:
    lines = listed(folder, files(folder), gnu)
    (folder / "checksum.sha256").write_text(lines, "utf-8")
    (folder / "transcription" / "pl" / "0001r.txt").write_text("Inny tekst notatki.\n", "utf-8")


@fault("checksum-file-missing")
def a_file_that_is_listed_and_not_there(folder: Path) -> None:
    lines = listed(folder, files(folder), gnu) + gnu("0" * 64, "documents/deed.pdf") + "\n"
    (folder / "checksum.sha256").write_text(lines, "utf-8")


@fault("checksum-not-listed")
def a_file_that_is_there_and_not_listed(folder: Path) -> None:
    (folder / "checksum.sha256").write_text(listed(folder, files(folder)[1:], gnu), "utf-8")


@fault("checksum-not-listed")
def a_document_that_its_deliverys_list_knows_nothing_of(folder: Path) -> None:
    (folder.parent / "checksum.md5").write_text(f"{'0' * 32}  _READY\n", "utf-8")


@fault("checksum-file-missing", "checksum-not-listed")
def a_folder_that_the_deliverys_list_has_and_the_delivery_has_not(folder: Path) -> None:
    (folder.parent / "checksum.md5").write_text(f"{'0' * 32}  gone/0001r.tif\n", "utf-8")


@fault("name-unsafe")
def a_list_that_names_places_outside(folder: Path) -> None:
    lines = listed(folder, files(folder), gnu)
    lines += gnu("0" * 64, "../../../etc/passwd") + "\n" + gnu("0" * 64, "/etc/passwd") + "\n"
    (folder / "checksum.sha256").write_text(lines, "utf-8")


@fault("checksum-unreadable")
def a_list_with_a_line_that_is_none(folder: Path) -> None:
    lines = listed(folder, files(folder), gnu) + "these are all\n"
    (folder / "checksum.sha256").write_text(lines, "utf-8")


@fault("checksum-unreadable")
def a_table_without_a_column_of_files(folder: Path) -> None:
    (folder / "checksums.csv").write_text("strona;skan\n1;0001r.tif\n", "utf-8")
