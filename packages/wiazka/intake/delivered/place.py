"""Where the files of a delivered bag belong: its payload as any submission, its tag files kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from wiazka.bag.plan import wrapping
from wiazka.intake.checksums import is_checksum_file
from wiazka.intake.model import FileRole
from wiazka.intake.roles import DELIVERED, Placed, place
from wiazka.intake.tree import Found
from wiazka.record.sidecar import SIDECAR_NAMES
from wiazka.record.transfer import METADATA_CSV

_PAYLOAD = "data/"
_OWN_METADATA = f"{_PAYLOAD}{METADATA_CSV}"


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one bag's files. ``own``: a bag of wiazka's, which keeps its layout.

    ``kept`` is the folder for its tag files, one that no bag it was made from has taken.
    """

    own: bool
    kept: str

    def placed(self, found: Found) -> Found:
        """A file with its place told."""
        return replace(found, placed=self._place(found.name))

    def sidecar(self, name: str) -> str | None:
        """The sidecar that a file of this path in the bag is; None for any other file.

        It lies in the payload, or, where the bag was not to be changed, among its tag files.
        """
        if self.own:
            # It holds all that record.yaml, rows and defaults said, put together.
            return METADATA_CSV if name == _OWN_METADATA else None
        inner = name.removeprefix(_PAYLOAD)
        if inner in (*SIDECAR_NAMES, METADATA_CSV):
            return inner
        tagged = name.removeprefix("metadata/")
        return tagged if tagged in SIDECAR_NAMES else None

    def _place(self, name: str) -> Placed:
        inner = name.removeprefix(_PAYLOAD)
        if self.own:
            return self._own(name, inner)
        if inner == name:
            if sidecar := self.sidecar(name):
                return place(sidecar)
            return Placed(FileRole.METADATA, None, told=True, bag_path=f"{self.kept}/{name}")
        return place(inner)

    def _own(self, name: str, inner: str) -> Placed:
        placed = place(inner)
        role = placed.role
        if name == _OWN_METADATA:
            return Placed(FileRole.SIDECAR, None, told=True, bag_path=f"{self.kept}/{name}")
        if inner == name:
            return Placed(FileRole.METADATA, None, told=True, bag_path=f"{self.kept}/{name}")
        if wrapping(name):
            role = FileRole.METADATA
        elif name.startswith(f"{DELIVERED}/"):
            role = FileRole.SIDECAR
        elif name.startswith("data/metadata/") and is_checksum_file(name):
            role = FileRole.CHECKSUMS
        return Placed(role, placed.language, told=True, bag_path=name)


def places(names: Iterable[str], *, own: bool) -> Places:
    """The places of a bag with files of these names."""
    taken = {wrapping(name) for name in names} if own else set()
    folders = (f"{DELIVERED}/bag{f'-{n}' if n > 1 else ''}" for n in count(1))
    return Places(own, next(folder for folder in folders if folder not in taken))
