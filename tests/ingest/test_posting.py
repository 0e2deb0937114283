"""What lies beside a delivery after a run, and its accession report."""

import csv
import json
import shutil
from pathlib import Path

from tests.conftest import RECORD, House

BROKEN = "date: 1984\n"


def delivery(house: House) -> dict:
    done = house.run("ingest", "--json")
    assert "Traceback" not in done.stderr, done.stderr
    [one] = json.loads(done.stdout)["deliveries"]
    return one


def table(report: str) -> dict[str, dict[str, str]]:
    with Path(report).with_suffix(".csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["folder"]: row for row in csv.DictReader(stream)}


def test_both_lists_lie_in_the_delivery_until_all_of_it_is_taken(house: House) -> None:
    house.submission("sound")
    house.submission("broken", record=BROKEN)
    told = delivery(house)
    page = house.inbox / "delivery/_PROBLEMS.html"
    assert told["problems"] == str(page)
    assert "title-missing" in page.read_text("utf-8")
    assert "1 taken" in page.read_text("utf-8").replace("</b>", " ")
    (house.inbox / "delivery/broken/record.yaml").write_text(RECORD, encoding="utf-8")
    again = delivery(house)
    assert again["problems"] is None
    assert sorted(path.name for path in (house.inbox / "delivery").iterdir()) == [
        "_READY",
        "broken",
        "sound",
    ]
    assert not list((house.path / "wiazka-home").glob("reports/problems/*/_PROBLEMS*"))
    stored = house.path / "disk/packages"
    assert not [path for path in stored.rglob("*") if "PROBLEMS" in path.name]


def test_in_an_inbox_that_can_only_be_read_both_lie_among_the_reports(house: House) -> None:
    house.submission("broken", record=BROKEN)
    # Also root cannot write where the list's name is taken by a folder.
    (house.inbox / "delivery/_PROBLEMS.txt").mkdir()
    told = delivery(house)
    folder = house.path / "wiazka-home/reports/problems/delivery"
    assert told["problems"] == str(folder / "_PROBLEMS.html")
    assert "title" in (folder / "_PROBLEMS.txt").read_text("utf-8")
    assert not (house.inbox / "delivery/_PROBLEMS.html").exists()


def test_nothing_is_written_into_a_delivery_that_is_still_being_copied(house: House) -> None:
    house.submission("broken", record=BROKEN)
    (house.inbox / "delivery/_READY").unlink()
    before = sorted(path.name for path in (house.inbox / "delivery").iterdir())
    assert delivery(house)["problems"] is None
    assert sorted(path.name for path in (house.inbox / "delivery").iterdir()) == before


def test_a_list_is_never_written_through_a_link_that_lies_in_its_place(house: House) -> None:
    house.submission("broken", record=BROKEN)
    victim = house.path / "victim"
    victim.write_text("precious", encoding="utf-8")
    (house.inbox / "delivery/_PROBLEMS.html").symlink_to(victim)
    delivery(house)
    assert victim.read_text("utf-8") == "precious"


def test_the_accession_report_counts_what_earlier_runs_have_kept(house: House) -> None:
    house.submission("first")
    first = table(delivery(house)["report"])
    assert {folder: row["state"] for folder, row in first.items()} == {"first": "kept"}
    assert (first["first"]["pages"], first["first"]["translators"]) == ("2", "Jerzy Giebułtowski")
    shutil.rmtree(house.inbox / "delivery/first")
    house.submission("second", record=RECORD.replace("ambassador", "minister"))
    house.submission("third", record=BROKEN)
    again = table(delivery(house)["report"])
    assert {folder: row["state"] for folder, row in again.items()} == {
        "first": "kept",
        "second": "kept",
        "third": "not taken",
    }
    same = {key for key in first["first"] if key not in ("problems",)}
    assert {key: again["first"][key] for key in same} == {key: first["first"][key] for key in same}
    assert "no translation" in again["second"]["what is missing"]


def test_where_nothing_is_kept_there_is_no_accession_report(house: House) -> None:
    house.submission("broken", record=BROKEN)
    assert delivery(house)["report"] is None


def test_a_loose_file_that_this_archive_lets_be_refuses_nothing(house: House) -> None:
    house.submission("sound")
    (house.inbox / "delivery/umowa.txt").write_text("Umowa", encoding="utf-8")
    assert house.run("ingest").returncode == 1
    with house.config.open("a", encoding="utf-8") as config:
        config.write('\n[severity]\n"loose-file" = "note"\n')
    assert house.run("check", "inbox").returncode == 0
    done = house.run("ingest")
    assert done.returncode == 0, done.stdout
    assert "umowa.txt" in done.stdout


def test_the_terminal_says_how_many_and_where_to_read_on(house: House) -> None:
    house.submission("sound")
    house.submission("broken", record=BROKEN)
    checked = house.run("check", "inbox").stdout.splitlines()[-1]
    assert checked.startswith("2 documents: 1 ok, 1 refused. 8 files, ")
    assert "error" in checked
    said = house.run("ingest").stdout
    assert "2 documents: refused 1, registered 1." in said
    assert "_PROBLEMS.html" in said
    assert "Accession report of delivery: " in said
