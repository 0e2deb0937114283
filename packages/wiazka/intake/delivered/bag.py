"""A bag that was handed over, as the submission that it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from wiazka.bag.profile import PROFILE_IDENTIFIER
from wiazka.intake.delivered.judge import Judged, judge
from wiazka.intake.delivered.place import Places, places
from wiazka.intake.delivered.tagfiles import ALGORITHMS, manifest_named, read_info
from wiazka.intake.model import SourceFile
from wiazka.intake.tree import Tree


@dataclass(frozen=True, slots=True)
class DeliveredBag:
    """A bag on disk: its files with their places told, and what they have to be read with.

    ``algorithms`` are those of its manifests.
    """

    tree: Tree
    places: Places
    algorithms: frozenset[str]

    @classmethod
    def of(cls, root: Path, tree: Tree) -> "DeliveredBag":
        """The bag in a folder that was walked."""
        where = places((found.name for found in tree.files), own=_is_own(root))
        manifests = (manifest_named(found.name) for found in tree.files)
        known = {one.algorithm for one in manifests if one} & set(ALGORITHMS)
        placed = replace(tree, files=tuple(map(where.placed, tree.files)))
        return cls(placed, where, frozenset(known))

    def judge(self, files: Iterable[SourceFile]) -> Judged:
        """The bag judged by RFC 8493; ``files`` are those of it that could be read.

        What bag-info.txt says of the document is not asked where the record is all there.
        """
        judged = judge(self.tree, files)
        return replace(judged, said=None) if self.places.own else judged


def _is_own(root: Path) -> bool:
    """Whether it is one of wiazka's, restored from a store and handed over again."""
    try:
        info, _ = read_info((root / "bag-info.txt").read_bytes())
    except OSError:
        return False
    return ("BagIt-Profile-Identifier", PROFILE_IDENTIFIER) in info
