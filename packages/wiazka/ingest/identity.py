"""What a package is called: ``<collection>/<slug>`` (DESIGN §4)."""

from slugify import slugify

from wiazka.intake.model import Submission


def identity_of(submission: Submission, collection: str) -> str:
    """The identity from the record's id if it has one, else from the folder's name.

    ``collection`` is the one used where the record names none.
    """
    record = submission.record
    named = (record and record.record_id) or submission.folder
    group = slug((record and record.collection) or collection)
    return f"{group}/{slug(named)}"


def says_which(submission: Submission) -> bool:
    """Whether its record, not its folder's name, says which package it is."""
    return bool(submission.record and submission.record.record_id)


def slug(text: str) -> str:
    """``text`` in ``[a-z0-9._-]``, transliterated; letters it cannot keep become ``-``."""
    made: str = slugify(text, regex_pattern=r"[^a-z0-9._-]+").strip(".-")
    return made or "untitled"
