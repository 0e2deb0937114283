"""records.csv: whatever separates its cells, in whatever encoding Excel has saved it."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wiazka.phrase import say
from wiazka.problem_kinds import CELL_IS_DATE, SIDECAR_UNREADABLE, Problem
from wiazka.record.keys import Kind
from wiazka.record.said import decoded
from wiazka.record.table import Column, Row, TableReading, columns_of, fitted, table_of

_DELIMITERS = (";", ",", "\t")
# Excel's own first line that names the separator, and its way to keep a text from being a number.
_SEPARATOR_LINE = re.compile(r"sep=([;,\t|])\r?\n?", re.I)
_KEPT_TEXT = re.compile(r'="(.*)"', re.S)
_MONTHS = (
    "sty lut mar kwi maj cze lip sie wrz paź lis gru "
    "jan feb mar apr may jun jul aug sep oct nov dec"
).replace(" ", "|")
# What the parser says of a broken table.
_CSV_SAYS: dict[str, str] = {
    str(said): said
    for said in (
        say("unexpected end of data"),
        say("'{separator}' expected after '{quote}'", separator=",", quote='"'),
        say("'{separator}' expected after '{quote}'", separator=";", quote='"'),
        say("'{separator}' expected after '{quote}'", separator="\t", quote='"'),
    )
}
_EXCEL_DATE = re.compile(rf"(?:\d{{1,2}}[.\- ])?(?:{_MONTHS})(?:[.\- ]\d{{2}}(?:\d{{2}})?)?", re.I)


@dataclass(frozen=True, slots=True)
class CsvReading:
    """The rows of a CSV file with their numbers, blank ones too; the separator was found."""

    rows: tuple[tuple[int, list[str]], ...]
    problems: tuple[Problem, ...]


def read_csv_table(path: str, data: bytes) -> TableReading:
    """The table in a CSV file (RFC 4180, with ``,`` ``;`` or a tab). Nothing is raised."""
    reading = read_csv(path, data)
    if not reading.rows:
        return TableReading(None, reading.problems)
    (_, headings), *others = reading.rows
    columns = columns_of(headings)
    rows = (
        _checked(path, columns, fitted(path, columns, number, list(map(_unwrapped, cells))))
        for number, cells in others
    )
    return TableReading(table_of(path, columns, rows), reading.problems)


def read_csv(path: str, data: bytes) -> CsvReading:
    """The rows of a CSV file from its first that is not blank, or what keeps it from being read."""
    text, problems = decoded(path, data, certain=False)
    if text is None:
        return CsvReading((), problems)
    named = _SEPARATOR_LINE.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else _delimiter(text)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if rows or any(cell.strip() for cell in cells):
                rows.append((number, cells))
    except csv.Error as error:
        return CsvReading((), (*problems, _broken(path, reader.line_num, len(rows), error)))
    if not rows:
        name = path.rpartition("/")[2]
        empty = SIDECAR_UNREADABLE.at(
            path,
            say("{name} has no row in it.", name=name),
            say(
                "Write the headings into its first row ('wiazka template --format csv' gives "
                "them), or remove it."
            ),
        )
        return CsvReading((), (*problems, empty))
    return CsvReading(tuple(rows), problems)


def _delimiter(text: str) -> str:
    """The separator under which the first row has the most headings that are known."""

    def known(delimiter: str) -> tuple[int, int]:
        headings = next(_filled(text, delimiter), [])
        return sum(column.key is not None for column in columns_of(headings)), len(headings)

    return max(_DELIMITERS, key=known)


def _filled(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                yield cells
    except csv.Error:
        return


def _unwrapped(cell: str) -> str:
    kept = _KEPT_TEXT.fullmatch(cell)
    return kept[1].replace('""', '"') if kept else cell


def _checked(path: str, columns: tuple[Column, ...], row: Row) -> Row:
    """The row, with a problem for each cell that Excel has saved as a date: ``cze.87``."""
    name = path.rpartition("/")[2]
    problems = [
        CELL_IS_DATE.at(
            path,
            say(
                "{name}, row {row}, column {column}: '{cell}' was turned into a date by Excel.",
                name=name,
                row=row.number,
                column=column.heading,
                cell=cell.strip(),
            ),
            say("Open it with the column formatted as text and type the cell again, as in 30/87."),
            field=column.key,
        )
        for column, cell in zip(columns, row.cells, strict=True)
        if (column.kind.must_be_text or column.kind is Kind.ID)
        and _EXCEL_DATE.fullmatch(cell.strip())
    ]
    return Row(row.number, row.cells, (*row.problems, *problems)) if problems else row


def _broken(path: str, line: int, rows: int, error: csv.Error) -> Problem:
    name = path.rpartition("/")[2]
    return SIDECAR_UNREADABLE.at(
        path,
        say(
            "{name} cannot be read after its row {row} (line {line} of the file): {error}.",
            name=name,
            row=rows,
            line=line,
            error=_CSV_SAYS.get(str(error), str(error)),
        ),
        say(
            'A cell with quotes in it is written "He said ""no"""; a quote that opens must close. '
            "Save it from a spreadsheet, which does this by itself."
        ),
    )
