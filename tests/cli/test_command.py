"""The command's manners: help, exit codes, configuration faults, JSON."""

import json
import sqlite3
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import RECORD, House
from wiazka.catalogue import database
from wiazka.catalogue.catalogue import Catalogue
from wiazka.errors import CatalogueError
from wiazka.evidence import Grade
from wiazka.settings import load

COMMANDS = (
    *("check", "ingest", "find", "list", "show", "audit", "restore", "parse", "template"),
    *("doctor", "serve", "replicate", "rebuild", "repair", "drill"),
)
ONE_DISK = '[stores.disk]\nkind = "directory"\npath = "disk"\n'


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples_and_exit_codes(
    house: House, command: str
) -> None:
    shown = house.run(command, "--help").stdout
    assert "Examples" in shown
    assert "Exit codes" in shown
    assert "--json" in shown
    assert "--config" in shown


def test_help_imports_nothing_heavy(house: House) -> None:
    code = (
        "import sys; from wiazka.cli.main import wiazka; "
        "print([m for m in ('prefect','boto3','sqlalchemy','PIL','pydantic') if m in sys.modules])"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("inbox = ", "not valid TOML"),
        ("[intake]\nquiet_minuts = 3\n", "intake.quiet_minuts: no such key"),
        ('[stores.s3]\nkind = "s3"\n', "stores.s3.s3.bucket: this key is needed"),
        (
            '[stores.a]\nkind = "directory"\npath = "disk"\n'
            '[stores.b]\nkind = "directory"\npath = "./disk/"\n',
            "stores.a and stores.b are the same place",
        ),
        ("[ingest]\ncopies_required = 3\n" + ONE_DISK, "ingest.copies_required is 3"),
        (
            '[stores.s3]\nkind = "s3"\nbucket = "b"\nendpoint = "127.0.0.1:9000"\n',
            "stores.s3.s3.endpoint: an address such as https://s3.example.org is needed",
        ),
    ],
)
def test_a_wrong_configuration_is_named_by_file_and_key(
    house: House, config: str, said: str
) -> None:
    house.config.write_text(config)
    done = house.run("list")
    assert done.returncode == 2
    assert said in done.stderr
    assert "wiazka.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_configuration_that_is_not_there_is_wrong_usage(house: House) -> None:
    done = house.run("list", "--config", "nowhere.toml")
    assert (done.returncode, "nowhere.toml" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [("audit", "--grade", "sure"), ("restore", "note"), ("lits",), ("audit", "--older-than", "9x")],
)
def test_wrong_usage_is_one_json_document_as_well(house: House, arguments: tuple[str, ...]) -> None:
    done = house.run(*arguments, "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "usage"
    assert error["message"]
    assert done.stderr
    assert house.run(*arguments).stdout == ""


def test_the_list_is_read_at_80_columns(house: House) -> None:
    name = "1984-06-04_AMSZ_30-87_w5_Olszowski_rozmowa"
    record = RECORD.replace("Note on a talk", "Note [draft] on a very long talk in the evening")
    house.submission(name, record=record)
    assert house.run("ingest").returncode == 0
    lines = house.run("list", COLUMNS="80").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "main/1984-06-04_amsz_30-87_w5_olszowski_rozmowa v1 " in lines[1]
    assert lines[1].rstrip().endswith("disk (read)")
    assert "Note [draft] on a very long talk in the evening" in lines[2]


def test_an_unknown_package_is_wrong_usage_in_words_and_in_json(house: House) -> None:
    done = house.run("show", "--json", "nothing")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "not-found"


def test_documents_are_found_by_words_without_accents(house: House) -> None:
    house.submission("note")
    house.run("ingest")
    for words in ("giebultowski 30/87", "AMBASSADOR", "note"):
        found = json.loads(house.run("find", "--json", words).stdout)["packages"]
        assert [package["id"] for package in found] == ["main/note"]
    assert json.loads(house.run("find", "--json", "nobody").stdout)["packages"] == []


def test_a_source_line_is_explained_part_by_part(house: House) -> None:
    line = "AMSZ, Department II, 30/87, w. 5. Obtained by Marek Hańderek."
    parsed = json.loads(house.run("parse", "--json", line).stdout)
    [source] = parsed["sources"]
    assert (source["repository"]["code"], source["department"]) == ("AMSZ", "II")
    assert (source["accession"], source["bundle"]) == ("30/87", "5")
    assert parsed["agents"][0]["name"] == "Marek Hańderek"
    assert "Marek Hańderek" in house.run("parse", line).stdout


def test_the_template_is_itself_a_sound_sidecar(house: House) -> None:
    template = house.run("template").stdout
    house.submission("note", record=template)
    assert house.run("check", "inbox").returncode == 0


def test_doctor_probes_every_store(two_stores: House) -> None:
    done = two_stores.run("doctor", "--json")
    assert done.returncode == 0, done.stdout
    parts = {check["part"]: check for check in json.loads(done.stdout)["checks"]}
    assert "refuses wrong bytes" in parts["store s3"]["message"]
    assert "could be wiped" in parts["store s3"]["warning"]
    assert not parts["store disk"]["warning"]
    again = two_stores.run("doctor")
    assert "probed before at" in again.stdout.replace("\n", " ")
    assert parts["libmagic"]["ok"]
    assert parts["schedules"]["ok"]


def test_doctor_is_not_taken_in_by_an_empty_mount_point(house: House) -> None:
    [disk] = [c for c in checks(house) if c["part"] == "store disk"]
    assert (disk["ok"], "not there yet" in disk["message"]) == (True, True)
    house.submission("note")
    assert house.run("ingest").returncode == 0
    (house.path / "disk").rename(house.path / "unmounted")
    (house.path / "disk").mkdir()
    [disk] = [c for c in checks(house) if c["part"] == "store disk"]
    assert (disk["ok"], "wiazka-store.json" in disk["message"]) == (False, True)
    assert house.run("replicate", "--to", "disk").returncode == 3


def checks(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(house.run("doctor", "--json").stdout)["checks"]
    return found


def test_doctor_fails_where_a_lock_is_not_kept(two_stores: House) -> None:
    lock = '[stores.s3.lock]\nmode = "governance"\ndays = 1\n'
    two_stores.config.write_text(two_stores.config.read_text("utf-8") + lock, encoding="utf-8")
    done = two_stores.run("doctor", "--json")
    assert done.returncode == 3
    parts = {check["part"]: check for check in json.loads(done.stdout)["checks"]}
    assert "does not lock" in parts["store s3"]["message"]


def test_keys_in_a_block_are_asked_for_in_a_terminal(make_house) -> None:
    house = make_house('[stores.s3]\nkind = "s3"\nbucket = "b"\ncredentials_block = "keys"\n')
    done = house.run("doctor", WIAZKA_STORE_S3_ACCESS_KEY_ID="")
    assert done.returncode == 3
    assert "WIAZKA_STORE_S3_ACCESS_KEY_ID" in done.stdout


def test_doctor_names_a_store_that_is_down(make_house) -> None:
    house = make_house(
        '[stores.s3]\nkind = "s3"\nbucket = "bucket"\nendpoint = "http://127.0.0.1:9"\n'
        'region = "us-east-1"\nattempts = 1\n'
    )
    done = house.run("doctor", AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b")
    assert done.returncode == 3
    assert "s3" in done.stdout


def test_a_terminal_without_the_letters_shows_the_rest_and_json_stays_whole(house: House) -> None:
    house.submission("note", record=RECORD.replace("title: ", "title: Żółw, ", 1))
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    assert house.run("ingest", **ascii_only).returncode == 0
    audited = house.run("audit", **ascii_only)
    assert (audited.returncode, audited.stderr) == (0, "")
    assert "? disk     main/note v1: 13 files" in audited.stdout
    shown = house.run("show", "note", "--json", **ascii_only)
    assert shown.stdout.isascii()
    assert json.loads(shown.stdout) == json.loads(house.run("show", "note", "--json").stdout)


@pytest.mark.parametrize("command", [["audit"], ["list", "--json"]])
def test_a_command_whose_reader_is_gone_ends_quietly_and_not_as_if_all_were_well(
    house: House, command: list[str]
) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    running = subprocess.Popen(
        house.command(*command), cwd=house.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.close()
    _, told = running.communicate()
    assert (running.returncode, told) == (1, b"")


def test_a_catalogue_that_another_program_holds_is_said_in_two_lines(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 1)
    url = load(house.config).catalogue_url
    with Catalogue.open(url) as catalogue:
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueError, match="stayed locked for 1 s"):
            catalogue.audits.begin(Grade.READ, datetime.now(UTC))
        other.close()
        assert catalogue.audits.begin(Grade.READ, datetime.now(UTC)) == 1


def test_a_store_that_cannot_take_the_ledger_is_said_in_one_line_whatever_ran(house: House) -> None:
    house.submission("note")
    assert house.run("ingest").returncode == 0
    ledger = house.path / "disk/ledger"
    ledger.rename(house.path / "away")
    ledger.write_text("in its place", "utf-8")
    # By name: an audit of all of the store would find what lies there.
    for command in (["audit", "note"], ["drill", "--only", "package"], ["ingest", "--json"]):
        done = house.run(*command)
        assert done.returncode == 0, done.stderr
        [line] = done.stderr.splitlines()
        assert line.startswith("The ledger was not sent. Store 'disk'")
