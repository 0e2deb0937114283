"""What is to be done about a finding: the command that mends it, and the good copy it would use.

An audit only proposes: what is written over a damaged copy is decided by a person.
"""

from collections.abc import Iterable

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Finding
from wiazka.evidence import Outcome

_MENDED = frozenset({Outcome.MISSING, Outcome.CHANGED, Outcome.UNREADABLE})


def proposed(catalogue: Catalogue, finding: Finding) -> str | None:
    """The command for a finding, and the last copy that was read and that nothing speaks against.

    None where a repair is no answer: the store could not be asked, or holds something too much.
    """
    if finding.identity is None or finding.version is None or finding.outcome not in _MENDED:
        return None
    command = f"wiazka repair {finding.identity} --store {finding.store}"
    sound = catalogue.replicas.sound(finding.identity, finding.version)
    good = [copy for copy in sound if copy.store != finding.store]
    if not good or good[0].proved_at is None:
        return (
            f"{command}   (no other copy of v{finding.version} is known to be sound; what there is "
            "is read first)"
        )
    return f"{command}   (good copy: {good[0].store}, read {good[0].proved_at:%Y-%m-%d})"


def proposals(catalogue: Catalogue, findings: Iterable[Finding]) -> list[str]:
    """One for each damaged copy, in the order of the findings."""
    # The command mends all of a package in that store.
    first: dict[tuple[str | None, str], Finding] = {}
    for finding in findings:
        if finding.outcome in _MENDED:
            first.setdefault((finding.identity, finding.store), finding)
    return [told for finding in first.values() if (told := proposed(catalogue, finding))]
