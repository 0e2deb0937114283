"""What a policy asks of one store on one day, and which copies that is."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from wiazka.catalogue.model import Copy

# Beside its files a copy is asked for its storage manifest, and for a list of what lies there.
_BESIDE = 2
# How many copies that are too large for what is left of a day are passed over.
_PASSED_OVER = 1000


def requests_for(copies: int, files: int) -> int:
    """How often a store is asked for so many copies with so many files together."""
    return files + _BESIDE * copies


@dataclass(frozen=True, slots=True)
class Load:
    """How copies are counted, in the unit of the budget: so much a byte, so much a request."""

    per_byte: float
    per_request: float

    def of(self, copies: int, size: int, files: int) -> float:
        """The load of so many copies, with so many bytes and files together."""
        return self.per_byte * size + self.per_request * requests_for(copies, files)


@dataclass(frozen=True, slots=True)
class Portion:
    """A day's work for one grade in one store; amounts are in the unit of ``load``.

    ``again``: for copies whose last check was not ok. ``urgent``: what was last proved on that day
    or before has to be proved today; ``ration``: what is to be proved today, all days being alike.
    A copy that goes beyond the ration is begun where the last days together leave ``room`` for it,
    so that a large one does not wait until it is urgent, and small archives are not read too often.
    ``limit``: what the budget leaves for all of these but ``again``.
    """

    load: Load
    again: float
    urgent: date
    ration: float
    room: float
    limit: float = math.inf

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return self.again <= 0 and self.limit <= 0


def fitting(
    failed: Iterable[Copy], by_age: Iterable[tuple[datetime, Copy]], portion: Portion
) -> Iterator[Copy]:
    """The copies of a portion: those that failed, and others by when they have to be proved."""
    again, in_time = _again(failed, portion), _in_time(by_age, portion)
    # Every second day the others come first: one damaged copy as large as the budget would else
    # leave them nothing, on any day.
    return chain(in_time, again) if portion.urgent.toordinal() % 2 else chain(again, in_time)


def _again(failed: Iterable[Copy], portion: Portion) -> Iterator[Copy]:
    taken = 0.0
    if portion.again > 0:
        for copy in failed:
            yield copy
            taken += portion.load.of(1, copy.size, copy.file_count)
            if taken >= portion.again:
                return


def _in_time(by_age: Iterable[tuple[datetime, Copy]], portion: Portion) -> Iterator[Copy]:
    taken, passed = 0.0, 0
    for since, copy in by_age:
        if taken >= portion.limit:
            return
        load = portion.load.of(1, copy.size, copy.file_count)
        # A hair more, since sums of fractions never are what they should be.
        fits = taken + load <= max(portion.ration, portion.room) * (1 + 1e-9)
        if since.date() <= portion.urgent or (taken < portion.ration and fits):
            yield copy
            taken += load
        else:
            passed += 1
            if taken >= portion.ration or passed > _PASSED_OVER:
                return
