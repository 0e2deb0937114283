"""Repair under kill -9 at every step, two at once, a disk that fills, and keys that may not."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import House
from tests.repair.houses import (
    NOTE,
    SCAN,
    TWO,
    all_well,
    events,
    expected,
    repair,
    rot,
    run,
    tree,
)

# Dies without a word at the nth step: before an object gets a name, and, once one has, before one
# is read again. Every state that a repair leaves in a store lies between two of these.
DYING = """
import os, signal, sys
steps, named = 0, False
def count(event, arguments):
    global steps, named
    if event not in ("os.link", "os.rename", "open"):
        return
    if "disk/packages/" not in f"{arguments[0]} {arguments[1]}":
        return
    if event == "open" and not named:
        return
    named = named or event == "os.rename"
    steps += 1
    if steps == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from wiazka.cli.main import main
main(["repair", "note", "--store", "disk", "--config", sys.argv[2]])
"""


@pytest.fixture
def filled(make_house: Callable[[str], House]) -> House:
    house = make_house(TWO)
    house.submission("note")
    assert run(house, "ingest")[0] == 0
    return house


def test_killed_at_every_step_each_file_is_as_it_was_or_sound_and_nothing_is_lost(
    filled: House,
) -> None:
    disk, nas = filled.path / "disk", filled.path / "nas"
    sound, known = tree(nas), expected(filled)
    before = filled.path / "before"
    places = ("disk", "nas", "wiazka-home")
    bad = {
        f"{NOTE}/{SCAN}": rot(disk / NOTE / SCAN),
        f"{NOTE}.json": rot(disk / f"{NOTE}.json"),
    }
    (disk / NOTE / "bagit.txt").unlink()
    shutil.copytree(filled.path, before)
    # From the beginning each time, so that every step is met; what a kill left is gone on with.
    for step in range(1, 13):
        for place in places:
            shutil.rmtree(filled.path / place)
            shutil.copytree(before / place, filled.path / place)
        done = subprocess.run(
            [sys.executable, "-c", DYING, str(step), str(filled.config)], capture_output=True
        )
        now = tree(disk)
        assert all(data in (sound[key], bad.get(key)) for key, data in now.items())
        there = {*now.values(), *tree(disk, "aside").values()}
        assert set(bad.values()) <= there, "the damaged bytes were lost"
        assert done.returncode == -9, done.stderr
        assert repair(filled, "--store", "disk")[0] == 0
        assert tree(disk) == sound
        assert set(tree(disk, "aside").values()) == set(bad.values())
        assert events(filled)[0]["outcome"] == "warning", "what was begun is known"
    assert expected(filled) == known
    assert not [one for one in (disk / ".tmp").iterdir() if one.stat().st_size]
    assert all_well(filled)


def test_two_at_once_end_as_one(filled: House) -> None:
    sound = tree(filled.path / "nas")
    shutil.rmtree(filled.path / "disk/packages")
    both = [
        subprocess.Popen(filled.command("repair", "note"), cwd=filled.path, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    codes = []
    for one in both:
        _, told = one.communicate()
        codes.append(one.returncode)
        assert one.returncode == 0 or b"being worked on by another run" in told
    assert 0 in codes
    assert set(codes) <= {0, 3}
    assert tree(filled.path / "disk") == sound
    assert all_well(filled)


def test_a_disk_that_fills_leaves_what_was_there_and_the_next_run_ends_it(filled: House) -> None:
    folder = filled.submission("large", delivery="later")
    from PIL import Image

    Image.frombytes("L", (2500, 2500), os.urandom(6_250_000)).save(folder / "scans/0002r.tif")
    assert run(filled, "ingest", str(filled.inbox / "later"))[0] == 0
    sound = tree(filled.path / "nas")
    scan = filled.path / "disk/packages/main/large/v1/data/objects/scans/0002r.tif"
    bad = rot(scan)
    limit = 4_000_000
    done = subprocess.run(
        filled.command("repair", "large", "--store", "disk"),
        cwd=filled.path,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Make room on the disk" in done.stdout
    assert scan.read_bytes() == bad
    assert not list((filled.path / "disk/.tmp").iterdir())
    assert run(filled, "repair", "large", "--store", "disk")[0] == 0
    assert tree(filled.path / "disk") == sound


def test_a_large_file_goes_through_the_spool_and_memory_stays_flat(filled: House) -> None:
    folder = filled.submission("large", delivery="later")
    from PIL import Image

    Image.frombytes("L", (4000, 4000), os.urandom(16_000_000)).save(folder / "scans/0002r.tif")
    assert run(filled, "ingest", str(filled.inbox / "later"))[0] == 0
    scan = Path("packages/main/large/v1/data/objects/scans/0002r.tif")
    rot(filled.path / "disk" / scan)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(filled.config)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (filled.path / "disk" / scan).read_bytes() == (filled.path / "nas" / scan).read_bytes()
    assert not list((filled.path / "wiazka-home/spool").iterdir())
    assert int(done.stdout.splitlines()[-1]) < 12 << 10, "KiB more than before the repair"


MEASURED = """
import resource, sys
from wiazka.cli.main import wiazka
from wiazka.repair import run
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
arguments = ["repair", "--json", "--config", sys.argv[1]]
wiazka([*arguments, "note"], standalone_mode=False)
before = peak()
assert not wiazka([*arguments, "large"], standalone_mode=False)
print(peak() - before)
"""
