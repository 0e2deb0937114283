"""What is to be done about damage: the command that mends it, and the sound bytes it would use.

An audit only proposes: what is written over a damaged copy is decided by a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Finding
from wiazka.catalogue.model import Copy
from wiazka.evidence import DAMAGE


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged file of a copy; ``sound_version`` is as in Finding."""

    store: str
    identity: str
    version: int
    sound_version: str | None


@dataclass(frozen=True, slots=True)
class Remedy:
    """The command that mends what is damaged of a package in a store, or says more.

    ``good``: another copy of ``version`` that was read and that nothing speaks against. ``own``:
    the sound earlier versions of the damaged objects, where their bucket keeps one of each.
    """

    command: str
    identity: str | None = None
    version: int | None = None
    good: Copy | None = None
    own: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The command for people, with what it would take."""
        if self.identity is None:
            return self.command
        if self.good and self.good.proved_at:
            read = f"{self.good.store}, read {self.good.proved_at:%Y-%m-%d}"
            return f"{self.command}   (good copy: {read})"
        known = f"no other copy of v{self.version} is known to be sound"
        if not self.own:
            return f"{self.command}   ({known}; what there is is read first)"
        own = f"the object's own version {self.own[0]} is"
        if len(self.own) > 1:
            own = "earlier versions of the objects themselves are"
        return f"{self.command}   ({known}, but {own})"


def proposals(catalogue: Catalogue, findings: Iterable[Finding]) -> tuple[Remedy, ...]:
    """One for each package and store with damage, in the order of the findings.

    None where a repair is no answer: the store could not be asked, or holds something too much.
    """
    return remedies(
        catalogue,
        (
            Damaged(one.store, one.identity, one.version, one.sound_version)
            for one in findings
            if one.identity is not None and one.version is not None and one.outcome in DAMAGE
        ),
    )


def remedies(catalogue: Catalogue, damaged: Iterable[Damaged]) -> tuple[Remedy, ...]:
    """One for each package and store: the command mends all of a package there."""
    together: dict[tuple[str, str], list[Damaged]] = {}
    for one in damaged:
        together.setdefault((one.identity, one.store), []).append(one)
    return tuple(_remedy(catalogue, *of, files) for of, files in together.items())


def _remedy(catalogue: Catalogue, identity: str, store: str, files: list[Damaged]) -> Remedy:
    versions = dict.fromkeys(one.version for one in files)
    good = {version: _good_copy(catalogue, identity, version, store) for version in versions}
    # A version that no other copy has is told before one that would be mended.
    version = next((one for one in versions if good[one] is None), files[0].version)
    own = [one.sound_version for one in files if one.version == version and one.sound_version]
    whole = len(own) == sum(one.version == version for one in files)
    command = f"wiazka repair {identity} --store {store}"
    return Remedy(command, identity, version, good[version], tuple(own) if whole else ())


def _good_copy(catalogue: Catalogue, identity: str, version: int, store: str) -> Copy | None:
    """The copy in another store that was read last, and that no check and no incident doubts."""
    doubtful = catalogue.incidents.doubtful_stores(identity, version) | {store}
    sound = catalogue.replicas.sound(identity, version)
    return next((copy for copy in sound if copy.store not in doubtful), None)
