"""Files that are not what they say, do not open, or would do harm when they are opened."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from tests.intake.clean import leaf
from tests.intake.faults import fault
from tests.intake.pdfs import encrypted, plain

_TIFF_OF_A_PAGE = "scans/0001r.tif"


def _replace(folder: Path, old: str, new: str, data: bytes) -> None:
    (folder / old).unlink()
    (folder / new).parent.mkdir(parents=True, exist_ok=True)
    (folder / new).write_bytes(data)


def _saved(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    leaf(1, 0).resize((480, 640)).save(out, kind, **options)
    return out.getvalue()


def _docx(folder: Path) -> Path:
    from docx import Document

    target = folder / "documents" / "letter.docx"
    target.parent.mkdir()
    Document().save(str(target))
    return target


@fault("extension-differs")
def a_jpeg_that_is_named_tif(folder: Path) -> None:
    _replace(folder, _TIFF_OF_A_PAGE, _TIFF_OF_A_PAGE, _saved("JPEG"))


@fault("extension-differs", "format-unexpected")
def a_jpeg_that_is_named_txt(folder: Path) -> None:
    page = "transcription/pl/0001r.txt"
    _replace(folder, page, page, _saved("JPEG"))


@fault("format-unexpected")
def a_gif_among_the_scans(folder: Path) -> None:
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.gif", _saved("GIF"))


@fault("format-refused")
def a_program(folder: Path) -> None:
    target = folder / "documents" / "viewer.exe"
    target.parent.mkdir()
    target.write_bytes(b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(200))


@fault("format-refused")
def a_script(folder: Path) -> None:
    target = folder / "documents" / "unpack"
    target.parent.mkdir()
    target.write_text("#!/bin/sh\nrm -rf /\n")


@fault("format-refused")
def a_script_by_its_name(folder: Path) -> None:
    target = folder / "documents" / "unpack.bat"
    target.parent.mkdir()
    target.write_text("del *.*\n")


@fault("format-refused")
def a_word_document_with_macros(folder: Path) -> None:
    with zipfile.ZipFile(_docx(folder), "a") as file:
        file.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")


@fault("format-refused")
def a_zip_file_with_a_password(folder: Path) -> None:
    target = folder / "documents" / "letters.zip"
    target.parent.mkdir()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("letter.txt", "secret")
    data = bytearray(target.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    target.write_bytes(data)


@fault("damaged-file")
def a_jpeg_cut_off(folder: Path) -> None:
    data = _saved("JPEG")
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.jpg", data[: len(data) * 2 // 3])


@fault("damaged-file")
def a_jpeg_whose_end_is_zeros(folder: Path) -> None:
    # What a copy leaves that first makes room for the whole file.
    data = _saved("JPEG")
    half = len(data) // 2
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.jpg", data[:half] + bytes(len(data) - half))


@fault("damaged-file")
def a_png_without_its_end(folder: Path) -> None:
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.png", _saved("PNG")[:-12])


@fault("damaged-file")
def a_png_with_a_wrong_byte(folder: Path) -> None:
    data = bytearray(_saved("PNG"))
    at = data.index(b"IDAT") + 200
    data[at] ^= 0xFF
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.png", bytes(data))


@fault("damaged-file")
def a_jpeg_2000_cut_off(folder: Path) -> None:
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.jp2", _saved("JPEG2000")[:-100])


@fault("damaged-file")
def a_tiff_whose_second_page_is_cut_off(folder: Path) -> None:
    out = io.BytesIO()
    leaf(1, 0).save(out, "TIFF", save_all=True, append_images=[leaf(1, 7)])
    (folder / _TIFF_OF_A_PAGE).write_bytes(out.getvalue()[:-500])


@fault("damaged-file")
def a_compressed_tiff_cut_off(folder: Path) -> None:
    (folder / _TIFF_OF_A_PAGE).write_bytes(_saved("TIFF", compression="tiff_lzw")[:-300])


@fault("damaged-file")
def a_tiff_without_its_last_byte(folder: Path) -> None:
    data = _saved("TIFF", compression="tiff_lzw")
    (folder / _TIFF_OF_A_PAGE).write_bytes(data[:-1])


@fault("damaged-file")
def a_scan_of_nothing_but_zeros(folder: Path) -> None:
    (folder / _TIFF_OF_A_PAGE).write_bytes(bytes(19_000))


@fault("damaged-file")
def a_pdf_cut_off(folder: Path) -> None:
    data = plain(40)
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.pdf", data[: len(data) - 60])


@fault("pdf-rebuilt")
def a_pdf_whose_table_is_not_where_it_says(folder: Path) -> None:
    data = plain(2)
    at = data.rindex(b"startxref\n") + len(b"startxref\n")
    end = data.index(b"\n", at)
    data = data[:at] + b"11" + data[end:]
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.pdf", data)


@fault("format-refused")
def a_pdf_with_a_password(folder: Path) -> None:
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.pdf", encrypted(b"user", b"owner"))


@fault("pdf-restricted")
def a_pdf_that_forbids_printing(folder: Path) -> None:
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.pdf", encrypted(b"", b"owner"))


@fault("damaged-file")
def a_word_document_with_a_damaged_member(folder: Path) -> None:
    target = _docx(folder)
    data = bytearray(target.read_bytes())
    with zipfile.ZipFile(target) as file:
        member = file.getinfo("word/styles.xml")
    data[member.header_offset + 30 + len(member.filename) + 100] ^= 0xFF
    target.write_bytes(data)


@fault("damaged-file")
def a_word_document_cut_off(folder: Path) -> None:
    target = _docx(folder)
    target.write_bytes(target.read_bytes()[:-3000])


@fault("damaged-file")
def a_word_document_whose_text_is_no_xml(folder: Path) -> None:
    target = _docx(folder)
    with zipfile.ZipFile(target) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["word/document.xml"] = members["word/document.xml"][:-40]
    with zipfile.ZipFile(target, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)


@fault("bomb")
def a_picture_of_a_thousand_million_pixels(folder: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.png", data + chunk(b"IEND", b""))


@fault("bomb", intake={"max_pixels": 20_000})
def a_picture_larger_than_is_allowed(folder: Path) -> None:
    (folder / _TIFF_OF_A_PAGE).write_bytes(_saved("TIFF"))


@fault("bomb")
def a_zip_file_that_unpacks_without_end(folder: Path) -> None:
    target = folder / "documents" / "letters.zip"
    target.parent.mkdir()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(8):
            file.writestr(f"{number}.txt", bytes(8 << 20))


def _xml(folder: Path, text: str) -> None:
    _replace(folder, "transcription/pl/0001r.txt", "transcription/pl/0001r.xml", text.encode())


@fault("damaged-file")
def xml_that_is_cut_off(folder: Path) -> None:
    _xml(folder, '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><text><p>Not')


@fault("xml-entities")
def xml_that_grows_by_its_entities(folder: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    _xml(folder, f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a11;</x>')


@fault("xml-entities")
def xml_that_reads_a_file_of_this_machine(folder: Path) -> None:
    _xml(folder, '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>')


@fault("bomb")
def xml_that_is_nested_without_end(folder: Path) -> None:
    _xml(folder, '<?xml version="1.0"?>' + "<p>" * 100_000 + "</p>" * 100_000)


@fault("damaged-file", "format-unexpected")
def a_drawing_that_is_no_xml(folder: Path) -> None:
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><g></svg>'
    _replace(folder, _TIFF_OF_A_PAGE, "scans/0001r.svg", svg)


@fault()
def a_page_of_html_with_nothing_but_a_comment(folder: Path) -> None:
    for page in (folder / "transcription" / "pl").iterdir():
        page.rename(page.with_suffix(".html")).write_text("<!-- nothing -->", "utf-8")


@fault("damaged-file")
def a_document_whose_mention_of_its_type_is_damaged(folder: Path) -> None:
    (folder / "documents").mkdir()
    path = folder / "documents" / "letter.odt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", "<a/>")
    data = bytearray(path.read_bytes())
    data[40:60] = bytes(20)
    path.write_bytes(data)


@fault("damaged-file")
def a_scan_that_lost_its_beginning(folder: Path) -> None:
    scan = folder / _TIFF_OF_A_PAGE
    scan.write_bytes(bytes(4096) + scan.read_bytes()[4096:])


@fault("damaged-file")
def a_web_page_that_says_the_scan_was_not_found(folder: Path) -> None:
    (folder / _TIFF_OF_A_PAGE).write_text("<!DOCTYPE html><html><p>404</p></html>", "utf-8")
