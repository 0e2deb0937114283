"""The stores that a test runs on, one after the other."""

from pathlib import Path

import pytest

from tests.services.running import Service
from tests.stores.kinds import DIRECTORY, SERVERS, new_directory, new_place
from wiazka.stores.base import Store


@pytest.fixture(params=SERVERS)
def service(request: pytest.FixtureRequest) -> Service:
    """Each S3 server that can be had here, running."""
    found: Service = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=[DIRECTORY, *SERVERS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A new, empty store of each kind."""
    if request.param == DIRECTORY:
        return new_directory(tmp_path)
    return new_place(request.getfixturevalue(request.param))
