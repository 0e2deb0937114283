"""Sidecars: keys and values, whatever they were written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.record.model import Role
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
