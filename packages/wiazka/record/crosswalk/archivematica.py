"""metadata.csv as Archivematica takes it: one row a file, columns repeated for several values."""

import csv
import io

from wiazka.record.crosswalk.terms import dc_terms
from wiazka.record.model import Record

_OBJECTS = "data/objects/"


def metadata_csv(record: Record) -> bytes:
    """A row for each file under ``objects/``, every one with the document's Dublin Core.

    Values are on one line: Archivematica reads a row a line.
    """
    terms = [(f"dc.{element}", " ".join(value.split())) for element, value in dc_terms(record)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["filename", *(column for column, _ in terms)])
    for file in record.files:
        if file.path.startswith(_OBJECTS):
            path = file.path.removeprefix("data/")
            writer.writerow([path, *(value for _, value in terms)])
    return out.getvalue().encode()
