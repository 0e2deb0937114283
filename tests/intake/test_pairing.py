"""Scans, transcriptions and translations are laid page by page, each file at one place."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.clean import PAGES, clean_delivery
from tests.intake.pages import codes, drawn, english, page_file, paired, polish, scans
from wiazka.ingest.package import full_record
from wiazka.ingest.preflight import preflight
from wiazka.intake.deliveries import at_paths
from wiazka.intake.model import Seen, SourceFile
from wiazka.intake.pairing.stems import natural, read_stem, stem_of
from wiazka.record.crosswalk import record_json
from wiazka.settings import Settings

DOCUMENT = page_file("transcription/pl/odpis.docx")


def named(path: str, *images: str) -> SourceFile:
    return page_file(path, seen=Seen(images_named=images))


@pytest.mark.parametrize(
    ("stem", "number", "side"),
    [
        ("0001r", 1, "recto"),
        ("0001v", 1, "verso"),
        ("scan_0012_recto", 12, "recto"),
        ("scan_0012-V", 12, "verso"),
        ("k12v", 12, "verso"),
        ("k. 12 v", 12, "verso"),
        ("p. 3", 3, None),
        ("str1", 1, None),
        ("page-1", 1, None),
        ("007b", 7, "verso"),
        ("12-awers", 12, "recto"),
        ("12_rewers", 12, "verso"),
        ("л. 5 об.", 5, "verso"),
        ("30-87_0001", 1, None),
        ("odpis", None, None),
        ("DSC06246", None, None),
        ("IMG_1234", None, None),
        ("P1010001", None, None),
        ("DJI_0042", None, None),
        ("20240501_101112", None, None),
        ("Scan 2024-05-01 10.11.12", None, None),
        ("WhatsApp Image 2024-05-01 at 10.11.12", None, None),
        ("IMG-20240501-WA0001", None, None),
        ("123456789012", None, None),
    ],
)
def test_a_name_says_the_number_and_the_side_of_its_page(
    stem: str, number: int | None, side: str | None
) -> None:
    found = read_stem(stem)
    assert (found.number, found.side) == (number, side)


def test_a_stem_is_a_name_without_extension_form_and_language() -> None:
    names = ("a/0001r.tif", "0001r.page.xml", "0001r.pl.txt", "0001R_pl.txt")
    assert {stem_of(name, "pl").key for name in names} == {"0001r"}
    assert stem_of("p. 3").text == "p. 3"


def test_two_stands_before_ten() -> None:
    names = ["page 10", "page 2", "page 1", "0001v", "0001r", "0001"]
    assert sorted(names, key=natural) == ["0001", "0001r", "0001v", "page 1", "page 2", "page 10"]


def test_texts_lie_with_the_scan_of_their_stem() -> None:
    found = paired(
        [*english("0001v", "0001r"), *polish("0001r", "0001v"), *scans("0001v", "0001R")]
    )
    assert drawn(found) == [
        "0001R: scans/0001R.tif transcription/pl/0001r.txt translation/en/0001r.txt",
        "0001v: scans/0001v.tif transcription/pl/0001v.txt translation/en/0001v.txt",
    ]
    assert [(page.number, page.side) for page in found.pages] == [(1, "recto"), (1, "verso")]
    assert codes(found) == []


@pytest.mark.parametrize("text", ["k. {}", "strona_{}", "p{}", "{}", "scan_000{}", "str-0{}"])
def test_else_with_the_scan_of_their_number(text: str) -> None:
    found = paired([*scans("scan_0001", "scan_0002"), *polish(text.format(1), text.format(2))])
    assert [len(page.parts) for page in found.pages] == [2, 2]
    assert codes(found) == []


def test_the_text_of_a_leaf_lies_with_both_its_sides() -> None:
    found = paired([*scans("0001r", "0001v"), *polish("0001")])
    assert [len(page.parts) for page in found.pages] == [2, 2]
    assert codes(found) == []


def test_the_texts_of_both_sides_lie_with_the_scan_of_their_leaf() -> None:
    found = paired([*scans("1", "2"), *polish("1r", "1v", "2r")])
    assert [len(page.parts) for page in found.pages] == [3, 2]
    assert codes(found) == []


def test_a_text_lies_with_the_image_that_it_names() -> None:
    texts = [named("transcription/pl/b.xml", r"D:\scans\IMG_0001.JPG")]
    texts.append(named("transcription/pl/a.xml", "file:///IMG%5F0002.jpg"))
    pictures = [page_file(f"scans/IMG_000{number}.jpg") for number in (1, 2)]
    assert drawn(paired([*texts, *pictures])) == [
        "IMG_0001: scans/IMG_0001.jpg transcription/pl/b.xml",
        "IMG_0002: scans/IMG_0002.jpg transcription/pl/a.xml",
    ]


def test_numbered_texts_lie_with_as_many_photographs_in_their_order() -> None:
    found = paired([*scans("DSC06246", "DSC06249", "DSC10001"), *polish("1", "2", "3")])
    assert [page.parts[1].path.rpartition("/")[2] for page in found.pages] == [
        "1.txt",
        "2.txt",
        "3.txt",
    ]
    assert [page.number for page in found.pages] == [None] * 3
    assert codes(found) == []


def test_texts_of_leaves_lie_with_as_many_numbered_images_in_their_order() -> None:
    found = paired([*scans("1", "2", "3", "4"), *polish("1r", "1v", "2r", "2v")])
    assert [len(page.parts) for page in found.pages] == [2] * 4


@pytest.mark.parametrize("name", ["odpis.docx", "odpis.txt", "document_v2.docx", "30-87_w5.pdf"])
def test_a_text_without_a_page_number_is_of_all_pages(name: str) -> None:
    found = paired([*scans("0001", "0002", "0005"), page_file(f"transcription/pl/{name}")])
    assert [len(page.parts) for page in found.pages] == [2, 2, 2]
    assert codes(found) == []


def test_the_only_text_of_several_pages_is_of_all_pages_though_it_is_called_as_the_first() -> None:
    text = page_file("translation/en/0001.pdf", pages=3)
    assert [len(page.parts) for page in paired([*scans("0001", "0002"), text]).pages] == [2, 2]


@pytest.mark.parametrize("name", ["scans/all.pdf", "scans/all.tif"])
def test_a_file_of_several_scans_gives_its_pages(name: str) -> None:
    found = paired([page_file(name, pages=3), DOCUMENT, *english("p. 1", "p. 2", "p. 3")])
    assert drawn(found)[1] == f"2: {name.removeprefix('data/')}#2 {_TEXT} translation/en/p. 2.txt"
    assert [page.number for page in found.pages] == [1, 2, 3]
    assert codes(found) == []


_TEXT = "transcription/pl/odpis.docx"


def test_folders_in_scans_are_series_of_their_own() -> None:
    files = [page_file(f"scans/{series}/000{n}.tif") for series in ("k10", "k2") for n in (1, 2)]
    texts = [page_file(f"transcription/pl/k2/000{n}.txt") for n in (1, 2)]
    found = paired([*files, *texts, page_file("transcription/pl/k10.docx")])
    assert drawn(found) == [
        "k2/0001: scans/k2/0001.tif transcription/pl/k2/0001.txt",
        "k2/0002: scans/k2/0002.tif transcription/pl/k2/0002.txt",
        "k10/0001: scans/k10/0001.tif transcription/pl/k10.docx",
        "k10/0002: scans/k10/0002.tif transcription/pl/k10.docx",
    ]
    assert codes(found) == []


def test_the_same_scans_in_two_formats_are_one_series() -> None:
    files = [page_file(f"scans/{form}/0001.{form}") for form in ("tif", "jpg")]
    assert drawn(paired(files)) == ["0001: scans/jpg/0001.jpg scans/tif/0001.tif"]


def test_texts_without_scans_make_pages_too() -> None:
    found = paired(
        [*polish("0001", "0002", "0003"), *english("p. 2"), page_file("translation/de/a.docx")]
    )
    assert drawn(found)[1] == (
        "0002: transcription/pl/0002.txt translation/de/a.docx translation/en/p. 2.txt"
    )
    assert codes(found) == []


def test_two_texts_of_the_whole_document_are_one_page_where_nothing_is_scanned() -> None:
    [page] = paired([DOCUMENT, page_file("translation/en/document.docx")]).pages
    assert len(page.parts) == 2


def test_letters_that_go_on_after_b_are_no_sides() -> None:
    found = paired(scans("0001a", "0001b", "0001c", "0002a"))
    assert [page.side for page in found.pages] == [None] * 4


def test_a_leaf_without_a_mark_is_a_recto_where_only_versos_are_marked() -> None:
    found = paired(scans("12v", "12", "13", "13v"))
    assert [page.side for page in found.pages] == ["recto", "verso"] * 2


def test_what_is_not_of_the_text_or_its_scans_is_on_no_page() -> None:
    assert paired([page_file("documents/0001.pdf"), page_file("record.yaml")]).pages == ()


def test_the_record_gives_the_order_where_names_do_not() -> None:
    found = paired(scans("0001", "0002", "0003"), pages="0003.tif; 0001; 2")
    assert [page.label for page in found.pages] == ["0003", "0001", "0002"]
    assert codes(found) == []


def test_pages_that_the_order_leaves_out_are_put_behind_and_told() -> None:
    found = paired(scans("0001", "0002", "0003"), pages="0003; 0009")
    assert [page.label for page in found.pages] == ["0003", "0001", "0002"]
    assert codes(found) == ["page-list-invalid"] * 2
    assert "'0009'" in found.problems[0].message


def test_a_mere_count_of_pages_is_no_order() -> None:
    found = paired(scans("0001", "0002", "0003"), pages="3")
    assert [page.label for page in found.pages] == ["0001", "0002", "0003"]
    assert codes(found) == []


STEMS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "0", "scan_", "k. ", "odpis_v", "DSC0", "część "]),
    st.integers(0, 40),
    st.sampled_from(["", "", "r", "v", "a", "c", "_recto"]),
) | st.text("abŁż01r .-", min_size=1, max_size=6)
FOLDERS = st.sampled_from(
    (
        *("scans/{}.tif", "scans/k1/{}.tif", "scans/{}.pdf", "transcription/pl/{}.txt"),
        *("transcription/pl/k1/{}.txt", "translation/en/{}.txt", "translation/de/{}.docx"),
    )
)
FILES = st.lists(st.builds(str.format, FOLDERS, STEMS), max_size=25, unique=True)


@given(FILES, st.integers(1, 3), st.randoms(use_true_random=False))
def test_no_file_is_lost_and_none_is_at_two_places_for_no_reason(
    names: list[str], pages: int, luck: random.Random
) -> None:
    files = [page_file(name, pages=pages) for name in names]
    found = paired(files)
    parts = [part for page in found.pages for part in page.parts]
    assert {part.path for part in parts} == {file.bag_path for file in files}
    shown = Counter((part.path, part.page) for part in parts if part.role == "scan")
    assert set(shown.values()) <= {1}
    for page in found.pages:
        assert len(set(page.parts)) == len(page.parts) > 0
    for path, times in Counter(part.path for part in parts if part.role != "scan").items():
        holders = [page for page in found.pages if path in {part.path for part in page.parts}]
        same_file = {part.path for page in holders for part in page.parts if part.page}
        leaf = {page.number for page in holders}
        assert times in (1, len(found.pages)) or same_file or len(leaf) == 1 or "k1" in path
    luck.shuffle(files)
    assert paired(files) == found


@given(st.integers(0, 10_000), st.integers(0, 10_000), STEMS)
def test_numbers_in_names_are_sorted_as_numbers(one: int, two: int, stem: str) -> None:
    first, second = (f"{stem} p{number}" for number in sorted((one, two)))
    assert natural(first) <= natural(second)


@given(st.text(max_size=40))
def test_any_text_is_a_stem(text: str) -> None:
    found = stem_of(text)
    assert found.number is None or found.number >= 0
    assert natural(text) == natural(text.upper()) or not text.isascii()


def test_the_pages_of_a_document_are_in_its_record(tmp_path: Path) -> None:
    [delivery] = at_paths([clean_delivery(tmp_path)], tmp_path)
    [submission] = preflight(delivery, Settings(), None)
    kept = json.loads(record_json(full_record(submission)))["pages"]
    assert [page["label"] for page in kept] == list(PAGES)
    assert [part["path"].removeprefix("data/objects/") for part in kept[1]["parts"]] == [
        "scans/0001v.tif",
        "transcription/pl/0001v.txt",
        "translation/en/0001v.txt",
    ]
