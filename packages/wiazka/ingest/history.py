"""What was done to a submission before it was bagged, as PREMIS events for the bag."""

from wiazka import __version__
from wiazka.catalogue.model import Version
from wiazka.intake.model import Submission
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
        objects: tuple[str, ...] = (),
    ) -> PremisEvent:
        return PremisEvent(code, version.bagged_at, detail, outcome, wiazka, tools, objects)

    told = [
        event(
            "ins",
            f"Submission '{submission.folder}' of delivery '{submission.delivery}' was taken.",
        ),
        event("mes", f"SHA-256 of {files} files was calculated as they were first read."),
        *(
            event(check.event, check.detail, check.outcome, tuple(map(_software, check.agents)))
            for check in submission.checks
        ),
    ]
    told += [
        event(
            "fil",
            f"'{file.delivered_as}' (its name as delivered, escaped) is kept as '{file.name}'.",
            objects=(file.bag_path,),
        )
        for file in submission.files
        if file.delivered_as is not None
    ]
    told.append(event("ipc", f"Bag of {version.identity} v{version.number} was made."))
    return told


def _software(agent: str) -> Software:
    """The program of ``ClamAV 1.4.6``."""
    name, _, version = agent.rpartition(" ")
    return Software(name, version) if name else Software(agent)
