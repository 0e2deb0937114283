"""What only a directory can do wrong: its own order, drafts left behind, no right to write."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiazka.errors import (
    ObjectMissing,
    SourceChanged,
    StoreDenied,
    StoreError,
    StoreUnavailable,
)
from wiazka.evidence import sha256
from wiazka.stores.base import Content
from wiazka.stores.directory import ABANDONED_SECONDS, TEMPORARY, DirectoryFiles
from wiazka.stores.layout import ensure_marker, require_marker

NOBODY = 65534
SEGMENT = st.text(st.sampled_from("a-.ż/ę0%~ \n"), min_size=1, max_size=4).filter(
    lambda name: "/" not in name and name not in (".", "..", TEMPORARY)
)
KEYS = st.lists(st.lists(SEGMENT, min_size=1, max_size=3).map("/".join), unique=True, max_size=8)


def content(data: bytes) -> Content:
    return Content(data, len(data), sha256(data))


def without_folders(keys: list[str]) -> list[str]:
    """The keys that are not also the folder of another."""
    return [key for key in keys if not any(other.startswith(f"{key}/") for other in keys)]


@contextmanager
def unprivileged() -> Iterator[None]:
    """Not as root, who may write anywhere."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@settings(max_examples=40, deadline=None)
@given(keys=KEYS.map(without_folders), prefix=st.text("a-/.", max_size=5))
def test_keys_come_sorted_as_s3_sorts_them(keys: list[str], prefix: str) -> None:
    with tempfile.TemporaryDirectory() as root:
        store = DirectoryFiles("disk", Path(root))
        for key in keys:
            store.put(key, content(key.encode()))
        expected = sorted((key for key in keys if key.startswith(prefix)), key=str.encode)
        assert [info.key for info in store.list(prefix)] == expected


def test_a_package_is_listed_without_looking_at_those_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DirectoryFiles("disk", tmp_path)
    for name in ("one", "other"):
        store.put(f"packages/main/{name}/v1/bagit.txt", content(name.encode()))
    looked_at: list[str] = []
    scandir = os.scandir

    def noted(folder: str) -> object:
        looked_at.append(folder.rstrip("/"))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", noted)
    found = [info.key for info in store.list("packages/main/one/v1/")]
    assert found == ["packages/main/one/v1/bagit.txt"]
    assert looked_at == [str(tmp_path / "packages/main/one/v1")]


@pytest.mark.parametrize(
    "prefix", ["../away/", "a/../a/", "/a/", "away/", ".tmp/", "none/", "b/c/"]
)
def test_no_prefix_leads_out_of_a_store(tmp_path: Path, prefix: str) -> None:
    for name in ("away", "store/.tmp", "store/a"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "x").write_bytes(b"x")
    (tmp_path / "store/away").symlink_to(tmp_path / "away")
    (tmp_path / "store/b").write_bytes(b"x")
    assert list(DirectoryFiles("disk", tmp_path / "store").list(prefix)) == []


def test_what_a_killed_process_left_is_in_no_list_and_is_swept(tmp_path: Path) -> None:
    drafts = tmp_path / TEMPORARY
    drafts.mkdir()
    abandoned, of_another_process = drafts / "abandoned", drafts / "being-written"
    abandoned.touch()
    of_another_process.touch()
    before = abandoned.stat().st_mtime - ABANDONED_SECONDS - 1
    os.utime(abandoned, (before, before))
    store = DirectoryFiles("disk", tmp_path)
    assert list(store.list()) == []
    store.put("a", content(b"a"))
    assert list(drafts.iterdir()) == [of_another_process]


PUTTING = """
import os, signal, sys
from pathlib import Path
from wiazka.evidence import sha256
from wiazka.stores.base import Content
from wiazka.stores.directory import DirectoryFiles
store, data = DirectoryFiles("disk", Path(sys.argv[1])), sys.argv[2].encode() * 100_000
def dying():
    yield data
    print("written", flush=True)
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "wait":
    print("ready", flush=True)
    sys.stdin.readline()
    store.put("a", Content(data, len(data), sha256(data)))
else:
    store._keep("b", dying(), len(data), sha256(data))
"""


def putting(root: Path, data: str, how: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-c", PUTTING, root, data, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_draft_goes_when_its_process_is_dead_and_not_before(tmp_path: Path) -> None:
    process = putting(tmp_path, "x", "die")
    drafts = tmp_path / TEMPORARY
    assert len(list(drafts.iterdir())) == 1
    DirectoryFiles("disk", tmp_path).put("a", content(b"a"))
    assert len(list(drafts.iterdir())) == 1, "it is still being written"
    process.kill()
    process.communicate()
    DirectoryFiles("disk", tmp_path).put("c", content(b"c"))
    assert list(drafts.iterdir()) == []
    assert [info.key for info in DirectoryFiles("disk", tmp_path).list()] == ["a", "c"]


def test_of_two_processes_with_one_key_exactly_one_wins(tmp_path: Path) -> None:
    for number in range(3):
        root = tmp_path / str(number)
        root.mkdir()
        both = [putting(root, data, "wait") for data in "xy"]
        for process in both:
            assert process.stdin is not None
            process.stdin.write(b"now\n")
            process.stdin.flush()
        told = [process.communicate()[1] for process in both]
        won = [process.returncode == 0 for process in both]
        assert sorted(won) == [False, True]
        assert b"ObjectExists" in told[won.index(False)]
        winner = "xy"[won.index(True)].encode() * 100_000
        assert (root / "a").read_bytes() == winner
        assert list((root / TEMPORARY).iterdir()) == []


def test_the_folder_of_drafts_can_hold_no_object(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=TEMPORARY):
        DirectoryFiles("disk", tmp_path).put(f"{TEMPORARY}/a", content(b"a"))


def test_a_directory_that_may_not_be_written_says_who_has_to_let_it() -> None:
    with tempfile.TemporaryDirectory() as parent:
        root = Path(parent) / "store"
        root.mkdir()
        root.chmod(0o555)
        Path(parent).chmod(0o755)
        with unprivileged(), pytest.raises(StoreDenied, match="key 'a'") as caught:
            DirectoryFiles("disk", root).put("a", content(b"a"))
        assert "Let this user write" in caught.value.hint
        assert list(root.iterdir()) == []


def test_a_source_file_that_is_gone_is_the_sources_fault_not_the_stores(tmp_path: Path) -> None:
    gone = tmp_path / "gone.tif"
    (tmp_path / "store").mkdir()
    store = DirectoryFiles("disk", tmp_path / "store")
    with pytest.raises(SourceChanged, match=r"gone\.tif"):
        store.put("a", Content(gone, 1, sha256(b"a")))
    with pytest.raises(ObjectMissing):
        store.head("a")


def test_a_disk_that_goes_while_it_is_written_to_is_not_taken_for_its_mount_point(
    tmp_path: Path,
) -> None:
    root = tmp_path / "mnt"
    store = DirectoryFiles("disk", root)
    ensure_marker(store)
    require_marker(store)
    store.put("packages/first", content(b"first"))
    root.rename(tmp_path / "unplugged")
    root.mkdir()
    with pytest.raises(StoreUnavailable, match="no longer the directory"):
        store.put("packages/second", content(b"second"))
    assert list(root.iterdir()) == []
    root.rmdir()
    (tmp_path / "unplugged").rename(root)
    store.put("packages/second", content(b"second"))
