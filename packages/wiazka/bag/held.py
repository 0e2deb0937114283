"""What earlier versions of a package hold already, so that a next one need not hold it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from wiazka.bag.model import Entry
from wiazka.catalogue.model import File

_Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Held:
    """For the size and SHA-256 of files: in which versions, and under which paths, they lie."""

    places: Mapping[tuple[int, str], tuple[_Place, ...]] = field(default_factory=dict)

    @classmethod
    def by(cls, versions: Mapping[int, Iterable[File]]) -> Self:
        """What these versions (by their numbers) hold themselves, or refer to one another for."""
        # Never a chain: what a version refers to is named by who really holds it.
        held = (
            (file, (file.held_in or number, file.held_as or file.path))
            for number, files in versions.items()
            for file in files
            # A tag file is no place for payload, even if it happens to have the same bytes.
            if file.path.startswith("data/")
        )
        return cls(_by_bytes((file, place) for file, place in held if place[0] in versions))

    @classmethod
    def as_described(cls, files: Iterable[File]) -> Self:
        """What the files of a version that was described before refer to."""
        return cls(
            _by_bytes(
                (file, (file.held_in, file.held_as or file.path))
                for file in files
                if file.held_in is not None
            )
        )

    def marked(self, entry: Entry) -> Entry:
        """The entry, saying where its bytes are held; under the same path if they can be."""
        places = self.places.get((entry.size, entry.sha256))
        if not places:
            return entry
        number, path = min(places, key=lambda place: (place[1] != entry.path, place))
        return replace(entry, held_in=number, held_as=None if path == entry.path else path)


NOTHING_HELD = Held()


def _by_bytes(
    held: Iterable[tuple[File, _Place]],
) -> dict[tuple[int, str], tuple[_Place, ...]]:
    places: dict[tuple[int, str], set[_Place]] = {}
    for file, place in held:
        places.setdefault((file.size, file.sha256), set()).add(place)
    return {its_bytes: tuple(sorted(some)) for its_bytes, some in places.items()}
