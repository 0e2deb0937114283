"""Sidecars, and the record in the words of other standards."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from wiazka.record.crosswalk import (
    PremisEvent,
    dublin_core,
    metadata_csv,
    premis,
    read_record_json,
    record_json,
)
from wiazka.record.model import Agent, DocumentDate, FileEntry, Record, Role, Source
from wiazka.record.sidecar import read_sidecar


def test_every_value_of_a_sidecar_is_text() -> None:
    data = b"title: no\ndate: 1984-06-04\nsource: 30/87\nrecord_id: 012\n"
    record = read_sidecar("record.yaml", data).record
    assert record is not None
    assert (record.title, record.record_id) == ("no", "012")
    assert record.source_lines == ("30/87",)


def test_polish_keys_are_understood() -> None:
    data = "tytuł: Notatka\ndata: 1984\nsygnatura: AMSZ, 30/87, w. 5\ntłumacz: Jan Łoś\n"
    record = read_sidecar("record.yaml", data.encode()).record
    assert record is not None
    assert record.title == "Notatka"
    assert [agent.name for agent in record.agents_in(Role.TRANSLATOR)] == ["Jan Łoś"]


def test_an_unknown_key_is_kept_with_the_nearest_one_named() -> None:
    reading = read_sidecar("record.yaml", b"translater: Jan\n")
    assert reading.record is not None
    assert reading.record.extra == {"translater": "Jan"}
    assert "translator" in reading.problems[0].remedy


@pytest.mark.parametrize(
    "data", [b"a: &x 1\nb: *x\n", b"title: [1\n", b"\xff\xfe\x00", b"- a list\n", b"a: 'x\n"]
)
def test_a_sidecar_that_cannot_be_read_is_a_problem_never_an_exception(data: bytes) -> None:
    reading = read_sidecar("record.yaml", data)
    assert "sidecar-unreadable" in {problem.code for problem in reading.problems}


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reading(data: bytes) -> None:
    for name in ("record.yaml", "record.txt"):
        reading = read_sidecar(name, data)
        assert reading.record or reading.problems


TEXTS = st.text(max_size=20)
RECORDS = st.builds(
    Record,
    title=st.none() | TEXTS,
    date=st.none() | st.builds(DocumentDate, verbatim=TEXTS, edtf=st.none() | TEXTS),
    sources=st.tuples(st.builds(Source, verbatim=TEXTS)),
    summary=st.none() | TEXTS,
    subjects=st.tuples(TEXTS),
    agents=st.tuples(
        st.builds(
            Agent,
            name=TEXTS,
            kind=st.just("person"),
            role=st.sampled_from(Role),
            relator=st.just("trl"),
        )
    ),
    files=st.tuples(
        st.builds(
            FileEntry,
            path=TEXTS.map(lambda name: f"data/objects/{name}"),
            role=st.just("scan"),
            size=st.integers(0),
            sha256=st.just("0" * 64),
            mime=st.just("image/tiff"),
            delivered_as=TEXTS,
        )
    ),
)


@given(RECORDS)
def test_a_record_survives_its_json(record: Record) -> None:
    assert read_record_json(record_json(record)) == record


@given(RECORDS)
def test_any_record_becomes_xml_and_csv_that_can_be_read(record: Record) -> None:
    from datetime import UTC, datetime

    event = PremisEvent("ipc", datetime(2026, 1, 1, tzinfo=UTC), "made", "success", "wiazka")
    etree.fromstring(dublin_core(record))
    tree = etree.fromstring(premis(record, "main/note", [event]))
    assert len(tree.findall("{*}object")) == 1
    assert tree.findtext("{*}event/{*}eventType") == "ipc"
    table = list(csv.reader(io.StringIO(metadata_csv(record).decode(), newline="")))
    assert table[0][0] == "filename"
    assert len({len(row) for row in table}) == 1
