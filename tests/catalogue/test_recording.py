"""Checks that are recorded together: the tables are as if each had been recorded by itself."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from tests.fixity.holding import OnDisk, filled
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Finding
from wiazka.catalogue.fixity_schema import METADATA
from wiazka.evidence import Grade, Outcome
from wiazka.stores.directory import DirectoryFiles

NOTE, OTHER, GROWN, LATER = COPIES = [
    ("main/note", 1),
    ("main/other", 1),
    ("main/grown", 1),
    ("main/grown", 2),
]
NOWHERE = (None, None)
BEGAN = datetime(2030, 1, 1, tzinfo=UTC)
Copy = tuple[str | None, int | None]


def check(
    hour: int,
    copy: Copy,
    outcome: Outcome = Outcome.OK,
    path: str = "data/a",
    grade: Grade = Grade.READ,
) -> CopyCheck:
    found = Finding(outcome, "disk", *copy, path, grade, "good", "bad")
    begun = BEGAN + timedelta(hours=hour)
    ended = begun + timedelta(minutes=1)
    findings = () if outcome is Outcome.OK else (found,)
    return CopyCheck(*copy, "disk", grade, outcome, 99, 100, begun, ended, findings, requests=9)


@pytest.mark.parametrize(
    "earlier",
    [
        [],
        [check(1, OTHER, Outcome.CHANGED)],
        [check(1, OTHER, Outcome.THROTTLED, "")],
        [check(1, NOWHERE, Outcome.EXTRA, "thumbs.db")],
        # Of two audits at once: it was found damaged after the later one had begun to look.
        [check(9, OTHER, Outcome.CHANGED)],
    ],
    ids=["nothing", "damage", "a store that was away", "a stray", "damage seen meanwhile"],
)
@pytest.mark.parametrize(
    "checks",
    [
        [check(n, copy) for n, copy in enumerate(COPIES, 2)],
        [check(n, copy, grade=Grade.SIZE) for n, copy in enumerate(COPIES, 2)],
        [check(2, NOTE), check(3, OTHER, grade=Grade.SIZE), check(4, LATER)],
        [check(2, NOTE), check(3, OTHER, Outcome.MISSING), check(4, GROWN), check(5, OTHER)],
        [check(2, NOTE), check(3, GROWN, Outcome.UNKNOWN, ""), check(4, OTHER)],
        [check(2, NOTE), check(3, NOWHERE), check(4, OTHER), check(5, ("main/gone", 1))],
        [],
    ],
    ids=["well", "weakly", "of two grades", "damage", "no answer", "a store", "none"],
)
def test_checks_recorded_together_are_recorded_as_one_by_one(
    earlier: Sequence[CopyCheck], checks: Sequence[CopyCheck], tmp_path: Path
) -> None:
    together, alone = tmp_path / "together.sqlite", tmp_path / "alone.sqlite"
    (tmp_path / "disk").mkdir()
    with Catalogue.open(f"sqlite:///{together}") as catalogue:
        filled(catalogue, DirectoryFiles("disk", tmp_path / "disk"), OnDisk(tmp_path / "disk"))
        record_each(catalogue, earlier)
    shutil.copyfile(together, alone)
    with Catalogue.open(f"sqlite:///{together}") as catalogue:
        number = catalogue.audits.begin(Grade.READ, BEGAN)
        catalogue.audits.record_all(number, [(one, "Audited.") for one in checks])
        assert not catalogue.verify_ledger()
    with Catalogue.open(f"sqlite:///{alone}") as catalogue:
        record_each(catalogue, checks)
    assert rows(together) == rows(alone)


def record_each(catalogue: Catalogue, checks: Sequence[CopyCheck]) -> None:
    number = catalogue.audits.begin(Grade.READ, BEGAN)
    for one in checks:
        catalogue.audits.record(number, one, "Audited.")


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in METADATA.tables.items()
        }
    engine.dispose()
    return found
