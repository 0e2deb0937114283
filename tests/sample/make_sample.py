"""A delivery to try things on: four submissions, one of them broken on purpose.

``python -m tests.sample.make_sample INBOX`` writes it. Two runs write the same bytes.
"""

import hashlib
import io
import shutil
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import gmtime

from PIL import Image

from tests.sample import sheets
from tests.sample.paper import DPI, Sheet, draw

DELIVERY = "2026-11_zimna-wojna"
OLSZOWSKI = "1984-06-04_AMSZ_30-87_w5_Olszowski"
HAWANA = "1962_Depesza_Hawana"
PEKIN = "1957_notatka_Pekin"
BROKEN = "1971_uszkodzony"

MATERIAL = Path(__file__).parent / "material"
_LONG_AGO = (1984, 6, 5, 12, 0, 0)


def make_delivery(inbox: Path) -> Path:
    """Writes the delivery into ``inbox`` as a careful hand-over does; returns its folder.

    It is built under a hidden name and renamed into place; ``_READY`` is written last.
    Raises FileExistsError where it already is.
    """
    delivery = inbox / DELIVERY
    if delivery.exists():
        raise FileExistsError(f"{delivery} is there already: delete it, or choose another inbox")
    building = inbox / f".{DELIVERY}.part"
    shutil.rmtree(building, ignore_errors=True)
    shutil.copytree(MATERIAL, building, copy_function=shutil.copyfile)
    scans = _scans()
    _olszowski(building / OLSZOWSKI, scans)
    _pdf(building / HAWANA / "scans" / "depesza.pdf", scans[HAWANA])
    for name, scan in zip(("0001r.jpg", "0002r.jpg"), scans[PEKIN], strict=True):
        _write(building / PEKIN / "scans" / name, _encoded(scan, "JPEG", quality=82))
    _broken(building / BROKEN, scans)
    building.rename(delivery)
    (delivery / "_READY").touch()
    return delivery


def _scans() -> dict[str, list[Image.Image]]:
    texts = {
        folder: [path.read_text("utf-8") for path in sorted((MATERIAL / folder).rglob("000*.txt"))]
        for folder in (OLSZOWSKI, BROKEN)
    }
    wanted = {
        OLSZOWSKI: sheets.olszowski(texts[OLSZOWSKI]),
        HAWANA: sheets.hawana(),
        PEKIN: sheets.pekin(),
        BROKEN: [Sheet(text, seed=71 + n) for n, text in enumerate(texts[BROKEN])],
    }
    with ThreadPoolExecutor() as pool:
        drawn = {folder: pool.map(draw, leaves) for folder, leaves in wanted.items()}
        return {folder: list(images) for folder, images in drawn.items()}


def _olszowski(folder: Path, scans: dict[str, list[Image.Image]]) -> None:
    texts = sorted((folder / "transcription" / "pl").iterdir())
    for text, scan in zip(texts, scans[OLSZOWSKI], strict=True):
        _write(folder / "scans" / f"{text.stem}.tif", _tiff(scan))
    _write(folder / "translation" / "en" / "document.docx", _docx(sheets.TRANSLATION))
    _write_checksums(folder)
    _write(folder / "scans" / "Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))


def _broken(folder: Path, scans: dict[str, list[Image.Image]]) -> None:
    whole, other = (_tiff(scan) for scan in scans[BROKEN])
    _write(folder / "scans" / "0001r.tif", whole)
    _write(folder / "scans" / "0002r.tif", other[: len(other) // 2])
    _write_checksums(folder)
    # Typed over after the checksums were taken, as happens when a text is "only just" corrected.
    text = folder / "transcription" / "pl" / "0002r.txt"
    text.write_text(text.read_text("utf-8").replace("rano", "wczoraj"), "utf-8", newline="\n")


def _write_checksums(folder: Path) -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / "checksum.sha256").write_text("".join(lines), "utf-8", newline="\n")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, dpi=(DPI, DPI), **options)
    return out.getvalue()


def _tiff(image: Image.Image) -> bytes:
    return _encoded(image, "TIFF", compression="jpeg", quality=90)


def _pdf(path: Path, scans: list[Image.Image]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *others = scans
    moment = gmtime(0)
    first.save(
        path,
        "PDF",
        save_all=True,
        append_images=others,
        resolution=DPI,
        title="Depesza z Hawany",
        creationDate=moment,
        modDate=moment,
    )


def _docx(paragraphs: tuple[str, ...]) -> bytes:
    from datetime import datetime

    import docx

    document = docx.Document()
    heading, *body = paragraphs
    document.add_heading(heading, level=1)
    for paragraph in body:
        document.add_paragraph(paragraph)
    properties = document.core_properties
    properties.author, properties.title = "Jerzy Giebułtowski", heading
    properties.created = properties.modified = datetime(*_LONG_AGO)  # noqa: DTZ001
    written = io.BytesIO()
    document.save(written)
    # A .docx is a ZIP, and python-docx stamps every member with the time of the run.
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in sorted(source.namelist(), key=_as_word_orders):
            member = zipfile.ZipInfo(name, _LONG_AGO)
            target.writestr(member, source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _as_word_orders(member: str) -> int:
    """Word writes the text third; python-docx puts properties before it."""
    first = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
    return first.index(member) if member in first else len(first)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tests.sample.make_sample INBOX")
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{make_delivery(where)}\n")
