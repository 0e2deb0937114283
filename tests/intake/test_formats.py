"""Files that are sound, however they were made, are told nothing of; what is in them is known."""

import io
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.clean import leaf
from tests.intake.pdfs import plain
from tests.intake.test_pictures import file_of, read, read_bytes
from wiazka.intake import pool
from wiazka.intake import read as reading
from wiazka.intake.formats.limits import Room
from wiazka.intake.formats.markup import parse_xml, text_of
from wiazka.intake.pool import read_files
from wiazka.intake.read import Reading
from wiazka.intake.tree import Found

PAGE = (
    '<?xml version="1.0" encoding="UTF-8"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/'
    'pagecontent/2019-07-15"><Page imageFilename="0001r.tif"><TextRegion><TextLine><Word>'
    "<TextEquiv><Unicode>Warszawa</Unicode></TextEquiv></Word><TextEquiv><Unicode>Warszawa, dnia"
    "</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
)
ALTO = (
    '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page><PrintSpace><TextBlock>'
    '<TextLine><String CONTENT="Warszawa,"/><SP/><String CONTENT="dnia"/></TextLine></TextBlock>'
    "</PrintSpace></Page></Layout></alto>"
)
TEI = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><title>no</title></teiHeader><text><body>'
    "<p>Warszawa, <hi>dnia</hi></p></body></text></TEI>"
)
HOCR = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html><head><title>x</title></head>'
    "<body><span class='ocr_line'>Warszawa,&nbsp;dnia</span><br></body></html>"
)


def saved(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    leaf(1, 0).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("scans/a.tiff", saved("TIFF")),
        ("scans/a.TIF", saved("TIFF", compression="tiff_lzw")),
        ("scans/a.tif", saved("TIFF", big_tiff=True)),
        ("scans/a.JPEG", saved("JPEG", progressive=True)),
        ("scans/a.jpg", saved("JPEG") + saved("JPEG")),
        ("scans/a.jpg", saved("JPEG") + b"what a camera adds"),
        ("scans/a.png", saved("PNG", interlace=1)),
        ("scans/a.jp2", saved("JPEG2000")),
        ("scans/a.pdf", plain(3)),
        ("scans/a.pdf", plain(3) + bytes(400) + b"\r\n"),
        ("scans/a.pdf", saved("PDF")),
        ("transcription/pl/a.xml", PAGE.encode()),
        ("transcription/pl/a.xml", ALTO.encode()),
        ("transcription/pl/a.xml", TEI.encode()),
        ("transcription/pl/a.xml", ("<?xml version='1.0'?>\n<!-- x -->" + TEI).encode()),
        ("transcription/pl/a.xml", PAGE.replace("UTF-8", "UTF-16").encode("utf-16")),
        ("transcription/pl/a.hocr", HOCR.encode()),
        ("transcription/pl/a.html", HOCR.encode()),
        ("transcription/pl/a.htm", b"<p>Warszawa,<br>dnia"),
        ("transcription/pl/a.txt", b"#include <stdio.h>\nint main(void) { return 0; }\n"),
        ("transcription/pl/a.txt", b"import os\nfrom sys import path\nclass A:\n    pass\n"),
        ("transcription/pl/a.txt", b'{"a": [1, 2, 3], "b": {"c": "d"}}'),
        ("transcription/pl/a.txt", b"From: ambassador\nTo: minister\nSubject: cable\n\nSecret.\n"),
        ("transcription/pl/a.txt", "\ufeffz BOM-em: zażółć".encode()),
        ("transcription/pl/a.txt", "Kow?ski był w Łodzi, a mo?e nie.".encode()),
        ("translation/en/a.txt", b"Who?Me. What?Nothing."[:12]),
        ("documents/a.csv", b"a;b\n1;2\n"),
        ("documents/a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'),
    ],
)
def test_a_sound_file_is_told_nothing_of(name: str, data: bytes, tmp_path: Path) -> None:
    done = read_bytes(tmp_path, data, name)
    assert [problem.message for problem in done.problems] == []
    assert file_of(done).technical.mime


def office(folder: Path, kind: str) -> Path:
    path = folder / f"a.{kind}"
    if kind == "docx":
        from docx import Document

        document = Document()
        document.add_paragraph("Warszawa, dnia")
        document.add_paragraph("4 czerwca")
        document.save(str(path))
    elif kind == "xlsx":
        from openpyxl import Workbook

        Workbook().save(path)
    else:
        space = "urn:oasis:names:tc:opendocument:xmlns:"
        text = (
            f'<office:document-content xmlns:office="{space}office:1.0" '
            f'xmlns:text="{space}text:1.0">'
            "<office:body><office:text><text:p>Warszawa, dnia</text:p><text:p>4 czerwca</text:p>"
            "</office:text></office:body></office:document-content>"
        )
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
            file.writestr("content.xml", text)
    return path


@pytest.mark.parametrize("kind", ["docx", "odt", "xlsx"])
def test_a_sound_document_is_told_nothing_of(kind: str, tmp_path: Path) -> None:
    done = read(office(tmp_path, kind), f"documents/a.{kind}")
    assert done.problems == ()
    assert "application/vnd" in file_of(done).technical.mime


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_the_text_of_a_document_is_seen_paragraph_by_paragraph(kind: str, tmp_path: Path) -> None:
    done = read(office(tmp_path, kind), f"translation/en/a.{kind}")
    assert file_of(done).seen.text == "Warszawa, dnia\n4 czerwca"


@pytest.mark.parametrize("text", [PAGE, ALTO, TEI])
def test_the_text_of_xml_is_seen_once_and_without_its_header(text: str) -> None:
    assert text_of(parse_xml(text.encode())) == "Warszawa, dnia"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain", "US-ASCII"),
        ("zażółć".encode(), "UTF-8"),
        ("zażółć gęślą jaźń, śnieg".encode("cp1250"), "windows-1250"),
        ("zażółć gęślą jaźń, śnieg".encode("iso8859_2"), "ISO-8859-2"),
        ("zażółć gęślą jaźń, śnieg".encode("cp852"), "IBM852"),
        ("zażółć gęślą jaźń, śnieg".encode("mac_latin2"), "x-mac-ce"),
        ("zażółć".encode("utf-16"), "UTF-16"),
    ],
)
def test_the_encoding_of_a_text_is_on_record_and_its_bytes_stay(
    data: bytes, encoding: str, tmp_path: Path
) -> None:
    file = file_of(read_bytes(tmp_path, data, "transcription/pl/a.txt"))
    assert file.technical.encoding == encoding
    assert file.path.read_bytes() == data
    assert encoding == "x-mac-ce" or file.seen.text == data.decode(encoding)


def test_the_encoding_of_a_long_text_is_found_by_its_beginning(tmp_path: Path) -> None:
    data = ("Zażółć gęślą jaźń.\n" * 60_000).encode("cp1250")
    file = file_of(read_bytes(tmp_path, data, "transcription/pl/a.txt"))
    assert file.technical.encoding == "windows-1250"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Minister przyjął ambasadora i omówił z nim sprawę wizyty w stolicy. " * 4, "pl"),
        ("The Minister received the Ambassador and they talked about the visit. " * 4, "en"),
        ("Министр принял посла и обсудил с ним вопрос о визите в столицу. " * 4, "ru"),
        ("k. 12v\n30/87\nw. 5", None),
        ("Minister przyjął ambasadora i omówił sprawę wizyty. " * 5
         + "The Minister received the Ambassador and they talked. " * 5, None),
    ],
)  # fmt: skip
def test_a_language_is_guessed_only_where_it_is_sure(text: str, tag: str | None, tmp_path) -> None:
    file = file_of(read_bytes(tmp_path, text.encode(), "documents/a.txt"))
    assert file.technical.text_language == tag


def test_a_format_is_known_by_its_pronom_id_whatever_its_name(tmp_path: Path) -> None:
    found = {
        kind: file_of(read_bytes(tmp_path, saved(kind), "documents/a")).technical.puid
        for kind in ("TIFF", "PNG", "JPEG2000", "PDF")
    }
    assert found["TIFF"] == "fmt/353"
    assert found["PNG"] in ("fmt/11", "fmt/12", "fmt/13")
    assert found["JPEG2000"] == "x-fmt/392"
    assert found["PDF"] in ("fmt/17", "fmt/18")
    assert file_of(read(office(tmp_path, "docx"), "documents/a")).technical.puid == "fmt/412"


def test_a_file_too_large_for_memory_is_opened_all_the_same(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(reading, "IN_MEMORY", 1000)
    for name, data in {
        "scans/a.tif": saved("TIFF"),
        "scans/a.pdf": plain(40),
        "transcription/pl/a.txt": "Zażółć gęślą jaźń. ".encode() * 99,
        "transcription/pl/a.xml": PAGE.encode() + b" " * 1000,
    }.items():
        done = read_bytes(tmp_path, data, name)
        assert done.problems == (), name
        assert file_of(done).size == len(data)
    whole = file_of(read(office(tmp_path, "docx"), "translation/en/a.docx"))
    assert whole.seen.text == "Warszawa, dnia\n4 czerwca"


def test_a_large_file_replaced_while_it_is_opened_is_the_one_that_was_hashed(
    tmp_path, monkeypatch
) -> None:
    """The path is given to another file between the two reads: the open file is read on."""
    monkeypatch.setattr(reading, "IN_MEMORY", 1000)
    path = tmp_path / "a.tif"
    path.write_bytes(saved("TIFF"))
    inspect = reading.inspect

    def swapped(*arguments):
        other = tmp_path / "other"
        other.write_bytes(b"no image")
        other.rename(path)
        return inspect(*arguments)

    monkeypatch.setattr(reading, "inspect", swapped)
    done = read(path, "scans/a.tif")
    # Its last link is gone, which its status-change time shows.
    assert [problem.code for problem in done.problems] == ["changed-while-read"]


def test_a_file_that_grows_or_is_written_into_while_it_is_opened_is_held(
    tmp_path, monkeypatch
) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(saved("TIFF"))
    inspect = reading.inspect

    def written(*arguments):
        with path.open("r+b") as stream:
            stream.seek(300)
            stream.write(b"\1")
        return inspect(*arguments)

    monkeypatch.setattr(reading, "inspect", written)
    done = read(path, "scans/a.tif")
    assert [problem.code for problem in done.problems] == ["changed-while-read"]


@given(data=st.binary(max_size=3000), start=st.sampled_from(range(12)))
def test_no_bytes_make_reading_fail(data: bytes, start: int, tmp_path_factory) -> None:
    heads = (
        *(b"", b"PK\x03\x04", b"%PDF-1.4\n", b"II*\0", b"MM\0*", b"\xff\xd8\xff\xe0"),
        *(b"\x89PNG\r\n\x1a\n", b"<?xml version='1.0'?>", b"<html>", b"GIF89a"),
        *(b"\0\0\0\x0cjP  \r\n\x87\n", b"\xd0\xcf\x11\xe0"),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("scans/a", "transcription/pl/a.txt", "translation/en/a.xml"):
        done = read_bytes(folder, heads[start] + data + b"x", name)
        assert done.file is not None


def test_files_are_answered_for_in_their_order_and_each_is_told_of(tmp_path: Path) -> None:
    found = []
    for number in range(40):
        path = tmp_path / f"{number:02}.txt"
        path.write_text("x" * (40 - number) * 1000)
        found.append(Found(path, path.name, os.lstat(path)))
    told: list[str] = []
    done = read_files(
        found, Reading(frozenset({"sha256"}), 1000), lambda one: told.append(one.name)
    )
    names = [one.name for one in found]
    assert [file_of(one).name for one in done] == names == told


def test_who_hears_of_files_can_stop_the_reading(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    read_too: list[str] = []
    real = pool.read_file
    monkeypatch.setattr(
        pool, "read_file", lambda found, how: read_too.append(found.name) or real(found, how)
    )
    found = [Found(path, f"{number}", os.lstat(path)) for number in range(5000)]

    def stop(_found: Found) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_files(found, Reading(frozenset({"sha256"}), 1000), stop)
    assert len(read_too) < 5000


def test_room_is_never_taken_twice_and_one_that_is_too_large_gets_in_alone() -> None:
    room = Room(10)
    most, now = [0], [0]

    def work(size: int) -> None:
        with room.taken(size):
            now[0] += size
            most[0] = max(most[0], now[0])
            now[0] -= size

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, [4, 5, 6, 20, 1, 3, 10] * 30))
    assert most[0] <= 20


def test_an_image_is_not_padded_in_silence(tmp_path: Path) -> None:
    data = saved("JPEG")
    for end in range(2, 40):
        done = read_bytes(tmp_path, data[:-end], "scans/a.jpg")
        assert [problem.code for problem in done.problems] == ["damaged-file"], end
