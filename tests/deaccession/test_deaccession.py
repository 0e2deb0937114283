"""Documents leave the stores by two persons and after a time of grace, and never unseen."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import House
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import Deaccession, File
from wiazka.catalogue.persons import Person
from wiazka.errors import DeaccessionRefused
from wiazka.evidence import Grade
from wiazka.stores.layout import Tombstone

CHOSEN = '[deaccession]\ngrace_days = {days}\npersons = "name"\n'
DISK = '[stores.disk]\nkind = "directory"\npath = "disk"\n'
ID = "main/1984_note"
ANNA = Person.named("Anna Kowalska", "archive", "desk")
JAN = Person.named("Jan Nowak", "archive", "desk")


def answer(house: House, *arguments: str) -> dict[str, object]:
    done = house.run(*arguments, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def kept(house: House) -> House:
    house.submission("1984_note")
    answer(house, "ingest")
    return house


def asked(house: House, *more: str) -> int:
    number = answer(
        house, "deaccession", "request", ID, "--reason", "Zwrócone", "--by", "Anna Kowalska", *more
    )["number"]
    assert isinstance(number, int)
    return number


def let_go(house: House) -> "subprocess.CompletedProcess[str]":
    answer(house, "deaccession", "approve", str(asked(house)), "--by", "Jan Nowak")
    return house.run("deaccession", "run", "--json")


def files(house: House) -> set[str]:
    root = house.path / "disk"
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def at_once(make_house: Callable[[str], House]) -> House:
    return kept(make_house(CHOSEN.format(days=0) + DISK))


@pytest.mark.parametrize(
    "name", ["Anna Kowalska", "anna  KOWALSKA", " Anna\u00a0Kowalska.", "ANNAKOWALSKA"]
)
def test_who_asked_cannot_approve_however_the_name_is_typed(at_once: House, name: str) -> None:
    number = asked(at_once)
    done = at_once.run("deaccession", "approve", str(number), "--by", name)
    assert done.returncode == 1
    assert "same person" in done.stderr
    assert "Nothing is due" in at_once.run("deaccession", "run").stdout
    assert f"packages/{ID}/v1.json" in files(at_once)


def test_one_login_is_one_person_where_persons_are_told_apart_by_account(
    make_house: Callable[[str], House],
) -> None:
    house = kept(make_house(DISK))
    number = asked(house)
    done = house.run("deaccession", "approve", str(number), "--by", "Jan Nowak", USER="jan")
    assert done.returncode == 1
    assert "same person" in done.stderr


def test_two_accounts_are_two_persons_and_a_name_left_out_hides_nobody() -> None:
    anna = Person.named(None, "anna", "desk1")
    assert not anna.may_be(Person.named(None, "jan", "desk1"), by_account=True)
    assert anna.may_be(Person.named(None, "Anna", "desk2"), by_account=False)
    assert anna.may_be(Person.named("Jan Nowak", "anna", "desk2"), by_account=False)
    assert not ANNA.may_be(JAN, by_account=False)
    assert Person.read(str(ANNA)) == ANNA


def test_copies_are_kept_and_audited_until_the_time_of_grace_is_over(
    make_house: Callable[[str], House],
) -> None:
    house = kept(make_house(CHOSEN.format(days=30) + DISK))
    done = let_go(house)
    assert json.loads(done.stdout) == {"deaccessions": []}
    assert answer(house, "audit")["checked"] == 1
    assert answer(house, "list")["packages"]
    assert house.run("deaccession", "withdraw", "1", "--by", "Ktokolwiek").returncode == 0
    assert house.run("deaccession", "withdraw", "1").returncode == 1
    assert "withdrawn by Ktokolwiek" in house.run("deaccession", "list").stdout
    segments = (path for store in house.path.rglob("ledger") for path in store.glob("*.jsonl"))
    assert any("withdrawn by Ktokolwiek" in path.read_text("utf-8") for path in segments)


def test_nothing_is_left_but_a_tombstone_that_tells_all(at_once: House) -> None:
    before = answer(at_once, "show", ID)
    assert let_go(at_once).returncode == 0
    stone = f"packages/{ID}/v1/tombstone.json"
    assert {path for path in files(at_once) if path.startswith("packages/")} == {stone}
    told = Tombstone.from_json((at_once.path / "disk" / stone).read_bytes(), stone)
    assert told.record == before["record"]
    [version] = before["versions"]  # type: ignore[misc,attr-defined]  # JSON
    assert [(f.path, f.sha256) for f in told.files] == [
        (f["path"], f["sha256"]) for f in version["files"]
    ]
    assert told.requested_by.startswith("Anna Kowalska <")
    assert told.approved_by.startswith("Jan Nowak <")
    assert told.reason == "Zwrócone"


def test_what_is_gone_is_neither_listed_nor_restored_nor_missed(at_once: House) -> None:
    let_go(at_once)
    assert answer(at_once, "list") == {"packages": []}
    assert answer(at_once, "find", "ambassador") == {"packages": []}
    audit = answer(at_once, "audit")
    assert (audit["checked"], audit["findings"]) == (0, [])
    for more in ([], ["--version", "1"]):
        done = at_once.run("restore", ID, "--to", str(at_once.path / "back"), *more)
        assert done.returncode == 2
    assert not (at_once.path / "back").exists()
    shown = at_once.run("show", ID).stdout
    assert "Zwrócone" in shown
    assert "approved by Jan Nowak" in shown


def test_the_ledger_tells_who_asked_who_approved_and_from_where_it_was_removed(
    at_once: House,
) -> None:
    let_go(at_once)
    kinds = [event["kind"] for event in answer(at_once, "log", ID)["events"]]  # type: ignore[attr-defined]
    assert kinds[-5:] == [
        "deaccession-requested",
        "deaccession-approved",
        "deaccessioned",
        "deaccessioned",
        "deaccessioned",
    ]
    assert at_once.run("log", "verify").returncode == 0


def test_what_lies_in_the_inbox_untouched_is_not_taken_again_unseen(at_once: House) -> None:
    let_go(at_once)
    done = at_once.run("ingest", "--json")
    [submission] = json.loads(done.stdout)["deliveries"][0]["submissions"]
    assert submission["state"] == "held"
    assert submission["problems"][0]["code"] == "deaccessioned"
    assert answer(at_once, "list") == {"packages": []}


def test_what_is_handed_over_anew_is_the_next_version_and_is_told_of(at_once: House) -> None:
    let_go(at_once)
    at_once.submission("1984_note", delivery="anew")
    done = answer(at_once, "ingest", str(at_once.inbox / "anew"))
    [submission] = done["deliveries"][0]["submissions"]  # type: ignore[index]
    assert (submission["state"], submission["version"]) == ("registered", 2)
    [problem] = [p for p in submission["problems"] if p["code"] == "deaccessioned"]
    assert "Anna Kowalska" in problem["message"]
    assert "Zwrócone" in problem["message"]
    assert answer(at_once, "audit")["findings"] == []
    assert at_once.run("restore", ID, "--to", "back").returncode == 0


def test_killed_anywhere_it_goes_on_and_ends_in_the_same_state(
    at_once: House, tmp_path: Path
) -> None:
    answer(at_once, "deaccession", "approve", str(asked(at_once)), "--by", "Jan Nowak")
    root = at_once.path / "disk/packages" / ID
    # Killed by the first unlink after so many: every step of the removal is one to die at.
    killer = tmp_path / "killer/sitecustomize.py"
    killer.parent.mkdir()
    killer.write_text(
        "import os, pathlib, signal\n"
        "left = [int(os.environ['DIE_AFTER'])]\n"
        "real = pathlib.Path.unlink\n"
        "def unlink(self, *args, **more):\n"
        "    if '/disk/packages/' in str(self):\n"
        "        if left[0] == 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        left[0] -= 1\n"
        "    return real(self, *args, **more)\n"
        "pathlib.Path.unlink = unlink\n"
    )
    for step in (0, 0, 1, 3):
        done = at_once.run(
            "deaccession",
            "run",
            PYTHONPATH=f"{killer.parent}:{os.environ.get('PYTHONPATH', '')}",
            DIE_AFTER=str(step),
        )
        assert done.returncode == -signal.SIGKILL
        assert (root / "v1/tombstone.json").is_file()
        assert answer(at_once, "list") == {"packages": []}
        assert "not from all yet" in at_once.run("deaccession", "list").stdout
        assert at_once.run("deaccession", "withdraw", "1").returncode == 1
    assert not root.with_name("v1.json").exists()
    assert at_once.run("deaccession", "run").returncode == 0
    assert [path.name for path in root.rglob("*") if path.is_file()] == ["tombstone.json"]
    assert "done on" in at_once.run("deaccession", "list").stdout


def test_a_store_that_is_away_is_left_for_later(make_house: Callable[[str], House]) -> None:
    usb = '[stores.usb]\nkind = "directory"\npath = "usb"\n'
    house = kept(make_house(CHOSEN.format(days=0) + DISK + usb))
    (house.path / "usb").rename(house.path / "unplugged")
    done = let_go(house)
    assert done.returncode == 3
    [carried] = json.loads(done.stdout)["deaccessions"]
    assert (carried["removed_from"], carried["stores"]) == (["disk"], ["disk", "usb"])
    assert "removed from 1 of 2 stores" in house.run("deaccession", "run").stdout
    (house.path / "unplugged").rename(house.path / "usb")
    assert house.run("deaccession", "run").returncode == 0
    assert len([p for p in (house.path / "usb/packages").rglob("*") if p.is_file()]) == 1


def test_a_store_no_longer_configured_is_not_taken_for_empty(
    make_house: Callable[[str], House],
) -> None:
    usb = '[stores.usb]\nkind = "directory"\npath = "usb"\n'
    house = kept(make_house(CHOSEN.format(days=0) + DISK + usb))
    house.config.write_text(CHOSEN.format(days=0) + DISK)
    done = let_go(house)
    assert done.returncode == 3
    assert "'usb' had a copy" in done.stderr + done.stdout


def test_what_an_interrupted_push_left_is_removed_by_its_number(at_once: House) -> None:
    stray = at_once.path / "disk/packages" / ID / "v7/data/objects/scan.tif"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half a scan")
    assert (
        at_once.run("deaccession", "request", ID, "--version", "8", "--reason", "x").returncode == 2
    )
    number = asked(at_once, "--version", "7")
    answer(at_once, "deaccession", "approve", str(number), "--by", "Jan Nowak")
    assert at_once.run("deaccession", "run").returncode == 0
    assert not stray.parent.exists()
    assert f"packages/{ID}/v1.json" in files(at_once)
    assert answer(at_once, "audit")["findings"] == []


def test_what_was_left_on_a_disk_that_is_away_is_not_taken_for_gone(at_once: House) -> None:
    usb = at_once.path / "usb"
    stray = usb / "packages" / ID / "v7/data/objects/scan.tif"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half a scan")
    at_once.config.write_text(
        at_once.config.read_text() + '[stores.usb]\nkind = "directory"\npath = "usb"\n'
    )
    number = asked(at_once, "--version", "7")
    answer(at_once, "deaccession", "approve", str(number), "--by", "Jan Nowak")
    usb.rename(at_once.path / "unplugged")
    assert at_once.run("deaccession", "run").returncode == 3
    assert "not from all yet" in at_once.run("deaccession", "list").stdout


def version(catalogue: Catalogue, content: str, held_in: int | None = None) -> int:
    begun = catalogue.begin_version(ID, content, datetime.now(UTC), "delivery", "note", "Note")
    catalogue.describe_version(
        ID,
        begun.number,
        record_json="{}",
        files=[File("data/objects/scan.tif", 1, "0" * 64, "scan", held_in)],
        size=1,
        search="",
        signed=[],
    )
    now = datetime.now(UTC)
    catalogue.copy_stored(ID, begun.number, "disk", Grade.READ, now, "Stored.", {})
    catalogue.register(ID, begun.number, now, "Registered.")
    return begun.number


def ask(catalogue: Catalogue, number: int | None) -> Deaccession:
    return catalogue.deaccessions.request(
        ID, number, reason="Zwrócone", by=ANNA, at=datetime.now(UTC)
    )


def test_a_version_that_a_later_one_refers_to_is_not_removed_alone(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as catalogue:
        version(catalogue, "one")
        version(catalogue, "two", held_in=1)
        with pytest.raises(DeaccessionRefused, match="v2 of main/1984_note refers to files"):
            ask(catalogue, 1)
        assert catalogue.deaccessions.covered(ask(catalogue, None)) == [1, 2]


def test_a_version_that_came_after_the_request_was_approved_by_nobody(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as catalogue:
        version(catalogue, "one")
        asked_for = ask(catalogue, None)
        version(catalogue, "two")
        assert catalogue.deaccessions.covered(asked_for) == [1]
        version(catalogue, "three", held_in=1)
        with pytest.raises(DeaccessionRefused, match="v3"):
            catalogue.deaccessions.approve(
                asked_for.id, by=JAN, at=datetime.now(UTC), grace=timedelta(), by_account=False
            )


def test_what_is_not_due_cannot_begin(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as catalogue:
        version(catalogue, "one")
        asked_for = ask(catalogue, 1)
        with pytest.raises(DeaccessionRefused, match="not due"):
            catalogue.deaccessions.begin(asked_for.id, [1], datetime.now(UTC))
        with pytest.raises(DeaccessionRefused, match="open already"):
            ask(catalogue, None)
