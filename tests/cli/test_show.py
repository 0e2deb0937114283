"""wiazka show --as: a held document in the words of other standards."""

import json

import pytest

from tests.conftest import RECORD, House
from tests.record import published, schema_org


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house that holds two versions of a document."""
    house = House(tmp_path_factory.mktemp("show"))
    house.config.write_text('[stores.disk]\nkind = "directory"\npath = "disk"\n')
    for delivery, name in (("first", "Note on"), ("second", "Report of")):
        house.submission("note", delivery, RECORD.replace("Note on", name))
        assert house.run("ingest").returncode == 0
    return house


def test_a_document_is_printed_valid_in_each_standard_and_nothing_else(held: House) -> None:
    for standard in ("premis", "dc", "mods", "ead", "jsonld", "csv"):
        done = held.run("show", "note", "--as", standard)
        assert (done.returncode, done.stderr) == (0, ""), standard
        assert "Giebułtowski" in done.stdout
        if standard in ("premis", "dc", "mods", "ead"):
            assert published.faults(standard, done.stdout.encode()) == []
    assert schema_org.faults(held.run("show", "note", "--as", "jsonld").stdout.encode()) == []


def test_premis_from_the_catalogue_tells_what_the_ledger_has(held: House) -> None:
    shown = held.run("show", "note", "--as", "premis").stdout
    assert ">replication<" in shown
    assert ">fixity check<" in shown


def test_an_earlier_version_is_shown_on_wish(held: House) -> None:
    first = held.run("show", "note", "--as", "dc", "--version", "1").stdout
    latest = held.run("show", "note", "--as", "dc").stdout
    assert ("Note on a talk" in first, "Report of a talk" in latest) == (True, True)
    record = json.loads(held.run("show", "note", "--json", "--version", "1").stdout)["record"]
    assert record["title"].startswith("Note on a talk")


def test_two_forms_of_answer_at_once_are_wrong_usage(held: House) -> None:
    done = held.run("show", "note", "--as", "dc", "--json")
    assert done.returncode == 2
    assert "--as and --json" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--as", "marc"], ["--as", "dc", "--version", "9"], ["--version", "0"]]
)
def test_a_standard_or_version_that_is_not_there_is_wrong_usage(
    held: House, arguments: list[str]
) -> None:
    done = held.run("show", "note", *arguments)
    assert done.returncode == 2
    assert "<" not in done.stdout


def test_a_copy_whose_store_moved_is_shown_as_not_proved(house: House) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    (house.path / "disk").rename(house.path / "moved")
    house.config.write_text(house.config.read_text().replace('"disk"', '"moved"'))
    assert house.run("ingest").returncode == 0
    done = house.run("show", "note")
    assert (done.returncode, done.stderr) == (0, "")
    assert "not proved since" in done.stdout
