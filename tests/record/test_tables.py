"""Tables of records: any separator and encoding, real workbooks, and nothing that Excel mangled."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.problem_kinds import Severity
from wiazka.record.csv_table import read_csv_table
from wiazka.record.encoding import decode
from wiazka.record.fields import Reading
from wiazka.record.garbled import garbled
from wiazka.record.model import Role
from wiazka.record.said import merge
from wiazka.record.table import Table, TableReading, row_csv, row_said
from wiazka.record.transfer import transfer_said
from wiazka.record.workbook import read_xlsx_table

CSV = "../records.csv"
XLSX = "../records.xlsx"
TEXT = "Sprawozdanie z rozmów w Łodzi: zażółć gęślą jaźń, Świątek, Żak, Ćwik, Śląsk."
# Excel's dates have no time zone.
EXCEL_DATE = datetime(1987, 7, 30)  # noqa: DTZ001
YEAR_AS_DAY = datetime(1905, 6, 6)  # noqa: DTZ001
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859_2", "cp852")


def table_of(reading: TableReading) -> Table:
    assert reading.table is not None, reading.problems
    return reading.table


def table(text: str, encoding: str = "utf-8") -> Table:
    return table_of(read_csv_table(CSV, text.encode(encoding)))


def read(found: Table, at: int = 0) -> Reading:
    return merge([row_said(found, found.rows[at])])


def workbook(rows: Sequence[Sequence[object]], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for cell, shown in (formats or {}).items():
        book.active[cell].number_format = shown
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_is_read_whatever_its_encoding_and_separator(encoding: str, separator: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["katalog", "tytuł", "data", "sygnatura", "tłumacz"])
    writer.writerow(["a", TEXT, "4 czerwca 1984 r.", "AMSZ, 30/87, w. 5", "Jan Łoś; Anna Żak"])
    record = read(table(out.getvalue(), encoding)).record
    assert record is not None
    assert record.title == TEXT
    assert record.date is not None
    assert record.date.edtf == "1984-06-04"
    assert record.source_lines == ("AMSZ, 30/87, w. 5",)
    assert [one.name for one in record.agents_in(Role.TRANSLATOR)] == ["Jan Łoś", "Anna Żak"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_of_a_polish_text_is_found_and_named(encoding: str) -> None:
    found = decode(TEXT.encode(encoding))
    assert found is not None
    assert (found.text, found.certain) == (TEXT, True)


def test_one_letter_that_another_encoding_has_not_decides() -> None:
    found = decode("Gdańsk, Łódź".encode("cp1250"))
    assert found is not None
    assert (found.text, found.encoding, found.certain) == ("Gdańsk, Łódź", "Windows CP1250", True)


def test_a_text_that_is_utf_8_says_nothing_of_its_encoding_and_another_does() -> None:
    assert read_csv_table(CSV, f"folder,title\na,{TEXT}\n".encode()).problems == ()
    [note] = read_csv_table(CSV, f"folder;title\na;{TEXT}\n".encode("cp1250")).problems
    assert (note.code, note.severity) == ("encoding-found", Severity.NOTE)
    assert "CP1250" in note.message


def test_letters_that_decide_nothing_are_read_with_a_warning_that_shows_them() -> None:
    [problem] = read_csv_table(CSV, "folder;title\na;związek\n".encode("cp1250")).problems
    assert problem.code == "encoding-assumed"
    assert "związek" in problem.message


@pytest.mark.parametrize(
    "data", ["folder;title\na;Иванов и Петров\n".encode("cp1251"), b"\x00\x01\x02\xff\xfe"]
)
def test_a_text_in_no_known_encoding_is_refused_rather_than_read_wrongly(data: bytes) -> None:
    reading = read_csv_table(CSV, data)
    assert reading.table is None
    assert [problem.code for problem in reading.problems] == ["sidecar-unreadable"]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("tłum. Jerzy Giebułtowski".encode().decode("cp1252"), "tÅ‚um"),
        ("o zwi¹zku pañstw", "zwi¹zku"),
        ("Stanis?aw S?ucza?ski", "Stanis?aw"),
        ("przez Ha艅derek", "Ha艅derek"),
        ("Lód\ufffd", "Lód\ufffd"),
    ],
)
def test_lost_letters_are_reported_and_kept(text: str, piece: str) -> None:
    found = table(f"folder,title\na,{text}\n")
    reading = read(found)
    assert reading.record is not None
    assert reading.record.title == text
    [problem] = [one for one in reading.problems if one.code == "text-garbled"]
    assert piece in problem.message
    assert "records.csv, row 2, column title" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        *("Who was there? Nobody.", "Ärzte in Ångermanland", "3 m³ wody", "https://a.pl/x?y=z"),
        *("金日成 (Kim Il Sung)", "¿Qué pasa?", "„Łódź”", "Dubček, Košice, Győr"),
    ],
)
def test_sound_letters_are_not_reported(text: str) -> None:
    assert garbled(text) is None


def test_a_quoted_cell_may_hold_separators_quotes_and_line_breaks() -> None:
    found = table('folder;title;notes\na;"One; ""two""\nthree";x\n\n;;\nb;Two;\n')
    assert [(row.number, row.cells[1]) for row in found.rows] == [
        (2, 'One; "two"\nthree'),
        (5, "Two"),
    ]


def test_several_values_stand_in_one_cell_or_in_repeated_columns() -> None:
    found = table(
        "folder,subjects,subjects,title,languages\n"
        "a,Trade; Peace,Korea,One; not two,ru (original; inferred); pl\n"
    )
    record = read(found).record
    assert record is not None
    assert record.subjects == ("Trade", "Peace", "Korea")
    assert record.title == "One; not two"
    assert [one.tag for one in record.languages] == ["ru", "pl"]


def test_two_columns_of_one_value_are_an_error_that_names_the_cell() -> None:
    reading = read(table("folder,title,tytuł\na,One,Two\n"))
    [problem] = [one for one in reading.problems if one.severity is Severity.ERROR]
    assert problem.message.startswith("records.csv, row 2, column title")
    assert problem.path == CSV


def test_an_unknown_column_and_one_without_a_heading_are_kept() -> None:
    reading = read(table("folder,Regał,,title\na,7,loose,One\n"))
    assert reading.record is not None
    assert reading.record.extra == {"Regał": "7", "column C": "loose"}
    assert {one.code for one in reading.problems} == {"key-unknown"}


def test_a_row_with_a_cell_too_many_is_an_error_for_that_row_only() -> None:
    found = table("folder,title,date\na,One, and two,1984\nb,Three,1984\n")
    assert [[one.code for one in row.problems] for row in found.rows] == [["row-uneven"], []]


def test_rows_that_begin_with_a_number_sign_are_remarks() -> None:
    assert [row.number for row in table("folder,title\n# the name,x\na,One\n").rows] == [3]


@pytest.mark.parametrize("cell", ["cze.87", "lip-87", "30.cze", "Jun-87"])
def test_a_signature_that_excel_has_saved_as_a_date_is_an_error(cell: str) -> None:
    [row] = table(f"folder;sygnatura;notes\na;{cell};{cell}\n").rows
    [problem] = row.problems
    assert problem.code == "cell-is-date"
    assert "records.csv, row 2, column sygnatura" in problem.message


def test_a_quote_that_never_closes_is_told_with_its_line() -> None:
    reading = read_csv_table(CSV, b'folder,title\na,"never\nb,two\n')
    assert reading.table is None
    assert "records.csv cannot be read after its row 1" in reading.problems[0].message


def test_excels_separator_line_is_no_row() -> None:
    found = table("sep=;\nfolder;title\na;One, two\n")
    assert found.rows[0].cells == ("a", "One, two")


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(";,\t"))
def test_what_is_written_into_a_table_is_read_from_it(
    rows: list[tuple[str, str, str]], separator: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["folder", "title", "notes"])
    # No title of these is one that Excel's or our own signs would change.
    kept = [(f"f{at}", f"t{title}", notes) for at, (_, title, notes) in enumerate(rows)]
    writer.writerows(kept)
    found = table_of(read_csv_table(CSV, b"\xef\xbb\xbf" + out.getvalue().encode()))
    unwrapped = [row for row in kept if not row[2].startswith('="')]
    assert [row.cells for row in found.rows if not row.cells[2].startswith('="')] == unwrapped


@given(st.binary(max_size=300))
def test_any_bytes_give_a_reading(data: bytes) -> None:
    for reading in (read_csv_table(CSV, data), read_xlsx_table(XLSX, data)):
        assert reading.table or reading.problems
    said = transfer_said("metadata/metadata.csv", data)
    assert said.given is not None or said.problems


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_any_bytes_changed_gives_a_reading(at: int, change: bytes) -> None:
    data = bytearray(WHOLE)
    data[at : at + len(change)] = change
    reading = read_xlsx_table(XLSX, bytes(data))
    assert reading.table or reading.problems


WHOLE = workbook([["folder", "title", "date", "source"], ["a", "One", "1984", "AMSZ, 30/87"]])


def test_a_workbook_is_read_from_its_first_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(WHOLE))
    book.create_sheet("Draft")
    book.worksheets[0].row_dimensions[2].hidden = True
    out = io.BytesIO()
    book.save(out)
    reading = read_xlsx_table(XLSX, out.getvalue())
    assert [row.cells for row in table_of(reading).rows] == [("a", "One", "1984", "AMSZ, 30/87")]
    [note] = reading.problems
    assert (note.code, "Draft" in note.message) == ("sheet-not-read", True)


@pytest.mark.parametrize("heading", ["source", "sygnatura", "folder", "record_id", "title"])
def test_a_cell_turned_into_a_date_is_an_error_that_names_the_cell(heading: str) -> None:
    data = workbook([["date", "notes", heading], ["1984", "x", EXCEL_DATE]])
    [row] = table_of(read_xlsx_table(XLSX, data)).rows
    [problem] = row.problems
    assert (problem.code, problem.severity) == ("cell-is-date", Severity.ERROR)
    assert "records.xlsx, cell C2 was turned into a date by Excel (1987-07-30?)" in problem.message
    assert "30/87" in problem.remedy


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (date(1984, 6, 4), "yyyy\\-mm\\-dd", "1984-06-04"),
        (date(1984, 6, 1), "[$-415]mmm\\-yy;@", "1984-06"),
        (date(1984, 1, 1), "yyyy", "1984"),
        (1984, "General", "1984"),
        ("June 4, 1984", "@", "June 4, 1984"),
    ],
)
def test_a_date_is_right_in_a_date_column_and_as_exact_as_it_is_shown(
    value: object, shown: str, text: str
) -> None:
    data = workbook([["folder", "date"], ["a", value]], {"B2": shown})
    [row] = table_of(read_xlsx_table(XLSX, data)).rows
    assert (row.cells[1], row.problems) == (text, ())


def test_a_year_typed_into_a_date_cell_is_asked_about() -> None:
    data = workbook([["folder", "date"], ["a", YEAR_AS_DAY]], {"B2": "dd.mm.yyyy"})
    [problem] = table_of(read_xlsx_table(XLSX, data)).rows[0].problems
    assert problem.code == "date-ambiguous"
    assert "1984" in problem.message


def test_a_number_in_the_signature_warns_and_elsewhere_does_not() -> None:
    data = workbook([["folder", "source", "record_id"], ["a", 449, 115717.0]])
    [row] = table_of(read_xlsx_table(XLSX, data)).rows
    assert row.cells == ("a", "449", "115717")
    assert [(one.code, "cell B2" in one.message) for one in row.problems] == [
        ("cell-is-number", True)
    ]


def test_a_formula_without_a_value_and_an_error_value_are_errors() -> None:
    data = workbook([["folder", "title", "notes"], ["a", "=B7", "#REF!"]])
    [row] = table_of(read_xlsx_table(XLSX, data)).rows
    assert [one.code for one in row.problems] == ["cell-no-value", "cell-no-value"]


def test_a_formulas_value_is_taken_where_the_spreadsheet_left_it() -> None:
    data = workbook([["folder", "title"], ["a", "=UPPER(A2)"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>ONE</v>", content)
                content = content.replace(b'<c r="B2">', b'<c r="B2" t="str">')
            new.writestr(part.filename, content)
    [row] = table_of(read_xlsx_table(XLSX, out.getvalue())).rows
    assert (row.cells, row.problems) == (("a", "ONE"), ())


def test_a_workbook_that_would_fill_the_memory_or_has_entities_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * (101 << 20))
    entity = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as old, zipfile.ZipFile(entity, "w") as new:
        for part in old.infolist():
            head = b'<!DOCTYPE x [<!ENTITY a "b">]>' if "sheet1" in part.filename else b""
            new.writestr(part.filename, head + old.read(part))
    for data, why in ((bomb, "larger than"), (entity, "document type")):
        reading = read_xlsx_table(XLSX, data.getvalue())
        assert reading.table is None
        assert why in reading.problems[0].message


def test_a_row_kept_for_itself_does_not_change_with_other_rows_or_empty_columns() -> None:
    one = table("folder,title\na,Łódź\n")
    two = table("\nfolder;title;notes\nb;Two;x\na;Łódź;\n", "cp1250")
    assert row_csv(one, one.rows[0]) == row_csv(two, two.rows[1])
    assert row_csv(one, one.rows[0]) == "folder,title\r\na,Łódź\r\n".encode()
