"""Tables for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from wiazka.report.words import spoken

# What a spreadsheet would take for a formula, and run.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_table(
    headings: Sequence[str], rows: Iterable[Sequence[str | int | float | None]], lang: str = "en"
) -> str:
    """Rows under headings. Write it as UTF-8.

    It begins with a byte order mark, without which Excel takes the letters for others. Polish
    Excel expects ";" between cells, because a comma is in its numbers. A cell that a spreadsheet
    would run as a formula begins with "'".
    """
    said = spoken(lang)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if lang == "pl" else ",", lineterminator="\r\n")
    writer.writerow(map(said, headings))
    for row in rows:
        writer.writerow(_safe(said(cell)) if isinstance(cell, str) else cell for cell in row)
    return "\ufeff" + out.getvalue()


def _safe(cell: str) -> str:
    line = " ".join(cell.splitlines())
    return f"'{line}" if line.startswith(_FORMULA) else line
