"""What is to be done about a finding: the command that mends it, and the good copy it would use.

An audit only proposes: what is written over a damaged copy is decided by a person.
"""

from collections.abc import Iterable

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Finding
from wiazka.catalogue.model import Copy
from wiazka.evidence import DAMAGE


def proposed(catalogue: Catalogue, finding: Finding) -> str | None:
    """The command for a finding, and the last copy that was read and that nothing speaks against.

    None where a repair is no answer: the store could not be asked, or holds something too much.
    """
    if finding.identity is None or finding.version is None or finding.outcome not in DAMAGE:
        return None
    command = f"wiazka repair {finding.identity} --store {finding.store}"
    good = good_copy(catalogue, finding.identity, finding.version, finding.store)
    if good is None and finding.sound_version:
        own = f"the object's own version {finding.sound_version}"
        return f"{command}   (no other copy is known to be sound, but {own} is)"
    if good is None or good.proved_at is None:
        return (
            f"{command}   (no other copy of v{finding.version} is known to be sound; what there is "
            "is read first)"
        )
    return f"{command}   (good copy: {good.store}, read {good.proved_at:%Y-%m-%d})"


def good_copy(catalogue: Catalogue, identity: str, version: int, store: str) -> Copy | None:
    """The copy in another store that was read last, and that no check and no incident doubts."""
    doubtful = catalogue.incidents.doubtful_stores(identity, version) | {store}
    sound = catalogue.replicas.sound(identity, version)
    return next((copy for copy in sound if copy.store not in doubtful), None)


def proposals(catalogue: Catalogue, findings: Iterable[Finding]) -> list[str]:
    """One for each damaged copy, in the order of the findings."""
    # The command mends all of a package in that store.
    first: dict[tuple[str | None, str], Finding] = {}
    for finding in findings:
        if finding.outcome in DAMAGE:
            first.setdefault((finding.identity, finding.store), finding)
    return [told for finding in first.values() if (told := proposed(catalogue, finding))]
