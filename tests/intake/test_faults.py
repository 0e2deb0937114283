"""Every fault is told by its codes and no other, and sound documents are told nothing of."""

from pathlib import Path

import pytest

from tests.intake.clean import clean_delivery
from tests.intake.faults import Fault, all_faults
from wiazka.ingest.preflight import preflight
from wiazka.intake.deliveries import at_paths
from wiazka.settings import Settings


def codes(delivery: Path, **sections: object) -> list[str]:
    """The codes of all that is told of a delivery."""
    settings = Settings.model_validate(sections)
    told = []
    for one in at_paths([delivery], delivery.parent):
        told += [problem.code for _, problem in one.loose]
        for submission in preflight(one, settings, None):
            told += [problem.code for problem in submission.problems]
    return told


@pytest.mark.parametrize("fault", all_faults(), ids=lambda fault: fault.name)
def test_a_fault_is_told_by_its_codes_and_no_other(fault: Fault, tmp_path: Path) -> None:
    delivery = clean_delivery(tmp_path)
    [folder] = [path for path in delivery.iterdir() if path.is_dir()]
    fault.spoil(folder)
    assert set(codes(delivery, **fault.settings)) == set(fault.codes)


def test_nothing_is_told_of_500_sound_documents(tmp_path: Path) -> None:
    assert codes(clean_delivery(tmp_path, 500)) == []
