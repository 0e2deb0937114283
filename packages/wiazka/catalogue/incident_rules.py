"""How findings become incidents, and how a later check settles them: docs/incidents.md.

Values only: what is to be kept of it is in ``incidents``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wiazka.catalogue.fixity_model import CopyCheck, Doubt, Finding
from wiazka.evidence import INCONCLUSIVE, Grade, Outcome

_SIZES = frozenset({Grade.LISTED, Grade.SIZE})
# What was observed of the others is words, and words vary.
_COMPARED = frozenset({Outcome.CHANGED, Outcome.EXTRA})

Place = tuple[str | None, int | None, str]
# The place of what is about a whole store.
STORE: Place = (None, None, "")


@dataclass(frozen=True, slots=True)
class Known:
    """A doubt of an open incident, and the outcome that this incident is about."""

    outcome: Outcome
    doubt: Doubt


def place_of(finding: Finding) -> Place:
    """What a finding is about: a whole store where it could not be asked, whichever the copy."""
    if finding.outcome in INCONCLUSIVE and not finding.path:
        return STORE
    return finding.identity, finding.version, finding.path


def cause_of(finding: Finding, audit: int) -> str:
    """The cause under which an incident is opened, or joined while it is open.

    A store that does not answer is one cause for as long as it lasts. Damage seen for the first
    time is one cause for each kind, store and audit.
    """
    if finding.outcome in INCONCLUSIVE:
        return f"{finding.outcome}: {finding.store}"
    return f"{finding.outcome}: {finding.store}, audit {audit}"


def incident_of(finding: Finding, known: Iterable[Known]) -> int | None:
    """The open incident that has seen the same damage, of what is ``known`` of its place.

    None where the place is in none, or where it is sure to have changed since.
    """
    if finding.outcome in INCONCLUSIVE:
        return None
    there = [one.doubt for one in known if one.outcome is finding.outcome]
    # A size and a digest cannot be compared, so only where there is nothing else they count as one.
    alike = [doubt for doubt in there if _measured_alike(finding, doubt)] or there
    same = [doubt.incident for doubt in alike if not _differ(finding, doubt)]
    return max(same, default=None)


def seen_as(finding: Finding, incident: int, known: Iterable[Known]) -> Doubt | None:
    """The doubt of an incident, of what is ``known`` of its place, that says all of the finding."""
    for doubt in (one.doubt for one in known):
        if (
            doubt.incident == incident
            and doubt.grade.strength >= finding.grade.strength
            and _measured_alike(finding, doubt)
            and not _differ(finding, doubt)
        ):
            return doubt
    return None


def settled_by(
    check: CopyCheck, audit: int, grade: Grade, known: Iterable[Known], file_count: int
) -> list[Doubt]:
    """The doubts that a check at ``grade`` puts an end to; ``file_count``: its version's files.

    It has to have begun after all that was seen, in another audit, and to be as strong. What it did
    not look at it says nothing of.
    """
    found = {finding.path for finding in check.findings}
    answered = not any(
        f.outcome in INCONCLUSIVE or (not f.path and f.outcome is not Outcome.EXTRA)
        for f in check.findings
    )
    whole = "" not in found and (check.identity is None or check.files >= file_count)
    # A provider's report lists no store: it cannot tell that something is no longer there.
    listed = check.grade is not Grade.RECOMPUTED

    def settles(one: Known) -> bool:
        doubt = one.doubt
        if doubt.last_seen_at > check.begun or doubt.last_seen_by == audit:
            return False
        if doubt.grade.strength > grade.strength:
            return False
        if doubt.place == STORE and one.outcome is not Outcome.EXTRA:
            return answered
        if (doubt.identity, doubt.version) != (check.identity, check.version):
            return False
        return whole and doubt.path not in found and (listed or one.outcome is not Outcome.EXTRA)

    return [one.doubt for one in known if settles(one)]


def _measured_alike(finding: Finding, doubt: Doubt) -> bool:
    return (finding.grade in _SIZES) == (doubt.grade in _SIZES)


def _differ(finding: Finding, doubt: Doubt) -> bool:
    """Whether it is sure to be another damage than that of the doubt."""
    return (
        finding.outcome in _COMPARED
        and _measured_alike(finding, doubt)
        and finding.observed != doubt.observed
    )
