"""wiazka report: on what an ingest and an audit really left."""

import json
from pathlib import Path

import pytest

from tests.conftest import House


@pytest.fixture
def kept(house: House) -> House:
    house.submission("notatka")
    assert house.run("ingest").returncode == 0
    assert house.run("audit").returncode == 0
    return house


def test_a_report_of_fixity_is_a_page_with_its_facts_beside_it(kept: House, tmp_path: Path) -> None:
    done = kept.run("report", "fixity", "--to", str(tmp_path / "to"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["well"] is True
    assert told["coverage"] == [
        {
            "store": "disk",
            "grade": "read",
            "every_days": None,
            "copies": 1,
            "proved": 1,
            "overdue": 0,
            "never": 0,
        }
    ]
    assert Path(told["report"]) == tmp_path / "to" / "fixity.html"
    names = {path.name for path in (tmp_path / "to").iterdir()}
    assert names == {"fixity.html", "fixity.json", "coverage.csv", "days.csv", "incidents.csv"}


def test_damage_that_an_audit_found_ends_the_report_with_1_where_an_interval_is_chosen(
    kept: House,
) -> None:
    with kept.config.open("a") as config:
        config.write('[fixity.disk]\nread_every = "90d"\n')
    assert kept.run("report", "fixity").returncode == 0
    [scan] = (kept.path / "disk").rglob("0001r.tif")
    scan.chmod(0o644)
    scan.write_bytes(b"not what was handed over")
    assert kept.run("audit", "--grade", "read").returncode == 1
    done = kept.run("report", "fixity")
    assert done.returncode == 1
    assert "0 of 1 copy (0.0 %) proved within 90 days: every byte read back" in done.stdout


@pytest.mark.parametrize(("part", "to"), [("fixity", "new/to"), ("dossier", "new/er/d.zip")])
def test_the_folder_that_either_is_to_go_to_is_made_and_what_is_there_is_replaced(
    kept: House, part: str, to: str
) -> None:
    for _ in range(2):
        assert kept.run("report", part, "--to", to).returncode == 0
    assert (kept.path / to).exists()


@pytest.mark.parametrize("part", ["fixity", "dossier"])
def test_each_part_explains_itself(house: House, part: str) -> None:
    shown = house.run("report", part, "--help").stdout
    assert "Examples" in shown
    assert "Exit codes" in shown
