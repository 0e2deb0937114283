"""Signatures found however they are typed, and slips told from other signatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.record.line import parse_line
from wiazka.record.search_key import is_slip, likeness, search_key, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AMSZ, Department II, 30/87, w. 5.", "amsz – department ii – 30 / 87 w5"),
        ("ф. 1333к, а.е. 12", "Ф.1333k, a.e. 12"),  # a Cyrillic к, a and e for Latin ones
        ("XIX-J-1-j", "xix—J-I-j"),
        ("File A’0392", "file A'0392"),
        ("w. 5", "W5"),
    ],
)
def test_signatures_that_are_typed_differently_have_one_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(("one", "other"), [("w. 5", "w. 58"), ("30/87", "3087"), ("f. 5", "d. 5")])
def test_other_signatures_have_another_key(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


def key_of(line: str) -> str:
    [source] = parse_line(line).sources
    found = stem(source)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("AMSZ, 30/78, w. 5", "AMSZ, Department II, 30/87, w. 2", True),
        ("AMSZ, Department II, 30/78, w. 5", "AMSZ, Department II, 30/87, w. 5.", True),
        ("MOL, XIV-J-1-j Korea, 4. doboz", "MNL OL XIX-J-1-j Korea, 9. doboz", True),
        ("AMSZ, 30/88, w. 5", "AMSZ, 30/87, w. 5", False),
        ("RGANI, f. 5, op. 30, d. 1", "RGANI, f. 30, op. 5, d. 1", False),
        ("RGANI, f. 5, op. 30, d. 1", "RGANI, f. 5, op. 30, d. 2", False),
        ("AVPRF, f. 0201, op. 1, d. 1", "AVPRF, f. 0102, op. 1, d. 1", False),
    ],
)
def test_a_slip_is_told_from_another_signature(typed: str, known: str, *, expected: bool) -> None:
    assert is_slip(key_of(typed), key_of(known)) is expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_keys_are_stable_and_only_what_is_alike_can_be_a_slip(one: str, other: str) -> None:
    first, second = search_key(one), search_key(other)
    assert search_key(first) == first
    assert is_slip(first, second) == is_slip(second, first)
    assert not is_slip(first, first)
    assert likeness(first) == likeness(second) or not is_slip(first, second)
