"""Reading the archive's own list of names: a table with commas, as ``config/agents.csv`` begins."""

import csv
import re
from functools import lru_cache
from pathlib import Path

from wiazka.errors import ConfigError
from wiazka.record.authority import Authorities, Authority
from wiazka.record.encoding import decode

COLUMNS = ("id", "preferred", "variants", "kind", "viaf", "wikidata")
_HINT = (
    "docs/names.md shows a right row, as in: "
    "gnoinska-margaret,Margaret K. Gnoinska,Margaret Gnoinska;Małgorzata Gnoińska,person,,"
)
_RIGHT = {
    "id": (re.compile(r"[a-z0-9][a-z0-9._-]*"), "small letters, digits and '-', as gnoinska-m"),
    "preferred": (re.compile(r".*\S.*"), "a name, as Margaret K. Gnoinska"),
    "kind": (re.compile(r"person|organisation"), "person or organisation"),
    "viaf": (re.compile(r"\d{0,22}"), "the number alone, as 12345678, or nothing"),
    "wikidata": (re.compile(r"(?:Q\d+)?"), "a Q and a number, as Q12345, or nothing"),
}


def read_agents(path: Path) -> Authorities:
    """The list in ``path``. Raises ConfigError that names file, row and column of every fault."""
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise ConfigError(
            f"The list of names {path} cannot be read: {error.strerror}.",
            "Its place is record.agents in wiazka.toml.",
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Authorities:
    decoded = decode(path.read_bytes())
    if decoded is None or not decoded.certain:
        raise ConfigError(f"The list of names {path} is not UTF-8.", "Save it as UTF-8.")
    text = decoded.text
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    head = tuple(cell.lower() for cell in _cells(lines[0][1])) if lines else COLUMNS
    if sorted(head) != sorted(COLUMNS):
        raise ConfigError(
            f"The list of names {path}, row {lines[0][0]}: the columns are {', '.join(head)}; "
            f"expected {', '.join(COLUMNS)}, with commas between.",
            _HINT,
        )
    rows: list[Authority] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, line in lines[1:]:
        cells = _cells(line)
        row = dict(zip(head, cells, strict=False))
        wrong = _faults(row, cells)
        if not wrong and (first := seen.setdefault(row["id"], number)) != number:
            wrong = [f"column id: '{row['id']}' is that of row {first} too"]
        faults += [f"row {number}, {fault}" for fault in wrong]
        if not wrong:
            rows.append(_authority(row))
    if faults:
        raise ConfigError(f"The list of names {path} has faults:\n  " + "\n  ".join(faults), _HINT)
    return Authorities(rows)


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for row in csv.reader([line], strict=True) for cell in row]
    except csv.Error:
        return []  # a quotation mark without its pair: not one cell is certain


def _faults(row: dict[str, str], cells: list[str]) -> list[str]:
    if not cells:
        return ['all columns: a quotation mark is not closed, expected as in "Kowalska, Anna"']
    if len(cells) != len(COLUMNS):
        return [f"all columns: there are {len(cells)} cells, expected {len(COLUMNS)}"]
    return [
        f"column {column}: '{row[column]}', expected {expected}"
        for column, (right, expected) in _RIGHT.items()
        if not right.fullmatch(row[column])
    ]


def _authority(row: dict[str, str]) -> Authority:
    variants = (name.strip() for name in row["variants"].split(";"))
    return Authority(
        id=row["id"],
        preferred=row["preferred"],
        kind="person" if row["kind"] == "person" else "organisation",
        variants=tuple(name for name in variants if name),
        viaf=row["viaf"] or None,
        wikidata=row["wikidata"] or None,
    )
