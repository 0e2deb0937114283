"""Damage that was met while a copy was read, kept for those who see to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import Copy, EventKind, Version
from wiazka.restore.reader import Damage

# In one sentence of the ledger; the audit that follows names every file.
_NAMED = 3


def note_damages(
    catalogue: Catalogue,
    version: Version,
    damages: Iterable[Damage],
    kind: EventKind,
    begun: datetime,
) -> None:
    """One event for each copy that was found damaged by a reading that began then; the next audit
    looks at those first.
    """
    copies = {copy.store: copy for copy in catalogue.copies(version.identity, version.number)}
    for store, met in by_store(damages).items():
        if copy := copies.get(store):
            _note(catalogue, copy, met, kind, begun)


def by_store(damages: Iterable[Damage]) -> Mapping[str, list[Damage]]:
    """Damages by the store they were met in, each file once."""
    met: dict[str, dict[str, Damage]] = {}
    for damage in damages:
        met.setdefault(damage.store, {})[damage.path] = damage
    return {store: [paths[path] for path in sorted(paths)] for store, paths in met.items()}


def _note(
    catalogue: Catalogue, copy: Copy, met: list[Damage], kind: EventKind, begun: datetime
) -> None:
    named = ", ".join(f"{one.path} ({one.outcome})" for one in met[:_NAMED])
    more = f" and {len(met) - _NAMED} more" if len(met) > _NAMED else ""
    catalogue.replicas.damaged(
        copy,
        kind,
        f"Found damage in the copy of {copy.identity} v{copy.version} in {copy.store}: "
        f"{named}{more}.",
        {one.path: one.message for one in met},
        begun,
    )
