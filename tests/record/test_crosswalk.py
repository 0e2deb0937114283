"""What other systems' readers make of our files."""

import csv
import io

import pytest
from lxml import etree

from wiazka.record.crosswalk import dublin_core, metadata_csv, premis
from wiazka.record.model import FileEntry, Record

PREMIS = "http://www.loc.gov/premis/v3"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def record(title: str, path: str = "data/objects/scans/0001r.tif") -> Record:
    file = FileEntry(
        path=path,
        role="scan",
        size=4,
        sha256="0" * 64,
        mime="image/tiff",
        delivered_as="scans/0001r.tif",
    )
    return Record(title=title, files=(file,))


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", ",", '"', ";", "\u2028"])
def test_a_row_of_metadata_csv_stays_one_row_whatever_is_in_it(sign: str) -> None:
    data = metadata_csv(record(f"Note{sign}two", f"data/objects/a{sign}b.tif"))
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert [len(row) for row in rows] == [2, 2]
    assert rows[1][0] == f"objects/a{sign}b.tif"


def test_control_characters_stop_no_writer_and_reach_no_reader() -> None:
    bell = record("Note\x07 \x00on Łódź")
    for data in (dublin_core(bell), metadata_csv(bell), premis(bell, "main/note", [])):
        assert b"\x07" not in data
        assert b"\x00" not in data
    assert "on Łódź" in dublin_core(bell).decode()


def test_the_type_of_a_premis_object_is_a_name_in_the_premis_namespace() -> None:
    # XML Schema reads the value as a QName: without the prefix it names a type that does not exist.
    [element] = etree.fromstring(premis(record("Note"), "main/note", [])).findall("{*}object")
    prefix, _, name = element.attrib[XSI_TYPE].partition(":")
    assert (element.nsmap[prefix], name) == (PREMIS, "file")


def test_the_parts_of_a_premis_object_stand_in_the_order_of_the_schema() -> None:
    tree = etree.fromstring(premis(record("Note"), "main/note", []))
    names = [etree.QName(child).localname for child in tree[0]]
    assert names == ["objectIdentifier", "objectCharacteristics", "originalName"]
    traits = [etree.QName(child).localname for child in tree[0][1]]
    assert traits == ["fixity", "size", "format"]
