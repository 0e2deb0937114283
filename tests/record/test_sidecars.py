"""Several places that describe one document: the nearer wins, and what differs is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.problem_kinds import Problem
from wiazka.record.batch import batch_read
from wiazka.record.csv_table import read_csv_table
from wiazka.record.fields import Reading
from wiazka.record.model import Record, Role
from wiazka.record.said import Said, merge
from wiazka.record.sidecar import read_sidecar, sidecar_said
from wiazka.record.table import row_said
from wiazka.record.transfer import METADATA_CSV, transfer_said

YAML = 'title: "Report"\ndate: "1984-06-04"\nsource: "AMSZ, Department II, 30/87, w. 5"\n'


def yaml(text: str) -> Said:
    return sidecar_said("record.yaml", text.encode())


def row(text: str) -> Said:
    table = read_csv_table("../records.csv", text.encode()).table
    assert table is not None
    return row_said(table, table.rows[0])


def one_cell(text: str) -> Said:
    """The row of a table with one column beside that of the folder: heading, line break, cell."""
    heading, _, cell = text.partition("\n")
    return row(f"folder,{heading}\na,{cell}\n")


def transfer(text: str) -> Said:
    return transfer_said(METADATA_CSV, text.encode())


def batch(text: str) -> Said:
    return batch_read("../batch.yaml", text.encode()).said


def record_of(reading: Reading) -> Record:
    assert reading.record is not None, reading.problems
    return reading.record


def coded(reading: Reading, code: str) -> list[Problem]:
    return [problem for problem in reading.problems if problem.code == code]


def test_the_nearer_wins_and_both_values_are_shown_with_their_places() -> None:
    reading = merge([yaml(YAML), row("folder,tytuł,tłumacz\na,Raport,Jan Łoś\n")])
    record = record_of(reading)
    assert record.title == "Report"
    assert [one.name for one in record.agents_in(Role.TRANSLATOR)] == ["Jan Łoś"]
    assert record.sidecar == "record.yaml + records.csv row 2"
    [problem] = coded(reading, "values-disagree")
    for part in ("'Report'", "record.yaml, line 1", "'Raport'", "records.csv, row 2, column tytuł"):
        assert part in problem.message
    assert problem.path == "record.yaml"


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("date: June 4, 1984", "date\n1984-06-04"),
        ("languages: [Polish (original), en]", "languages\nen; pl (original)"),
        ("rights: CNE", "rights\nhttp://rightsstatements.org/vocab/CNE/1.0/"),
        ("title: “Peace”  talks", 'title\n"""Peace"" talks."'),
        ("translator: [Jan Łoś, Anna Żak]", "translator\nAnna Żak; Jan Łoś"),
    ],
)
def test_the_same_said_in_another_way_is_no_disagreement(here: str, there: str) -> None:
    reading = merge([yaml(here), one_cell(there)])
    assert coded(reading, "values-disagree") == []


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("date: 1984-06-04", "date\n1984-06-05"),
        ("translator: Jan Łoś", "translator\nJan Los"),
        ("source: AMSZ, 30/87", "source\nAMSZ; 30-87"),
        ("languages: [pl (original)]", "languages\npl"),
    ],
)
def test_what_differs_by_a_sign_is_a_disagreement(here: str, there: str) -> None:
    assert len(coded(merge([yaml(here), one_cell(there)]), "values-disagree")) == 1


def test_a_nearer_chain_of_languages_is_not_given_a_second_original() -> None:
    chain = yaml("languages: [ru (original), pl (working translation), en (translation)]\n")
    reading = merge([chain, one_cell("original_language\nPolish")])
    assert [(one.tag, one.role) for one in record_of(reading).languages] == [
        ("ru", "original"),
        ("pl", "relay"),
        ("en", "translation"),
    ]
    assert len(coded(reading, "values-disagree")) == 1
    agreed = merge([chain, one_cell("original_language\nrosyjski")])
    assert coded(agreed, "values-disagree") == []


def test_defaults_fill_gaps_and_give_way_without_a_word() -> None:
    reading = merge([yaml(YAML), batch("kolekcja: zimna-wojna\ntitle: Other\nfunder: Someone\n")])
    record = record_of(reading)
    assert (record.title, record.collection) == ("Report", "zimna-wojna")
    assert [one.name for one in record.agents_in(Role.FUNDER)] == ["Someone"]
    assert coded(reading, "values-disagree") == []
    assert record.sidecar == "record.yaml + batch.yaml"


def test_what_names_one_document_is_no_default() -> None:
    reading = merge([yaml(YAML), batch("record_id: 115717\n")])
    assert record_of(reading).record_id is None
    [problem] = coded(reading, "value-invalid")
    assert (problem.path, problem.field) == ("../batch.yaml", "record_id")


def test_a_place_that_cannot_be_read_is_told_and_the_others_are_read() -> None:
    reading = merge([yaml("title: [1\n"), row("folder,title\na,One\n"), batch("- a\n")])
    assert record_of(reading).title == "One"
    assert [one.path for one in coded(reading, "sidecar-unreadable")] == [
        "record.yaml",
        "../batch.yaml",
    ]


def test_defaults_alone_are_no_record() -> None:
    reading = merge([yaml("title: [1\n"), batch("funder: Someone\n")])
    assert reading.record is None
    assert [one.path for one in reading.problems] == ["record.yaml"]


def test_a_problem_of_a_value_stands_where_the_value_stands() -> None:
    reading = merge([yaml('title: "Report"\n'), row("folder,title,date\na,,banana\n")])
    [problem] = coded(reading, "date-unreadable")
    assert problem.path == "../records.csv"
    assert problem.message.startswith("records.csv, row 2, column date: ")


def test_a_key_given_twice_in_one_place_is_still_an_error() -> None:
    reading = merge([yaml("title: A\ntytuł: B\n"), row("folder,title\na,A\n")])
    [problem] = coded(reading, "key-twice")
    assert problem.message.startswith("record.yaml, line 2: 'tytuł'")


TRANSFER = (
    "filename,dc.title,dc.creator,dc.date,dc.source,dc.subject,dc.subject,dc.contributor,"
    "dc.contributor,dc.format\r\n"
    '{name},Report,,1984-06-04,"AMSZ, 30/87, w. 5",Korea,Trade,Jan Łoś (translator),'
    "Anna Żak (archivist),image/tiff\r\n"
)


@pytest.mark.parametrize("name", ["objects/scans/0001r.tif", "objects/", "objects"])
def test_an_archivematica_transfer_describes_its_document(name: str) -> None:
    record = record_of(merge([transfer(TRANSFER.format(name=name))]))
    assert record.title == "Report"
    assert record.date is not None
    assert record.date.edtf == "1984-06-04"
    assert record.source_lines == ("AMSZ, 30/87, w. 5",)
    assert record.subjects == ("Korea", "Trade")
    assert [one.name for one in record.agents] == ["Jan Łoś"]
    assert record.extra == {"dc.contributor": "Anna Żak (archivist)"}


def test_what_the_files_of_a_transfer_say_differently_is_of_none_of_them() -> None:
    said = "filename,dc.title,dc.date\nobjects/a.tif,One,1984\nobjects/b.tif,Two,1984\n"
    reading = merge([transfer(said)])
    record = record_of(reading)
    assert (record.title, record.date and record.date.edtf) == (None, "1984")
    [problem] = coded(reading, "values-disagree")
    assert "'One'" in problem.message
    assert "'Two'" in problem.message
    whole = record_of(merge([transfer(said + "objects,Three,\n")]))
    assert whole.title == "Three"


def test_a_metadata_csv_without_its_first_column_is_refused() -> None:
    reading = merge([transfer("dc.title\nOne\n")])
    assert reading.record is None
    assert "filename" in reading.problems[0].message


def test_a_sidecar_in_cp1250_is_read_and_said_to_be_so() -> None:
    reading = read_sidecar(
        "record.yaml", "tytuł: Śląsk i Łódź, zażółć gęślą jaźń\n".encode("cp1250")
    )
    assert record_of(reading).title == "Śląsk i Łódź, zażółć gęślą jaźń"
    assert [problem.code for problem in reading.problems] == ["encoding-found"]


def test_a_sidecar_whose_encoding_its_letters_do_not_prove_is_refused() -> None:
    reading = read_sidecar("record.yaml", "title: związek\n".encode("cp1250"))
    assert reading.record is None
    assert "Windows CP1250" in reading.problems[0].message
    assert "UTF-8" in reading.problems[0].remedy


@given(st.binary(max_size=200), st.text(max_size=100))
def test_any_bytes_beside_any_text_give_a_reading(data: bytes, text: str) -> None:
    said = [
        sidecar_said("record.yaml", data),
        sidecar_said("record.txt", text.encode("utf-8", "replace")),
        transfer_said(METADATA_CSV, text.encode("utf-8", "replace")),
        batch_read("../batch.yaml", data).said,
    ]
    reading = merge(said)
    assert reading.record or reading.problems
