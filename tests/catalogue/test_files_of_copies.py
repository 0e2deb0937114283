"""What copies should hold, fetched some at a time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fixity.holding import OnDisk, filled
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import Copy
from wiazka.evidence import Grade
from wiazka.stores.directory import DirectoryFiles


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    root = tmp_path / "disk"
    root.mkdir()
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as opened:
        filled(opened, DirectoryFiles("disk", root), OnDisk(root))
        yield opened


@pytest.fixture
def copies(catalogue: Catalogue) -> list[Copy]:
    return list(catalogue.audits.due(Grade.READ))


def test_each_copy_comes_in_its_turn_with_its_own_version_and_files(
    catalogue: Catalogue, copies: list[Copy]
) -> None:
    assert {(copy.identity, copy.version) for copy in copies} >= {
        ("main/grown", 1),
        ("main/grown", 2),
    }
    asked = copies * 30
    found = list(catalogue.audits.with_files(asked))
    assert [copy for copy, _, _ in found] == asked
    for copy, version, files in found:
        assert version == catalogue.version(copy.identity, copy.version)
        assert list(files) == catalogue.files(copy.identity, copy.version)
        assert len(files) == version.file_count == copy.file_count


def test_a_copy_that_left_the_house_meanwhile_is_passed_over(
    catalogue: Catalogue, copies: list[Copy]
) -> None:
    found = catalogue.audits.with_files([replace(copies[0], version=7), copies[1]])
    assert [copy for copy, _, _ in found] == [copies[1]]


@pytest.mark.parametrize(("files", "most"), [(0, 51), (1000, 3), (100_000, 2)])
def test_no_more_is_fetched_than_memory_holds(
    catalogue: Catalogue, copies: list[Copy], files: int, most: int
) -> None:
    taken: list[Copy] = []

    def many() -> Iterator[Copy]:
        for _ in range(200):
            taken.append(replace(copies[0], file_count=files))
            yield taken[-1]

    next(catalogue.audits.with_files(many()))
    assert len(taken) <= most
