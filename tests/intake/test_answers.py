"""The language that a delivery is answered in: the house's, or the one its batch.yaml asks for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import House
from wiazka.phrase import Phrase, say_many
from wiazka.record.batch import batch_read
from wiazka.record.model import Record
from wiazka.record.required import missing
from wiazka.record.sidecar import read_sidecar

UNTITLED = 'date: 1984-06-04\nsource: "AMSZ, Department II, 30/87, w. 5"\n'
ENGLISH, POLISH = "The document has no title.", "Dokument nie ma tytułu."


def told(house: House, *paths: str) -> dict[str, dict[str, str]]:
    """The problems of `wiazka check --json`, by code."""
    done = house.run("check", "--json", *(paths or ("inbox",)))
    assert "Traceback" not in done.stderr
    return {p["code"]: p for s in json.loads(done.stdout)["submissions"] for p in s["problems"]}


def ask(house: House, text: str, delivery: str = "delivery") -> None:
    (house.inbox / delivery / "batch.yaml").write_text(text, encoding="utf-8")


def test_english_is_spoken_where_nothing_else_is_asked_for(house: House) -> None:
    house.submission("note", record=UNTITLED)
    assert told(house)["title-missing"]["message"] == ENGLISH


def test_a_house_that_is_polish_answers_in_polish(make_house: Callable[[str], House]) -> None:
    house = make_house('lang = "pl"\n')
    house.submission("note", record=UNTITLED)
    problem = told(house)["title-missing"]
    assert problem["message"] == POLISH
    assert "tytuł:" in problem["remedy"]
    assert (problem["severity"], problem["field"]) == ("error", "title")


@pytest.mark.parametrize(
    "line", ["lang: pl", "LANG: polski", "język komunikatów: polski", "jezyk_komunikatow: PL"]
)
def test_a_batch_yaml_asks_for_polish_in_several_ways(line: str) -> None:
    batch = batch_read("../batch.yaml", f"{line}\n".encode())
    assert (batch.lang, batch.said.given, batch.said.problems) == ("pl", (), ())


def test_a_delivery_that_asks_for_polish_is_answered_in_it(house: House) -> None:
    house.submission("note", record=UNTITLED)
    house.submission("other", delivery="elsewhere", record=UNTITLED)
    ask(house, "lang: pl\n")
    polish, english = told(house, "inbox/delivery"), told(house, "inbox/elsewhere")
    assert set(polish) == set(english)
    assert polish["title-missing"]["message"] == POLISH
    assert english["title-missing"]["message"] == ENGLISH


def test_a_delivery_can_ask_for_english_in_a_polish_house(
    make_house: Callable[[str], House],
) -> None:
    house = make_house('lang = "pl"\n')
    house.submission("note", record=UNTITLED)
    ask(house, "lang: en\n")
    assert told(house)["title-missing"]["message"] == ENGLISH


def test_what_lies_loose_in_a_delivery_is_told_in_its_language(house: House) -> None:
    house.submission("note")
    ask(house, "lang: pl\n")
    (house.inbox / "delivery" / "scan.tif").write_bytes(b"x")
    assert told(house)["loose-file"]["message"].startswith("„scan.tif” leży")


def test_on_a_terminal_the_whole_list_is_in_the_language(house: House) -> None:
    house.submission("note", record=UNTITLED)
    ask(house, "lang: pl\n")
    shown = house.run("check", "inbox").stdout
    assert "błąd" in shown
    assert POLISH in shown
    assert "do poprawy" in shown
    assert "error" not in shown


def test_the_language_of_answers_is_none_of_the_document(house: House) -> None:
    house.submission("note")
    ask(house, "lang: pl\nlanguages: [ru (original)]\n")
    assert told(house) == {}
    assert house.run("ingest", "inbox").returncode == 0
    [record] = Path(house.path).glob("disk/**/record.json")
    kept = json.loads(record.read_text("utf-8"))
    assert kept["extra"] == {}
    assert [one["tag"] for one in kept["languages"]] == ["pl", "en"]


def test_a_language_that_nobody_writes_here_is_told_and_english_is_spoken(house: House) -> None:
    house.submission("note", record=UNTITLED)
    ask(house, "lang: de\n")
    problems = told(house)
    assert problems["title-missing"]["message"] == ENGLISH
    unknown = problems["language-unknown"]
    assert (unknown["severity"], unknown["path"]) == ("warning", "../batch.yaml")
    assert unknown["message"].startswith("batch.yaml, line 1: 'de'")
    assert "en and pl" in unknown["message"]
    assert "lang: pl" in unknown["remedy"]


@pytest.mark.parametrize("text", ["lang: klingon", "lang: [pl, en]", "lang: {a: b}"])
def test_what_is_not_one_language_is_told(text: str) -> None:
    batch = batch_read("../batch.yaml", text.encode())
    assert batch.lang is None
    assert [problem.code for problem in batch.said.problems] == ["language-unknown"]


def test_an_empty_line_asks_for_nothing() -> None:
    batch = batch_read("../batch.yaml", b"lang:\n")
    assert (batch.lang, batch.said.given, batch.said.problems) == (None, (), ())


def test_a_house_cannot_choose_a_language_that_nobody_writes(
    make_house: Callable[[str], House],
) -> None:
    house = make_house('lang = "de"\n')
    house.submission("note")
    done = house.run("check", "inbox")
    assert done.returncode == 2
    assert "lang" in done.stderr
    assert "'en' or 'pl'" in done.stderr


def test_what_polish_remedies_propose_is_understood() -> None:
    """A remedy that shows a line to be written must not lead to the next problem."""
    least = missing(Record(sidecar="record.yaml"))
    said = [problem.remedy.into("pl") for problem in least if isinstance(problem.remedy, Phrase)]
    assert len(said) == len(least)
    lines = [
        line.strip()
        for remedy in said
        for line in remedy.partition(": ")[2].replace("   albo, gdy dokument", "\n").splitlines()
    ]
    proposed = "\n".join(line.partition("   ")[0] for line in lines if "nie ma daty" not in line)
    written = proposed.replace("sygnatura: nieznana\n", "")
    reading = read_sidecar("record.yaml", written.encode())
    assert reading.problems == ()
    assert reading.record is not None
    assert missing(reading.record) == []


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("tytuł: a\ndata: b.d.\nsygnatura: nieznana\npowód braku źródła: papiery prywatne", []),
        ("ograniczenie: dane osób\ndata przeglądu: 2031-01", []),
        ("kartoteka: [Margaret Gnoinska = gnoinska-margaret]", []),
        ("języki: [ru (oryginał), en]", []),
        ("języki: [pl (oryginał), en (tłumaczenie)]", []),
    ],
)
def test_the_polish_lines_of_other_remedies_are_understood(
    written: str, problems: list[str]
) -> None:
    assert [p.code for p in read_sidecar("record.yaml", written.encode()).problems] == problems


@pytest.mark.parametrize(
    ("number", "polish"),
    [
        (0, "0 plików"),
        (1, "1 plik"),
        (2, "2 pliki"),
        (5, "5 plików"),
        (12, "12 plików"),
        (22, "22 pliki"),
        (112, "112 plików"),
    ],
)
def test_numbers_take_the_form_that_polish_gives_them(number: int, polish: str) -> None:
    told = say_many("{number} file, {state}", "{number} files, {state}", number, state="ok")
    assert told.into("pl") == f"{polish}, ok"
