"""What a delivery says of all its documents: records.csv, records.xlsx and batch.yaml."""

import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from wiazka import problem_kinds
from wiazka.intake import settle
from wiazka.intake.delivered.packing import is_packed, unpacked_name
from wiazka.intake.names import printable
from wiazka.phrase import Lang, Phrase, cause, say, together
from wiazka.problem_kinds import Problem
from wiazka.record.batch import BATCH_NAME, Batch, batch_read
from wiazka.record.csv_table import read_csv_table
from wiazka.record.said import Said
from wiazka.record.table import Row, Table, TableReading, row_csv
from wiazka.record.text import nearest, nfc
from wiazka.record.workbook import read_xlsx_table

TABLE_NAMES = ("records.csv", "records.xlsx")
SHARED_NAMES = (*TABLE_NAMES, BATCH_NAME)
_LARGEST = 32 << 20

_Mark = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What was found in a folder, read once for all its documents.

    ``rows`` are those of the table by folder (NFC); ``problems`` are of the files as a whole and
    belong to every document; ``batch`` is None where there is no batch.yaml, ``lang`` where that
    asks for no language.
    """

    table: Table | None = None
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    batch: Said | None = None
    problems: tuple[Problem, ...] = ()
    lang: Lang | None = None

    def nearest_row(self, folder: str) -> tuple[Phrase, ...]:
        """The question whether the row of a folder of nearly this name is meant; none without."""
        near = nearest(folder, self.rows)
        return (say("Did you mean the row of '{folder}'?", folder=near),) if near else ()

    def mark(self, folder: str) -> str:
        """A text that changes when what is said of one document changes, and only then."""
        rows = [row_csv(self.table, row) for row in self.rows.get(folder, ()) if self.table]
        said = self.batch and (self.batch.given, self.batch.problems)
        return repr((self.table is not None, rows, said, self.problems, self.lang))


def shared_in(folder: Path, prefix: str = "") -> Shared:
    """What the tables and the batch.yaml in a folder say; ``prefix`` leads there (``../``).

    It is read anew only when one of them was touched: a delivery may hold thousands of documents.
    """
    return _read(folder, prefix, tuple(_mark(folder / name) for name in SHARED_NAMES))


def shared_digests(path: Path, algorithms: Iterable[str]) -> dict[str, str]:
    """The digests of a table or batch.yaml; none where it is not there, or cannot be read."""
    mark = _mark(path)
    return {name: _digest(path, mark, name) for name in sorted(algorithms)} if mark else {}


def lang_of(delivery: Path, house: Lang) -> Lang:
    """The language that a delivery asks to be answered in, or that of the house."""
    return shared_in(delivery).lang or house


def has_table(folder: Path) -> bool:
    """Whether a table of records lies in the folder."""
    return any((folder / name).is_file() for name in TABLE_NAMES)


def rows_without_folders(delivery: Path) -> Iterator[tuple[str, Problem]]:
    """A problem for each row of a delivery's table that no folder of it is meant by."""
    shared = shared_in(delivery)
    if shared.table is None or not shared.table.names_folders:
        return
    items = [(item.name, item.is_dir()) for item in delivery.iterdir()]
    names = [
        name if folder else unpacked_name(name)
        for name, folder in items
        if folder or is_packed(name)
    ]
    there = {nfc(printable(name)): name for name in names}
    name = shared.table.name
    undescribed = [folder for folder in there if folder not in shared.rows]
    for folder, rows in shared.rows.items():
        if folder in there:
            continue
        numbers = ", ".join(str(row.number) for row in rows)
        near = nearest(folder, undescribed) if folder else None
        hint = (say("Did you mean the folder '{folder}'?", folder=near),) if near else ()
        remedy = say(
            "Write the folder's name as it is, put the folder beside {table}, or remove the row.",
            table=name,
        )
        where = {"table": name, "rows": numbers, "folder": folder}
        yield (
            folder or f"{name} row {numbers}",
            problem_kinds.ROW_WITHOUT_FOLDER.at(
                name,
                say("{table}, row {rows} names the folder '{folder}', which is not there.", **where)
                if folder
                else say("{table}, row {rows} names no folder.", **where),
                together([*hint, remedy]),
                field="folder",
            ),
        )


@lru_cache(maxsize=16)
def _read(folder: Path, prefix: str, marks: tuple[_Mark | None, ...]) -> Shared:
    tables: list[TableReading] = []
    batch: Batch | None = None
    problems: list[Problem] = []
    for name, mark in zip(SHARED_NAMES, marks, strict=True):
        if mark is None:
            continue
        data, fault = _bytes(folder / name, prefix + name, mark)
        if fault:
            problems.append(fault)
        elif name == BATCH_NAME:
            batch = batch_read(prefix + name, data)
        else:
            read = read_csv_table if name.endswith(".csv") else read_xlsx_table
            tables.append(read(prefix + name, data))
    problems += [problem for reading in tables for problem in reading.problems]
    if all(marks[:2]):
        problems.append(_two_tables(prefix))
    table = tables[0].table if tables else None
    if table and prefix and not table.names_folders:
        problems.append(_no_folder(table))
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows if table else ():
        rows[table.folder_of(row) if table else ""].append(row)
    found = {name: tuple(those) for name, those in rows.items()}
    said, lang = (batch.said, batch.lang) if batch else (None, None)
    return Shared(table, found, said, tuple(problems), lang)


@lru_cache(maxsize=64)
def _digest(path: Path, mark: _Mark, algorithm: str) -> str:
    data, fault = _bytes(path, path.name, mark)
    return "unreadable" if fault else hashlib.new(algorithm, data).hexdigest()


def _mark(path: Path) -> _Mark | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return settle.mark(status) if not stat.S_ISDIR(status.st_mode) else None


def _bytes(path: Path, shown: str, mark: _Mark) -> tuple[bytes, Problem | None]:
    try:
        # O_NONBLOCK: a pipe of this name must not stop the run.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
                why = say("it is no file, or larger than {megabytes} MB", megabytes=_LARGEST >> 20)
                return b"", _unreadable(shown, why)
            data = stream.read(_LARGEST + 1)
            after = settle.mark(os.fstat(descriptor))
    except OSError as error:
        return b"", _unreadable(shown, cause(error))
    if mark != after or len(data) != status.st_size:
        return b"", settle.changing(shown)
    return data, None


def _unreadable(shown: str, why: str) -> Problem:
    return problem_kinds.UNREADABLE_FILE.at(
        shown,
        say("'{name}' cannot be read: {why}.", name=shown, why=why),
        say(
            "Put the file itself in its place, and give the account that runs wiazka the right to "
            "read it."
        ),
    )


def _two_tables(prefix: str) -> Problem:
    return problem_kinds.TABLE_SEVERAL.at(
        f"{prefix}{TABLE_NAMES[1]}",
        say("There is a records.csv and a records.xlsx; nothing says which of them is right."),
        say("Keep one of them."),
    )


def _no_folder(table: Table) -> Problem:
    headings = ", ".join(column.heading for column in table.columns if column.heading)
    return problem_kinds.TABLE_NO_FOLDER.at(
        table.path,
        say(
            "{table} has no column 'folder' that says which row is for which folder; its headings "
            "are: {headings}",
            table=table.name,
            headings=headings[:200],
        ),
        say("Make the first column 'folder' (or 'katalog'), with the folders' names under it."),
        field="folder",
    )
