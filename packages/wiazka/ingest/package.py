"""From a submission to the bag that is to be stored."""

from dataclasses import asdict

from wiazka.bag.held import Held
from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.plan import About, plan
from wiazka.catalogue.described import search_text, signatures_of
from wiazka.catalogue.model import File, Version
from wiazka.ingest.changes import changes_of, registered_before
from wiazka.ingest.history import events_of
from wiazka.ingest.model import Desk
from wiazka.intake.model import FileRole, Submission
from wiazka.record.crosswalk import record_json
from wiazka.record.model import FileEntry, Record


def bag_entries(submission: Submission) -> list[Entry]:
    """The delivered files, and extracts of the delivery's table, at their places in the bag."""
    return [
        Entry(
            file.bag_path,
            file.path if file.content is None else file.content,
            file.size,
            file.digests,
        )
        for file in submission.files
    ]


def full_record(submission: Submission) -> Record:
    """The record with what reading the files has shown of them."""
    record = submission.record or Record()
    return record.model_copy(
        update={
            "pages": submission.pages,
            "checks": submission.checks,
            "accepted": submission.accepted,
            "files": tuple(
                FileEntry(
                    path=file.bag_path,
                    role=file.role,
                    language=file.language,
                    size=file.size,
                    sha256=file.sha256,
                    **asdict(file.technical),
                    delivered_as=file.delivered_as or file.name,
                )
                for file in submission.files
            ),
        }
    )


def package(desk: Desk, submission: Submission, version: Version) -> BagPlan:
    """The bag of a version, and its description in the catalogue."""
    changes = changes_of(desk.catalogue, submission, version)
    record = full_record(submission).model_copy(update={"changes": changes})
    about = About(
        version.identity,
        version.number,
        submission.delivery,
        version.bagged_at,
        desk.settings.archive,
        desk.settings.ingest.algorithms,
    )
    # An interrupted ingest goes on with the same bag, whatever was registered meanwhile.
    begun = desk.catalogue.files(version.identity, version.number)
    held = (
        Held.as_described(begun) if begun else Held.by(registered_before(desk.catalogue, version))
    )
    bag = plan(record, bag_entries(submission), about, events_of(submission, version), held)
    roles = {file.bag_path: str(file.role) for file in submission.files}
    desk.catalogue.describe_version(
        version.identity,
        version.number,
        record_json=record_json(record).decode(),
        files=[
            File(
                entry.path,
                entry.size,
                entry.sha256,
                roles.get(entry.path, FileRole.METADATA),
                entry.held_in,
                entry.held_as,
            )
            for entry in bag.entries
        ],
        size=bag.size,
        search=search_text(record, version),
        signed=signatures_of(record),
    )
    return bag


def title_of(submission: Submission) -> str:
    """The document's title, or the folder's name where the record has none."""
    return (submission.record and submission.record.title) or submission.folder
