"""What is said of incidents: as they open, and as they are closed."""

from collections.abc import Sequence

from wiazka.catalogue.fixity_model import Doubt, Finding, Incident
from wiazka.evidence import INCONCLUSIVE, Outcome

# How many paths a sentence names.
_NAMED = 3


def opened(findings: Sequence[Finding]) -> str:
    """What the first findings of an incident, all of one check, show."""
    first = findings[0]
    match first.outcome:
        case Outcome.DENIED:
            what = f"{first.store} denies what was asked of it"
        case Outcome.THROTTLED:
            what = f"{first.store} does not answer, or is busy"
        case Outcome.UNKNOWN:
            what = f"it is not known what {first.store} holds"
        case outcome:
            what = f"{outcome} in {first.store}"
    if first.outcome in INCONCLUSIVE and not first.path:
        return f"{what}."
    of = f"{first.identity} v{first.version}" if first.identity else "what no known version has"
    paths = [finding.path for finding in findings if finding.path]
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    named = f": {', '.join(paths[:_NAMED])}{more}" if paths else ""
    return f"{what}, {of}{named}."


def closed_before(past: Incident) -> str:
    """That somebody closed another of the same, and why."""
    return (
        f" Incident {past.id} of the same was closed by {past.closed_by} on "
        f"{past.closed_at:%Y-%m-%d}: {past.closed_because}"
    )


def settled(incident: Incident, doubts: Sequence[Doubt], request: int | None = None) -> str:
    """What put an end to all doubts of an incident: proofs, and the deaccession of that number."""
    proved = [doubt for doubt in doubts if doubt.settled_by is not None]
    gone = len({doubt.place for doubt in doubts} - {doubt.place for doubt in proved})
    let_go = "deaccessioned" if request is None else f"deaccessioned, request {request}"
    if not proved:
        return f"{let_go}."
    return _proved(incident, proved) + (f" {gone} more: {let_go}." if gone else "")


def _proved(incident: Incident, doubts: Sequence[Doubt]) -> str:
    numbers = sorted({doubt.settled_by for doubt in doubts if doubt.settled_by is not None})
    audits = f"audit{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
    if incident.outcome in INCONCLUSIVE and all(doubt.identity is None for doubt in doubts):
        return f"{incident.store} answers again, in {audits}."
    places = len({doubt.place for doubt in doubts})
    if incident.outcome is Outcome.EXTRA:
        return f"no longer there, of {places} too many, in {audits}."
    grade = max((doubt.grade for doubt in doubts), key=lambda one: one.strength)
    return f"proved {grade} or stronger, all {places}, in {audits}."
