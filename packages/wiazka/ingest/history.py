"""What was done to a submission before it was bagged, as PREMIS events for the bag."""

from wiazka import __version__
from wiazka.catalogue.model import Version
from wiazka.intake.model import FileRole, Submission
from wiazka.record.crosswalk import PremisEvent, Software


def events_of(submission: Submission, version: Version) -> list[PremisEvent]:
    """The events of a bag, all at the moment of its bagging, so that a resumed push repeats them.

    The codes are of the preservation event types at id.loc.gov.
    """
    wiazka = Software("wiazka", __version__)
    files = len(submission.files)

    def event(
        code: str,
        detail: str,
        outcome: str = "success",
        tools: tuple[Software, ...] = (),
    ) -> PremisEvent:
        return PremisEvent(code, version.bagged_at, detail, outcome, wiazka, tools)

    told = [
        event(
            "ins",
            f"Submission '{submission.folder}' of delivery '{submission.delivery}' was taken.",
        ),
        event("mes", f"SHA-256 of {files} files was calculated as they were first read."),
        *(
            event(
                check.event,
                check.detail,
                check.outcome,
                tuple(_software(agent) for agent in check.agents),
            )
            for check in submission.checks
        ),
    ]
    if submission.checksums_verified:
        sheets = [file for file in submission.files if file.role is FileRole.CHECKSUMS]
        names = ", ".join(file.name for file in sheets) or "from the delivery"
        told.append(
            event(
                "fix",
                f"{submission.checksums_verified} delivered checksums were verified ({names}); "
                "all agreed.",
            )
        )
    told.append(event("ipc", f"Bag of {version.identity} v{version.number} was made."))
    if not any(check.event == "vir" for check in submission.checks):
        told.append(event("vir", "No virus scan was run.", "not run"))
    return told


def _software(agent: str) -> Software:
    """A program by its name and version: ``libmagic 5.45``."""
    name, _, number = agent.partition(" ")
    return Software(name, number or None)
