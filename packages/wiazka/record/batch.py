"""batch.yaml: what is the same for every document of a delivery, said once."""

from dataclasses import replace

from wiazka.errors import VALUE_INVALID, Problem
from wiazka.phrase import say
from wiazka.record.keys import key_named
from wiazka.record.said import Said
from wiazka.record.sidecar import sidecar_said

BATCH_NAME = "batch.yaml"
# What names one document: as a default it would make all of them versions of one package.
_OF_ONE = ("record_id",)


def batch_said(path: str, data: bytes) -> Said:
    """The defaults in a batch.yaml; they give way to a document's own values without a word."""
    said = sidecar_said(path, data)
    faults = tuple(
        _of_one(path, given.key, given.where)
        for given in said.given or ()
        if key_named(given.key) in _OF_ONE
    )
    kept = said.given and tuple(g for g in said.given if key_named(g.key) not in _OF_ONE)
    label = path.removeprefix("../")
    return replace(said, label=label, given=kept, problems=(*said.problems, *faults), defaults=True)


def _of_one(path: str, key: str, where: str) -> Problem:
    return VALUE_INVALID.at(
        path,
        say(
            "{where}: '{key}' names one document, and cannot be the same for all.",
            where=where,
            key=key,
        ),
        say("Move it into the record.yaml, or the row, of the document that it names."),
        field=key_named(key),
    )
