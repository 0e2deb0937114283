"""The first half of an ingest, alone: a delivery looked at, nothing written."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from wiazka.catalogue.catalogue import Catalogue
from wiazka.ingest.slips import with_slips
from wiazka.intake.delivered.opening import opened
from wiazka.intake.deliveries import Delivery, Job
from wiazka.intake.model import Submission
from wiazka.intake.submission import read_submission
from wiazka.settings import Settings


def examine(job: Job, settings: Settings, catalogue: Catalogue | None) -> Submission:
    """A submission read whole, with every problem there is.

    ``catalogue`` is None where none was made yet: what is held cannot be compared with then.
    """
    submission = read_submission(job, settings)
    return with_slips(submission, catalogue) if catalogue else submission


def preflight(
    delivery: Delivery, settings: Settings, catalogue: Catalogue | None
) -> Iterator[Submission]:
    """Each submission of a delivery, in its order, as it has been read.

    What is packed is unpacked among the system's temporary files, and cleared away at once.
    """
    for job in delivery.jobs:
        with TemporaryDirectory(prefix="wiazka-") as scratch:
            yield examine(opened(job, settings.intake, Path(scratch)), settings, catalogue)
