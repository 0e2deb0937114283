"""The same house on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue.houses import House
from wiazka.catalogue.catalogue import Catalogue


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    else:
        url = request.getfixturevalue("postgres").url()
    with Catalogue.open(url) as catalogue:
        yield House(catalogue, url)
