"""A bit that rots on Ceph's own disk: with one copy of it there, Ceph answers nothing at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixity.holding import Holding, InBucket, filled
from tests.services.ceph import Ceph
from tests.stores.kinds import new_place
from wiazka.catalogue.catalogue import Catalogue

SCAN = "data/objects/scans/rotten.tif"


@pytest.fixture(params=["ceph"])
def held(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Holding, Ceph]]:
    ceph: Ceph = request.getfixturevalue(request.param)
    bucket = new_place(ceph, timeout_seconds=3, attempts=2)
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as catalogue:
        yield filled(catalogue, bucket, InBucket(ceph, bucket.place)), ceph


def test_an_audit_comes_to_an_end_and_accuses_that_file_alone(
    held: tuple[Holding, Ceph],
) -> None:
    holding, ceph = held
    scan = b"II*\0" + os.urandom(8000)
    holding.keep("main/rotten", 1, {"scans/rotten.tif": scan})
    assert holding.accused() == []
    ceph.rot(scan)
    [finding] = holding.audit().findings
    assert (finding.outcome, finding.identity, finding.path) == ("throttled", "main/rotten", SCAN)
    assert "silent for too long" in str(finding.observed)
    assert "look at the disks" in str(finding.note)
    [incident] = holding.catalogue.incidents.all()
    assert SCAN in incident.sentence
