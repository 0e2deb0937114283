"""wiazka parse as staff use it."""

import json
import subprocess
import sys

from tests.conftest import House

LINE = (
    "AMSZ, Department II, 30/87, w. 5. Obtained by Marek Hańderek and translated by Jerzy "
    "Giebułtowski."
)


def piped(data: bytes, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "wiazka.cli.main", "parse", *arguments, "-"]
    return subprocess.run(command, input=data, capture_output=True)


def test_every_part_is_shown_under_its_name(house: House) -> None:
    shown = house.run("parse", LINE).stdout
    lines = [line.split() for line in shown.splitlines()]
    for name, value in (("department", "II"), ("accession", "30/87"), ("bundle", "5")):
        assert [name, value] in [line[:2] for line in lines]
    assert "Archiwum Ministerstwa Spraw Zagranicznych (AMSZ), Warsaw" in shown
    assert "Marek Hańderek" in shown.splitlines()[6]


def test_what_the_line_says_is_not_given_is_shown(house: House) -> None:
    shown = house.run("parse", "APRF, listy 146-147, fond and opis not given").stdout
    assert "not given" in shown.split("fonds")[1].splitlines()[0]


def test_lines_of_standard_input_become_a_json_document_each() -> None:
    done = piped(f"{LINE}\n\nKultura, półka 7\n".encode(), "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["sources"][0]["accession"] == "30/87"
    assert [agent["affiliation"] for agent in first["agents"]] == [None, None]
    assert second["sources"][0]["scheme"] == "unparsed"
    assert second["verbatim"] == "Kultura, półka 7"


def test_a_line_in_another_encoding_is_read_or_named() -> None:
    line = "Uzyskał Zażółć Gęśląjaźń, przełożył Świętopełk Łoś"
    done = piped(f"{line}\n".encode("cp1250"), "--json")
    assert json.loads(done.stdout)["verbatim"] == line
    done = piped(b"AMSZ, 30/87\nzwi\xb9zek\n")
    assert done.returncode == 2
    assert b"Line 2 of standard input is not UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


def test_many_lines_come_back_in_their_order() -> None:
    lines = [f"AMSZ, Department II, 30/87, w. {number}" for number in range(9000)]
    done = piped("\n".join(lines).encode(), "--json")
    assert [json.loads(line)["verbatim"] for line in done.stdout.splitlines()] == lines


def test_a_support_line_names_the_funders(house: House) -> None:
    line = "This document was made possible with support from Kyungnam University"
    parsed = json.loads(house.run("parse", "--json", line).stdout)
    assert parsed["sources"] == []
    assert [(a["name"], a["role"]) for a in parsed["agents"]] == [("Kyungnam University", "funder")]
