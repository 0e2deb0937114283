"""The flows on a real Prefect server: runs by hand, and those that their schedules fire."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.serving import local_server
from tests.conftest import House
from tests.digest.sinks import MailSink, mail_sink
from tests.digest.test_telling import damage
from tests.services.running import free_ports
from wiazka.digest.marks import Mark, Marks
from wiazka.settings import load

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


def test_every_schedule_of_ours_is_of_a_flow_and_gives_it_its_parameters() -> None:
    code = (
        "from flows.serving import _deployment; from wiazka.schedules import schedules;"
        "print({one.key: _deployment(one).parameters for one in schedules()})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "'audit.daily': {'budget': '8h'}" in done.stdout, done.stderr
    assert "'digest.morning': {}" in done.stdout


DIGEST = """[digest]
mail_to = ["zofia@example.org"]
mail_from = "wiazka@example.org"
smtp_block = "our-mail"
"""
EVERY_MINUTE = """- name: every-minute
  entrypoint: flows/{flow}.py:{flow}
  schedules:
  - cron: "* * * * *"
    timezone: Europe/Warsaw
"""


def run_python(code: str, house: House, api: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "PREFECT_API_URL": api,
        "WIAZKA_CONFIG": str(house.config),
        # As if a schedule had begun it.
        "PREFECT__RUNTIME__DEPLOYMENT__NAME": "daily",
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def sink(house: House, api: str) -> Iterator[MailSink]:
    """A mail server that the digest of the house knows from a secret block."""
    with house.config.open("a", encoding="utf-8") as config:
        config.write(DIGEST)
    with mail_sink() as sink:
        block = {"host": "127.0.0.1", "port": sink.port, "starttls": False}
        code = f"""if True:
            from prefect.blocks.system import Secret
            Secret(value={block!r}).save("our-mail", overwrite=True)
        """
        saved = run_python(code, house, api)
        assert saved.returncode == 0, saved.stderr
        yield sink


def test_schedules_really_fire_and_what_they_leave_is_known(
    house: House, api: str, tmp_path: Path, sink: MailSink
) -> None:
    house.submission("note")
    schedules = tmp_path / "prefect.yaml"
    every = [EVERY_MINUTE.format(flow=flow) for flow in ("ingest", "digest")]
    schedules.write_text("deployments:\n" + "".join(every))
    serving = subprocess.Popen(
        house.command("serve", "--schedules", str(schedules), "--config", str(house.config)),
        cwd=house.path,
        env=os.environ | {"PREFECT_API_URL": api},
        stdout=(tmp_path / "serve.log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    marks = Marks(load(house.config).runs)
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and serving.poll() is None:
            done = [marks.of(f"{flow}.every-minute") for flow in ("ingest", "digest")]
            if all(mark and mark.ended for mark in done):
                break
            time.sleep(0.5)
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait()
    log = (tmp_path / "serve.log").read_text("utf-8")
    listed = json.loads(house.run("list", "--json").stdout)["packages"]
    assert [package["id"] for package in listed] == ["main/note"], log
    assert len(sink.mails) == 1, log
    assert {one.schedule.key for one in marks.served()} == {
        "ingest.every-minute",
        "digest.every-minute",
    }
    assert "wiazka: runs whose process is gone have crashed" in {
        rule["name"] for rule in ask(api, "automations")
    }


def test_a_digest_that_no_mail_server_takes_fails_and_is_sent_by_the_next_run(
    house: House, api: str, sink: MailSink
) -> None:
    run = "from flows.digest import digest; print(digest())"
    sink.refuse = "451 not now"
    failed = run_python(run, house, api)
    assert failed.returncode != 0
    assert "451 not now" in failed.stderr
    assert any(
        one["state_type"] == "FAILED" and "451 not now" in one["state"]["message"]
        for one in ask(api, "flow_runs")
    )
    assert "451 not now" in mark_of(house, "digest.daily").fault
    sink.refuse = None
    sent = run_python(run, house, api)
    assert "sent by mail" in sent.stdout, sent.stderr
    again = run_python(run, house, api)
    assert "nothing was to be sent" in again.stdout, again.stderr
    assert len(sink.mails) == 1
    assert mark_of(house, "digest.daily").fault is None


def mark_of(house: House, key: str) -> Mark:
    """The mark that a run left, which is no longer alive."""
    mark = Marks(load(house.config).runs).of(key)
    assert mark is not None
    assert not mark.alive
    return mark


def test_an_audit_shows_how_far_it_is_what_it_found_and_which_incident_that_is(
    house: House, api: str
) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    [stored] = (house.path / "disk").rglob("0001r.tif")
    damage(stored)
    run = "from flows.audit import audit; audit(budget='1GiB')"
    done = run_python(run, house, api)
    assert done.returncode != 0
    assert "Incident 1:" in done.stderr
    shown = {artifact["key"]: artifact for artifact in ask(api, "artifacts")}
    assert shown["audit-progress"]["data"] == 100.0
    [store] = json.loads(shown["audit-stores"]["data"])
    assert (store["store"], store["copies"], store["findings"]) == ("disk", 1, 1)
    [finding] = json.loads(shown["audit-findings"]["data"])
    assert finding["outcome"] == "changed"
    assert finding["path"].endswith("0001r.tif")
    # It did its work: the incident is told, and no failed run beside it.
    mark = mark_of(house, "audit.daily")
    assert mark.ended is not None
    assert mark.fault is None


def test_an_audit_of_a_store_that_is_down_says_that_and_nothing_of_damage(
    house: House, api: str
) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    (house.path / "disk").rename(house.path / "unplugged")
    done = run_python("from flows.audit import audit; audit()", house, api)
    assert "StoreDidNotAnswer" in done.stderr
    assert "AuditFound" not in done.stderr


REPAIR = """
import sys
from flows.repair import repair
repair("note", config=sys.argv[1], store="disk")
"""


def test_a_repair_as_a_flow_mends_leaves_a_table_and_fails_where_it_cannot(
    house: House, api: str
) -> None:
    text = house.config.read_text("utf-8")
    house.config.write_text(text + '[stores.nas]\nkind = "directory"\npath = "nas"\n', "utf-8")
    house.submission("note")
    assert house.run("ingest").returncode == 0
    tag = Path("packages/main/note/v1/bagit.txt")
    sound = (house.path / "nas" / tag).read_bytes()

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", REPAIR, house.config],
            env=os.environ | {"PREFECT_API_URL": api},
            capture_output=True,
            text=True,
        )

    (house.path / "disk" / tag).write_bytes(b"rotten")
    done = run()
    assert done.returncode == 0, done.stderr
    assert (house.path / "disk" / tag).read_bytes() == sound
    [table] = [one for one in ask(api, "artifacts") if one["key"] == "repair"]
    [row] = json.loads(table["data"])
    assert (row["state"], row["mended"]) == ("mended", "bagit.txt")
    assert row["kept"].startswith("aside/")

    for store in ("disk", "nas"):
        (house.path / store / tag).write_bytes(b"rotten")
    done = run()
    assert done.returncode != 0
    assert "no copy has 1 file" in done.stderr


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


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_run_that_is_killed_is_told_by_the_digest_whatever_prefect_knows(
    house: House, api: str, silent: str
) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    with house.config.open("a", encoding="utf-8") as config:
        config.write(f'[stores.far]\nkind = "s3"\nbucket = "b"\nendpoint = "{silent}"\n')
    marks = Marks(load(house.config).runs)
    running = subprocess.Popen(
        [sys.executable, "-c", "from flows.audit import audit; audit(store='far')"],
        env=os.environ
        | {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "PREFECT_API_URL": api}
        | {"WIAZKA_CONFIG": str(house.config), "PREFECT__RUNTIME__DEPLOYMENT__NAME": "daily"},
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and running.poll() is None and not marks.of("audit.daily"):
        time.sleep(0.1)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    told = json.loads(house.run("digest", "--json").stdout)
    entries = [entry["text"] for section in told["sections"] for entry in section["entries"]]
    assert any("'audit.daily'" in text and "stopped before its end" in text for text in entries)
