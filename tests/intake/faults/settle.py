"""Deliveries that are still being copied, downloaded or edited."""

import os
from pathlib import Path

from tests.intake.faults import fault


@fault("not-settled")
def a_delivery_that_is_not_said_to_be_ready(folder: Path) -> None:
    (folder.parent / "_READY").unlink()


@fault("not-settled")
def a_file_dated_in_the_future_and_another_changed_just_now(folder: Path) -> None:
    (folder.parent / "_READY").unlink()
    os.utime(folder / "scans" / "0001r.tif", (4e9, 4e9))


@fault(intake={"quiet_minutes": 0})
def a_file_dated_in_the_future_holds_nothing(folder: Path) -> None:
    (folder.parent / "_READY").unlink()
    os.utime(folder / "scans" / "0001r.tif", (4e9, 4e9))


@fault("open-elsewhere")
def a_document_that_word_has_open(folder: Path) -> None:
    (folder / "transcription" / "~$01r.docx").write_bytes(b"x")


@fault("open-elsewhere")
def a_document_that_libreoffice_has_open(folder: Path) -> None:
    (folder / "transcription" / ".~lock.0001r.odt#").write_bytes(b"x")


@fault("open-elsewhere")
def a_table_that_excel_has_open(folder: Path) -> None:
    (folder.parent / "~$records.xlsx").write_bytes(b"x")


@fault("open-elsewhere")
def a_download_that_goes_on(folder: Path) -> None:
    (folder / "scans" / "0003r.tif.crdownload").write_bytes(b"x")


@fault("open-elsewhere")
def a_file_that_is_copied_by_rsync(folder: Path) -> None:
    (folder / "scans" / ".0003r.tif.Xk2p9A").write_bytes(b"x")


@fault("placeholder")
def a_file_that_is_still_in_icloud(folder: Path) -> None:
    (folder / "scans" / ".0003r.tif.icloud").write_bytes(b"bplist00")


@fault("placeholder")
def a_scan_that_has_a_size_and_no_bytes(folder: Path) -> None:
    scan = folder / "scans" / "0001r.tif"
    scan.unlink()
    with scan.open("wb") as stream:
        stream.truncate(100 << 10)
