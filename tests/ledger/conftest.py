"""A catalogue with one document, and the store that keeps it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wiazka.catalogue.catalogue import Catalogue
from wiazka.evidence import Grade
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.layout import ensure_marker

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> DirectoryFiles:
    made = DirectoryFiles("disk", tmp_path / "disk")
    ensure_marker(made)
    return made


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        opened.begin_version("main/note", "c", AT, "d", "note", "Note")
        opened.copy_stored("main/note", 1, "disk", Grade.READ, AT, "Stored.", {})
        yield opened
