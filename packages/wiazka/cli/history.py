"""What a version changed, who says so and why, and what did not have to be stored again."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiazka.cli.output import size_in_words

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.catalogue.model import Version
    from wiazka.record.model import Changes


@dataclass(frozen=True, slots=True)
class History:
    """One step in the history of a package; ``changes`` are None for a first version.

    ``referred_files`` are held by earlier versions, and their bytes were not sent again.
    """

    changes: "Changes | None"
    changed_by: str | None
    change_note: str | None
    referred_files: int
    referred_bytes: int


def history_of(version: "Version", catalogue: "Catalogue") -> History:
    """What the record and the files of a version tell of how it came to be."""
    from wiazka.record.crosswalk import read_record_json
    from wiazka.record.model import Record

    record = Record()
    # A record of an older model, or one that an interrupted ingest has not described yet.
    with suppress(ValueError):
        record = read_record_json(version.record_json.encode())
    referred = [f for f in catalogue.files(version.identity, version.number) if f.held_in]
    return History(
        record.changes,
        record.changed_by,
        record.change_note,
        len(referred),
        sum(file.size for file in referred),
    )


def told_of(history: History) -> Iterator[str]:
    """The lines of ``wiazka show``; none for a first version."""
    from wiazka.record.changes import changes_in_words

    if history.changes is None:
        return
    yield f"Since v{history.changes.since}:"
    yield from (f"  {sentence}" for sentence in changes_in_words(history.changes))
    yield f"  By: {history.changed_by or 'not said'}. Why: {history.change_note or 'not said'}"
    if history.referred_files:
        yield (
            f"  {history.referred_files} files ({size_in_words(history.referred_bytes)}) are held "
            "by earlier versions and were not sent again."
        )
