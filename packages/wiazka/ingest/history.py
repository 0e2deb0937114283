"""What was done to a submission before it was bagged, as PREMIS events for the bag."""

from wiazka import __version__
from wiazka.catalogue.model import Version
from wiazka.intake.formats import libmagic_version
from wiazka.intake.model import FileRole, Submission
from wiazka.record.crosswalk import PremisEvent


def events_of(submission: Submission, version: Version) -> list[PremisEvent]:
    """The events of a bag, all at the moment of its bagging, so that a resumed push repeats them.

    The codes are of the preservation event types at id.loc.gov.
    """
    files = len(submission.files)
    told = [
        ("ins", f"Submission '{submission.folder}' of delivery '{submission.delivery}' was taken."),
        ("mes", f"SHA-256 of {files} files was calculated as they were first read."),
        (
            "for",
            f"Formats were identified by libmagic {libmagic_version()}; images and PDF files "
            "were opened.",
        ),
    ]
    if submission.checksums_verified:
        sheets = [file.name for file in submission.files if file.role is FileRole.CHECKSUMS]
        told.append(
            (
                "fix",
                f"{submission.checksums_verified} delivered checksums were verified "
                f"({', '.join(sheets) or 'from the delivery'}); all agreed.",
            )
        )
    told.append(("ipc", f"Bag of {version.identity} v{version.number} was made."))
    agent = f"wiazka {__version__}"
    return [
        PremisEvent(code, version.bagged_at, detail, "success", agent) for code, detail in told
    ] + [PremisEvent("vir", version.bagged_at, "No virus scan was run.", "not run", agent)]
