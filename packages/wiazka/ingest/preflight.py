"""The first half of an ingest, alone: a delivery looked at, nothing written."""

from collections.abc import Iterator
from dataclasses import replace

from wiazka.catalogue.catalogue import Catalogue
from wiazka.ingest.keys import too_long
from wiazka.ingest.redelivery import with_held
from wiazka.ingest.slips import with_slips
from wiazka.intake.deliveries import Delivery, Job
from wiazka.intake.model import Submission
from wiazka.intake.submission import read_submission
from wiazka.settings import Settings


def examine(job: Job, settings: Settings, catalogue: Catalogue | None) -> Submission:
    """A submission read whole, with every problem there is.

    ``catalogue`` is None where none was made yet: what is held cannot be compared with then.
    """
    submission = read_submission(job, settings)
    problems = (*submission.problems, *too_long(submission, settings))
    submission = replace(submission, problems=problems)
    if catalogue is None:
        return submission
    return with_held(with_slips(submission, catalogue), settings, catalogue)


def preflight(
    delivery: Delivery, settings: Settings, catalogue: Catalogue | None
) -> Iterator[Submission]:
    """Each submission of a delivery, in its order, as it has been read."""
    for job in delivery.jobs:
        yield examine(job, settings, catalogue)
