"""A delivery with nothing wrong with it: what every detector must stay silent on."""

from pathlib import Path

from PIL import Image, ImageDraw

PAGES = ("0001r", "0001v", "0002r", "0002v")
_RECORD = """title: "Note on the talk of 4 June 1984, no. {number}"
date: "1984-06-04"
source: "AMSZ, Department II, {number}/87, w. 5."
translator: "Jerzy Giebułtowski"
languages: [pl (original), en (translation)]
rights: CNE
"""
_POLISH = "Strona {page} notatki nr {number}: minister przyjął ambasadora i omówił z nim sprawę."
_ENGLISH = "Page {page} of note no. {number}: the minister received the ambassador."


def clean_document(delivery: Path, number: int = 1) -> Path:
    """One sound document of four pages, scanned, transcribed and translated; its folder."""
    folder = delivery / f"1984-06-04_note_{number:04}"
    scans, polish, english = (
        folder / name for name in ("scans", "transcription/pl", "translation/en")
    )
    for made in (scans, polish, english):
        made.mkdir(parents=True)
    for index, page in enumerate(PAGES):
        leaf(number, index).save(scans / f"{page}.tif", dpi=(300, 300))
        for where, text in ((polish, _POLISH), (english, _ENGLISH)):
            said = text.format(page=page, number=number)
            (where / f"{page}.txt").write_text(f"{said}\n", encoding="utf-8")
    (folder / "record.yaml").write_text(_RECORD.format(number=number), encoding="utf-8")
    return folder


def clean_delivery(inbox: Path, documents: int = 1) -> Path:
    """A delivery of sound documents that says it is ready."""
    delivery = inbox / "2024-05_clean"
    for number in range(1, documents + 1):
        clean_document(delivery, number)
    (delivery / "_READY").touch()
    return delivery


def leaf(number: int, page: int) -> Image.Image:
    """A small leaf of paper with lines of ink on it, unlike that of any other page."""
    picture = Image.new("L", (120, 160), 235)
    draw = ImageDraw.Draw(picture)
    seed = number * 7919 + page * 104729
    for line in range(10, 150, 8):
        seed = (seed * 1103515245 + 12345) % 2**31
        draw.rectangle((10, line, 20 + seed % 95, line + 3 + seed % 3), fill=seed % 90)
    return picture
