"""A store by itself, without a database: its keys against its manifests, both ways.

The listing is walked once, in its order, and memory holds one package at a time.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from wiazka.errors import LedgerBroken, StoreError
from wiazka.ledger.segments import Reader, is_of_ledger
from wiazka.rebuild.package import Kind, PackageCheck, Say
from wiazka.stores.base import STORE_MARKER, ObjectInfo, Store
from wiazka.stores.layout import ASIDE, LEDGER, PROBES, require_marker

_PACKAGE = re.compile(r"packages/([a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*)/.+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at; ``read`` is the bytes that were fetched and hashed.

    ``aside`` is how many objects are damaged bytes that repairs kept.
    """

    packages: int
    versions: int
    objects: int
    bytes: int
    read: int
    events: int
    aside: int = 0


def verify(
    store: Store, say: Say, tell: Callable[[str], None] = lambda _: None, *, reading: bool
) -> Verified:
    """Look at all of a store; ``say`` hears of each finding, ``tell`` of each package.

    With ``reading`` every byte is fetched and hashed. Needs only the right to read. Raises the
    errors of a store that does not answer: that is not one that has lost something.
    """
    _marker(store, say)
    count: Counter[str] = Counter()
    for identity, infos in groupby(_counted(store.list(), count), _package_of):
        if identity is None:
            count["aside"] += _beside(infos, say)
            continue
        tell(identity)
        count["packages"] += 1
        PackageCheck(store, identity, list(infos), say, count).look(reading=reading)
    events = _ledger(store, say, count["versions"])
    return Verified(
        packages=count["packages"],
        versions=count["versions"],
        objects=count["objects"],
        bytes=count["bytes"],
        read=count["read"],
        events=events,
        aside=count["aside"],
    )


def _marker(store: Store, say: Say) -> None:
    try:
        marker = require_marker(store)
    except StoreError as error:
        # Without a marker nothing can be in it either; a store that is away raises at the listing.
        say(Kind.MARKER, STORE_MARKER, error.message)
        return
    if marker.store != store.name:
        told = f"The store was begun as {marker.store!r}, and is {store.name!r} in wiazka.toml."
        say(Kind.MARKER, STORE_MARKER, told)


def _counted(infos: Iterable[ObjectInfo], count: Counter[str]) -> Iterator[ObjectInfo]:
    for info in infos:
        count["objects"] += 1
        count["bytes"] += info.size
        yield info


def _package_of(info: ObjectInfo) -> str | None:
    found = _PACKAGE.fullmatch(info.key)
    return found[1] if found else None


def _beside(infos: Iterable[ObjectInfo], say: Say) -> int:
    """Look at what is of no package; how many of it are evidence of repairs."""
    aside = 0
    for info in infos:
        if info.key.startswith(ASIDE):
            aside += 1
            continue
        known = info.key == STORE_MARKER or info.key in PROBES or is_of_ledger(info.key)
        if not known:
            told = f"Nothing that wiazka keeps has such a key ({info.size} bytes)."
            say(Kind.EXTRA, info.key, told)
    return aside


def _ledger(store: Store, say: Say, versions: int) -> int:
    reader = Reader(store)
    try:
        for _ in reader:
            pass
    except LedgerBroken as error:
        say(Kind.LEDGER, LEDGER, error.message)
        return reader.count
    if versions and not reader.count:
        say(Kind.LEDGER, LEDGER, "There are versions, and no event that tells of them.")
    return reader.count
