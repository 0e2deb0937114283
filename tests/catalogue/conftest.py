"""The same house on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue.houses import House
from tests.services import postgres
from wiazka.catalogue.catalogue import Catalogue


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Postgres]:
    if not postgres.installed():
        pytest.skip(postgres.ABSENT)
    with postgres.Postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    else:
        url = request.getfixturevalue("server").url()
    with Catalogue.open(url) as catalogue:
        yield House(catalogue, url)
