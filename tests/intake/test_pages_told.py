"""What is told of pages: each fault once, by name, and nothing of sound documents."""

import random

import pytest

from tests.intake.pages import (
    codes,
    drawn,
    english,
    page_file,
    paired,
    polish,
    scans,
    told,
)
from wiazka.intake.model import Seen, SourceFile
from wiazka.intake.pairing.alike import ALIKE_BITS, BITS
from wiazka.intake.pairing.pair import Paired, pair
from wiazka.record.model import Folios, Record, Source


def series(*numbers: int, form: str = "{:04}") -> list[SourceFile]:
    return scans(*(form.format(number) for number in numbers))


def leaves(*missing: str, last: int = 6) -> list[SourceFile]:
    stems = [f"{number:04}{side}" for number in range(1, last + 1) for side in "rv"]
    return scans(*(stem for stem in stems if stem not in missing))


def test_a_gap_is_told_with_the_pages_around_it() -> None:
    assert told(paired(series(1, 2, 3, 4, 6, 7))) == [
        ("page-missing", "'0005' is missing between '0004' and '0006'.")
    ]


def test_a_long_gap_is_told_once() -> None:
    found = paired(series(*range(1, 21), *range(26, 41)))
    assert told(found) == [("page-missing", "'0021–0025' are missing between '0020' and '0026'.")]


def test_many_gaps_are_told_in_one_sentence() -> None:
    found = paired(series(*(number for number in range(1, 100) if number % 8)))
    assert codes(found) == ["page-missing"]
    assert "'0008', '0016'" in found.problems[0].message


def test_a_gap_is_told_of_the_folder_and_the_series_that_it_is_in() -> None:
    files = [page_file(f"scans/k2/scan_{number}.tif") for number in (1, 2, 3, 4, 6)]
    [problem] = paired(files).problems
    assert problem.path == "scans/k2"
    assert "'scan_5' is missing" in problem.message


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(series(1, 3, 5, 7, 9), id="every other number"),
        pytest.param(series(1, 3), id="two files"),
        pytest.param(series(12, 13, 14), id="leaves of a bundle"),
        pytest.param(series(2, 3, 4), id="from the second on"),
        pytest.param(series(1, 2, 3, 5, form="DSC0624{}"), id="a camera"),
        pytest.param(series(1, 2, 3, 5, form="IMG_100{}"), id="a telephone"),
        pytest.param(series(1, 2, 3, 5, form="20240501_10111{}"), id="the time of day"),
        pytest.param(series(1, 2, 3, 5, form="Scan 2024-05-01 10.11.1{}"), id="a scanner's clock"),
        pytest.param(series(1, 2, 3, 5, form="WhatsApp Image 2024-05-0{}"), id="a messenger"),
        pytest.param(scans("a", "b", "c", "list"), id="no numbers"),
    ],
)
def test_numbers_that_count_something_else_have_no_gaps(files: list[SourceFile]) -> None:
    assert told(paired(files)) == []


def test_a_file_that_could_not_be_read_is_no_gap() -> None:
    found = paired([*series(1, 2, 4, 5, 6), *polish("0003")], "scans/0003.tif")
    assert "page-missing" not in codes(found)
    assert "0003: transcription/pl/0003.txt" in drawn(found)


def test_gaps_are_told_of_texts_where_nothing_is_scanned() -> None:
    assert codes(paired(polish("1", "2", "3", "5", "6"))) == ["page-missing"]
    assert codes(paired([*series(1, 2, 3, 4, 5, 6), *polish("1", "2", "3", "5", "6")])) == [
        "pages-differ"
    ]


def with_folios(files: list[SourceFile], first: str, last: str) -> Paired:
    source = Source(verbatim="AIPN", folios=Folios.model_validate({"from": first, "to": last}))
    return pair(files, (), Record(sources=(source,)))


def test_the_leaves_of_the_signature_tell_of_what_is_missing_at_the_ends() -> None:
    found = with_folios(series(12, 13, 14, 15), "12", "16v")
    assert told(found) == [
        ("page-missing", "'0016' is missing: the signature names the leaves from 12 to 16.")
    ]
    assert told(with_folios(series(1, 2, 3, 4), "12", "16")) == []
    assert told(with_folios(series(12, 13, 14), "12", "40")) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("5: lost at the binder's", "lost at the binder's"),
        ("5 lost at the binder's", "lost at the binder's"),
        ("k. 5 – lost", "lost"),
        ("0005 (never filmed)", "never filmed"),
        ("4-6 never filmed", "never filmed"),
        ("scan_0005.tif: lost", "lost"),
        ("5; lost", "lost"),
        ("2, 5 i 9: lost; nobody knows where", "lost; nobody knows where"),
        ("strony 5 oraz 9: zaginęły", "zaginęły"),
    ],
)
def test_a_gap_with_a_reason_is_accepted(said: str, reason: str) -> None:
    found = paired(series(1, 2, 3, 4, 6, 7, 8), pages_missing=said)
    assert "page-missing" not in codes(found)
    assert reason in {one.reason for one in found.accepted}
    assert {(one.code, one.path) for one in found.accepted} == {("page-missing", "scans")}


def test_a_gap_without_a_reason_is_taken_and_the_reason_is_asked_for() -> None:
    found = paired(series(1, 2, 3, 4, 6, 7), pages_missing="5")
    assert [(one.code, one.path, one.field) for one in found.problems] == [
        ("page-reason-absent", "record.yaml", "pages_missing")
    ]
    assert found.accepted == ()


def test_only_the_pages_that_the_record_names_are_accepted() -> None:
    found = paired(series(*range(1, 21), *range(25, 31)), pages_missing="21-23: lost")
    message = "'0024' is missing between '0020' and '0025'."
    assert told(found) == [("page-missing", message)]


def test_a_missing_side_with_a_reason_is_accepted() -> None:
    found = paired(leaves("0003v"), pages_missing="3v: blank")
    assert codes(found) == []
    assert [(one.code, one.reason) for one in found.accepted] == [("verso-missing", "blank")]


@pytest.mark.parametrize("said", ["", "none", "brak", "0", "-"])
def test_that_nothing_is_missing_may_be_said(said: str) -> None:
    assert told(paired(series(1, 2, 3), pages_missing=said)) == []


@pytest.mark.parametrize("said", ["two leaves in the middle", "2: lost"])
def test_a_page_that_is_there_or_that_is_none_is_told(said: str) -> None:
    found = paired(series(1, 2, 3), pages_missing=said)
    assert codes(found) == ["page-list-invalid"]
    assert found.accepted == ()


def test_a_range_without_end_costs_nothing() -> None:
    found = paired(series(1, 2, 3), pages_missing="1-999999999: lost")
    assert codes(found) == []


def test_a_missing_verso_is_told_where_the_others_have_one() -> None:
    [problem] = paired(leaves("0003v")).problems
    assert problem.code == "verso-missing"
    assert problem.message.startswith("'0003v' is missing: '0003r' is there")
    assert codes(paired(leaves("0004r"))) == ["verso-missing"]


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param(["0006v"], id="the last leaf ends on its recto"),
        pytest.param(["0001r"], id="the first begins on its verso"),
        pytest.param(["0002v", "0003v", "0005v"], id="many have none"),
    ],
)
def test_a_side_that_may_be_blank_is_not_told(missing: list[str]) -> None:
    assert told(paired(leaves(*missing))) == []


def test_pages_without_a_text_are_named_once_for_each_set_of_texts() -> None:
    found = paired([*series(1, 2, 3), *polish("0001", "0002", "0003"), *english("0001")])
    [problem] = found.problems
    assert (problem.code, problem.path) == ("pages-differ", "translation/en")
    assert "no text of 2 pages of the 3 that are scanned: '0002' and '0003'" in problem.message


def test_a_text_without_a_scan_is_named() -> None:
    [problem] = paired([*series(1, 2), *polish("0001", "0002", "0003")]).problems
    assert problem.path == "transcription/pl/0003.txt"
    assert problem.message == "1 text is of no page that is scanned: 'transcription/pl/0003.txt'."


def test_texts_that_cannot_be_told_apart_are_told() -> None:
    [problem] = paired([*scans("DSC0001", "DSC0002", "DSC0003"), *polish("1", "2")]).problems
    assert "has 2 texts for 3 scanned pages" in problem.message


def test_a_text_is_not_told_of_where_its_scan_is_told_to_be_missing() -> None:
    files = [*series(1, 2, 3, 5, 6), *polish(*(f"000{number}" for number in range(1, 7)))]
    assert codes(paired(files)) == ["page-missing"]
    assert codes(paired(files, pages_missing="4: lost")) == []


def test_a_blank_page_needs_no_text() -> None:
    blank = page_file("scans/0003.tif", seen=Seen(thumbnail=b"jpeg"))
    assert told(paired([*series(1, 2), blank, *polish("0001", "0002")])) == []


def test_an_image_that_is_not_there_is_told_with_the_nearest() -> None:
    text = page_file("transcription/pl/0002.xml", seen=Seen(images_named=("scan_011.jpg",)))
    [problem] = paired([*scans("scan_0011", "scan_0002"), *polish("0011"), text]).problems
    assert (problem.code, problem.path) == ("image-not-there", "transcription/pl/0002.xml")
    assert problem.remedy.startswith("Did you mean 'scan_0011.tif'?")


@pytest.mark.parametrize(
    "name", ["0001.jpg", "0001.TIF", "../img/0001.png", "http://iiif.example/x/default.jpg"]
)
def test_an_image_in_another_format_or_on_the_web_is_not_told(name: str) -> None:
    text = page_file("transcription/pl/0001.xml", seen=Seen(images_named=(name,)))
    assert told(paired([*series(1), text])) == []


def test_no_image_is_missed_where_nothing_or_only_a_pdf_is_scanned() -> None:
    text = page_file("transcription/pl/1.xml", seen=Seen(images_named=("page1.png",)))
    assert told(paired([text])) == []
    assert told(paired([page_file("scans/a.pdf", pages=1), text])) == []


def test_an_unread_scan_is_an_image_that_is_there() -> None:
    text = page_file("transcription/pl/0001.xml", seen=Seen(images_named=("0001.tif",)))
    assert told(paired([text], "scans/0001.tif")) == []


def test_a_text_that_names_the_image_of_another_page_is_told() -> None:
    text = page_file("transcription/pl/0001.xml", seen=Seen(images_named=("0002.tif",)))
    [problem] = paired([*series(1, 2), text, *polish("0002")]).problems
    assert problem.code == "page-marks-differ"
    assert "lies with the scan '0001'" in problem.message


def test_copies_of_a_scan_are_listed_in_one_problem() -> None:
    copies = [page_file(f"scans/000{n}.tif", same_as="x") for n in (4, 5, 6)]
    [problem] = paired([*series(1, 2, 3), *copies]).problems
    assert problem.code == "scan-twice"
    assert problem.message.startswith("2 scans are there twice")
    assert "'scans/0004.tif' and 'scans/0005.tif'" in problem.message


def looks(name: str, likeness: int) -> SourceFile:
    return page_file(name, seen=Seen(thumbnail=b"jpeg", likeness=f"{likeness:0{BITS // 4}x}"))


def flipped(likeness: int, count: int, luck: random.Random) -> int:
    for bit in luck.sample(range(BITS), count):
        likeness ^= 1 << bit
    return likeness


def test_scans_that_look_alike_are_told_up_to_the_limit_and_no_further() -> None:
    luck = random.Random(4)  # noqa: S311 - no secret
    for count, expected in ((0, 1), (20, 1), (ALIKE_BITS + 1, 0), (BITS // 4, 0)):
        one = luck.getrandbits(BITS)
        other = flipped(one, count, luck)
        files = [looks("scans/0001.tif", one), looks("scans/0002.tif", other)]
        assert codes(paired(files)) == ["scans-alike"] * expected, count


def test_a_page_in_two_formats_and_a_copy_that_is_told_already_do_not_look_alike() -> None:
    page = looks("scans/0001.jpg", 7)
    assert told(paired([page, looks("scans/0001.tif", 7)])) == []


def test_many_pages_that_look_alike_are_forms() -> None:
    assert told(paired([looks(f"scans/{n:04}.tif", n) for n in range(1, 9)])) == []


def marked(*marks: str, stems: str = "{:04}") -> list[SourceFile]:
    return [
        page_file(f"transcription/pl/{stems.format(n)}.txt", seen=Seen(page_marks=(mark,)))
        for n, mark in enumerate(marks, 1)
    ]


@pytest.mark.parametrize(
    ("marks", "wrong"),
    [
        (["s. 1", "s. 2", "s. 3", "s. 4", "s. 5"], []),
        (["k. 12", "k. 13", "k. 14", "k. 15", "k. 16"], []),
        (["k. 1r", "k. 1v", "k. 2r", "k. 2v", "k. 3r"], []),
        (["– 1 –", "– 2 –", "– 4 –", "– 5 –", "– 6 –"], []),
        (["s. 7", "s. 1", "s. 2", "s. 3", "s. 4"], []),
        (["s. 1", "s. 2", "s. 9", "s. 4", "s. 5"], [3]),
        (["k. 12", "k. 13", "k. 13", "k. 15", "k. 16"], [3]),
        (["k. 12", "k. 14", "k. 13", "k. 15", "k. 16"], [2, 3]),
        (["s. 2", "s. 1", "s. 3", "s. 4"], [1, 2]),
        (["s. 4", "s. 9", "s. 2", "s. 7", "s. 3"], []),
        (["s. 2", "s. 1"], []),
    ],
)
def test_marks_that_do_not_count_as_those_around_them_are_told(
    marks: list[str], wrong: list[int]
) -> None:
    found = paired([*series(*range(1, len(marks) + 1)), *marked(*marks)])
    assert [problem.path for problem in found.problems] == [
        f"transcription/pl/{number:04}.txt" for number in wrong
    ]
    assert set(codes(found)) <= {"page-marks-differ"}


def test_marks_of_pages_may_go_on_over_both_sides_of_leaves() -> None:
    stems = [f"{number:04}{side}" for number in (1, 2, 3) for side in "rv"]
    for form in ("s. {}", "– {} –"):
        texts = [
            page_file(f"transcription/pl/{stem}.txt", seen=Seen(page_marks=(form.format(number),)))
            for number, stem in enumerate(stems, 5)
        ]
        assert told(paired([*scans(*stems), *texts])) == []


def test_two_marks_in_one_text_tell_nothing() -> None:
    texts = marked("s. 1", "s. 2", "s. 9", "s. 4", "s. 5")
    both = Seen(page_marks=("s. 3", "s. 9"))
    texts[2] = page_file("transcription/pl/0003.txt", seen=both)
    assert told(paired([*series(1, 2, 3, 4, 5), *texts])) == []
