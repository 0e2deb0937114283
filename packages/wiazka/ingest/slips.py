"""Signatures that look like a slip of one that is held: told, never changed."""

from dataclasses import replace

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.described import signatures_of
from wiazka.catalogue.model import KnownStem
from wiazka.intake.model import Submission
from wiazka.phrase import say, say_many
from wiazka.problem_kinds import SOURCE_NEAR_KNOWN, Problem
from wiazka.record.model import Record
from wiazka.record.search_key import is_slip

# A stem this much rarer than one it is easily confused with is still a likely slip of it.
_RARER = 10


def with_slips(submission: Submission, catalogue: Catalogue) -> Submission:
    """The submission with a warning for each signature that is near to one often held."""
    if submission.record is None:
        return submission
    problems = slips(submission.record, catalogue)
    return replace(submission, problems=(*submission.problems, *problems))


def slips(record: Record, catalogue: Catalogue) -> list[Problem]:
    """A warning for each signature that is near to one often held, and itself new or rare."""
    problems = []
    for signature in signatures_of(record):
        known = catalogue.stems_alike(signature.likeness)
        held = sum(one.packages for one in known if one.stem == signature.stem)
        for other in known:
            if is_slip(signature.stem, other.stem) and held * _RARER < other.packages:
                problems.append(_near(signature.verbatim, other, record.sidecar or ""))
                break
    return problems


def _near(verbatim: str, known: KnownStem, sidecar: str) -> Problem:
    return SOURCE_NEAR_KNOWN.at(
        sidecar,
        say_many(
            "The signature '{signature}' is very near to one that {number} document has here: "
            "'{known}'. It was not changed.",
            "The signature '{signature}' is very near to one that {number} documents have here: "
            "'{known}'. It was not changed.",
            known.packages,
            signature=verbatim,
            known=known.example,
        ),
        say("If it is mistyped, correct it; if it is right, leave it."),
        field="source",
    )
