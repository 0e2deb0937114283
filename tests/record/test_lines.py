"""Real source and credit lines: understood rightly or refused, never wrongly."""

import csv
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.record.line import parse_line
from wiazka.record.model import Repository

DATA = Path(__file__).parents[2].parent / "shared/data"
# The columns of the real lines and the parts they are of.
PARTS = {
    "accession": ["accession"],
    "bundle_box": ["bundle", "box"],
    "file_delo": ["file"],
    "fonds": ["fonds"],
    "series_opis": ["series"],
    "year_or_date": ["year"],
}


def rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def bare(value: str) -> str:
    return "".join(value.split())


def names_alike(repository: Repository, printed: str) -> bool:
    known = (repository.code or "", repository.name)
    return any(name.startswith(printed) or printed.startswith(name) for name in known)


@pytest.mark.parametrize("row", rows("citations.tsv"), ids=lambda row: row["id"])
def test_no_part_of_a_real_signature_is_wrong(row: dict[str, str]) -> None:
    for source in parse_line(row["verbatim"]).sources:
        if source.scheme == "unparsed":
            assert [problem.severity for problem in source.problems] == ["warning"]
            continue
        assert source.scheme == row["scheme"]
        if source.repository and source.repository.code:
            assert names_alike(source.repository, row["archive_norm"])
        for column, names in PARTS.items():
            for part in names:
                value = getattr(source, part)
                assert value is None or bare(value) in bare(row[column]), (part, value)
        if source.folios:
            printed = re.findall(r"\d+", row["folio_pages"])
            ends = [source.folios.first, source.folios.last]
            assert [re.sub(r"\D", "", end) for end in ends if end] == printed


@pytest.mark.parametrize(
    "row", [r for r in rows("citations.tsv") if r["scheme"] == "pl-amsz"], ids=lambda r: r["id"]
)
def test_every_signature_of_the_polish_foreign_ministry_is_read(row: dict[str, str]) -> None:
    [source] = parse_line(row["verbatim"]).sources
    assert source.scheme == "pl-amsz"
    assert source.verbatim == row["verbatim"]


def test_an_unknown_archive_is_kept_with_one_warning() -> None:
    parsed = parse_line("Archiv der Träume, Regal 7")
    assert [source.verbatim for source in parsed.sources] == ["Archiv der Träume, Regal 7"]
    assert [problem.code for problem in parsed.problems] == ["source-unparsed"]


@given(st.text(max_size=80))
def test_any_line_is_kept_as_it_is(line: str) -> None:
    parsed = parse_line(line)
    assert parsed.verbatim == line
    json.dumps(parsed.to_json())
