"""metadata.csv as Archivematica takes it: one row a file, columns repeated for several values."""

import csv
import io

from wiazka.record.crosswalk.terms import dc_terms
from wiazka.record.crosswalk.xml import xml_text
from wiazka.record.model import Record

_OBJECTS = "data/objects/"

# Terms under a name of the fifteen elements: Archivematica hands only these on to other systems.
_ELEMENTS = {"created": "date", "abstract": "description", "spatial": "coverage"} | {
    name: name
    for name in (
        "title",
        "source",
        "creator",
        "contributor",
        "description",
        "subject",
        "language",
        "identifier",
        "type",
        "format",
        "relation",
        "rights",
    )
}


def metadata_csv(record: Record) -> bytes:
    """A row for each file under ``objects/``, every one with the document's Dublin Core.

    Columns are ``dc.*`` for the fifteen elements and ``dcterms.*`` for the rest, both of which
    Archivematica writes into its METS file. Values are on one line, without the characters that
    XML forbids: it reads a row a line.
    """
    terms = [(_column(term), xml_text(" ".join(value.split()))) for term, value in dc_terms(record)]
    out = io.StringIO()
    # RFC 4180 line ends: with "\n" alone Python leaves a CR in a value unquoted, which breaks rows.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["filename", *(column for column, _ in terms)])
    for file in record.files:
        if file.path.startswith(_OBJECTS):
            path = file.path.removeprefix("data/")
            writer.writerow([path, *(value for _, value in terms)])
    return out.getvalue().encode()


def _column(term: str) -> str:
    return f"dc.{_ELEMENTS[term]}" if term in _ELEMENTS else f"dcterms.{term}"
