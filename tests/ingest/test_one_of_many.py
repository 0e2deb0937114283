"""One document, whatever is wrong with it, never stops the others of its delivery."""

import json
from pathlib import Path

import pytest

from tests.conftest import House
from tests.intake.clean import clean_delivery
from wiazka.ingest import preflight
from wiazka.ingest.desk import open_desk
from wiazka.ingest.run import deliveries_at, run_ingest
from wiazka.intake.deliveries import Job
from wiazka.settings import load


def test_what_nobody_foresaw_fails_one_document_and_is_noted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean_delivery(house.inbox, 2)
    real = preflight.read_submission

    def read(job: Job, *others: object) -> object:
        if job.folder.endswith("0001"):
            raise RecursionError("a bug")
        return real(job, *others)

    monkeypatch.setattr(preflight, "read_submission", read)
    settings = load(house.config)
    with open_desk(settings) as desk:
        [delivery] = run_ingest(desk, deliveries_at(settings, []), lambda _: None)
        states = {result.folder[-4:]: str(result.state) for result in delivery.results}
        assert states == {"0001": "failed", "0002": "registered"}
        known = desk.catalogue.submission(delivery.name, delivery.results[0].folder)
        assert known is not None
        assert "RecursionError: a bug" in known.sentence
    assert delivery.report is not None


def test_one_document_asked_for_alone_leaves_the_list_of_the_delivery(house: House) -> None:
    delivery = clean_delivery(house.inbox, 2)
    first, second = sorted(path for path in delivery.iterdir() if path.is_dir())
    (first / "scans" / "0001r.tif").write_bytes(b"")
    assert house.run("ingest").returncode == 1
    before = (delivery / "_PROBLEMS.txt").read_bytes()
    done = house.run("ingest", "--json", str(Path("inbox") / delivery.name / second.name))
    [told] = json.loads(done.stdout)["deliveries"]
    assert [one["state"] for one in told["submissions"]] == ["already-held"]
    assert (delivery / "_PROBLEMS.txt").read_bytes() == before
