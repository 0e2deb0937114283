"""The sample delivery is what it says, and the same at every run."""

import hashlib
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import yaml
from PIL import Image

from tests.sample.make_sample import BROKEN, DELIVERY, HAWANA, OLSZOWSKI, PEKIN, make_delivery


@pytest.fixture(scope="module")
def delivery(tmp_path_factory) -> Path:
    return make_delivery(tmp_path_factory.mktemp("inbox"))


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def mismatches(folder: Path) -> list[str]:
    lines = (folder / "checksum.sha256").read_text("utf-8").splitlines()
    delivered = dict(reversed(line.split("  ", 1)) for line in lines)
    here = files_of(folder)
    return [name for name, digest in delivered.items() if here.get(name) != digest]


def opens(path: Path) -> bool:
    try:
        with Image.open(path) as image:
            image.load()
    except OSError:
        return False
    return True


def record_of(folder: Path) -> dict[str, object]:
    record = yaml.safe_load((folder / "record.yaml").read_text("utf-8"))
    assert isinstance(record, dict)
    return record


def test_two_runs_write_the_same_bytes(delivery, tmp_path):
    assert files_of(make_delivery(tmp_path)) == files_of(delivery)


def test_it_holds_four_submissions_and_the_mark_that_it_is_ready(delivery):
    assert {path.name for path in delivery.iterdir()} == {
        OLSZOWSKI,
        HAWANA,
        PEKIN,
        BROKEN,
        "_READY",
    }
    assert delivery.name == DELIVERY
    assert [path.name for path in delivery.parent.iterdir()] == [DELIVERY]


def test_it_is_a_few_megabytes(delivery):
    assert sum(path.stat().st_size for path in delivery.rglob("*")) < 8_000_000


def test_a_delivery_that_is_there_already_is_never_written_over(delivery):
    with pytest.raises(FileExistsError):
        make_delivery(delivery.parent)


def test_the_first_document_is_whole(delivery):
    folder = delivery / OLSZOWSKI
    scans = sorted((folder / "scans").glob("*.tif"))
    texts = sorted((folder / "transcription/pl").glob("*.txt"))
    assert len(scans) == 6
    assert all(map(opens, scans))
    assert [scan.stem for scan in scans] == [text.stem for text in texts]
    assert "Dąbrowa" in texts[1].read_text("utf-8")
    assert zipfile.ZipFile(folder / "translation/en/document.docx").testzip() is None
    assert (folder / "scans/Thumbs.db").is_file()
    assert mismatches(folder) == []
    assert "Marek Hańderek" in str(record_of(folder)["source"])


def test_the_second_is_a_pdf_of_three_pages_with_polish_keys(delivery):
    folder = delivery / HAWANA
    with pypdfium2.PdfDocument(folder / "scans/depesza.pdf") as document:
        assert len(document) == 3
    assert {"tytuł", "data", "sygnatura", "tłumacz", "darczyńca"} <= record_of(folder).keys()


def test_the_third_has_only_a_record_page_and_two_scans(delivery):
    folder = delivery / PEKIN
    assert "Document Information" in (folder / "record.txt").read_text("utf-8")
    assert [path.name for path in sorted(folder.iterdir())] == ["record.txt", "scans"]
    assert len([path for path in (folder / "scans").iterdir() if opens(path)]) == 2


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_the_fourth_is_broken_in_three_ways_and_no_more(delivery):
    folder = delivery / BROKEN
    assert "title" not in record_of(folder)
    assert [path.name for path in (folder / "scans").iterdir() if not opens(path)] == ["0002r.tif"]
    assert mismatches(folder) == ["transcription/pl/0002r.txt"]
