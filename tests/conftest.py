"""What tests stand on: a real object store, a house with an inbox, deliveries to put in it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from PIL import Image

from tests.services import ceph as ceph_service
from tests.services import postgres as postgres_service
from tests.services import versitygw as versitygw_service
from tests.services.ceph import Ceph
from tests.services.ministack import Ministack
from tests.services.openstack import Swift
from tests.services.postgres import Postgres
from tests.services.versitygw import Versitygw

RECORD = """title: "Note on a talk with the ambassador"
date: "1984-06-04"
source: "AMSZ, Department II, 30/87, w. 5."
translator: "Jerzy Giebułtowski"
languages: [pl, en]
rights: CNE
"""

# A slow machine is no fault of the code: speed is measured in tests/benchmarks.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--ceph", action="store_true", help="also on Ceph, which has to be installed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``--ceph`` no test has a parameter that asks for Ceph."""
    if not config.getoption("--ceph"):
        items[:] = [item for item in items if not _asks_for_ceph(item)]


def _asks_for_ceph(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and any("ceph" in str(one) for one in callspec.params.values())


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    """OpenStack Swift with its S3 interface, for the whole run of the tests."""
    with Swift(tmp_path_factory.mktemp("swift")) as service:
        service.let_in("s3")
        yield service


@pytest.fixture(scope="session")
def versitygw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Versitygw]:
    """versitygw, with versions, Object Lock, users and policies, for the whole run of the tests."""
    if not versitygw_service.PROGRAM.exists():
        pytest.skip(versitygw_service.ABSENT)
    with Versitygw(tmp_path_factory.mktemp("versitygw")) as service:
        yield service


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministack]:
    """ministack, an emulator that tells digests, for the whole run of the tests."""
    with Ministack(tmp_path_factory.mktemp("ministack")) as service:
        yield service


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ceph]:
    """Ceph with its S3 gateway, only by ``make test-ceph``."""
    if not ceph_service.installed():
        pytest.fail(ceph_service.ABSENT)
    with Ceph(tmp_path_factory.mktemp("ceph")) as service:
        yield service


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """PostgreSQL, for the whole run of the tests; each has a database of its own."""
    if not postgres_service.installed():
        pytest.skip(postgres_service.ABSENT)
    with Postgres() as server:
        yield server


@pytest.fixture
def bucket(swift: Swift, tmp_path: Path) -> str:
    """A new bucket of its own."""
    name = f"bucket-{abs(hash(str(tmp_path))):x}"
    swift.make_bucket(name)
    return name


@dataclass(frozen=True)
class House:
    """A folder with a configuration, an inbox, and the wiazka command run in it."""

    path: Path

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def config(self) -> Path:
        return self.path / "wiazka.toml"

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """The command as a user runs it, in a process of its own."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env=os.environ | environment,
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "wiazka.cli.main", *arguments]

    def submission(self, name: str, delivery: str = "delivery", record: str = RECORD) -> Path:
        """A sound submission of a leaf and its text, in a delivery that says it is ready."""
        folder = self.inbox / delivery / name
        (folder / "scans").mkdir(parents=True)
        (folder / "transcription" / "pl").mkdir(parents=True)
        for number, page in enumerate(("0001r", "0001v")):
            shade = (sum(name.encode()) + 40 * number) % 256
            picture = Image.new("L", (60, 80), shade)
            picture.save(folder / "scans" / f"{page}.tif")
        text = f"Odpis notatki, {name}: zażółć gęślą jaźń."
        (folder / "transcription" / "pl" / "0001.txt").write_text(text, encoding="utf-8")
        (folder / "record.yaml").write_text(record, encoding="utf-8")
        (self.inbox / delivery / "_READY").touch()
        return folder


@pytest.fixture
def make_house(tmp_path: Path) -> Callable[[str], House]:
    """Make a house with these lines of configuration."""

    def make(config: str) -> House:
        house = House(tmp_path / "house")
        house.inbox.mkdir(parents=True)
        house.config.write_text(config, encoding="utf-8")
        return house

    return make


@pytest.fixture
def house(make_house: Callable[[str], House]) -> House:
    """A house with one store, in a directory."""
    return make_house('[stores.disk]\nkind = "directory"\npath = "disk"\n')


@pytest.fixture
def two_stores(make_house: Callable[[str], House], swift: Swift, bucket: str) -> House:
    """A house with two stores: a directory and a bucket of the real object store."""
    return make_house(
        '[stores.disk]\nkind = "directory"\npath = "disk"\n'
        f'[stores.s3]\nkind = "s3"\nbucket = "{bucket}"\nendpoint = "{swift.endpoint}"\n'
        'region = "us-east-1"\n'
    )
