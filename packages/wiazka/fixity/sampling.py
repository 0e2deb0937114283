"""A random sample of copies, and what it says of all the others."""

import hashlib
import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

CONFIDENCE = 0.95

Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A share of the copies, drawn by chance; the same ``seed`` draws the same of the same."""

    share: Fraction
    seed: str

    def size(self, population: int) -> int:
        """How many copies of so many are drawn: at least one, where there is any."""
        return math.ceil(self.share * population)


def drawn(population: Iterable[Key], size: int, seed: str) -> list[Key]:
    """``size`` of the copies, each set of so many as likely as any other, in random order.

    The order is part of it: whatever a budget leaves of a sample is a smaller random sample. By age
    the first would be the longest unproved, and would say nothing of the rest.
    """

    def rank(key: Key) -> bytes:
        identity, version, store = key
        return hashlib.sha256(f"{seed}\n{store}\n{identity}\n{version}".encode()).digest()

    return heapq.nsmallest(size, population, key=rank)


def at_most(damaged: int, seen: int) -> float:
    """The share of all copies that are damaged is below this with 95 % confidence.

    Clopper and Pearson's one-sided bound, which never claims more than the sample shows.
    """
    if damaged >= seen:
        return 1.0
    low, high = damaged / seen, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most_so_many(damaged, seen, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most_so_many(damaged: int, seen: int, share: float) -> float:
    """How likely ``seen`` random copies have at most ``damaged``, if ``share`` of all are."""
    if not 0 < share < 1:
        return 1.0 if share <= 0 else 0.0
    whole = math.lgamma(seen + 1)
    return math.fsum(
        math.exp(
            whole
            - math.lgamma(k + 1)
            - math.lgamma(seen - k + 1)
            + k * math.log(share)
            + (seen - k) * math.log1p(-share)
        )
        for k in range(damaged + 1)
    )
