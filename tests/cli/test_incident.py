"""An incident from its first audit to its end, as an admin sees it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.conftest import House
from tests.services.versitygw import Versitygw
from wiazka.cli.main import wiazka
from wiazka.errors import WiazkaError

TWO = (
    '[stores.disk]\nkind = "directory"\npath = "disk"\n'
    '[stores.nas]\nkind = "directory"\npath = "nas"\n'
)


def run(house: House, *arguments: str) -> tuple[int, str]:
    """The command, in this process: a new one for each would be most of the time."""
    done = CliRunner().invoke(
        wiazka, [*arguments, "--config", str(house.config)], standalone_mode=False
    )
    if isinstance(done.exception, WiazkaError):
        return done.exception.exit_code, f"{done.exception.message} {done.exception.hint}"
    assert done.exception is None, done.exception
    return done.return_value or 0, done.output


def answer(house: House, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(house, *arguments, "--json")[1])
    return found


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house in which one scan rotted, was seen twice, and was put right."""
    house = House(tmp_path_factory.mktemp("house"))
    house.config.write_text(TWO, "utf-8")
    house.submission("note")
    assert run(house, "ingest", str(house.inbox / "delivery"))[0] == 0
    assert run(house, "audit", "--store", "nas")[0] == 0
    return house


def scan(house: House, store: str = "disk") -> Path:
    path = next((house.path / store / "packages").rglob("0001r.tif"))
    path.chmod(0o644)
    return path


def test_the_story_of_an_incident(lived: House) -> None:
    sound = scan(lived).read_bytes()
    scan(lived).write_bytes(b"rotten")

    code, told = run(lived, "audit", "--store", "disk")
    assert code == 1
    assert "Incident 1 opened: changed in disk, main/note v1: data/objects/scans/0001r.tif." in told
    assert answer(lived, "audit", "--store", "disk")["incidents"] == {
        "opened": [],
        "met": [1],
        "closed": [],
    }

    code, told = run(lived, "incident", "list")
    assert code == 1
    assert "1 of 1 not proved well" in told
    assert "Incident 1" in run(lived, "show", "note")[1]
    assert [one["number"] for one in answer(lived, "show", "note")["incidents"]] == [1]

    known = run(lived, "incident", "acknowledge", "1", "--note", "Dysk", "--by", "Anna Kowalska")
    assert "acknowledged by Anna Kowalska" in known[1]

    assert "Jan Nowak" in run(lived, "incident", "acknowledge", "1", "--by", "Jan Nowak")[1]
    shown = answer(lived, "incident", "show", "1")
    assert (shown["note"], shown["state"]) == ("Dysk", "open")
    [remedy] = shown["remedies"]
    assert remedy["command"] == "wiazka repair main/note --store disk"
    assert (remedy["good_copy"]["store"], remedy["good_copy"]["grade"]) == ("nas", "read")
    [place] = shown["places"]
    assert (place["path"], place["seen_by"]) == ("data/objects/scans/0001r.tif", "audit 2")
    assert place["expected_from"].startswith("first read, at ingest")

    scan(lived).write_bytes(sound)
    told = run(lived, "audit", "--store", "disk")[1]
    assert "Incident 1 closed: proved read or stronger, all 1, in audit 4." in told
    code, told = run(lived, "incident", "show", "1")
    assert code == 0
    for part in (
        "Incident 1 is opened by audit 2",
        "Audit 2 saw 1 for the first time.",
        "Audit 3 saw 1 again.",
        "Incident 1 is acknowledged by Anna Kowalska",
        "Audit 4 proved 1 well.",
        "Incident 1 is closed by audit 4",
    ):
        assert part in told
    assert "To mend it" not in told
    assert run(lived, "incident", "list") == (0, "None is open.\n")
    assert run(lived, "incident", "list", "--all")[0] == 0


def test_a_false_alarm_is_closed_with_a_reason_and_told_when_it_comes_again(lived: House) -> None:
    sound = scan(lived).read_bytes()
    scan(lived).write_bytes(b"false")
    assert run(lived, "audit", "--store", "disk")[0] == 1
    [opened] = answer(lived, "incident", "list")["incidents"]
    number = str(opened["number"])
    assert run(lived, "incident", "close", number, "--reason", " ")[0] == 2
    assert run(lived, "incident", "close", number, "--reason", "Cable", "--by", "Jan Nowak")[0] == 0
    assert run(lived, "incident", "close", number, "--reason", "Cable")[0] == 2
    told = run(lived, "audit", "--store", "disk")[1]
    assert f"Incident {number} of the same was closed by Jan Nowak" in told
    scan(lived).write_bytes(sound)
    assert run(lived, "audit", "--store", "disk")[0] == 0


def test_a_disk_that_is_away_is_one_incident_that_ends_when_it_is_back(lived: House) -> None:
    (lived.path / "disk").rename(lived.path / "unplugged")
    assert run(lived, "audit", "--store", "disk")[0] == 3
    (lived.path / "unplugged").rename(lived.path / "disk")
    code, told = run(lived, "incident", "list")
    assert (code, told.count("\n")) == (1, 1)
    assert "disk does not answer" in told
    assert "disk answers again" in run(lived, "audit", "--store", "disk")[1]


def test_an_object_too_many_is_an_incident_until_it_is_gone(lived: House) -> None:
    smuggled = scan(lived).with_name("smuggled.tif")
    smuggled.write_bytes(b"x")
    assert run(lived, "audit", "--store", "disk")[0] == 1
    smuggled.unlink()
    assert "no longer there" in run(lived, "audit", "--store", "disk")[1]


def test_what_a_bucket_still_has_under_the_damage_is_told_with_the_incident(
    make_house: Callable[[str], House], versitygw: Versitygw
) -> None:
    bucket = f"incidents-{time.time_ns():x}"
    versitygw.make_bucket(bucket, versioning=True)
    versitygw.let_in("cloud")
    house = make_house(
        f'[stores.cloud]\nkind = "s3"\nbucket = "{bucket}"\nendpoint = "{versitygw.endpoint}"\n'
        'region = "us-east-1"\n'
    )
    house.submission("note")
    assert run(house, "ingest", str(house.inbox / "delivery"))[0] == 0
    key = "packages/main/note/v1/data/objects/scans/0001r.tif"
    kept = versitygw.client().head_object(Bucket=bucket, Key=key)["VersionId"]
    versitygw.client().delete_object(Bucket=bucket, Key=key)
    assert run(house, "audit")[0] == 1

    note = f"a delete marker hides version {kept}, whose bytes are right"
    told = run(house, "incident", "show", "1")[1]
    assert note in told
    own = f"but the object's own version {kept} is)"
    known = f"(no other copy of v1 is known to be sound, {own}"
    assert f"wiazka repair main/note --store cloud   {known}" in told
    [place] = answer(house, "incident", "show", "1")["places"]
    assert (place["note"], place["sound_version"]) == (note, kept)
    assert place["object_version"] not in {None, kept}


def test_an_incident_that_is_not_there_is_a_clear_error(lived: House) -> None:
    assert run(lived, "incident", "show", "99")[0] == 2
