"""Two submissions of one delivery that would be one package: nobody meant that."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from wiazka.bag.plan import content_digest
from wiazka.ingest.identity import identity_of, says_which
from wiazka.ingest.package import bag_entries
from wiazka.intake.delivered.opening import opened
from wiazka.intake.deliveries import Job, delivery_at
from wiazka.intake.description import described_alone
from wiazka.intake.model import Submission
from wiazka.intake.settle import mark
from wiazka.intake.submission import read_submission
from wiazka.phrase import say
from wiazka.problem_kinds import IDENTITY_TWICE, Problem
from wiazka.settings import Settings

# The names of a delivery are looked up by several threads at once, and are to be made once.
_lock = threading.Lock()


def twin_of(submission: Submission, job: Job, settings: Settings) -> Problem | None:
    """The problem where another submission of the delivery has its identity and other content.

    A record_id in one of the two alone says that a version of the other is meant.
    """
    if job.delivery == job.path or not submission.files:
        return None
    identity = identity_of(submission, settings.ingest.collection)
    status = mark(job.delivery.lstat())
    with _lock:
        beside = _by_identity(job.delivery, status, settings.ingest.collection)
    twins = [twin for twin in beside.get(identity, ()) if twin.path != job.path]
    content = content_digest(bag_entries(submission)) if twins else None
    for twin in twins:
        # The same document twice is no other one, and only all of its bytes tell.
        with TemporaryDirectory(prefix="wiazka-") as scratch:
            other = read_submission(opened(twin, settings.intake, Path(scratch)), settings)
            same = other.files and content_digest(bag_entries(other)) == content
        if identity_of(other, settings.ingest.collection) != identity or same:
            continue
        if says_which(submission) == says_which(other):
            return _twice(identity, twin.folder)
    return None


def _twice(identity: str, other: str) -> Problem:
    """That another folder of the delivery would be the same package."""
    return IDENTITY_TWICE.at(
        "",
        say(
            "The folder '{other}' of this delivery would be the same package, {identity}, with "
            "other content: they would become two versions of one document.",
            other=other,
            identity=identity,
        ),
        say(
            "If they are two documents, give one of them a record_id of its own, for example "
            'record_id: "{identity}-2". If one is a later version of the other, hand it over in a '
            "later delivery.",
            identity=identity.partition("/")[2],
        ),
        field="record_id",
    )


@lru_cache(maxsize=16)
def _by_identity(
    delivery: Path, _status: tuple[int, ...], collection: str
) -> Mapping[str, tuple[Job, ...]]:
    """The submissions of a delivery by identity, as far as it is seen without reading them."""
    found: dict[str, list[Job]] = defaultdict(list)
    for job in delivery_at(delivery).jobs:
        seen = Submission(job.folder, job.delivery_name, job.path, described_alone(job))
        found[identity_of(seen, collection)].append(job)
    return {identity: tuple(jobs) for identity, jobs in found.items() if len(jobs) > 1}
