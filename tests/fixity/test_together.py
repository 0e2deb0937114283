"""What the parts of fixity promise one another: policies, repairs, drills, moves, removals."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.audit import _scopes
from tests.conftest import House
from tests.fixity.test_completion import config, filled, job_over
from tests.fixity.test_whole_story import dossier_of
from tests.rebuild.test_rebuild import TABLES, lose_the_catalogue, tables
from tests.repair.houses import NOTE, SCAN, TWO, repair, rot, run, tree
from tests.services.openstack import Swift
from wiazka.ingest.desk import open_desk
from wiazka.settings import load

POLICY = '[fixity.disk]\nread_every = "90d"\n'
BOTH = POLICY + '[fixity.nas]\nread_every = "90d"\n'


@pytest.fixture
def kept(make_house: Callable[[str], House]) -> House:
    house = make_house(TWO + BOTH + '[deaccession]\ngrace_days = 0\npersons = "name"\n')
    house.submission("note")
    house.submission("other")
    assert run(house, "ingest", str(house.inbox))[0] == 0
    return house


def holds(house: House, tmp_path: Path) -> None:
    """The dossier that is made now is one that its own program finds nothing wrong with."""
    verified = dossier_of(house, tmp_path / f"{len(list(tmp_path.iterdir()))}.zip")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def comes_back(house: House, *stores: str) -> None:
    """From each of the stores all tables are rebuilt as they were."""
    before = tables(house)
    for store in stores:
        lose_the_catalogue(house)
        code, told = run(house, "rebuild", "--from", store)
        assert (code, told.get("faults")) == (0, []), told
        after = tables(house)
        for name in TABLES:
            assert after[name] == before[name], f"{name}, from {store}"


def copies(house: House, identity: str = "note") -> dict[str, tuple[str | None, str | None]]:
    [version] = run(house, "show", identity)[1]["versions"]
    return {copy["store"]: (copy["grade"], copy["proved_at"]) for copy in version["copies"]}


# Policies


def test_the_flow_and_the_command_do_the_same_by_policy_and_a_store_without_one_is_warned_of(
    make_house: Callable[[str], House],
) -> None:
    house = make_house(TWO + POLICY)
    house.submission("note")
    assert run(house, "ingest", str(house.inbox))[0] == 0
    assert all(one["today"]["copies"] == 0 for one in run(house, "audit", "--plan")[1]["policies"])
    rot(house.path / "disk" / NOTE / SCAN)
    assert run(house, "audit", "--store", "disk")[0] == 1
    with open_desk(load(house.config)) as desk:
        [scope] = _scopes(desk, None, None)
        assert (scope.store, scope.grade) == ("disk", "read")
    done = house.run("audit", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(f["store"], f["outcome"]) for f in told["findings"]] == [("disk", "changed")]
    assert len(told["audits"]) == 1
    assert "nas" in done.stderr
    assert "disk" not in done.stderr
    assert "nas" in json.dumps(run(house, "audit", "--plan")[1]["warnings"])


# Every proof is an event


def test_a_copy_with_something_too_much_has_only_proofs_that_the_ledger_tells_of(
    kept: House, tmp_path: Path
) -> None:
    (kept.path / "disk" / NOTE / "data/smuggled.txt").write_text("x")
    for grade in ("read", "size", "listed"):
        assert run(kept, "audit", "--store", "disk", "--grade", grade)[0] == 1
        holds(kept, tmp_path)
    comes_back(kept, "nas")


def test_what_a_repair_and_a_drill_proved_is_in_the_dossier_and_comes_back(
    kept: House, tmp_path: Path
) -> None:
    rot(kept.path / "disk" / NOTE / SCAN)
    holds(kept, tmp_path)
    assert run(kept, "drill", "--store", "disk", "note")[0] == 1
    holds(kept, tmp_path)
    assert repair(kept)[0] == 0
    holds(kept, tmp_path)
    assert run(kept, "incident", "list")[1]["incidents"] == []
    assert run(kept, "drill")[0] == 0
    holds(kept, tmp_path)
    comes_back(kept, "disk", "nas")
    holds(kept, tmp_path)


def test_a_repair_that_is_refused_leaves_a_dossier_that_holds(kept: House, tmp_path: Path) -> None:
    for store in ("disk", "nas"):
        rot(kept.path / store / NOTE / SCAN)
    assert run(kept, "audit", "--store", "disk")[0] == 1
    assert repair(kept)[0] == 1
    holds(kept, tmp_path)
    comes_back(kept, "disk", "nas")
    assert run(kept, "report", "fixity")[0] == 1


def test_what_a_provider_proved_is_in_coverage_report_and_dossier(
    swift: Swift, bucket: str, make_house: Callable[[str], House], tmp_path: Path
) -> None:
    swift.let_in("cold")
    policy = '[fixity.cold]\nrecomputed_every = "90d"\n[fixity.disk]\nread_every = "90d"\n'
    house = filled(make_house(config(swift, bucket) + policy))
    job = job_over(swift, bucket)
    created = f"{job.created:%Y-%m-%dT%H:%M:%S}"
    report = str(job.report(tmp_path / "job"))
    asked = ("audit", "--grade", "recomputed", "--store", "cold", "--report", report)
    code, told = run(house, *asked, "--job-created", created)
    assert (code, told["proved"]) == (0, 2)
    _, told = run(house, "report", "fixity", "--to", str(tmp_path / "report"))
    found = {(one["store"], one["grade"]): one for one in told["coverage"]}
    assert found["cold", "recomputed"]["proved"] == 2
    assert told["well"]
    verified = dossier_of(house, tmp_path / "dossier.zip")
    assert verified.returncode == 0, verified.stdout
    assert "cold: 2 of 2 proved within 90 days, recomputed" in verified.stdout
    comes_back(house, "cold", "disk")
    holds(house, tmp_path)


# A store that moved


def test_a_store_that_moved_is_unproved_until_it_is_audited_there(
    kept: House, tmp_path: Path
) -> None:
    assert run(kept, "audit", "--store", "nas", "--grade", "read")[0] == 0
    (kept.path / "nas").rename(kept.path / "attic")
    kept.config.write_text(kept.config.read_text("utf-8").replace('"nas"', '"attic"'), "utf-8")
    done = kept.run("audit", "--plan")
    assert "nas moved from" in done.stderr
    assert copies(kept)["nas"] == (None, None)
    assert copies(kept)["disk"][0] == "read"
    holds(kept, tmp_path)
    # Its copies are proved again by the drill, and the rebuilt catalogue is no other for the move.
    code, told = run(kept, "drill", "--store", "nas", "note")
    assert code == 0, told
    code, told = run(kept, "drill")
    assert code == 0, told
    assert copies(kept)["nas"][0] == "read"
    comes_back(kept, "disk", "nas")
    holds(kept, tmp_path)
    assert "moved" not in kept.run("audit", "--store", "nas").stderr


# Many at once


def test_two_audits_and_an_ingest_at_once_raise_no_alarm(kept: House, tmp_path: Path) -> None:
    for number in range(6):
        kept.submission(f"late{number}", delivery="late")
    running = [
        subprocess.Popen(
            kept.command(*arguments, "--json"),
            cwd=kept.path,
            env=os.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for arguments in (
            ("ingest", "inbox/late"),
            ("audit", "--store", "disk", "--grade", "read"),
            ("audit", "--grade", "read"),
        )
    ]
    ended = [(*one.communicate(), one.returncode) for one in running]
    assert [code for _, _, code in ended] == [0, 0, 0], ended
    assert run(kept, "incident", "list", "--all")[1]["incidents"] == []
    code, told = run(kept, "audit", "--grade", "read")
    assert (code, told["checked"]) == (0, 16)
    assert run(kept, "log", "verify")[0] == 0
    holds(kept, tmp_path)


# What is let go


def let_go(house: House) -> None:
    for arguments in (
        ("request", "main/note", "--reason", "Zwrócone", "--by", "Anna"),
        ("approve", "1", "--by", "Jan"),
        ("run",),
    ):
        code, told = run(house, "deaccession", *arguments)
        assert code == 0, told


def test_what_is_let_go_leaves_no_incident_open_for_ever_and_no_bytes_aside(
    kept: House, tmp_path: Path
) -> None:
    rot(kept.path / "disk" / NOTE / SCAN)
    assert repair(kept)[0] == 0
    assert tree(kept.path / "disk", "aside")
    rot(kept.path / "disk" / NOTE / "bag-info.txt")
    rot(kept.path / "disk/packages/main/other/v1" / SCAN)
    _, told = run(kept, "audit", "--store", "disk")
    [number] = told["incidents"]["opened"]
    let_go(kept)
    assert tree(kept.path / "disk", "aside") == {}
    shown = run(kept, "incident", "show", str(number))[1]
    commands = " ".join(one["command"] for one in shown["remedies"])
    assert "repair main/note" not in commands
    assert "repair main/other" in commands
    assert run(kept, "repair", "other")[0] == 0
    # Nothing of what was let go keeps it open.
    assert run(kept, "incident", "list")[1]["incidents"] == []
    assert run(kept, "audit", "--store", "disk")[0] == 0
    comes_back(kept, "disk", "nas")
    holds(kept, tmp_path)
