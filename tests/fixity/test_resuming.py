"""An audit that was killed is taken up where it was, by the next of the same scope."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fixity.holding import Holding, OnDisk, filled
from tests.stores.kinds import new_directory
from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck
from wiazka.errors import StoreUnavailable
from wiazka.evidence import Grade
from wiazka.fixity.audit import run_audit
from wiazka.fixity.scope import Scope

_PACKAGES = 150
# The audit of a process of its own: each copy is told of once it is recorded, and takes a while.
_AUDIT = """
import sys, time
from pathlib import Path
from wiazka.catalogue.catalogue import Catalogue
from wiazka.fixity.audit import run_audit
from wiazka.fixity.scope import Scope
from wiazka.stores.directory import DirectoryFiles

class Slow(DirectoryFiles):
    def hashed(self, key, size):
        time.sleep(0.002)
        return super().hashed(key, size)

with Catalogue.open(sys.argv[1]) as catalogue:
    store = Slow("disk", Path(sys.argv[2]))
    run_audit(catalogue, {"disk": store}, Scope(), lambda c: print(c.identity, flush=True))
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Holding]:
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as catalogue:
        holding = filled(catalogue, new_directory(tmp_path), OnDisk(tmp_path / "store"))
        for number in range(_PACKAGES):
            holding.keep(f"main/more-{number}", 1, {"a.txt": b"%d" % number})
        yield holding


def killed_half_way(tmp_path: Path) -> None:
    """An audit as a process of its own, killed when it has told of a first few copies."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _AUDIT,
            f"sqlite:///{tmp_path}/catalogue.sqlite",
            tmp_path / "store",
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stdout
    for _ in range(10):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen[str], database: Path) -> None:
    """Have a process stand still, but not while it keeps all others from writing."""
    assert process.stdout
    while process.stdout.readline():
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                process.send_signal(signal.SIGCONT)
            else:
                return
    pytest.fail("it ended before it could be stopped")


def checked(held: Holding, scope: Scope | None = None) -> list[str]:
    seen: list[CopyCheck] = []
    run_audit(held.catalogue, {"disk": held.store}, scope or Scope(), seen.append)
    return [f"{check.identity} {check.version}" for check in seen if check.identity]


def test_an_audit_that_was_killed_goes_on_and_looks_at_nothing_twice(
    held: Holding, tmp_path: Path
) -> None:
    killed_half_way(tmp_path)
    stopped = held.catalogue.audits.last()
    assert stopped
    assert stopped.ended is None
    rest = checked(held)
    done = held.catalogue.audits.last()
    assert done
    # The same audit, now ended; of all copies none was looked at twice, none left out.
    assert (done.id, done.begun) == (stopped.id, stopped.begun)
    assert done.ended
    assert done.checked == _PACKAGES + 4 == stopped.checked + len(set(rest))
    assert 0 < stopped.checked < _PACKAGES
    assert len(checked(held)) == _PACKAGES + 4


def test_what_a_killed_audit_did_not_record_is_not_proved(held: Holding, tmp_path: Path) -> None:
    killed_half_way(tmp_path)
    stopped = held.catalogue.audits.last()
    assert stopped
    proved = sum(
        copy.proved_at is not None and copy.proved_at >= stopped.begun
        for identity in [version.identity for version in held.catalogue.packages()]
        for number in [version.number for version in held.catalogue.versions(identity)]
        for copy in held.catalogue.copies(identity, number)
    )
    assert proved == stopped.checked


def test_damage_that_a_killed_audit_found_is_in_the_one_that_goes_on(
    held: Holding, tmp_path: Path
) -> None:
    for identity in ("main/note", "main/other"):
        held.tools.write(held.key(identity, 1, "bagit.txt"), b"rotten")
    run_audit(held.catalogue, {"disk": held.store}, Scope(budget=Budget(bytes=1)))
    killed_half_way(tmp_path)
    checked(held)
    done = held.catalogue.audits.last()
    assert done
    assert sorted(str(f.identity) for f in done.findings) == ["main/note", "main/other"]


def test_an_audit_of_another_scope_begins_anew(held: Holding, tmp_path: Path) -> None:
    killed_half_way(tmp_path)
    assert len(checked(held, Scope(Grade.SIZE))) == _PACKAGES + 4


def test_an_audit_that_runs_is_not_taken_up(held: Holding, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _AUDIT,
            f"sqlite:///{tmp_path}/catalogue.sqlite",
            tmp_path / "store",
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    stop(process, tmp_path / "catalogue.sqlite")
    running = held.catalogue.audits.last()
    checked(held)
    mine = held.catalogue.audits.last()
    process.send_signal(signal.SIGCONT)
    process.communicate()
    assert running
    assert mine
    assert mine.id != running.id
    assert held.catalogue.audits.audit(running.id).ended


def test_what_an_audit_sees_of_a_store_that_is_elsewhere_by_now_proves_nothing(
    held: Holding,
) -> None:
    audits = held.catalogue.audits
    audits.keep_place("disk", "here")

    def move(_: CopyCheck) -> None:
        audits.moved("disk", "there", datetime.now(UTC))

    with pytest.raises(StoreUnavailable, match="'disk' moved from here to there"):
        run_audit(held.catalogue, {"disk": held.store}, Scope(), move)
    assert {audits.copy(f"main/more-{n}", 1, "disk").grade for n in range(_PACKAGES)} == {None}
    # By the next, which looks there, all are.
    run_audit(held.catalogue, {"disk": held.store}, Scope())
    assert {audits.copy(f"main/more-{n}", 1, "disk").grade for n in range(_PACKAGES)} == {
        Grade.READ
    }
