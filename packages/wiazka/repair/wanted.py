"""Which copies a repair is to look at."""

from collections.abc import Mapping

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import Copy, Version
from wiazka.errors import NotFoundError, UsageError
from wiazka.repair.mending import mark_path
from wiazka.repair.model import Wanted
from wiazka.stores.base import Store


def targets(
    catalogue: Catalogue, stores: Mapping[str, Store], wanted: Wanted
) -> list[tuple[Version, Copy]]:
    """The copies in ``stores``, the lowest version first: what others refer to is mended before.

    Raises NotFoundError for a store, version, copy or file that is not there, UsageError when a
    copy is to be mended from itself.
    """
    _require_stores(stores, wanted)
    versions = (
        [catalogue.version(wanted.identity, wanted.version)]
        if wanted.version
        else catalogue.versions(wanted.identity)
    )
    versions = [version for version in versions if version.is_kept]
    found = [
        (version, copy)
        for version in versions
        for copy in catalogue.copies(wanted.identity, version.number)
        # To be mended from a store, a copy has to be in another.
        if copy.store in stores and copy.store != wanted.source
        if wanted.store in (None, copy.store)
    ]
    if not found:
        where = f"store {wanted.store!r}" if wanted.store else "any store that is configured"
        which = f" v{wanted.version}" if wanted.version else ""
        hint = f": wiazka replicate --to {wanted.store} {wanted.identity}" if wanted.store else "."
        raise NotFoundError(
            f"{wanted.identity}{which} has no copy in {where} that could be mended.",
            f"A repair mends copies; a replication makes them{hint}",
        )
    _require_paths(catalogue, versions, wanted)
    return found


def _require_stores(stores: Mapping[str, Store], wanted: Wanted) -> None:
    for name in (wanted.store, wanted.source):
        if name is not None and name not in stores:
            raise NotFoundError(
                f"There is no store named {name!r}.",
                f"The configured stores are: {', '.join(stores)}.",
            )
    if wanted.store is not None and wanted.store == wanted.source:
        raise UsageError(
            f"The copy in {wanted.store!r} cannot be mended from itself.",
            "Leave --from out: the nearest sound copy is taken.",
        )


def _require_paths(catalogue: Catalogue, versions: list[Version], wanted: Wanted) -> None:
    known = {
        path
        for version in versions
        for path in (
            mark_path(version.number),
            *(file.path for file in catalogue.files(version.identity, version.number)),
        )
    }
    for path in wanted.paths:
        if path not in known:
            raise NotFoundError(
                f"{wanted.identity} has no file {path!r}.",
                f"A path is given as an audit tells it; `wiazka show {wanted.identity}` lists "
                "them.",
            )
