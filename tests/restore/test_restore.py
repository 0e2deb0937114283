"""Restores from many copies: each file from where it is sound, written whole or not at all."""

import hashlib
import json
import os
import signal
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import House

THREE = """
[stores.vault]
kind = "directory"
path = "vault"
role = "dark"

[stores.near]
kind = "directory"
path = "near"
role = "primary"

[stores.far]
kind = "directory"
path = "far"
"""
SCAN = "data/objects/scans/0001r.tif"


@pytest.fixture
def three(make_house: Callable[[str], House]) -> House:
    """A house with a document in three stores, the dark one first in the configuration."""
    house = make_house(THREE)
    house.submission("note")
    assert house.run("ingest").returncode == 0
    return house


def restore(house: House, *arguments: str) -> dict[str, Any]:
    done = house.run("restore", "note", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def stored(house: House, store: str, path: str, number: int = 1) -> Path:
    return house.path / store / f"packages/main/note/v{number}" / path


def rot(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def whole(house: House, number: int = 1) -> dict[str, bytes]:
    return tree(stored(house, "near", "", number))


def test_the_primary_store_is_read_first_whatever_the_order_of_the_configuration(
    three: House,
) -> None:
    report = restore(three, "--to", "back")
    assert report["stores"] == [{"store": "near", "files": report["files"]}]
    assert report["valid"] is True
    assert tree(three.path / "back") == whole(three)


def test_each_damaged_or_missing_file_comes_from_another_copy_and_is_told(three: House) -> None:
    wanted = whole(three)
    rot(stored(three, "near", SCAN))
    stored(three, "near", "bagit.txt").unlink()
    rot(stored(three, "far", "bagit.txt"))
    report = restore(three, "--to", "back")
    assert tree(three.path / "back") == wanted
    used = {one["store"]: one["files"] for one in report["stores"]}
    assert used == {"near": len(wanted) - 2, "far": 1, "vault": 1}
    met = {(d["store"], d["path"], d["outcome"]) for d in report["damaged"]}
    assert met == {
        ("near", SCAN, "changed"),
        ("near", "bagit.txt", "missing"),
        ("far", "bagit.txt", "changed"),
    }


def test_damage_is_said_with_the_command_that_looks_at_it_and_kept_in_the_ledger(
    three: House,
) -> None:
    rot(stored(three, "near", SCAN))
    done = three.run("restore", "note", "--to", "back")
    assert done.returncode == 0
    assert f"near: {SCAN} is changed" in done.stderr
    assert "wiazka audit --store near" in done.stderr
    events = json.loads(three.run("log", "--json", "note").stdout)["events"]
    [met] = [e for e in events if e["kind"] == "restored" and e["outcome"] == "warning"]
    assert met["store"] == "near"
    assert SCAN in met["sentence"]
    # The copy in doubt comes first in the next audit.
    first = json.loads(three.run("audit", "--json", "--budget", "1B").stdout)
    assert [f["store"] for f in first["findings"]] == ["near"]


def test_a_store_that_is_not_mounted_is_gone_round_and_not_called_damaged(three: House) -> None:
    (three.path / "near").rename(three.path / "unplugged")
    (three.path / "near").mkdir()
    report = restore(three, "--to", "back")
    assert [one["store"] for one in report["stores"]] == ["far"]
    assert report["damaged"] == []


def test_one_file_alone_is_restored(three: House) -> None:
    report = restore(three, "--file", SCAN, "--file", "bag-info.txt", "--to", "back")
    assert set(tree(three.path / "back")) == {SCAN, "bag-info.txt"}
    assert (report["files"], report["valid"]) == (2, False)


def test_a_store_that_is_not_configured_is_named_with_those_that_are(three: House) -> None:
    done = three.run("restore", "note", "--from", "nass", "--to", str(three.path / "out"))
    assert done.returncode == 2
    assert "no store named 'nass'" in done.stderr
    assert "The configured stores are: " in done.stderr


def test_a_file_that_is_not_there_is_named_with_the_nearest(three: House) -> None:
    done = three.run("restore", "note", "--file", "data/objects/scans/1r.tif", "--to", "back")
    assert done.returncode == 2
    assert SCAN in done.stderr
    assert not (three.path / "back").exists()


def test_each_version_is_restored_whole(three: House) -> None:
    text = three.inbox / "delivery/note/transcription/pl/0001.txt"
    before = text.read_bytes()
    text.write_text("Poprawiony odpis.", encoding="utf-8")
    assert three.run("ingest").returncode == 0
    for number, wanted in ((1, before), (2, text.read_bytes())):
        restore(three, "--version", str(number), "--to", f"back{number}")
        back = three.path / f"back{number}"
        assert (back / "data/objects/transcription/pl/0001.txt").read_bytes() == wanted
        assert (back / SCAN).is_file()


def test_as_zip_every_member_is_as_it_was_handed_over_and_two_restores_are_alike(
    three: House,
) -> None:
    rot(stored(three, "near", SCAN))
    restore(three, "--as", "zip", "--to", "one.zip")
    restore(three, "--as", "zip", "--to", "two.zip", "--from", "far")
    one = three.path / "one.zip"
    assert one.read_bytes() == (three.path / "two.zip").read_bytes()
    with zipfile.ZipFile(one) as archive:
        members = {m.filename: m for m in archive.infolist()}
        assert {m.compress_type for m in members.values()} == {zipfile.ZIP_STORED}
        found = {name.removeprefix("note_v1/"): archive.read(name) for name in members}
    assert found == tree(stored(three, "far", ""))


def test_as_tar_it_unpacks_into_one_folder_that_validates(three: House) -> None:
    restore(three, "--as", "tar", "--to", "note.tar")
    restore(three, "--as", "tar", "--to", "again.tar", "--from", "vault")
    assert (three.path / "note.tar").read_bytes() == (three.path / "again.tar").read_bytes()
    with tarfile.open(three.path / "note.tar") as archive:
        archive.extractall(three.path, filter="data")
    assert tree(three.path / "note_v1") == whole(three)
    import bagit

    bagit.Bag(str(three.path / "note_v1")).validate()


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_from_damage_alone_no_archive_is_left(three: House, kind: str) -> None:
    for store in ("near", "far", "vault"):
        rot(stored(three, store, SCAN))
    done = three.run("restore", "note", "--as", kind, "--to", f"note.{kind}")
    assert done.returncode == 3
    assert SCAN in done.stderr
    assert not list(three.path.glob(f"note.{kind}*"))


@pytest.mark.parametrize("there", ["note.zip", "note.zip.part"])
def test_an_archive_is_written_over_nothing(three: House, there: str) -> None:
    (three.path / there).write_bytes(b"mine")
    done = three.run("restore", "note", "--as", "zip", "--to", "note.zip")
    assert done.returncode == 2
    assert (three.path / there).read_bytes() == b"mine"


def test_a_disk_without_room_is_told_before_anything_is_written(three: House) -> None:
    from wiazka.errors import NoRoom
    from wiazka.restore.room import require_room

    with pytest.raises(NoRoom, match="bytes are to be written"):
        require_room(three.path / "not" / "there", 1 << 60)
    assert not (three.path / "not").exists()


def test_a_disk_that_fills_up_leaves_nothing_under_the_name(three: House, tmp_path: Path) -> None:
    # A limit on the size of files is answered as a full disk is, and needs no disk of its own.
    big = three.submission("big")
    (big / "scans/0001r.tif").write_bytes(tiff(4 << 20))
    assert three.run("ingest").returncode in (0, 1)
    for arguments, name in ((["--as", "zip"], "out.zip"), ([], "out")):
        command = three.command("restore", "big", *arguments, "--to", name)
        limited = ["bash", "-c", 'ulimit -f 2048; trap "" XFSZ; exec "$@"', "-", *command]
        done = subprocess.run(limited, cwd=three.path, capture_output=True, text=True)
        assert done.returncode == 3, done.stderr
        assert "is full" in done.stderr
        assert not list(three.path.glob("*out*"))


def tiff(size: int) -> bytes:
    """An uncompressed picture of about that many bytes, none like the other."""
    from io import BytesIO

    from PIL import Image

    side = int(size**0.5)
    noise = b"".join(
        hashlib.sha512(bytes([n % 251, n % 241])).digest() for n in range(side * side // 64 + 1)
    )
    out = BytesIO()
    Image.frombytes("L", (side, side), noise[: side * side]).save(out, "TIFF")
    return out.getvalue()


@pytest.mark.parametrize("pause", [0.2, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_killed_at_any_moment_what_has_the_name_is_whole(
    three: House, kind: str, pause: float
) -> None:
    arguments = [] if kind == "folder" else ["--as", "zip"]
    run = subprocess.Popen(
        three.command("restore", "note", "--to", "out", *arguments),
        cwd=three.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        run.wait(pause)
    except subprocess.TimeoutExpired:
        os.kill(run.pid, signal.SIGKILL)
    run.wait()
    out = three.path / "out"
    if not out.exists():
        return
    if kind == "folder":
        assert tree(out) == whole(three)
    else:
        with zipfile.ZipFile(out) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) == len(whole(three))
