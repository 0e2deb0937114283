"""The flows on a real Prefect server: a run by hand, and one that its schedule fires."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.serving import local_server
from tests.conftest import House
from tests.services.running import free_ports

PATIENCE_SECONDS = 240


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with local_server(tmp_path_factory.mktemp("prefect"), free_ports(1)[0]) as url:
        yield url


def ask(api: str, path: str) -> list[dict]:
    request = urllib.request.Request(
        f"{api}/{path}/filter", b"{}", {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_an_ingest_on_a_server_gives_the_same_results_and_is_recorded(
    house: House, api: str
) -> None:
    house.submission("note")
    house.submission("broken", record="date: 1984\n")
    done = house.run("ingest", "--prefect", "--json", PREFECT_API_URL=api)
    assert done.returncode == 1, done.stderr
    [delivery] = json.loads(done.stdout)["deliveries"]
    assert {s["folder"]: s["state"] for s in delivery["submissions"]} == {
        "note": "registered",
        "broken": "refused",
    }
    assert "ingest" in {run["name"] and "ingest" for run in ask(api, "flow_runs")}


def test_without_a_server_the_option_says_what_to_set(house: House) -> None:
    done = house.run("ingest", "--prefect", PREFECT_API_URL="")
    assert done.returncode == 2
    assert "PREFECT_API_URL" in done.stderr


def test_a_server_that_does_not_answer_is_a_clear_error(house: House) -> None:
    done = house.run("ingest", "--prefect", PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 3
    assert "127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_schedule_really_fires(house: House, api: str, tmp_path: Path) -> None:
    house.submission("note")
    schedules = tmp_path / "prefect.yaml"
    schedules.write_text(
        "deployments:\n- name: every-minute\n  entrypoint: flows/ingest.py:ingest\n"
        '  schedules:\n  - cron: "* * * * *"\n    timezone: Europe/Warsaw\n'
    )
    serving = subprocess.Popen(
        house.command("serve", "--schedules", str(schedules), "--config", str(house.config)),
        cwd=house.path,
        env=os.environ | {"PREFECT_API_URL": api},
        stdout=(tmp_path / "serve.log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        listed: list[dict] = []
        while not listed and time.monotonic() < until and serving.poll() is None:
            listed = json.loads(house.run("list", "--json").stdout)["packages"]
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait()
    log = (tmp_path / "serve.log").read_text("utf-8")
    assert [package["id"] for package in listed] == ["main/note"], log


BLOCK = """
from prefect.blocks.system import Secret
from flows.credentials import of_block
from wiazka.errors import ConfigError
keys = {"access_key_id": "archive", "secret_access_key": "secret"}
Secret(value=keys).save("cloud-keys")
Secret(value="something else").save("other")
assert of_block("cloud-keys") == ("archive", "secret")
assert of_block("nothing") is None
try:
    of_block("other")
except ConfigError as error:
    assert "something else" not in error.message + error.hint
else:
    raise AssertionError
"""


def test_a_stores_keys_are_read_from_a_secret_block(api: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BLOCK],
        env=os.environ | {"PREFECT_API_URL": api},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
