"""What looking at a copy takes of each store: bytes, requests, money."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from wiazka.catalogue.catalogue import Catalogue
from wiazka.evidence import Grade
from wiazka.fixity.portion import requests_for
from wiazka.settings import Settings
from wiazka.settings_of_stores import DirectoryStore
from wiazka.spending import FREE, Cost, Price


@dataclass(frozen=True, slots=True)
class Terms:
    """A store's price, and the grades at which its copies have to be read for a proof."""

    price: Price = FREE
    reading: frozenset[Grade] = frozenset({Grade.READ})

    def cost(self, grade: Grade, copies: int, size: int, files: int) -> Cost:
        """What so many copies with so many bytes and files together cost at ``grade``."""
        read = size if grade in self.reading else 0
        return self.price.cost(read, requests_for(copies, files))


def terms_of(catalogue: Catalogue, settings: Settings) -> Mapping[str, Terms]:
    """The terms of each store that is configured."""
    found = {}
    for name in settings.stores:
        policy = settings.fixity.get(name)
        reading = {Grade.READ}
        if not _tells_digests(catalogue, settings, name):
            # Such a store's copies are read instead: see fixity.check.
            reading.add(Grade.STORED_DIGEST)
        found[name] = Terms(policy.price if policy else FREE, frozenset(reading))
    return found


def _tells_digests(catalogue: Catalogue, settings: Settings, store: str) -> bool:
    probe = catalogue.probe(store)
    if isinstance(settings.stores[store], DirectoryStore) or probe is None:
        return False
    seen = json.loads(probe.seen)
    return bool(seen.get("refuses_wrong_bytes") and seen.get("returns_digest"))
