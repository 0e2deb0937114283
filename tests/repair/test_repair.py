"""Repair between two directories: what it mends, what it keeps, and above all what it refuses."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import House
from tests.rebuild.test_rebuild import TABLES, database, lose_the_catalogue, rebuild, tables
from tests.repair.houses import (
    NOTE,
    SCAN,
    TWO,
    all_well,
    events,
    expected,
    mended,
    repair,
    rot,
    run,
    states,
    tree,
)
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner, holding
from wiazka.settings import load


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A package whose second version refers to the scans of its first, in two stores."""
    house = House(tmp_path_factory.mktemp("once"))
    house.config.write_text(TWO, "utf-8")
    folder = house.submission("note")
    assert run(house, "ingest")[0] == 0
    (folder / "transcription/pl/0001.txt").write_text("Odpis poprawiony.", encoding="utf-8")
    assert run(house, "ingest")[0] == 0
    return house


@pytest.fixture
def filled(once: House, tmp_path: Path) -> House:
    shutil.copytree(once.path, tmp_path / "house")
    return House(tmp_path / "house")


def file_of(house: House, store: str, path: str = SCAN, version: int = 1) -> Path:
    return house.path / store / f"packages/main/note/v{version}" / path


def of_version(report: dict[str, Any], number: int, store: str) -> dict[str, Any]:
    [found] = [c for c in report["copies"] if (c["version"], c["store"]) == (number, store)]
    return found


def test_nothing_to_mend_is_all_well_and_writes_nothing(filled: House) -> None:
    before = tree(filled.path / "disk", ".")
    code, report = repair(filled, "--store", "disk")
    assert (code, set(states(report).values()), mended(report)) == (0, {"sound"}, {})
    ledger = {key for key in tree(filled.path / "disk", ".") if key.startswith("ledger/")}
    after = tree(filled.path / "disk", ".")
    assert {k: v for k, v in after.items() if k not in ledger or k in before} == before
    assert events(filled) == []


def test_a_plan_writes_nothing_and_names_the_source(filled: House) -> None:
    bad = rot(file_of(filled, "disk"))
    before = tree(filled.path / "disk")
    code, report = repair(filled, "--store", "disk", "--plan")
    assert code == 0
    copy = of_version(report, 1, "disk")
    assert copy["state"] == "damaged"
    [file] = copy["files"]
    assert (file["path"], file["from"], file["mended"]) == (SCAN, "nas", False)
    assert tree(filled.path / "disk") == before
    assert file_of(filled, "disk").read_bytes() == bad
    assert not (filled.path / "disk/aside").exists()


def test_the_audit_names_the_good_copy_and_its_command_mends(filled: House) -> None:
    assert run(filled, "audit")[0] == 0
    rot(file_of(filled, "disk", "metadata/record.json"))
    code, report = run(filled, "audit")
    assert code == 1
    [proposal] = report["repairs"]
    command, _, why = proposal.partition("   ")
    assert command == "wiazka repair main/note --store disk"
    assert why.startswith("(good copy: nas, read 20")
    assert run(filled, *command.split()[1:])[0] == 0
    assert all_well(filled)


def test_a_doubted_copy_is_not_named_as_a_good_one(filled: House) -> None:
    rot(file_of(filled, "disk"))
    rot(file_of(filled, "nas"))
    _, report = run(filled, "audit")
    assert len(report["repairs"]) == 2
    assert all("no other copy" in proposal for proposal in report["repairs"])


def test_the_damaged_bytes_stay_and_the_ledger_says_where(filled: House) -> None:
    bad = rot(file_of(filled, "disk"))
    code, report = repair(filled, "--store", "disk", "--version", "1")
    assert code == 0
    [file] = of_version(report, 1, "disk")["files"]
    assert (filled.path / "disk" / file["kept"]).read_bytes() == bad
    assert tree(filled.path / "disk") == tree(filled.path / "nas")
    begun, done, shared = events(filled)
    assert (begun["outcome"], done["outcome"], shared["outcome"]) == (
        "warning",
        "success",
        "success",
    )
    [told] = json.loads(done["detail"]["files"])
    assert (told["path"], told["from"], told["kept"]) == (SCAN, "nas", file["kept"])
    shown = run(filled, "show", "note")[1]
    assert "repaired" in json.dumps(shown)


def test_what_a_later_version_refers_to_is_mended_for_both_and_both_are_read_again(
    filled: House,
) -> None:
    bad = rot(file_of(filled, "disk"))
    code, report = repair(filled, "--store", "disk", "--version", "2")
    assert code == 0
    assert mended(report) == {"disk": [SCAN]}
    assert file_of(filled, "disk").read_bytes() != bad
    told = [(e["version"], e["outcome"]) for e in events(filled)]
    assert told == [(2, "warning"), (2, "success"), (1, "success")]
    audited = [(e["version"], e["store"]) for e in events(filled, "audited")][-2:]
    assert audited == [(2, "disk"), (1, "disk")]
    assert all_well(filled)


def test_each_of_two_copies_has_what_the_other_lacks(filled: House) -> None:
    sound = tree(filled.path / "disk")
    rot(file_of(filled, "disk", "bag-info.txt"))
    file_of(filled, "nas", "manifest-sha256.txt").unlink()
    code, report = repair(filled, "--version", "1")
    assert code == 0
    assert mended(report) == {"disk": ["bag-info.txt"], "nas": ["manifest-sha256.txt"]}
    assert tree(filled.path / "disk") == tree(filled.path / "nas") == sound


def test_a_whole_copy_that_was_lost_comes_back_its_commit_mark_last(filled: House) -> None:
    sound = tree(filled.path / "disk")
    shutil.rmtree(filled.path / "disk/packages")
    assert repair(filled, "--store", "disk")[0] == 0
    assert tree(filled.path / "disk") == sound
    mark = filled.path / f"disk/{NOTE}.json"
    files = [path for path in (filled.path / "disk" / NOTE).rglob("*") if path.is_file()]
    assert all(path.stat().st_mtime_ns <= mark.stat().st_mtime_ns for path in files)
    assert all_well(filled)


def test_a_bag_that_was_swapped_for_another_is_put_right_and_kept_whole(filled: House) -> None:
    sound = tree(filled.path / "disk")
    other = filled.submission("other", delivery="later")
    (other / "scans/0001v.tif").unlink()
    assert run(filled, "ingest", str(filled.inbox / "later"))[0] in (0, 1)
    foreign = next((filled.path / "disk/packages/main/other").glob("v1"))
    shutil.rmtree(filled.path / "disk" / NOTE)
    shutil.copytree(foreign, filled.path / "disk" / NOTE)
    code, report = repair(filled, "--store", "disk")
    assert code == 0
    now = tree(filled.path / "disk")
    assert {key: now[key] for key in sound} == sound
    kept = {path.read_bytes() for path in (filled.path / "disk/aside").rglob("*") if path.is_file()}
    swapped = [f for f in of_version(report, 1, "disk")["files"] if f["kept"]]
    assert {(foreign / f["path"]).read_bytes() for f in swapped} == kept


def nothing_was_written(house: House, before: dict[str, dict[str, bytes]]) -> None:
    for store, files in before.items():
        assert tree(house.path / store) == files
        assert not (house.path / store / "aside").exists()


def stores(house: House) -> dict[str, dict[str, bytes]]:
    return {name: tree(house.path / name) for name in ("disk", "nas")}


@pytest.mark.parametrize(
    "path", [SCAN, "manifest-sha256.txt", "metadata/record.json", "../v1.json"]
)
def test_a_source_that_is_damaged_too_is_no_source(filled: House, path: str) -> None:
    rot(file_of(filled, "disk", path))
    file_of(filled, "nas", path).unlink()
    before, known = stores(filled), expected(filled)
    code, report = repair(filled, "--store", "disk", "--version", "1")
    assert (code, states(report)) == (1, {"disk": "refused"})
    fault = of_version(report, 1, "disk")["fault"]
    assert fault["code"] == "repair-refused"
    assert path in fault["message"]
    nothing_was_written(filled, before)
    assert expected(filled) == known
    assert [e["outcome"] for e in events(filled)] == ["fail"]


@pytest.mark.parametrize("path", [SCAN, "../v1.json"])
def test_two_copies_that_agree_and_are_wrong_convince_nobody(filled: House, path: str) -> None:
    rot(file_of(filled, "disk", path))
    rot(file_of(filled, "nas", path))
    assert file_of(filled, "disk", path).read_bytes() == file_of(filled, "nas", path).read_bytes()
    before, known = stores(filled), expected(filled)
    code, report = repair(filled, "--version", "1")
    assert (code, set(states(report).values())) == (1, {"refused"})
    nothing_was_written(filled, before)
    assert expected(filled) == known


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE file SET sha256 = '00' || substr(sha256, 3) WHERE path LIKE '%0001r.tif'",
        "UPDATE file SET size = size + 1 WHERE version = 1 AND path LIKE '%0001r.tif'",
        "UPDATE version SET delivery = 'another' WHERE number = 1",
        "UPDATE file SET path = 'data/renamed.tif' WHERE version = 1 AND path LIKE '%0001v.tif'",
    ],
    ids=["digest", "size", "delivery", "path"],
)
def test_where_the_catalogue_and_every_copy_disagree_nothing_is_written(
    filled: House, change: str
) -> None:
    with sqlite3.connect(database(filled)) as connection:
        connection.execute(change)
    before, known = stores(filled), expected(filled)
    code, _ = repair(filled, "--version", "1")
    assert code == 1
    nothing_was_written(filled, before)
    assert expected(filled) == known


def test_what_has_a_good_copy_is_mended_and_what_has_none_is_told(filled: House) -> None:
    for store in ("disk", "nas"):
        rot(file_of(filled, store, "bag-info.txt"))
    rot(file_of(filled, "disk"))
    (filled.path / f"disk/{NOTE}.json").unlink()
    code, report = repair(filled, "--store", "disk", "--version", "1")
    assert code == 1
    assert mended(report) == {"disk": [SCAN]}
    assert file_of(filled, "disk").read_bytes() == file_of(filled, "nas").read_bytes()
    assert not (filled.path / f"disk/{NOTE}.json").exists(), "no mark while something is damaged"


def test_only_the_file_that_was_asked_for_is_mended(filled: House) -> None:
    rot(file_of(filled, "disk"))
    bad = rot(file_of(filled, "disk", "bagit.txt"))
    code, report = repair(filled, "--store", "disk", "--version", "1", "--path", SCAN)
    assert (code, mended(report)) == (0, {"disk": [SCAN]})
    assert file_of(filled, "disk", "bagit.txt").read_bytes() == bad


def test_objects_too_many_are_told_and_left_alone(filled: House) -> None:
    rot(file_of(filled, "disk"))
    smuggled = file_of(filled, "disk", "data/smuggled.txt")
    smuggled.write_text("x")
    code, report = repair(filled, "--store", "disk", "--version", "1")
    assert code == 0
    assert of_version(report, 1, "disk")["extra"] == ["data/smuggled.txt"]
    assert smuggled.read_text() == "x"


def test_from_takes_that_store_alone_and_not_a_nearer_one(
    make_house: Callable[[str], House],
) -> None:
    house = make_house(TWO + '[stores.vault]\nkind = "directory"\npath = "vault"\n')
    house.submission("note")
    assert run(house, "ingest")[0] == 0
    rot(file_of(house, "disk"))
    rot(file_of(house, "vault", "bagit.txt"))
    code, report = repair(house, "--store", "disk", "--from", "vault")
    assert code == 0
    assert {f["from"] for copy in report["copies"] for f in copy["files"]} == {"vault"}
    rot(file_of(house, "disk", "bagit.txt"))
    assert repair(house, "--store", "disk", "--from", "vault")[0] == 1
    # The nearest that has it: not the one whose own is damaged.
    assert repair(house)[0] == 0
    assert all_well(house)


def test_a_store_that_is_away_is_told_and_not_begun_anew(filled: House) -> None:
    (filled.path / "disk").rename(filled.path / "unplugged")
    code, report = repair(filled, "--store", "disk")
    assert (code, set(states(report).values())) == (3, {"failed"})
    assert of_version(report, 1, "disk")["fault"]["code"] == "store-unavailable"
    assert not (filled.path / "disk").exists()
    (filled.path / "disk").mkdir()
    assert repair(filled, "--store", "disk")[0] == 3
    assert list((filled.path / "disk").iterdir()) == []


def test_a_source_that_is_away_is_doubt_and_no_refusal(filled: House) -> None:
    rot(file_of(filled, "disk"))
    (filled.path / "nas").rename(filled.path / "unplugged")
    code, report = repair(filled, "--store", "disk", "--version", "1")
    assert (code, states(report)) == (3, {"disk": "failed"})


def test_while_another_run_works_on_the_package_nothing_is_touched(filled: House) -> None:
    bad = rot(file_of(filled, "disk"))
    with (
        Catalogue.open(load(filled.config).catalogue_url) as catalogue,
        holding(catalogue, "package:main/note", Owner.of_this_process()),
    ):
        code, report = repair(filled)
    assert (code, report["error"]) == (3, "store-unavailable")
    assert file_of(filled, "disk").read_bytes() == bad


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--store", "dsik"], "no store named 'dsik'"),
        (["--store", "disk", "--from", "disk"], "mended from itself"),
        (["--version", "9"], "no version 9"),
        (["--path", "data/nothing.tif"], "no file 'data/nothing.tif'"),
    ],
)
def test_wrong_usage_is_told(filled: House, arguments: list[str], said: str) -> None:
    code, report = repair(filled, *arguments)
    assert code == 2
    assert said in report["message"]


def test_a_copy_that_never_was_is_for_replicate(filled: House) -> None:
    text = filled.config.read_text("utf-8")
    filled.config.write_text(text + '[stores.vault]\nkind = "directory"\npath = "vault"\n')
    code, report = repair(filled, "--store", "vault")
    assert code == 2
    assert "wiazka replicate --to vault main/note" in report["message"]


def test_what_was_mended_is_unproved_until_it_is_read_again(filled: House) -> None:
    with Catalogue.open(load(filled.config).catalogue_url) as catalogue:
        [disk, _] = catalogue.copies("main/note", 1)
        assert disk.grade is not None
        catalogue.replicas.repaired(disk, "Mended.", {})
        [disk, nas] = catalogue.copies("main/note", 1)
        assert (disk.grade, disk.proved_at) == (None, None)
        assert nas.grade is not None
        assert next(catalogue.audits.due(nas.grade)).store == "disk"
    assert repair(filled, "--store", "disk")[0] == 0
    with Catalogue.open(load(filled.config).catalogue_url) as catalogue:
        assert catalogue.copies("main/note", 1)[0].grade == "read"


def test_a_rebuilt_catalogue_knows_of_repairs_what_the_lost_one_did(filled: House) -> None:
    rot(file_of(filled, "disk"))
    for store in ("disk", "nas"):
        rot(file_of(filled, store, "bag-info.txt", 2))
    assert repair(filled)[0] == 1
    before = tables(filled)
    lose_the_catalogue(filled)
    assert rebuild(filled, "nas")[0] == 0
    after = tables(filled)
    for name in TABLES:
        assert after[name] == before[name], name


def test_the_store_alone_tells_the_bytes_aside_for_what_they_are(filled: House) -> None:
    rot(file_of(filled, "disk"))
    assert repair(filled)[0] == 0
    code, report = run(filled, "store", "verify", "disk")
    assert (code, report["findings"], report["aside"]) == (0, [], 1)
    assert run(filled, "audit", "--store", "disk")[0] == 0


def test_a_deaccession_takes_what_was_kept_aside_too(filled: House) -> None:
    text = filled.config.read_text("utf-8")
    filled.config.write_text('[deaccession]\ngrace_days = 0\npersons = "name"\n' + text, "utf-8")
    rot(file_of(filled, "disk"))
    rot(filled.path / f"disk/{NOTE}.json")
    assert repair(filled)[0] == 0
    assert len(tree(filled.path / "disk", "aside")) == 2
    for arguments in (
        ("request", "main/note", "--reason", "Zwrócone", "--by", "Anna"),
        ("approve", "1", "--by", "Jan"),
        ("run",),
    ):
        assert run(filled, "deaccession", *arguments)[0] == 0
    assert tree(filled.path / "disk", "aside") == {}
