"""metadata.csv as Archivematica takes it: one row a file, columns repeated for several values."""

import csv
import io

from wiazka.record.crosswalk.terms import dc_terms
from wiazka.record.crosswalk.xml import xml_text
from wiazka.record.model import Record

_OBJECTS = "data/objects/"


def metadata_csv(record: Record) -> bytes:
    """A row for each file under ``objects/``, every one with the document's Dublin Core.

    Values are on one line, without the characters that XML forbids: Archivematica reads a row a
    line, and writes the values into a METS file.
    """
    terms = [
        (f"dc.{element}", xml_text(" ".join(value.split()))) for element, value in dc_terms(record)
    ]
    out = io.StringIO()
    # RFC 4180 line ends: with "\n" alone Python leaves a CR in a value unquoted, which breaks rows.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["filename", *(column for column, _ in terms)])
    for file in record.files:
        if file.path.startswith(_OBJECTS):
            path = file.path.removeprefix("data/")
            writer.writerow([path, *(value for _, value in terms)])
    return out.getvalue().encode()
