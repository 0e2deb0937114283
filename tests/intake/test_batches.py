"""Deliveries described by one table for all: rows, folders and defaults brought together."""

import hashlib
import json
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import House
from wiazka.intake.deliveries import Delivery, at_paths
from wiazka.intake.model import FileRole, Submission
from wiazka.intake.submission import fingerprint, read_submission
from wiazka.problem_kinds import Problem
from wiazka.settings import load

HEAD = "katalog;tytuł;data;sygnatura;tłumacz;języki;prawa\n"
ROW = "{};Notatka z Łodzi: {};1984-06-04;AMSZ, Department II, 30/87, w. 5;Jan Łoś;pl, en;CNE\n"


@pytest.fixture
def delivery(house: House) -> Path:
    """A delivery of three folders without sidecars, and the table that describes them."""
    for name in ("one", "two", "three"):
        (house.submission(name) / "record.yaml").unlink()
    table(
        house.inbox / "delivery", HEAD + "".join(ROW.format(n, n) for n in ("one", "two", "three"))
    )
    return house.inbox / "delivery"


def table(delivery: Path, text: str, encoding: str = "cp1250") -> None:
    (delivery / "records.csv").write_bytes(text.replace("pl, en", "pl").encode(encoding))


def opened(house: House, path: Path) -> Delivery:
    [found] = at_paths([path], load(house.config).paths.inbox)
    return found


def read(house: House, delivery: Path) -> dict[str, Submission]:
    settings = load(house.config)
    return {job.folder: read_submission(job, settings) for job in opened(house, delivery).jobs}


def loose(house: House, delivery: Path) -> list[Problem]:
    return [problem for _, problem in opened(house, delivery).loose]


def codes(submission: Submission) -> set[str]:
    return {problem.code for problem in submission.problems}


def title(submission: Submission) -> str | None:
    return submission.record.title if submission.record else None


def test_each_folder_is_described_by_its_row(house: House, delivery: Path) -> None:
    found = read(house, delivery)
    assert {name: title(one) for name, one in found.items()} == {
        name: f"Notatka z Łodzi: {name}" for name in ("one", "two", "three")
    }
    for one in found.values():
        assert one.errors == ()
        assert codes(one) == {"encoding-found"}
    assert loose(house, delivery) == []
    assert found["two"].record is not None
    assert found["two"].record.sidecar == "records.csv row 3"


def test_the_command_shows_the_place_of_what_is_wrong(house: House, delivery: Path) -> None:
    table(delivery, HEAD + ROW.format("one", "x").replace("1984-06-04", "banana"))
    done = house.run("check", "--json", "inbox")
    assert done.returncode == 1
    [one] = [s for s in json.loads(done.stdout)["submissions"] if s["folder"] == "one"]
    [problem] = [p for p in one["problems"] if p["code"] == "date-unreadable"]
    assert problem["message"].startswith("records.csv, row 2, column data: ")
    assert problem["path"] == "../records.csv"


def test_a_workbook_does_the_same_and_names_the_cell(house: House, delivery: Path) -> None:
    import datetime

    (delivery / "records.csv").unlink()
    book = openpyxl.Workbook()
    book.active.append(["folder", "title", "date", "source"])
    book.active.append(["one", "Łódź", datetime.date(1984, 6, 4), "AMSZ, 30/87, w. 5"])
    book.active.append(["two", "Dwa", "1984", datetime.date(1987, 7, 30)])
    book.save(delivery / "records.xlsx")
    found = read(house, delivery)
    assert title(found["one"]) == "Łódź"
    [mangled] = found["two"].errors
    assert (mangled.code, "records.xlsx, cell D3" in mangled.message) == ("cell-is-date", True)
    assert "sidecar-missing" in codes(found["three"])


def test_a_folder_without_a_row_is_told_which_row_it_may_be(house: House, delivery: Path) -> None:
    table(
        delivery, HEAD + ROW.format("one", "1") + ROW.format("two", "2") + ROW.format("thre", "3")
    )
    [problem] = read(house, delivery)["three"].errors
    assert problem.code == "sidecar-missing"
    assert "records.csv has no row for it" in problem.message
    assert "'thre'" in problem.remedy
    [row] = loose(house, delivery)
    assert (row.code, row.path) == ("row-without-folder", "records.csv")
    assert "row 4" in row.message
    assert "'three'" in row.remedy


def test_a_folder_that_describes_itself_needs_no_row(house: House, delivery: Path) -> None:
    table(delivery, HEAD + ROW.format("one", "1") + ROW.format("two", "2"))
    (delivery / "three" / "record.yaml").write_text(
        'title: "T"\ndate: "1984"\nsource: "AMSZ, 30/87, w. 5"\n', "utf-8"
    )
    three = read(house, delivery)["three"]
    assert three.errors == ()
    assert "folder-without-row" in codes(three)


def test_two_rows_for_one_folder_refuse_that_folder_only(house: House, delivery: Path) -> None:
    table(delivery, HEAD + "".join(ROW.format(n, n) for n in ("one", "two", "three", "one")))
    found = read(house, delivery)
    [problem] = found["one"].errors
    assert problem.code == "row-twice"
    assert "rows 2 and 5" in problem.message
    assert found["two"].errors == ()


def test_names_are_compared_as_they_look(house: House, delivery: Path) -> None:
    split = unicodedata.normalize("NFD", "Łódź 1984")
    (delivery / "one").rename(delivery / split)
    table(delivery, HEAD + ROW.format("Łódź 1984/", "x") + ROW.format("two", "2"), "utf-8")
    assert title(read(house, delivery)[split]) == "Notatka z Łodzi: x"


def test_a_table_in_two_forms_refuses_every_document(house: House, delivery: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["folder", "title"])
    book.save(delivery / "records.xlsx")
    assert all("table-several" in codes(one) for one in read(house, delivery).values())


@pytest.mark.parametrize("text", ["title;date\nOne;1984\n", 'folder;title\none;"never closed\n'])
def test_a_table_that_cannot_be_used_refuses_every_document(
    house: House, delivery: Path, text: str
) -> None:
    table(delivery, text)
    for one in read(house, delivery).values():
        assert codes(one) & {"table-no-folder", "sidecar-unreadable"}
        assert "sidecar-missing" not in codes(one)


def test_defaults_are_for_every_document_and_kept_with_each(house: House, delivery: Path) -> None:
    (delivery / "batch.yaml").write_text("funder: Kyungnam University\ntłumacz: Nobody\n", "utf-8")
    for one in read(house, delivery).values():
        assert one.record is not None
        assert {agent.name for agent in one.record.agents} == {"Kyungnam University", "Jan Łoś"}
        kept = {file.bag_path.rpartition("/")[2] for file in one.files}
        assert {"batch.yaml", "records-row.csv"} <= kept
    assert loose(house, delivery) == []


def test_broken_defaults_are_a_problem_of_every_document_and_stop_no_other(
    house: House, delivery: Path
) -> None:
    (delivery / "batch.yaml").write_text("funder: [never closed\n", "utf-8")
    for one in read(house, delivery).values():
        [problem] = one.errors
        assert (problem.code, problem.path) == ("sidecar-unreadable", "../batch.yaml")
        assert title(one)


def test_a_delivery_may_hold_its_table_before_its_folders(house: House) -> None:
    path = house.inbox / "early"
    path.mkdir()
    table(path, HEAD + ROW.format("one", "1"))
    found = opened(house, path)
    assert found.jobs == ()
    assert [problem.code for _, problem in found.loose] == ["row-without-folder"]


def test_a_document_alone_may_have_its_row_in_its_own_folder(house: House) -> None:
    folder = house.submission("inner")
    alone = house.inbox / "alone"
    folder.rename(alone)
    (alone / "record.yaml").unlink()
    table(alone, HEAD + ROW.format("whatever", "x"))
    found = read(house, alone)
    assert title(found["alone"]) == "Notatka z Łodzi: x"
    kept = [file for file in found["alone"].files if file.role is FileRole.SIDECAR]
    assert [file.name for file in kept] == ["records.csv"]


def test_one_document_of_a_delivery_is_found_in_its_table(house: House, delivery: Path) -> None:
    assert title(read(house, delivery / "two")["two"]) == "Notatka z Łodzi: two"


def test_an_archivematica_transfer_is_described_by_its_metadata(house: House) -> None:
    folder = house.submission("transfer")
    (folder / "record.yaml").unlink()
    (folder / "scans").rename(folder / "objects")
    (folder / "metadata" / "submissionDocumentation").mkdir(parents=True)
    (folder / "metadata" / "submissionDocumentation" / "deed.txt").write_text("deed", "utf-8")
    (folder / "metadata" / "metadata.csv").write_text(
        'filename,dc.title,dc.date,dc.source\nobjects,Łódź,1984,"AMSZ, 30/87, w. 5"\n', "utf-8"
    )
    found = read(house, house.inbox / "delivery")["transfer"]
    assert title(found) == "Łódź"
    assert found.errors == ()
    places = {file.name: file.bag_path for file in found.files}
    documents = "data/metadata/submissionDocumentation"
    assert places["metadata/metadata.csv"] == f"{documents}/delivered/metadata.csv"
    assert places["metadata/submissionDocumentation/deed.txt"] == f"{documents}/deed.txt"


def test_only_the_document_whose_row_changed_becomes_a_new_version(
    house: House, delivery: Path
) -> None:
    first = json.loads(house.run("ingest", "--json").stdout)["deliveries"][0]["submissions"]
    assert {one["state"] for one in first} == {"registered"}
    text = (delivery / "records.csv").read_bytes().decode("cp1250")
    # A blank row moves every row below it, and another encoding changes every byte.
    table(delivery, text.replace("Łodzi: two", "Łodzi: dwa").replace(HEAD, HEAD + "\n"), "utf-8")
    again = json.loads(house.run("ingest", "--json").stdout)["deliveries"][0]["submissions"]
    assert {one["folder"]: (one["state"], one["version"]) for one in again} == {
        "one": ("already-held", 1),
        "two": ("registered", 2),
        "three": ("already-held", 1),
    }
    row = next((house.path / "disk").rglob("two/v2/**/records-row.csv"))
    assert "Łodzi: dwa" in row.read_text("utf-8")
    record = json.loads(
        next((house.path / "disk").rglob("two/v2/metadata/record.json")).read_text()
    )
    assert record["sidecar"] == "records.csv row 4"


def test_the_mark_of_a_submission_follows_its_own_row_and_the_defaults(
    house: House, delivery: Path
) -> None:
    def marks() -> dict[str, str]:
        return {job.folder: fingerprint(job) for job in opened(house, delivery).jobs}

    before = marks()
    text = (delivery / "records.csv").read_bytes().decode("cp1250")
    table(delivery, text.replace("Łodzi: two", "Łodzi: dwa"))
    after = marks()
    assert {name for name in before if before[name] != after[name]} == {"two"}
    (delivery / "batch.yaml").write_text("funder: Someone\n", "utf-8")
    assert not set(after.values()) & set(marks().values())


def test_a_table_that_is_a_link_out_of_the_delivery_is_not_followed(
    house: House, delivery: Path
) -> None:
    secret = house.path / "secret.csv"
    (delivery / "records.csv").rename(secret)
    (delivery / "records.csv").symlink_to(secret)
    assert all("unreadable-file" in codes(one) for one in read(house, delivery).values())


def test_a_table_that_is_not_the_one_that_was_checksummed_is_refused(
    house: House, delivery: Path
) -> None:
    (delivery / "batch.yaml").write_text("funder: Someone\n", "utf-8")
    names = [
        str(path.relative_to(delivery))
        for path in sorted(delivery.rglob("*"))
        if path.is_file() and path.name != "_READY"
    ]
    lines = "".join(
        f"{hashlib.sha256((delivery / name).read_bytes()).hexdigest()}  {name}\n" for name in names
    )
    (delivery / "checksum.sha256").write_text(lines, "utf-8")
    for one in read(house, delivery).values():
        assert one.errors == ()
        assert "checksum-not-listed" not in codes(one)
        assert one.checksums_verified == 5  # three files, the table, the defaults
    table(delivery, (delivery / "records.csv").read_bytes().decode("cp1250") + "\n")
    for one in read(house, delivery).values():
        [problem] = one.errors
        assert (problem.code, problem.path) == ("checksum-mismatch", "../records.csv")
    (delivery / "records.csv").unlink()
    assert all("checksum-file-missing" in codes(one) for one in read(house, delivery).values())


def test_what_an_unreadable_sidecar_may_say_is_not_called_missing(
    house: House, delivery: Path
) -> None:
    table(delivery, "folder;translator\none;Jan Łoś\n", "utf-8")
    (delivery / "one" / "record.yaml").write_text("title: [never closed\n", "utf-8")
    [problem] = read(house, delivery)["one"].errors
    assert (problem.code, problem.path) == ("sidecar-unreadable", "record.yaml")
