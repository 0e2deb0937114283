"""A table of records: a row a document, a column a key, whatever file it was written in."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wiazka.phrase import Phrase, say, say_many
from wiazka.problem_kinds import ROW_UNEVEN, Problem
from wiazka.record.fields import Given
from wiazka.record.keys import Kind, key_named, kind_of
from wiazka.record.said import Said
from wiazka.record.text import nfc, words

FOLDER = "folder"
# Not "teczka": among archivists that is a part of the signature.
_FOLDER_HEADINGS = {"folder", "folder name", "katalog", "nazwa folderu", "nazwa katalogu"}
_REMARK = "#"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading as written, its letter in a spreadsheet, and the key that is meant."""

    heading: str
    letter: str
    key: str | None

    @property
    def kind(self) -> Kind:
        """What its cells may hold; the folder's name is text that may look like a number."""
        if self.key == FOLDER:
            return Kind.SIGNATURE
        return kind_of(self.key) if self.key else Kind.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in a spreadsheet: a cell for each column, and what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of records. ``path`` is its file as problems name it (``../records.csv``)."""

    path: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Its file, without the way there."""
        return self.path.rpartition("/")[2]

    @property
    def names_folders(self) -> bool:
        """Whether it has the column that says which row is whose."""
        return any(column.key == FOLDER for column in self.columns)

    def folder_of(self, row: Row) -> str:
        """The folder that a row is for, NFC and without slashes; "" where it names none."""
        for column, cell in zip(self.columns, row.cells, strict=True):
            if column.key == FOLDER:
                return nfc(cell.strip().removeprefix("./").strip("/\\ "))
        return ""

    def where(self, row: Row, column: Column) -> str:
        """The place of a cell, as people find it: by its cell in Excel, else by row and column."""
        if self.name.casefold().endswith(".xlsx"):
            return cell_place(self.name, column, row.number)
        return say(
            "{name}, row {row}, column {column}",
            name=self.name,
            row=row.number,
            column=column.heading or column.letter,
        )


@dataclass(frozen=True, slots=True)
class TableReading:
    """What a table's file holds; ``table`` is None where it could not be read at all."""

    table: Table | None
    problems: tuple[Problem, ...] = ()


def cell_place(name: str, column: Column, row: int) -> Phrase:
    """The place of a cell in a workbook of that name: ``records.xlsx, cell C7``."""
    return say("{name}, cell {cell}", name=name, cell=f"{column.letter}{row}")


def columns_of(headings: Iterable[str]) -> tuple[Column, ...]:
    """The columns under these headings, English or Polish."""
    return tuple(
        Column(heading.strip(), letters(at), _key(heading))
        for at, heading in enumerate(headings, start=1)
    )


def letters(number: int) -> str:
    """The letters of the column of that number, from 1: A, B … Z, AA."""
    made = ""
    while number:
        number, left = divmod(number - 1, 26)
        made = chr(ord("A") + left) + made
    return made


def table_of(path: str, columns: tuple[Column, ...], rows: Iterable[Row]) -> Table:
    """The table of those rows that are documents: not blank, and no remark (a ``#`` first)."""
    return Table(path, columns, tuple(row for row in rows if _is_document(row)))


def fitted(path: str, columns: tuple[Column, ...], number: int, cells: list[str]) -> Row:
    """The row of these cells, as long as there are columns. A cell too many makes it wrong."""
    width = len(columns)
    problems: tuple[Problem, ...] = ()
    if any(cell.strip() for cell in cells[width:]):
        name = path.rpartition("/")[2]
        problems = (
            ROW_UNEVEN.at(
                path,
                say(
                    "{name}, row {row} has {cells}, but there are {headings}; the last cell is: "
                    "{last}",
                    name=name,
                    row=number,
                    cells=say_many("{number} cell", "{number} cells", len(cells)),
                    headings=say_many("{number} heading", "{number} headings", width),
                    last=cells[-1].strip()[:100],
                ),
                say(
                    "A cell that has the separator in it must stand in double quotes; or give the "
                    "column a heading."
                ),
            ),
        )
    kept = cells[:width] + [""] * (width - len(cells))
    return Row(number, tuple(kept), problems)


def row_said(table: Table, row: Row) -> Said:
    """What a row says of its document. Repeated columns are several values of one key."""
    values: dict[str, list[str]] = {}
    homes: dict[str, tuple[str, str]] = {}
    for column, cell in zip(table.columns, row.cells, strict=True):
        if column.key == FOLDER or not cell.strip():
            continue
        name = column.key or words(column.heading) or f"column {column.letter}"
        values.setdefault(name, []).extend(_values(column, cell))
        heading = column.heading or f"column {column.letter}"
        homes.setdefault(name, (heading, table.where(row, column)))
    given = tuple(
        Given(homes[key][0], tuple(found), homes[key][1]) for key, found in values.items()
    )
    return Said(table.path, f"{table.name} row {row.number}", given, row.problems)


def row_csv(table: Table, row: Row) -> bytes:
    """The filled cells of one row under their headings, word for word, as CSV in UTF-8.

    Neither the row's number nor empty columns are in it, so that a change to other documents' rows
    does not change this one's.
    """
    filled = [
        (column.heading, cell)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell.strip()
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([heading for heading, _ in filled])
    writer.writerow([cell for _, cell in filled])
    return out.getvalue().encode("utf-8", "surrogatepass")


def _key(heading: str) -> str | None:
    return FOLDER if words(heading) in _FOLDER_HEADINGS else key_named(heading)


def _is_document(row: Row) -> bool:
    first = next((cell.strip() for cell in row.cells if cell.strip()), "")
    return bool(first or row.problems) and not first.startswith(_REMARK)


def _values(column: Column, cell: str) -> Iterator[str]:
    """The values in a cell: apart at each ";" outside brackets, where the key holds several."""
    if not column.kind.is_list or column.key == FOLDER:
        yield cell
        return
    part: list[str] = []
    depth = 0
    for char in cell:
        depth += (char == "(") - (char == ")" and depth > 0)
        if char == ";" and depth == 0:
            yield "".join(part)
            part = []
        else:
            part.append(char)
    yield "".join(part)
