"""Workbooks: records.xlsx read from its first sheet, templates written. The door to openpyxl."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from wiazka.phrase import Phrase, say
from wiazka.problem_kinds import (
    CELL_IS_DATE,
    CELL_IS_NUMBER,
    CELL_NO_VALUE,
    DATE_AMBIGUOUS,
    SHEET_NOT_READ,
    SIDECAR_UNREADABLE,
    Problem,
)
from wiazka.record.keys import Kind
from wiazka.record.table import (
    Column,
    Row,
    TableReading,
    cell_place,
    columns_of,
    fitted,
    letters,
    table_of,
)

# Unpacked; a table of ten thousand records has about ten million bytes.
_LARGEST = 100 << 20
_MOST_PARTS = 2000
_MOST_ROWS = 50_000
_MOST_COLUMNS = 500
# The sheets that explain the columns in our own template.
EXPLANATIONS = ("Explanations", "Objaśnienia")
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_YEARS_AS_DAYS = range(1900, 2051)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell's value as stored, its formula where it has one, and how its number is shown."""

    value: object
    formula: bool
    number_format: str


class _Refused(ValueError):
    """Why a workbook is not opened; ends in no full stop."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why)
        self.why = why


def read_xlsx_table(path: str, data: bytes) -> TableReading:
    """The table on the first sheet of a workbook. Nothing is raised, whatever the bytes are."""
    name = path.rpartition("/")[2]
    try:
        has_formulas = _inspect(data)
        rows, others = _read(data, has_formulas=has_formulas)
    except Exception as error:  # openpyxl raises what it likes on hostile bytes
        damaged = say("it is damaged, or no workbook")
        unreadable = SIDECAR_UNREADABLE.at(
            path,
            say(
                "{name} cannot be opened: {why}.",
                name=name,
                why=error.why if isinstance(error, _Refused) else damaged,
            ),
            say("Open it in a spreadsheet and save it again as .xlsx, or save it as CSV UTF-8."),
        )
        return TableReading(None, (unreadable,))
    notes = tuple(_not_read(path, sheet) for sheet in others)
    filled = [(number, cells) for number, cells in rows if any(_filled(cell) for cell in cells)]
    if not filled:
        message = say("{name} has nothing on its first sheet.", name=name)
        remedy = say("Write the headings into its first row ('wiazka template --format xlsx').")
        return TableReading(None, (SIDECAR_UNREADABLE.at(path, message, remedy), *notes))
    (_, headings), *others_rows = filled
    last = max(at for at, cell in enumerate(headings, start=1) if _filled(cell))
    columns = columns_of(_text(cell.value) for cell in headings[:last])
    return TableReading(
        table_of(path, columns, (_row(path, columns, n, cells) for n, cells in others_rows)), notes
    )


def _inspect(data: bytes) -> bool:
    """Whether there are formulas. Raises _Refused for what may be meant to exhaust the reader.

    openpyxl unpacks parts whole, and neither it nor its parsers limit entities (XML 1.0 4.4); a
    workbook has no use for a document type, so that one with any is refused.
    """
    formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = file.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
                raise _Refused(
                    say("unpacked it is larger than {megabytes} MB", megabytes=_LARGEST >> 20)
                )
            for part in parts:
                if not part.filename.endswith((".xml", ".rels")):
                    continue
                content = file.read(part)
                # A document type hidden by UTF-16 has a zero byte at every letter.
                if b"<!DOCTYPE" in content.replace(b"\0", b""):
                    raise _Refused(say("its part {part} has a document type", part=part.filename))
                formulas |= part.filename.startswith("xl/worksheets/") and b"<f" in content
    except zipfile.BadZipFile as error:
        raise _Refused(say("it is no workbook in the .xlsx format, or it is damaged")) from error
    return formulas


def _read(
    data: bytes, *, has_formulas: bool
) -> tuple[list[tuple[int, list[_Cell]]], tuple[str, ...]]:
    import openpyxl  # a quarter of a second that most commands need not spend

    def rows_of(*, values: bool) -> tuple[list[list[tuple[object, str]]], tuple[str, ...]]:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=values, keep_links=False
        )
        sheets = book.worksheets
        if not sheets:
            raise _Refused(say("it has no sheet"))
        others = tuple(sheet.title for sheet in sheets[1:] if sheet.title not in EXPLANATIONS)
        return list(_cells(sheets[0])), others

    rows, others = rows_of(values=True)
    formulas = rows_of(values=False)[0] if has_formulas else []
    return [
        (
            number,
            [
                _Cell(value, _is_formula(formulas, number, at), shown)
                for at, (value, shown) in enumerate(cells)
            ],
        )
        for number, cells in enumerate(rows, start=1)
    ], others


def _cells(sheet: Any) -> Iterator[list[tuple[object, str]]]:  # noqa: ANN401 - the stubs know another class
    # What the file says of its own size may be wrong.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _MOST_ROWS or len(row) > _MOST_COLUMNS:
            raise _Refused(
                say(
                    "it has more than {rows} rows or {columns} columns",
                    rows=_MOST_ROWS,
                    columns=_MOST_COLUMNS,
                )
            )
        yield [(cell.value, getattr(cell, "number_format", "") or "") for cell in row]


def _is_formula(rows: list[list[tuple[object, str]]], number: int, at: int) -> bool:
    if number > len(rows) or at >= len(rows[number - 1]):
        return False
    value = rows[number - 1][at][0]
    return (isinstance(value, str) and value.startswith("=")) or (
        value is not None and type(value).__name__ in {"ArrayFormula", "DataTableFormula"}
    )


def _filled(cell: _Cell) -> bool:
    return cell.formula or (cell.value is not None and bool(_text(cell.value).strip()))


def _row(path: str, columns: tuple[Column, ...], number: int, cells: list[_Cell]) -> Row:
    row = fitted(path, columns, number, [_text(cell.value) for cell in cells])
    texts, problems = list(row.cells), list(row.problems)
    for at, (column, cell) in enumerate(zip(columns, cells, strict=False)):
        texts[at], problem = _checked(path, column, number, cell)
        problems += [problem] if problem else []
    return Row(number, tuple(texts), tuple(problems))


def _checked(path: str, column: Column, number: int, cell: _Cell) -> tuple[str, Problem | None]:
    """A cell's text, and what is wrong with it as a cell of its column."""
    where = cell_place(path.rpartition("/")[2], column, number)
    value = cell.value
    text = _text(value)
    if isinstance(value, (date, datetime, time, timedelta)):
        if column.kind is not Kind.DATE:
            return text, _is_date(path, where, column, text)
        return _dated(path, where, column, cell)
    if (cell.formula and value is None) or (isinstance(value, str) and _ERROR.fullmatch(value)):
        message = (
            say("{cell} shows {error}, so that nobody can tell its value.", cell=where, error=value)
            if value
            else say(
                "{cell} holds a formula that was never calculated, so that nobody can tell its "
                "value.",
                cell=where,
            )
        )
        remedy = say("Type the value itself into the cell.")
        return "", CELL_NO_VALUE.at(path, message, remedy, field=column.key)
    if isinstance(value, (int, float)) and column.kind.must_be_text:
        return text, CELL_IS_NUMBER.at(
            path,
            say(
                "{cell} holds the number {value}, not text: a zero before it, or a slash, may "
                "have been lost.",
                cell=where,
                value=text,
            ),
            say("If anything is lost, format the column as text and type it again, as in 0449/6."),
            field=column.key,
        )
    return text, None


_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|ADR!|ARG!|NAZWA\?|LICZBA!)")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)


def _dated(path: str, where: str, column: Column, cell: _Cell) -> tuple[str, Problem | None]:
    """A date as exact as the cell shows it: one shown as "June 1984" has no day."""
    text = _text(cell.value)
    shown = _NOT_FORMAT.sub("", cell.number_format).casefold()
    if isinstance(cell.value, datetime) and cell.value.time() == time() and "y" in shown:
        if "d" not in shown:
            text = text[:7] if "m" in shown else text[:4]
        day = (cell.value - datetime(1899, 12, 30)).days  # noqa: DTZ001 - Excel's day 0
        if day in _YEARS_AS_DAYS:
            return text, DATE_AMBIGUOUS.at(
                path,
                say(
                    "{cell} holds the date {date}; Excel makes it of the year {year} typed into a "
                    "cell that is formatted as a date.",
                    cell=where,
                    date=text,
                    year=day,
                ),
                say(
                    "If the year {year} is meant, format the column as text and type it again.",
                    year=day,
                ),
                field=column.key,
            )
    return text, None


def _is_date(path: str, where: str, column: Column, text: str) -> Problem:
    return CELL_IS_DATE.at(
        path,
        say("{cell} was turned into a date by Excel ({date}?).", cell=where, date=text),
        say("Format the column as text and type it again, as in 30/87."),
        field=column.key,
    )


def _not_read(path: str, sheet: str) -> Problem:
    return SHEET_NOT_READ.at(
        path,
        say(
            "The sheet '{sheet}' of {name} was not read: only the first one is.",
            sheet=sheet,
            name=path.rpartition("/")[2],
        ),
        say("Put every document on the first sheet."),
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written: rows under headings, and for each column its width and a comment."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    comments: tuple[str, ...] = ()


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of those sheets. Every cell is text, so that a spreadsheet changes nothing typed.

    The first row stays in view; its comments show when the pointer is on a heading.
    """
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    book = openpyxl.Workbook(write_only=False)
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for at, width in enumerate(sheet.widths, start=1):
            column = page.column_dimensions[letters(at)]
            column.width = width
            column.number_format = "@"
        for number, row in enumerate(sheet.rows, start=1):
            for at, text in enumerate(row, start=1):
                cell = page.cell(number, at)
                cell.number_format = "@"
                cell.value = text or None
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for at, cell in enumerate(page[1]):
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E8EEF4")
            if at < len(sheet.comments):
                cell.comment = Comment(sheet.comments[at], "wiazka", width=320, height=110)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
