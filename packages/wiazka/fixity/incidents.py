"""An incident as it is told: its story, and what mends it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Doubt, Incident
from wiazka.catalogue.model import Copy, Event, EventKind
from wiazka.evidence import DAMAGE, Outcome
from wiazka.fixity.proposal import good_copy


@dataclass(frozen=True, slots=True)
class Chapter:
    """One step of an incident's story."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """The command that mends a copy, or says more; ``good``: another copy, sound."""

    command: str
    identity: str | None = None
    version: int | None = None
    good: Copy | None = None


def story_of(catalogue: Catalogue, incident: Incident) -> tuple[Chapter, ...]:
    """What happened with an incident, oldest first; what one audit saw is one chapter."""
    told: dict[str, Chapter] = {}
    seen: dict[str, tuple[int, int, int]] = {}
    for event in catalogue.incidents.story(incident.id):
        if event.kind is not EventKind.AUDITED:
            told[str(event.seq)] = Chapter(event.at, event.sentence)
            continue
        audit = f"audit {event.detail['audit']}"
        before = seen.get(audit, (0, 0, 0))
        new, again, settled = map(sum, zip(before, _counts(event, incident), strict=True))
        seen[audit] = (new, again, settled)
        told[audit] = Chapter(event.at, _of_audit(incident, audit, *seen[audit]))
    return tuple(sorted(told.values(), key=lambda chapter: chapter.at))


def remedies_of(
    catalogue: Catalogue, incident: Incident, doubts: Sequence[Doubt]
) -> tuple[Remedy, ...]:
    """What is to be done about what is still in doubt, one for each copy."""
    left = [doubt for doubt in doubts if doubt.settled_at is None]
    if not incident.is_open or not left:
        return ()
    if incident.outcome not in DAMAGE:
        look = f"wiazka audit --store {incident.store}"
        return (Remedy(look if incident.outcome is Outcome.EXTRA else f"wiazka doctor; {look}"),)
    copies = dict.fromkeys((doubt.identity, doubt.version) for doubt in left)
    return tuple(
        Remedy(
            f"wiazka repair {identity} --version {version} --store {incident.store}",
            identity,
            version,
            good_copy(catalogue, identity, version, incident.store),
        )
        for identity, version in copies
        if identity is not None and version is not None
    )


def _counts(event: Event, incident: Incident) -> tuple[int, int, int]:
    told = json.loads(event.detail["incidents"])[str(incident.id)]
    return len(told.get("new", ())), len(told.get("seen", ())), len(told.get("settled", ()))


def _of_audit(incident: Incident, audit: str, new: int, again: int, settled: int) -> str:
    if incident.outcome not in DAMAGE | {Outcome.EXTRA} and new + again + settled == 1:
        return f"{audit.capitalize()} {'was answered' if settled else 'met it'}."
    parts = [
        f"saw {new} for the first time" if new else "",
        f"saw {again} again" if again else "",
        f"proved {settled} well" if settled else "",
    ]
    return f"{audit.capitalize()} {', '.join(filter(None, parts))}."
