"""Signatures of what is held: found however they are typed, and a help against slips."""

import json

import pytest

from tests.conftest import House

RECORD = 'title: "Note"\ndate: 1984-06-04\nrights: CNE\nsource: "{}"\n'


def hold(house: House, *signatures: str) -> None:
    for number, signature in enumerate(signatures):
        house.submission(f"note-{number}", record=RECORD.format(signature))
    done = house.run("ingest", "--json")
    assert done.returncode == 0, done.stdout + done.stderr


def codes(house: House, command: str, path: str) -> list[str]:
    answer = json.loads(house.run(command, "--json", path).stdout)
    submissions = answer.get("submissions") or answer["deliveries"][0]["submissions"]
    return [problem["code"] for one in submissions for problem in one["problems"]]


@pytest.mark.parametrize(
    "typed",
    ["amsz 30/87 w5", "AMSZ, 30/87, w. 5", "30/87 w.5", "Foreign Ministry w 5", "Department II w5"],
)
def test_a_signature_is_found_however_it_is_typed(house: House, typed: str) -> None:
    hold(house, "Polish Foreign Ministry Archive, Department II, 30/87, w. 5.")
    found = json.loads(house.run("find", "--json", typed).stdout)["packages"]
    assert [package["id"] for package in found] == ["main/note-0"]


def test_a_bundle_is_not_found_by_a_part_of_its_number(house: House) -> None:
    hold(house, "AMSZ, Department II, 30/87, w. 58.")
    assert json.loads(house.run("find", "--json", "amsz 30/87 w5").stdout)["packages"] == []


def test_a_likely_slip_is_told_with_the_known_signature_and_nothing_is_changed(
    house: House,
) -> None:
    hold(house, "AMSZ, Department II, 30/87, w. 5")
    house.submission(
        "typed", delivery="later", record=RECORD.format("AMSZ, Department II, 30/78, w. 6")
    )
    before = sorted(path.name for path in house.path.rglob("*"))
    assert "source-near-known" in codes(house, "check", "inbox/later")
    assert sorted(path.name for path in house.path.rglob("*")) == before
    assert "source-near-known" in codes(house, "ingest", "inbox/later")
    shown = json.loads(house.run("show", "--json", "typed").stdout)
    assert shown["record"]["sources"][0]["accession"] == "30/78"


def test_a_check_before_the_first_ingest_makes_no_catalogue(house: House) -> None:
    house.submission("note")
    house.run("check", "inbox")
    assert not (house.path / "wiazka-home").exists()


def test_a_known_signature_and_one_that_is_only_like_it_are_no_slips(house: House) -> None:
    hold(house, "AMSZ, Department II, 30/87, w. 5", "AMSZ, Department II, 30/88, w. 5")
    house.submission(
        "typed", delivery="later", record=RECORD.format("AMSZ, Department II, 30/87, w. 7")
    )
    assert "source-near-known" not in codes(house, "check", "inbox/later")
