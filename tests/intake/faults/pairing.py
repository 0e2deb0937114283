"""Pages that are missing, doubled, or that lie with another page's text."""

import shutil
from pathlib import Path

from tests.intake.clean import PAGES, leaf
from tests.intake.faults import fault

_TEXTS = ("transcription/pl", "translation/en")
_PAGE = '<PcGts><Page imageFilename="{name}"/></PcGts>'


def _scan(folder: Path, stem: str, seed: int) -> None:
    leaf(99, seed).save(folder / "scans" / f"{stem}.tif", dpi=(300, 300))


def _long(folder: Path, leaves: int) -> None:
    """The document with more leaves, without texts."""
    for texts in ("transcription", "translation"):
        shutil.rmtree(folder / texts)
    for number in range(3, leaves + 1):
        for side in "rv":
            _scan(folder, f"{number:04}{side}", 10 * number + (side == "v"))


def _add(folder: Path, lines: str) -> None:
    with (folder / "record.yaml").open("a", encoding="utf-8") as record:
        record.write(lines)


@fault("page-missing")
def a_leaf_that_is_missing_between_two_others(folder: Path) -> None:
    _long(folder, 8)
    for side in "rv":
        (folder / "scans" / f"0005{side}.tif").unlink()


@fault()
def a_missing_leaf_that_the_record_gives_a_reason_for(folder: Path) -> None:
    _long(folder, 8)
    for side in "rv":
        (folder / "scans" / f"0005{side}.tif").unlink()
    _add(folder, "pages_missing:\n  5: lost at the binder's\n")


@fault("page-reason-absent")
def a_missing_leaf_that_the_record_gives_no_reason_for(folder: Path) -> None:
    _long(folder, 8)
    for side in "rv":
        (folder / "scans" / f"0005{side}.tif").unlink()
    _add(folder, "pages_missing: [5]\n")


@fault("page-list-invalid")
def a_leaf_that_is_there_and_said_to_be_missing(folder: Path) -> None:
    _long(folder, 4)
    _add(folder, 'brakujące strony: "2: zaginęła"\n')


@fault("page-list-invalid")
def an_order_that_names_a_page_that_is_not_there(folder: Path) -> None:
    _add(folder, "pages: [0001r, 0001v, 0002v, 0002r, 0003r]\n")


@fault("verso-missing")
def a_verso_that_is_missing_where_other_leaves_have_one(folder: Path) -> None:
    _long(folder, 6)
    (folder / "scans" / "0003v.tif").unlink()


@fault("pages-differ")
def a_page_without_its_translation(folder: Path) -> None:
    (folder / "translation/en/0002r.txt").unlink()


@fault("pages-differ")
def texts_of_a_page_that_is_not_scanned(folder: Path) -> None:
    (folder / "scans" / "0001v.tif").unlink()


@fault("image-not-there")
def a_transcription_that_names_an_image_that_is_not_there(folder: Path) -> None:
    text = _PAGE.format(name="0001s.tif")
    (folder / "transcription/pl/0001r.txt").unlink()
    (folder / "transcription/pl/0001r.xml").write_text(text, encoding="utf-8")


@fault("page-marks-differ")
def a_transcription_that_names_the_image_of_another_page(folder: Path) -> None:
    text = _PAGE.format(name="0002r.tif")
    (folder / "transcription/pl/0001r.txt").unlink()
    (folder / "transcription/pl/0001r.xml").write_text(text, encoding="utf-8")


@fault("page-marks-differ")
def two_transcriptions_that_are_swapped(folder: Path) -> None:
    marked = dict(zip(PAGES, ("0001r", "0002r", "0001v", "0002v"), strict=True))
    for page, other in marked.items():
        text = folder / "transcription/pl" / f"{page}.txt"
        said = text.read_text(encoding="utf-8")
        text.write_text(f"[k. {other.lstrip('0')}]\n{said}", encoding="utf-8")


@fault("scan-twice", "pages-differ")
def a_scan_that_was_copied_under_two_names(folder: Path) -> None:
    shutil.copy(folder / "scans" / "0002v.tif", folder / "scans" / "0003r.tif")


@fault("scans-alike")
def a_page_that_was_scanned_twice(folder: Path) -> None:
    _long(folder, 3)
    picture = leaf(1, 2).point(lambda shade: min(255, shade + 6))
    picture.save(folder / "scans" / "0003v.tif", dpi=(300, 300))
