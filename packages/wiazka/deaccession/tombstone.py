"""Tombstones: what is still told of a version when nothing else of it is left."""

import json

from wiazka.bag.stored import stored_file
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import Deaccession, Unchanged, Version
from wiazka.errors import NotFoundError
from wiazka.stores.layout import Tombstone


def tombstone(catalogue: Catalogue, asked: Deaccession, number: int) -> Tombstone:
    """The tombstone of one version: the same in every store, however often it is made.

    ``asked`` is approved. Of what the catalogue never knew it tells only who let it go, and why.
    """
    if not (asked.approved_by and asked.approved_at and asked.due_at):
        raise ValueError(f"deaccession {asked.id} is not approved")
    bare = Tombstone(
        identity=asked.identity,
        version=number,
        reason=asked.reason,
        requested_by=asked.requested_by,
        requested_at=asked.requested_at,
        approved_by=asked.approved_by,
        approved_at=asked.approved_at,
        due_at=asked.due_at,
    )
    try:
        version = catalogue.version(asked.identity, number)
    except NotFoundError:
        return bare
    return bare.model_copy(update=_known(catalogue, version))


def _known(catalogue: Catalogue, version: Version) -> dict[str, object]:
    return {
        "title": version.title,
        "content": version.content,
        "delivery": version.delivery,
        "folder": version.folder,
        "bagged_at": version.bagged_at,
        "registered_at": version.registered_at,
        "record": json.loads(version.record_json) if version.record_json else None,
        "files": tuple(
            stored_file(file, Unchanged.REFERENCE)
            for file in catalogue.files(version.identity, version.number)
        ),
    }
