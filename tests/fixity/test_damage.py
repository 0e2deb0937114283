"""Every kind of damage on every kind of store: found, named exactly, and nothing else accused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixity.damages import DAMAGES, Damage, a_file_too_many, deletion, truncation
from tests.fixity.holding import Holding, InBucket, OnDisk, filled
from tests.services.running import Service
from tests.stores.kinds import DIRECTORY, SERVERS, new_directory, new_place
from wiazka.catalogue.catalogue import Catalogue
from wiazka.evidence import Grade
from wiazka.fixity.scope import Scope


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as opened:
        yield opened


@pytest.fixture(params=[DIRECTORY, *SERVERS])
def held(request: pytest.FixtureRequest, tmp_path: Path, catalogue: Catalogue) -> Holding:
    """Three packages in a new store of each kind."""
    if request.param == DIRECTORY:
        disk = new_directory(tmp_path)
        return filled(catalogue, disk, OnDisk(tmp_path / "store"))
    service: Service = request.getfixturevalue(request.param)
    bucket = new_place(service)
    return filled(catalogue, bucket, InBucket(service, bucket.place))


def test_sound_copies_are_accused_of_nothing(held: Holding) -> None:
    for grade in (Grade.LISTED, Grade.SIZE, Grade.STORED_DIGEST, Grade.READ):
        assert held.accused(Scope(grade)) == []


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_found_and_named_and_no_other_file_is_accused(
    held: Holding, damage: Damage
) -> None:
    expected = damage(held)
    done = held.audit()
    found = [(str(f.outcome), f.identity, f.version, f.path) for f in done.findings]
    assert sorted(found, key=str) == sorted(expected, key=str)
    for finding in done.findings:
        if finding.outcome != "extra":
            assert finding.expected != finding.observed
            assert str(finding.expected_from).startswith("first read, at ingest ")
    # And again: what is known to be bad is looked at first, and is as bad as it was.
    assert len(held.audit().findings) == len(expected)


@pytest.mark.parametrize("damage", [truncation, deletion, a_file_too_many])
@pytest.mark.parametrize("grade", [Grade.LISTED, Grade.SIZE])
def test_what_a_listing_shows_is_found_without_reading(
    held: Holding, damage: Damage, grade: Grade
) -> None:
    expected = damage(held)
    done = held.audit(Scope(grade))
    found = [(str(f.outcome), f.identity, f.version, f.path) for f in done.findings]
    assert (found, done.bytes) == (expected, 0)
