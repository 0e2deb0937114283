"""Files that cannot be read, or not to their end."""

from pathlib import Path

from tests.intake.faults import fault


@fault("empty-file")
def a_scan_of_no_bytes(folder: Path) -> None:
    (folder / "scans" / "0001r.tif").write_bytes(b"")


@fault("damaged-file")
def a_scan_half_copied(folder: Path) -> None:
    scan = folder / "scans" / "0001r.tif"
    scan.write_bytes(scan.read_bytes()[:2000])


@fault("symlink")
def a_scan_that_is_a_link(folder: Path) -> None:
    scan = folder / "scans" / "0001r.tif"
    elsewhere = scan.rename(folder.parent.parent / "elsewhere.tif")
    scan.symlink_to(elsewhere)
