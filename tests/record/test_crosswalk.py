"""What other systems' readers make of our files, and what of the record reaches them."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from tests.record import published, schema_org
from tests.record.full_record import RECORDS, changed, full, leaves
from wiazka.record.crosswalk import (
    Holding,
    dublin_core,
    ead,
    json_ld,
    metadata_csv,
    mods,
    premis,
    read_record_json,
    record_json,
)
from wiazka.record.model import FileEntry, Record

HOLDING = Holding("main/note", "Archiwum w Łodzi", datetime(2026, 1, 1, tzinfo=UTC))
WRITERS: dict[str, Callable[[Record], bytes]] = {
    "premis": lambda record: premis(record, HOLDING.identity, []),
    "dc": dublin_core,
    "mods": lambda record: mods(record, HOLDING),
    "ead": lambda record: ead(record, HOLDING),
    "jsonld": lambda record: json_ld(record, HOLDING),
    "csv": metadata_csv,
}
DOCS = Path(__file__).parents[2] / "docs/crosswalks.md"


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def faults(standard: str, data: bytes) -> list[str]:
    """What speaks against a document in a standard."""
    if standard == "jsonld":
        return schema_org.faults(data)
    if standard == "csv":
        table = rows(data)
        named = table[0][0] == "filename" and "filename" not in table[0][1:]
        named &= all(re.fullmatch(r"((dc|dcterms)\.)?[^\W\d][\w -]*", name) for name in table[0])
        return [] if named and len({len(row) for row in table}) == 1 else [str(table)]
    return published.faults(standard, data)


def texts(standard: str, data: bytes) -> Iterator[str]:
    """Every text of a document, as its reader has it."""
    if standard == "csv":
        yield from (cell for row in rows(data)[1:] for cell in row)
    elif standard == "jsonld":
        yield from _strings(json.loads(data))
    else:
        for element in etree.fromstring(data).iter():
            yield from (element.text or "", *(str(value) for value in element.attrib.values()))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)


def documented() -> dict[tuple[str, str], str]:
    """(field, standard) → where docs/crosswalks.md says that it goes."""
    found: dict[tuple[str, str], str] = {}
    heads: list[str] = []
    for line in DOCS.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "field":
            heads = [head.strip("`") for head in cells[1:]]
        elif heads and re.fullmatch(r"`[a-z0-9_.]+`", cells[0]):
            for head, cell in zip(heads, cells[1:], strict=True):
                found[cells[0].strip("`"), head] = cell
    return found


@given(RECORDS)
def test_a_record_read_back_from_its_json_is_equal(record: Record) -> None:
    assert read_record_json(record_json(record)) == record


def test_the_full_record_of_these_tests_has_a_value_in_every_field() -> None:
    assert all(value or value == "" for value in leaves(full()).values())
    assert Record.model_validate(full()).files[0].puid == "⟨files.puid⟩"


@pytest.mark.parametrize("standard", WRITERS)
@given(record=RECORDS)
def test_any_record_is_valid(standard: str, record: Record) -> None:
    data = WRITERS[standard](record)
    assert faults(standard, data) == []
    assert not re.search("[\x00-\x08\x0e-\x1f]", data.decode())


@pytest.mark.parametrize("standard", WRITERS)
def test_an_empty_record_and_a_full_one_are_valid(standard: str) -> None:
    for record in (Record(), Record.model_validate(full())):
        assert faults(standard, WRITERS[standard](record)) == []


@pytest.mark.parametrize("standard", ["premis", "dc", "mods", "ead"])
def test_a_document_with_a_part_out_of_place_is_not_valid(standard: str) -> None:
    tree = etree.fromstring(WRITERS[standard](Record.model_validate(full())))
    etree.SubElement(tree[0], etree.QName(etree.QName(tree[0]).namespace, "nothing"))
    assert faults(standard, etree.tostring(tree))


def test_a_json_ld_property_of_the_wrong_type_is_found() -> None:
    document = json.loads(json_ld(Record.model_validate(full()), HOLDING))
    for broken in ({"holdingArchive": "AMSZ"}, {"shelfmark": "w. 5"}, {"@type": "Thing"}):
        assert schema_org.faults(json.dumps(document | broken).encode())


@pytest.mark.parametrize("standard", WRITERS)
def test_the_same_record_gives_the_same_bytes(standard: str) -> None:
    first, second = Record.model_validate(full()), Record.model_validate(full())
    assert WRITERS[standard](first) == WRITERS[standard](second)


@pytest.mark.parametrize("standard", WRITERS)
@pytest.mark.parametrize("field", leaves(full()))
def test_a_value_is_carried_exactly_where_the_docs_say_so(standard: str, field: str) -> None:
    where = documented()[field, standard]
    before, after = full(), changed(full(), field)
    write = WRITERS[standard]
    differs = write(Record.model_validate(before)) != write(Record.model_validate(after))
    assert differs == (where != "–"), where
    value = leaves(before)[field]
    if where != "–" and isinstance(value, str) and "⟨" in value:
        shown = list(texts(standard, write(Record.model_validate(before))))
        plain = value.removeprefix("data/")
        assert any(plain in text for text in shown)


def test_the_docs_tell_of_no_field_that_is_not_there() -> None:
    assert {field for field, _ in documented()} == set(leaves(full()))


@pytest.mark.parametrize("standard", WRITERS)
def test_polish_letters_are_intact_and_forbidden_characters_are_shown(standard: str) -> None:
    polish = "Zażółć gęślą jaźń: Łódź, Giebułtowski, Hańderek"
    title = f"{polish}\x07\x00\ufffe"
    file = {"path": "data/objects/a.txt", "role": "scan", "size": 1, "sha256": "0" * 64}
    agent = {"name": title, "kind": "person", "role": "translator", "relator": "trl"}
    record = Record.model_validate(
        {"title": title, "agents": [agent], "files": [file | {"mime": "a", "delivered_as": "a"}]}
    )
    shown = [text for text in texts(standard, WRITERS[standard](record)) if polish in text]
    assert shown
    if standard != "jsonld":
        assert all(f"{polish}���" in text for text in shown)


def test_a_lone_surrogate_stops_no_writer() -> None:
    # A record read from anywhere cannot hold one; a value built by hand can.
    record = Record.model_construct(**(Record(title="x").model_dump() | {"title": "a\ud800b"}))
    record = record.model_copy(update={"rights": Record().rights})
    for standard in ("dc", "mods", "ead", "jsonld"):
        assert any("a�b" in text for text in texts(standard, WRITERS[standard](record)))


def simple(title: str, path: str = "data/objects/scans/0001r.tif") -> Record:
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
    table = rows(metadata_csv(simple(f"Note{sign}two", f"data/objects/a{sign}b.tif")))
    assert [len(row) for row in table] == [3, 3]
    assert table[1][0] == f"objects/a{sign}b.tif"


def test_metadata_csv_has_the_fifteen_elements_as_dc_and_other_terms_as_dcterms() -> None:
    record = Record.model_validate(full())
    header, row = rows(metadata_csv(record))
    assert header[:3] == ["filename", "dc.title", "dc.date"]
    assert {"dc.contributor", "dcterms.rightsHolder", "dcterms.accessRights"} < set(header)
    told = dict(zip(header, row, strict=True))
    assert told["dc.description"] == "⟨summary⟩"


def test_what_dublin_core_would_mix_up_has_a_column_under_its_own_key() -> None:
    header, row = rows(metadata_csv(Record.model_validate(full())))
    told = dict(zip(header, row, strict=True))
    for key in ("credit", "support", "acquisition", "custodial_history", "classification"):
        assert told[key] == f"⟨{key}⟩"
    assert told["key"] == "⟨extra⟩"
    assert told["date_as_printed"] == "⟨date.verbatim⟩"


@pytest.mark.parametrize("key", ["filename", "credit", "dc.title", "", "1", "a;b"])
def test_an_extra_key_never_takes_the_place_of_a_column(key: str) -> None:
    record = simple("Note").model_copy(update={"extra": {key: "value"}})
    header, row = rows(metadata_csv(record))
    assert header.count("filename") == header.count("dc.title") == 1
    assert dict(zip(header, row, strict=True))["extra"] == f"{key}: value"
