"""How many of a version's copies are proved, and whether those are enough to call it kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from wiazka.catalogue.model import Copy
from wiazka.ingest.model import Desk, StoredCopy
from wiazka.phrase import Phrase, say


@dataclass(frozen=True, slots=True)
class Standing:
    """The copies of a version among the configured stores, and the stores that have none yet.

    ``is_enough``: as many stores, of as many providers, have proved theirs as are required.
    """

    copies: tuple[StoredCopy, ...]
    missing: tuple[str, ...]
    is_enough: bool

    @property
    def proved(self) -> Phrase:
        """Where it is proved, and how."""
        proofs = ", ".join(f"{copy.store} ({copy.grade})" for copy in self.copies)
        if not self.missing:
            return say("Proved in every store: {proofs}.", proofs=proofs)
        return say(
            "Proved in {number} of {all} stores: {proofs}.",
            number=len(self.copies),
            all=len(self.copies) + len(self.missing),
            proofs=proofs,
        )

    @property
    def short(self) -> Phrase:
        """That copies are still to come, and where."""
        return say(
            "Stored {number} of {all}; still to come: {stores}.",
            number=len(self.copies),
            all=len(self.copies) + len(self.missing),
            stores=", ".join(self.missing),
        )


def standing(desk: Desk, identity: str, number: int) -> Standing:
    """Where a version stands now."""
    return _standing(desk, desk.catalogue.copies(identity, number))


def _standing(desk: Desk, copies: Iterable[Copy]) -> Standing:
    settings = desk.settings
    here = [copy for copy in copies if copy.store in desk.stores]
    have = {copy.store for copy in here}
    proved = {copy.store for copy in here if copy.grade is not None}
    providers = {settings.stores[name].provided_by for name in proved}
    return Standing(
        tuple(StoredCopy(copy.store, copy.grade) for copy in here),
        tuple(name for name in desk.stores if name not in have),
        len(proved) >= settings.copies_required
        and len(providers) >= settings.ingest.providers_required,
    )
