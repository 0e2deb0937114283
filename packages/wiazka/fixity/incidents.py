"""An incident as it is told: its story, and what mends it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Doubt, Finding, Incident
from wiazka.catalogue.incident_rules import Place
from wiazka.catalogue.model import Event, EventKind
from wiazka.evidence import DAMAGE, Outcome
from wiazka.fixity.proposal import Damaged, Remedy, remedies


@dataclass(frozen=True, slots=True)
class Chapter:
    """One step of an incident's story."""

    at: datetime
    sentence: str


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
    catalogue: Catalogue,
    incident: Incident,
    doubts: Sequence[Doubt],
    seen: Mapping[Place, Finding],
) -> tuple[Remedy, ...]:
    """What is to be done about what is still in doubt; ``seen``: the last finding of each place."""
    left = [doubt for doubt in doubts if doubt.settled_at is None]
    if not incident.is_open or not left:
        return ()
    if incident.outcome not in DAMAGE:
        look = f"wiazka audit --store {incident.store}"
        return (Remedy(look if incident.outcome is Outcome.EXTRA else f"wiazka doctor; {look}"),)
    return remedies(
        catalogue,
        (
            Damaged(
                incident.store,
                doubt.identity,
                doubt.version,
                seen[doubt.place].sound_version if doubt.place in seen else None,
            )
            for doubt in left
            if doubt.identity is not None and doubt.version is not None
        ),
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
