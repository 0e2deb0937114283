"""Templates: every key explained in both languages, and each read back without a problem."""

import csv
import io

import openpyxl
import pytest

from wiazka.problem_kinds import Problem
from wiazka.record.csv_table import read_csv_table
from wiazka.record.keys import Key, Lang, keys
from wiazka.record.model import Record
from wiazka.record.required import missing
from wiazka.record.said import merge
from wiazka.record.sidecar import read_sidecar
from wiazka.record.table import row_said
from wiazka.record.template import Format, written
from wiazka.record.workbook import read_xlsx_table


def read_back(form: Format, lang: Lang) -> tuple[Record, tuple[Problem, ...]]:
    data = written(form, lang)
    if form is Format.YAML:
        reading = read_sidecar("record.yaml", data)
        table_problems: tuple[Problem, ...] = ()
    else:
        read = read_csv_table if form is Format.CSV else read_xlsx_table
        found = read(f"records.{form}", data)
        assert found.table is not None
        [row] = found.table.rows
        assert found.table.folder_of(row) == "1984-06-04_AMSZ_30-87_w5"
        table_problems = found.problems
        reading = merge([row_said(found.table, row)])
    assert reading.record is not None
    return reading.record, (*table_problems, *reading.problems, *missing(reading.record))


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("form", Format)
def test_a_template_is_read_back_without_a_problem(form: Format, lang: Lang) -> None:
    record, problems = read_back(form, lang)
    assert problems == ()
    assert record.date is not None
    assert record.date.edtf == "1984-06-04"
    assert record.sources[0].accession == "30/87"
    assert [(one.tag, one.role) for one in record.languages] == [
        ("ru", "original"),
        ("pl", "relay"),
        ("en", "translation"),
    ]


@pytest.mark.parametrize("lang", Lang)
def test_all_formats_say_the_same(lang: Lang) -> None:
    first, *others = (read_back(form, lang)[0] for form in Format)
    for other in others:
        assert other.model_copy(update={"sidecar": first.sidecar}) == first


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.name)
def test_every_key_is_explained_in_sentences(key: Key) -> None:
    assert all(key.explanations[lang].endswith(".") for lang in Lang)
    assert key.examples[Lang.EN]


@pytest.mark.parametrize("lang", Lang)
def test_every_example_in_the_yaml_template_is_sound_when_its_sign_is_taken_away(
    lang: Lang,
) -> None:
    text = written(Format.YAML, lang).decode()
    lines = text.splitlines()
    for key in keys():
        at = lines.index(f"# {key.explanations[lang]}")
        line = lines[at + 1].removeprefix("# ")
        reading = read_sidecar("record.yaml", f"{line}\n".encode())
        assert reading.record is not None
        assert [one.code for one in reading.problems if one.severity == "error"] == [], line
        assert not any(one.code == "key-unknown" for one in reading.problems), line


def test_the_polish_table_opens_in_polish_excel() -> None:
    data = written(Format.CSV, Lang.PL)
    assert data.startswith(b"\xef\xbb\xbf")
    header, about, example = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert header[:4] == ["katalog", "tytuł", "data", "sygnatura"]
    assert about[0].startswith("# Nazwa folderu")
    assert len({len(row) for row in (header, about, example)}) == 1


@pytest.mark.parametrize("lang", Lang)
def test_nothing_typed_into_the_workbook_becomes_a_date(lang: Lang) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, lang)))
    records, explanations = book.worksheets
    assert records.freeze_panes == "A2"
    for column in range(1, len(keys()) + 2):
        letter = openpyxl.utils.get_column_letter(column)
        assert records.column_dimensions[letter].number_format == "@"
        assert records.cell(2, column).number_format == "@"
        assert records.cell(1, column).comment is not None
    explained = [row[0].value for row in explanations.iter_rows(min_row=2)]
    assert explained == [cell.value for cell in records[1]]
