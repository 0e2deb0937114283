"""What a document is, from all the places that say so: its own sidecars, its row, the defaults."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from wiazka import problem_kinds
from wiazka.intake.deliveries import Job
from wiazka.intake.model import FileRole, SourceFile, Technical, stops
from wiazka.intake.roles import DELIVERED
from wiazka.intake.shared import Shared, shared_in
from wiazka.phrase import all_of, say, say_many, together
from wiazka.problem_kinds import Problem
from wiazka.record.model import Record
from wiazka.record.required import missing
from wiazka.record.said import Said, merge
from wiazka.record.sidecar import SIDECAR_NAMES, sidecar_said
from wiazka.record.table import Row, row_csv, row_said
from wiazka.record.text import nfc
from wiazka.record.transfer import METADATA_CSV, transfer_said

# The document's own row is a file of ours in the bag; the table itself is of the whole delivery.
ROW_IN_BAG = f"{DELIVERED}/records-row.csv"
OWN_SIDECARS = (*SIDECAR_NAMES, METADATA_CSV)
# Of sidecars that are looked at alone; a larger one is told of where it is read with the rest.
_LARGEST = 32 << 20
# What is there and was not understood is not missing.
_UNREADABLE = {
    (problem_kinds.DATE_MISSING.code, "date"): problem_kinds.DATE_UNREADABLE.code,
    (problem_kinds.FIELD_ABSENT.code, "languages"): problem_kinds.LANGUAGE_UNKNOWN.code,
    (problem_kinds.FIELD_ABSENT.code, "rights"): problem_kinds.RIGHTS_UNKNOWN.code,
}
_LEAST = say(
    '  title: "Note on the talks in Pekin"\n'
    "  date: 1957-04-12\n"
    '  source: "AMSZ, Department II, 30/87, w. 5"'
)
_WRITE_ONE = say(
    "Put a record.yaml into the folder ('wiazka template' prints one), or paste the record page "
    "into a record.txt. The least it needs:\n{least}",
    least=_LEAST,
)
_OR_WRITE_ONE = say(
    "Or put a record.yaml into the folder ('wiazka template' prints one), or paste the record page "
    "into a record.txt. The least it needs:\n{least}",
    least=_LEAST,
)


@dataclass(frozen=True, slots=True)
class Description:
    """A document's record, what is wrong with it, and the extract of the table that it rests on."""

    record: Record | None
    problems: tuple[Problem, ...]
    extracts: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """The row of one table for a document, if there is just one, and what is wrong otherwise."""

    said: Said | None = None
    problems: tuple[Problem, ...] = ()
    extract: SourceFile | None = None


def describe(
    job: Job,
    data: Mapping[str, bytes | None],
    algorithms: Iterable[str],
    weakest: Said | None = None,
) -> Description:
    """The record of a submission. ``data`` holds the bytes of its sidecars by name, None for one
    that could not be read, which is told where it was tried. ``weakest`` fills what is left empty.

    The nearer wins: record.yaml, record.txt, metadata.csv, the row of a table in the folder, that
    of the delivery's table, and last the defaults of batch.yaml.
    """
    own = [_own(name, data[name]) for name in OWN_SIDECARS if name in data]
    shared = [shared_in(job.home)]
    found = [_own_row(job, shared[0])]
    if job.delivery != job.path:
        shared.append(shared_in(job.delivery, "../"))
        described = bool(own or found[0].said)
        found.append(_row_in_delivery(job, shared[1], set(algorithms), described=described))
    said = [*own, *(one.said for one in found if one.said)]
    problems = [problem for one in shared for problem in one.problems]
    problems += [problem for one in found for problem in one.problems]
    if not said:
        untold = [] if stops(problems) else [_no_sidecar(shared[-1], job)]
        return Description(None, (*problems, *untold))
    defaults = [one.batch for one in shared if one.batch]
    reading = merge([*said, *defaults, *([weakest] if weakest else [])])
    problems += reading.problems
    # What is missing may stand in a sidecar that could not be read.
    if reading.record is not None and all(one.given is not None for one in said):
        told_of = {one.code for one in problems}
        problems += [
            replace(one, path=said[0].path)
            for one in missing(reading.record)
            if _UNREADABLE.get((one.code, one.field or ""), "") not in told_of
        ]
    extracts = tuple(one.extract for one in found if one.extract)
    return Description(reading.record, tuple(problems), extracts)


def described_alone(job: Job) -> Record | None:
    """The record of a submission whose other files are not read; None where none can be read so.

    What is packed is not opened: of it, only what its delivery says is seen.
    """
    data: dict[str, bytes | None] = {}
    for name in () if job.packed else OWN_SIDECARS:
        path = job.home / name
        with suppress(OSError):
            if path.is_file() and path.stat().st_size <= _LARGEST:
                data[name] = path.read_bytes()
    return describe(job, data, ["sha256"]).record


def shared_mark(job: Job) -> str:
    """A text that changes when what the delivery says of this document changes."""
    if job.delivery == job.path:
        return ""
    shared = shared_in(job.delivery, "../")
    return "" if shared == Shared() else shared.mark(_name(job))


def _name(job: Job) -> str:
    return nfc(job.folder)


def _own(name: str, data: bytes | None) -> Said:
    if data is None:
        return Said(name, name, None)
    if not data:
        too_large = problem_kinds.SIDECAR_UNREADABLE.at(
            name,
            say("{name} is too large for the description of a document.", name=name),
            say("See whether it is the right file."),
        )
        return Said(name, name, None, (too_large,))
    return transfer_said(name, data) if name == METADATA_CSV else sidecar_said(name, data)


def _own_row(job: Job, shared: Shared) -> _Found:
    """The row of a table in the document's own folder: its only one, or the one that names it."""
    table = shared.table
    if table is None or not table.rows:
        return _Found()
    named = [row for row in table.rows if table.folder_of(row) in {"", ".", _name(job)}]
    rows = table.rows if len(table.rows) == 1 else tuple(named)
    if len(rows) != 1:
        return _Found(problems=(_rows_in_document(table.path, table.name, len(table.rows)),))
    return _Found(row_said(table, rows[0]))


def _row_in_delivery(job: Job, shared: Shared, algorithms: set[str], *, described: bool) -> _Found:
    table = shared.table
    if table is None or not table.names_folders:
        return _Found()
    rows = shared.rows.get(_name(job), ())
    if len(rows) > 1:
        return _Found(problems=(_twice(table.path, table.name, job.folder, rows),))
    if not rows:
        absent = problem_kinds.FOLDER_WITHOUT_ROW.at(
            table.path,
            say(
                "{table} has no row for the folder '{folder}', which describes itself.",
                table=table.name,
                folder=job.folder,
            ),
            together([say("Add one if it should have."), *shared.nearest_row(_name(job))]),
            field="folder",
        )
        return _Found(problems=(absent,)) if described else _Found()
    [row] = rows
    content = row_csv(table, row)
    digests = {
        name: hashlib.new(name, content).hexdigest() for name in sorted({"sha256", *algorithms})
    }
    extract = SourceFile(
        job.delivery / table.name,
        f"{table.path} row {row.number}",
        ROW_IN_BAG,
        FileRole.SIDECAR,
        None,
        len(content),
        digests,
        Technical("text/csv"),
        content,
    )
    return _Found(row_said(table, row), extract=extract)


def _no_sidecar(shared: Shared, job: Job) -> Problem:
    if shared.table is None:
        message = say(
            "Nothing says what this document is: there is no record.yaml and no record.txt."
        )
        return problem_kinds.SIDECAR_MISSING.at("record.yaml", message, _WRITE_ONE)
    message = say(
        "Nothing says what this document is: there is no record.yaml and no record.txt, and "
        "{table} has no row for it.",
        table=shared.table.name,
    )
    row = say("Write '{folder}' into the column 'folder' of its row.", folder=job.folder)
    filled = together([row, *shared.nearest_row(_name(job))])
    return problem_kinds.SIDECAR_MISSING.at(
        "record.yaml", message, together([filled, _OR_WRITE_ONE], "\n")
    )


def _twice(path: str, name: str, folder: str, rows: tuple[Row, ...]) -> Problem:
    return problem_kinds.ROW_TWICE.at(
        path,
        say(
            "{name}, rows {rows} are for one folder: '{folder}'.",
            name=name,
            rows=all_of([str(row.number) for row in rows]),
            folder=folder,
        ),
        say("Keep one row for each folder."),
        field="folder",
    )


def _rows_in_document(path: str, name: str, rows: int) -> Problem:
    return problem_kinds.ROW_TWICE.at(
        path,
        say_many(
            "{name} lies in a document's own folder and has {number} row, which is not for it.",
            "{name} lies in a document's own folder and has {number} rows, none or several of "
            "which are for it.",
            rows,
            name=name,
        ),
        say(
            "Keep the document's row only; a table of several documents belongs beside their "
            "folders."
        ),
        field="folder",
    )
