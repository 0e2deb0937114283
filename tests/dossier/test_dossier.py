"""The dossier: nothing is claimed that its evidence does not show, and every edit is named."""

import hashlib
import json
import re
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import insert

from tests.conftest import House
from tests.report.histories import NOW, History, write_history
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import canonical, digest
from wiazka.catalogue.fixity_schema import CHECKPOINT
from wiazka.dossier import make
from wiazka.dossier.packing import MANIFEST
from wiazka.errors import NoRoom
from wiazka.fixity.reported import report_fixity
from wiazka.report.dossier import AREAS, Dossier
from wiazka.settings import load

FULL = 5000
CONFIG = """
[stores.nas]
kind = "directory"
path = "nas"
location = "Łódź, piwnica"
provider = "our own"
medium = "disk"
[stores.tasma]
kind = "directory"
path = "tasma"
location = "Gdańsk, sejf"
provider = "Chmura S.A."
medium = "tape"
[fixity.nas]
read_every = "90d"
[fixity.tasma]
read_every = "90d"
[catalogue]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Path, str]:
    """A house with two documents in two stores, audited; its dossier, and the digest told."""
    house = House(tmp_path_factory.mktemp("dossier") / "house")
    house.inbox.mkdir(parents=True)
    house.config.write_text(CONFIG, encoding="utf-8")
    house.submission("notatka_źródłowa")
    house.submission("depesza")
    assert house.run("ingest").returncode == 0
    assert house.run("audit").returncode == 0
    path = house.path / "dossier.zip"
    done = house.run("report", "dossier", "--to", str(path), "--json")
    assert done.returncode == 0, done.stderr
    return house, path, json.loads(done.stdout)["manifest_sha256"]


@pytest.fixture
def unpacked(made: tuple[House, Path, str], tmp_path: Path) -> Path:
    with zipfile.ZipFile(made[1]) as archive:
        archive.extractall(tmp_path / "dossier")
    return tmp_path / "dossier"


def verify(path: Path, program: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """As an auditor runs it: no packages, no environment, no network."""
    arguments = [str(program), str(path)] if program else [str(path / "verify_dossier.py")]
    return subprocess.run(
        [sys.executable, "-I", "-S", *arguments], capture_output=True, text=True, env={}
    )


def resealed(folder: Path) -> None:
    """Make the manifest fit again, as whoever edits a file can."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    ]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def test_a_right_dossier_holds_as_a_zip_and_unpacked(
    made: tuple[House, Path, str], unpacked: Path
) -> None:
    _, path, told = made
    for done in (verify(unpacked), verify(path, unpacked / "verify_dossier.py")):
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"digest you were told: {told}" in done.stdout
        assert "nas: 2 of 2 proved within 90 days, read" in done.stdout


def test_the_program_in_it_says_what_it_does(unpacked: Path) -> None:
    done = verify(Path("--help"), unpacked / "verify_dossier.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Re-verify a dossier" in done.stdout


def test_any_byte_of_any_file_that_is_changed_is_named(unpacked: Path) -> None:
    program = unpacked.parent / "verify.py"
    shutil.copy(unpacked / "verify_dossier.py", program)
    files = [path for path in unpacked.rglob("*") if path.is_file() and path.name != MANIFEST]
    assert len(files) > 15
    for path in files:
        data = path.read_bytes()
        if not data:
            continue
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        done = verify(unpacked, program)
        assert done.returncode == 1
        assert f"{path.relative_to(unpacked).as_posix()}: it is not the file" in done.stdout
        path.write_bytes(data)
    assert verify(unpacked, program).returncode == 0


def test_a_file_taken_out_or_put_in_is_named(unpacked: Path) -> None:
    (unpacked / "evidence/drills.jsonl").unlink()
    (unpacked / "evidence/more.jsonl").touch()
    done = verify(unpacked)
    assert done.returncode == 1
    assert "evidence/drills.jsonl: it is in the manifest, and not there" in done.stdout
    assert "evidence/more.jsonl: no file of that name is in the manifest" in done.stdout


def test_a_number_of_the_coverage_that_was_edited_is_named_though_the_manifest_fits(
    unpacked: Path,
) -> None:
    edit(
        unpacked / "evidence/coverage.json", lambda text: text.replace('"copies": 2', '"copies": 9')
    )
    resealed(unpacked)
    done = verify(unpacked)
    assert done.returncode == 1
    assert "coverage of nas at grade read: copies is said to be 9" in done.stdout


def test_a_proof_that_no_event_tells_is_named(unpacked: Path) -> None:
    def later(text: str) -> str:
        return re.sub(r'"read":"20\d\d', '"read":"2031', text, count=1)

    edit(unpacked / "evidence/copies.jsonl", later)
    resealed(unpacked)
    done = verify(unpacked)
    assert done.returncode == 1
    assert "no event proves it at grade read on 2031" in done.stdout


def test_an_event_that_was_removed_edited_or_put_in_is_named(unpacked: Path) -> None:
    events = unpacked / "evidence/events.jsonl"
    whole = events.read_text("utf-8")
    lines = whole.splitlines(keepends=True)
    for wrong, said in (
        (lines[:2] + lines[3:], "event 4: it follows event 2"),
        (lines[:-1], f"it ends with event {len(lines) - 1}"),
        ([lines[0].replace("wiazka", "wiązka"), *lines[1:]], "event 1: its text was edited"),
        ([*lines, lines[-1]], f"event {len(lines)}: it follows event {len(lines)}"),
    ):
        events.write_text("".join(wrong), encoding="utf-8")
        resealed(unpacked)
        done = verify(unpacked)
        assert done.returncode == 1
        assert said in done.stdout
    events.write_text(whole, encoding="utf-8")
    resealed(unpacked)
    assert verify(unpacked).returncode == 0


def test_a_history_that_was_rewritten_whole_shows_by_its_checkpoint(unpacked: Path) -> None:
    events = unpacked / "evidence/events.jsonl"
    rows = [json.loads(line) for line in events.read_text("utf-8").splitlines()]
    hashes = [hashlib.sha256(b"\0" + canonical(row).encode()).digest() for row in rows[:2]]
    root = hashlib.sha256(b"\1" + hashes[0] + hashes[1]).hexdigest()
    marks = unpacked / "evidence/checkpoints.jsonl"
    marks.write_text(canonical({"count": 2, "root": root, "at": "", "note": ""}) + "\n")
    resealed(unpacked)
    assert verify(unpacked).returncode == 0
    rows[0]["agent"] = "somebody else"
    previous = "0" * 64
    for row in rows:
        row["previous"] = previous
        bare = {key: value for key, value in row.items() if key != "hash"}
        previous = row["hash"] = digest({**bare, "detail": canonical(bare["detail"])})
    events.write_text("".join(canonical(row) + "\n" for row in rows), encoding="utf-8")
    (unpacked / "evidence/head.json").write_text(json.dumps({"count": len(rows), "hash": previous}))
    resealed(unpacked)
    done = verify(unpacked)
    assert done.returncode == 1
    assert "checkpoint of 2 events: the events are of another root" in done.stdout
    marks.write_text("")
    resealed(unpacked)
    assert verify(unpacked).returncode == 0, "only the checkpoint can tell"


def test_what_is_no_dossier_ends_with_2(tmp_path: Path, unpacked: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip file")
    for path in (tmp_path / "x.zip", tmp_path / "nothing.zip", tmp_path / "empty"):
        assert verify(path, unpacked / "verify_dossier.py").returncode == 2


def test_every_link_of_its_page_is_a_file_of_it(unpacked: Path) -> None:
    page = (unpacked / "index.html").read_text("utf-8")
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links
    assert all((unpacked / unescape(link)).is_file() for link in links)


@pytest.fixture
def made_of(tmp_path: Path) -> Callable[..., Dossier]:
    """A dossier of a generated history in so many stores, with this configuration."""

    def made(config: str, history: History, name: str = "d.zip") -> Dossier:
        (tmp_path / "wiazka.toml").write_text(config, encoding="utf-8")
        with Catalogue.open(f"sqlite:///{tmp_path}/{name}.sqlite") as catalogue:
            if history.packages and not catalogue.packages():
                write_history(catalogue, history)
            settings = load(tmp_path / "wiazka.toml")
            return make.make_dossier(catalogue, settings, NOW, tmp_path / name)[0]

    return made


def store(name: str, location: str = "", medium: str = "", every: str = "") -> str:
    lines = [f'[stores.{name}]\nkind = "directory"\npath = "{name}"']
    lines += [f'location = "{location}"'] if location else []
    lines += [f'medium = "{medium}"'] if medium else []
    lines += [f'[fixity.{name}]\nread_every = "{every}"'] if every else []
    return "\n".join(lines) + "\n"


def shown(dossier: Dossier, asked: str) -> bool:
    [one] = [one for one in dossier.requirements if one.asked == asked]
    return one.shown is not None


def test_copies_in_one_place_are_not_apart(made_of: Callable[..., Dossier]) -> None:
    history = History(stores={"a": 90, "b": 90}, packages=12, years=1)
    apart = "Two whole copies in different places"
    same = made_of(store("a", "Łódź") + store("b", "Łódź"), history)
    assert not shown(same, apart)
    unsaid = made_of(store("a", "Łódź") + store("b"), history)
    assert not shown(unsaid, apart)
    assert shown(made_of(store("a", "Łódź") + store("b", "Gdańsk"), history), apart)


def test_a_copy_that_was_found_damaged_is_no_whole_copy(made_of: Callable[..., Dossier]) -> None:
    # The generated history has one in 'chmura', from its eighteenth package on.
    config = store("dysk", "Łódź", "disk") + store("chmura", "Gdańsk", "tape")
    stores: dict[str, int | None] = {"dysk": 90, "chmura": 90}
    damaged = made_of(config, History(stores=stores, packages=20, years=1))
    sound = made_of(config, History(stores=stores, packages=17, years=1), "sound.zip")
    for asked in (
        "Two whole copies in different places",
        "One copy on another kind of medium",
        "Digests are backed up, apart from the content",
        "The inventory is backed up apart from the content",
    ):
        assert not shown(damaged, asked)
        assert shown(sound, asked)


def test_media_of_a_store_that_is_no_longer_configured_are_not_documented(
    made_of: Callable[..., Dossier],
) -> None:
    history = History(stores={"a": 30, "b": 30}, packages=12, years=1)
    asked = "Every medium that content is on is documented"
    both = store("a", "Łódź", "disk") + store("b", "Gdańsk", "tape")
    assert shown(made_of(both, history), asked)
    assert not shown(made_of(store("a", "Łódź", "disk"), history), asked)


def test_the_dossier_and_the_report_in_it_count_the_same(
    made_of: Callable[..., Dossier], tmp_path: Path
) -> None:
    stores: dict[str, int | None] = {"dysk": 90, "chmura": None, "ciemnia": 30}
    config = store("dysk", every="90d") + store("chmura", every="90d") + store("ciemnia")
    config += '[fixity.ciemnia]\n"stored-digest_every" = "10d"\n'
    made = made_of(config, History(stores=stores, packages=40, years=1))
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        told = json.loads(archive.read("fixity/fixity.json"))["coverage"]
    counted = [
        (one.store, one.grade, one.copies, one.proved, one.overdue, one.never)
        for one in made.coverages
    ]
    names = ("store", "grade", "copies", "proved", "overdue", "never")
    assert counted == [tuple(one[name] for name in names) for one in told]
    assert sum(one.overdue for one in made.coverages if one.oldest_at is None) > 30
    assert sum(one.never for one in made.coverages if one.oldest_at is None) > 0


def test_a_store_of_which_only_digests_are_asked_for_is_not_said_to_be_read(
    made_of: Callable[..., Dossier],
) -> None:
    config = store("a", every="90d") + store("b") + '[fixity.b]\n"stored-digest_every" = "90d"\n'
    made = made_of(config, History(stores={"a": 30, "b": 30}, packages=12, years=1))
    assert not shown(made, "Digests of content are compared at fixed intervals")


def test_the_page_is_in_the_archives_language_and_titles_of_a_standard_in_its_own(
    made_of: Callable[..., Dossier], tmp_path: Path
) -> None:
    history = History(stores={"a": 30}, packages=3, years=1)
    made_of('lang = "pl"\n' + store("a", "Łódź", "disk"), history)
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        page = archive.read("index.html").decode("utf-8")
        report = archive.read("fixity/fixity.html").decode("utf-8")
        levels = json.loads(archive.read("evidence/levels.json"))
    assert '<html lang="pl">' in page
    assert '<html lang="pl">' in report
    for title in ("Storage", "Know your content", "Deposit, Appraisal &amp; Accessibility"):
        assert f'<span lang="en">{title}</span> <i class="gloss">' in page
    assert "Integralność" in page
    assert "No evidence in this system" not in page
    assert {one["area"] for one in levels} == set(map(str, AREAS))


def test_intervals_count_only_where_every_store_keeps_one(made_of: Callable[..., Dossier]) -> None:
    history = History(stores={"a": 30, "b": 30}, packages=12, years=1)
    asked = "Digests of content are compared at fixed intervals"
    assert not shown(made_of(store("a") + store("b"), history), asked)
    assert not shown(made_of(store("a", every="90d") + store("b"), history), asked)
    assert not shown(made_of(store("a", every="90d") + store("b", every="2d"), history), asked)
    assert shown(made_of(store("a", every="90d") + store("b", every="90d"), history), asked)


def test_what_software_cannot_know_is_never_shown(made_of: Callable[..., Dossier]) -> None:
    config = "".join(
        store(name, place, medium, "90d")
        for name, place, medium in (
            ("a", "Łódź", "disk"),
            ("b", "Gdańsk", "tape"),
            ("c", "Wrocław", "object store"),
        )
    )
    dossier = made_of(config, History(stores={"a": 30, "b": 30, "c": 30}, packages=12, years=1))
    for asked in (
        "Original media are read through write-blockers",
        "One copy in a location where another disaster threatens",
        "Logs of actions and access are reviewed regularly",
        "They name the persons and programs that did it",
        "Content is migrated, normalised, emulated to stay usable",
        "Which persons and programs may read, write, move and delete is decided",
    ):
        assert not shown(dossier, asked)
    assert {dossier.level(area) for area in AREAS} <= {0, 1, 2, 3, 4}
    assert dossier.level("Control") == 0
    assert not [one for one in dossier.requirements if one.shown and not one.files]


def test_an_empty_archive_shows_nothing_and_says_so(made_of: Callable[..., Dossier]) -> None:
    with_nothing = made_of(store("a", "Łódź", "disk", "90d"), History(packages=0, stores={}))
    only = {one.files for one in with_nothing.requirements if one.shown}
    assert only <= {("evidence/events.jsonl",)}


def test_the_same_archive_makes_the_same_bytes(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite") as catalogue:
        write_history(catalogue, History(packages=5, years=1))
        (tmp_path / "wiazka.toml").write_text(store("dysk"), encoding="utf-8")
        settings = load(tmp_path / "wiazka.toml")
        digests = {
            make.make_dossier(catalogue, settings, NOW, tmp_path / f"{name}.zip")[1]
            for name in "ab"
        }
        later = make.make_dossier(catalogue, settings, NOW + timedelta(days=1), tmp_path / "c.zip")
    assert len(digests) == 1
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert later[1] not in digests


def test_checkpoints_are_in_it(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite") as catalogue:
        values = {"count": 3, "root": "ab" * 32, "at": NOW, "note": "x\n3\n"}
        with catalogue.audits.database.write() as connection:
            connection.execute(insert(CHECKPOINT).values(**values))
        (tmp_path / "wiazka.toml").write_text(store("dysk"), encoding="utf-8")
        settings = load(tmp_path / "wiazka.toml")
        made, _ = make.make_dossier(catalogue, settings, NOW, tmp_path / "d.zip")
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        [line] = archive.read("evidence/checkpoints.jsonl").splitlines()
    assert json.loads(line)["root"] == "ab" * 32
    assert made.checkpoints == 1


def test_a_full_disk_is_told_with_its_folder_and_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite") as catalogue:
        write_history(catalogue, History(packages=5, years=1))
        (tmp_path / "wiazka.toml").write_text(store("dysk"), encoding="utf-8")
        settings = load(tmp_path / "wiazka.toml")
        to, folder = tmp_path / "to", tmp_path / "new"
        with full_disk(), pytest.raises(NoRoom, match=re.escape(f"{to} is full")) as told:
            report_fixity(settings, catalogue, NOW, to)
        with full_disk(), pytest.raises(NoRoom, match=re.escape(f"{folder} is full")):
            make.make_dossier(catalogue, settings, NOW, folder / "d.zip")
    assert "name a folder on another disk" in told.value.hint
    assert not list(folder.iterdir())
    assert all(path.stat().st_size < FULL and path.suffix == ".csv" for path in to.iterdir())


@contextmanager
def full_disk() -> Iterator[None]:
    """A limit on the size of files is answered as a full disk is, and needs no disk of its own."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_no_secret_is_in_it(house: House) -> None:
    with house.config.open("a") as config:
        config.write('[catalogue]\nurl = "sqlite:///c.sqlite?password=tajne-haslo"\n')
    path = house.path / "d.zip"
    done = house.run(
        "report", "dossier", "--to", str(path), WIAZKA_STORE_DISK_SECRET_ACCESS_KEY="tajny-klucz"
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(path) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"tajne-haslo" not in whole
    assert b"tajny-klucz" not in whole
