"""The whole story of a damage, by the commands that people give: found, told, mended, proved, shown
to those who trust nobody, and all of it there again when the database is lost.
"""

import itertools
import os
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import House
from tests.fixity.holding import InBucket, OnDisk, Tools
from tests.rebuild.test_rebuild import TABLES, lose_the_catalogue, tables
from tests.repair.houses import SCAN, run
from tests.services.versitygw import Versitygw
from wiazka.cli.main import wiazka

ID = "main/depesza_zrodlowa"
V1 = f"packages/{ID}/v1"
NAME = "archive.example.org/ledger"
DISK = '[stores.disk]\nkind = "directory"\npath = "disk"\n'
_numbers = itertools.count()


@dataclass(frozen=True)
class Story:
    """A house with two stores; the store ``far`` is the one that is harmed, behind its back."""

    house: House
    tools: Tools
    lying: Callable[[], list[str]]

    @property
    def receipt(self) -> Path:
        return self.house.path / f"wiazka-home/reports/receipts/{ID}/v1.html"


@pytest.fixture
def story(request: pytest.FixtureRequest, make_house: Callable[[str], House]) -> Story:
    house = make_house("")
    key = house.path / "checkpoint.key"
    catalogue = ""
    if request.param == "catalogue in PostgreSQL":
        catalogue = request.getfixturevalue("postgres").section()
    if request.param != "versioned bucket":
        far = '[stores.far]\nkind = "directory"\npath = "far"\n'
        tools: Tools = OnDisk(house.path / "far")

        def keys() -> list[str]:
            root = house.path / "far"
            found = (path for path in (root / "packages").rglob("*") if path.is_file())
            return [str(path.relative_to(root)) for path in found]
    else:
        service: Versitygw = request.getfixturevalue("versitygw")
        service.let_in("far")
        bucket = f"story-{next(_numbers)}-{os.getpid()}"
        service.make_bucket(bucket, versioning=True)
        far = (
            f'[stores.far]\nkind = "s3"\nbucket = "{bucket}"\n'
            f'endpoint = "{service.endpoint}"\nregion = "us-east-1"\n'
        )
        tools = InBucket(service, f"s3://{bucket}")

        def keys() -> list[str]:
            found = service.client().list_objects_v2(Bucket=bucket, Prefix="packages/")
            return [one["Key"] for one in found["Contents"]]

    house.config.write_text(
        f'{DISK}{far}{catalogue}[ledger]\norigin = "{NAME}"\nsigning_key = "{key}"\n'
        '[fixity.far]\nread_every = "90d"\n[fixity.disk]\nread_every = "90d"\n',
        "utf-8",
    )
    assert run(house, "log", "key", "--new", str(key))[0] == 0
    house.submission("depesza_źródłowa")
    house.submission("note")
    assert run(house, "ingest", str(house.inbox))[0] == 0
    return Story(house, tools, keys)


def shown(house: House, *arguments: str) -> tuple[int, str]:
    """A command as a person gives it, and what it prints."""
    done = CliRunner().invoke(
        wiazka, [*arguments, "--config", str(house.config)], standalone_mode=False
    )
    assert done.exception is None, done.exception
    return done.return_value or 0, done.stdout


def bare(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """A program that is handed on, as somebody runs it who has nothing of ours."""
    return subprocess.run(
        [sys.executable, "-I", "-S", *arguments], capture_output=True, text=True, env={}
    )


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def one_file(key: str) -> Callable[[Story], list[str]]:
    def harm(story: Story) -> list[str]:
        story.tools.write(key, flipped(story.tools.read(key)))
        return [key]

    return harm


def whole_copy(story: Story) -> list[str]:
    lost = [key for key in story.lying() if key.startswith(f"{V1}/") or key == f"{V1}.json"]
    for key in lost:
        story.tools.delete(key)
    return lost


def path_of(key: str) -> str:
    """How findings name what lies under a key."""
    return "../v1.json" if key == f"{V1}.json" else key.removeprefix(f"{V1}/")


DAMAGES: dict[str, tuple[Callable[[Story], list[str]], str]] = {
    "a payload file": (one_file(f"{V1}/{SCAN}"), "changed"),
    "a tag file": (one_file(f"{V1}/bag-info.txt"), "changed"),
    "the bag's manifest": (one_file(f"{V1}/manifest-sha256.txt"), "changed"),
    "the storage manifest": (one_file(f"{V1}.json"), "changed"),
    "a whole lost copy": (whole_copy, "missing"),
}


@pytest.mark.parametrize(
    ("story", "damage"),
    [
        *itertools.product(("directory", "versioned bucket"), DAMAGES),
        ("catalogue in PostgreSQL", "a whole lost copy"),
    ],
    indirect=["story"],
)
def test_from_damage_to_proof_and_back_without_the_database(
    story: Story, damage: str, tmp_path: Path
) -> None:
    house = story.house
    harm, outcome = DAMAGES[damage]
    checkpoint = tmp_path / "published.txt"
    checkpoint.write_text(shown(house, "log", "checkpoint")[1], "utf-8")
    sound = {key: story.tools.read(key) for key in story.lying()}
    harmed = sorted(map(path_of, harm(story)))
    number = found(house, harmed, outcome)
    mend_as_told(house, number, harmed)
    assert {key: story.tools.read(key) for key in story.lying()} == sound
    the_receipt_holds(story, checkpoint, tmp_path)
    # What a restore notes is sent to the stores by the next run.
    code, drilled = run(house, "drill")
    assert code == 0, drilled
    code, told = run(house, "report", "fixity", "--to", str(tmp_path / "report"))
    assert (code, told["well"], told["open_incidents"]) == (0, True, 0)
    the_dossier_holds(house, tmp_path / "dossier.zip")
    comes_back_from_each_store(house, checkpoint)
    code, told = run(house, "audit")
    assert (code, told["findings"]) == (0, [])
    assert run(house, "audit", "--store", "far")[1]["findings"] == []
    the_dossier_holds(house, tmp_path / "after.zip")


def found(house: House, paths: list[str], outcome: str) -> int:
    """An audit finds exactly these; the incident that it opens."""
    code, told = run(house, "audit", "--store", "far")
    assert code == 1
    assert {(f["id"], f["version"], f["store"]) for f in told["findings"]} == {(ID, 1, "far")}
    assert {f["outcome"] for f in told["findings"]} == {outcome}
    assert sorted(f["path"] for f in told["findings"]) == paths
    [number] = told["incidents"]["opened"]
    assert isinstance(number, int)
    return number


def mend_as_told(house: House, number: int, paths: list[str]) -> None:
    """The command that the audit prints, as it stands there, mends and closes the incident."""
    code, text = shown(house, "audit", "--store", "far")
    assert code == 1
    # Seen again it joins its incident; nobody is told anew.
    assert [one["number"] for one in run(house, "incident", "list")[1]["incidents"]] == [number]
    [printed] = [line for line in text.splitlines() if line.startswith("Mend it: ")]
    command, _, why = printed.removeprefix("Mend it: ").partition("   ")
    assert why.startswith("(good copy: disk, read 20")
    [remedy] = run(house, "incident", "show", str(number))[1]["remedies"]
    planned = run(house, *shlex.split(remedy["command"])[1:], "--plan")[1]
    assert sorted(f["path"] for c in planned["copies"] for f in c["files"]) == paths
    program, *arguments = shlex.split(command)
    assert program == "wiazka"
    assert shown(house, *arguments)[0] == 0
    closed = run(house, "incident", "show", str(number))[1]
    assert (closed["state"], closed["in_doubt"]) == ("closed", 0)
    assert run(house, "incident", "list")[1]["incidents"] == []
    for store in ("far", "disk"):
        assert run(house, "audit", "--store", store)[1]["findings"] == []


def the_receipt_holds(story: Story, checkpoint: Path, folder: Path) -> None:
    """Alone, against the bag that the mended store gives back; and not against another."""
    house, back, program = story.house, folder / "back", folder / "verify_receipt.py"
    public = shown(house, "log", "key")[1].strip()
    program.write_text(shown(house, "log", "verifier")[1], "utf-8")
    assert run(house, "restore", ID, "--from", "far", "--to", str(back))[0] == 0
    given = (str(program), str(story.receipt), str(back), str(checkpoint), "--key", public)
    done = bare(*given)
    assert done.returncode == 0, done.stdout + done.stderr
    (back / "bag-info.txt").write_bytes(b"another")
    assert bare(*given).returncode == 1


def comes_back_from_each_store(house: House, checkpoint: Path) -> None:
    before = tables(house)
    for store in ("far", "disk"):
        lose_the_catalogue(house)
        code, told = run(house, "rebuild", "--from", store)
        assert (code, told["faults"], told["adopted"], told["absent"]) == (0, [], [], [])
        after = tables(house)
        for name in TABLES:
            assert after[name] == before[name], f"{name}, from {store}"
        code, told = run(house, "log", "verify", "--checkpoint", str(checkpoint))
        assert code == 0, told


def the_dossier_holds(house: House, path: Path) -> None:
    verified = dossier_of(house, path)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "far: 2 of 2 proved within 90 days, read" in verified.stdout


def dossier_of(house: House, path: Path) -> "subprocess.CompletedProcess[str]":
    """Write the dossier, unpack its verifier, and run that over it."""
    code, told = run(house, "report", "dossier", "--to", str(path))
    assert code == 0, told
    program = path.with_suffix(".py")
    with zipfile.ZipFile(path) as archive:
        program.write_bytes(archive.read("verify_dossier.py"))
    return bare(str(program), str(path))
