"""The drill flow on a real Prefect server: its table is there, and damage fails it."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.serving import local_server
from tests.conftest import House
from tests.services.running import free_ports
from wiazka.schedules import schedules


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    [port] = free_ports(1)
    with local_server(tmp_path_factory.mktemp("prefect"), port) as url:
        yield url


def run(house: House, api: str) -> "subprocess.CompletedProcess[str]":
    code = f"from flows.drill import drill; drill(config={str(house.config)!r})"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PREFECT_API_URL": api},
        capture_output=True,
        text=True,
    )


def tables(api: str) -> list[list[dict[str, object]]]:
    body = json.dumps({"sort": "CREATED_DESC"}).encode()
    request = urllib.request.Request(
        f"{api}/artifacts/filter", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found = json.load(answer)
    return [json.loads(one["data"]) for one in found if one["key"] == "drills"]


def test_a_drill_is_told_in_a_table_and_fails_where_something_does_not_come_back(
    house: House, api: str
) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    done = run(house, api)
    assert done.returncode == 0, done.stderr
    assert [(row["what"], row["outcome"]) for row in tables(api)[0]] == [
        ("main/note", "ok"),
        ("the catalogue", "ok"),
    ]
    scan: Path = next((house.path / "disk/packages").rglob("0001r.tif"))
    scan.unlink()
    done = run(house, api)
    assert done.returncode == 1
    assert "DrillFailed" in done.stderr
    assert "0001r.tif (missing)" in done.stderr
    assert [row["outcome"] for row in tables(api)[0]] == ["missing", "ok"]


def test_it_is_scheduled() -> None:
    assert "flows/drill.py:drill" in {one.entrypoint for one in schedules()}
