"""The stores that a test runs on, one after the other."""

from pathlib import Path

import pytest

from tests.services.running import Service
from tests.stores.kinds import DIRECTORY, new_directory, new_place, servers
from wiazka.stores.base import Store


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``service``: each S3 server that can be had here; ``store``: a new store of each kind."""
    names = servers(metafunc.config)
    if "service" in metafunc.fixturenames:
        metafunc.parametrize("service", names, indirect=True)
    if "store" in metafunc.fixturenames:
        metafunc.parametrize("store", [DIRECTORY, *names], indirect=True)


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Service:
    """A server that runs."""
    found: Service = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A new, empty store."""
    if request.param == DIRECTORY:
        return new_directory(tmp_path)
    return new_place(request.getfixturevalue(request.param))
