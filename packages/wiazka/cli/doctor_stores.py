"""What wiazka doctor says of a store: what it was seen to do, and what is done instead."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiazka.settings_of_stores import DirectoryStore, S3Store, StoreSettings
from wiazka.stores.base import Capabilities
from wiazka.stores.layout import require_marker
from wiazka.stores.opening import open_store
from wiazka.stores.remembering import Anew

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue

# What it can do, and what is done where it cannot.
_READ_BACK = "every byte is read back"
_TOLD = (
    ("refuses_wrong_bytes", "refuses wrong bytes", _READ_BACK),
    ("refuses_wrong_payload", "checks the signed payload", "its own checksum is relied on"),
    ("returns_digest", "returns digests", _READ_BACK),
    ("conditional_put", "never overwrites", "keys are looked at first"),
    ("whole_crc", "checks what is sent in parts as a whole", _READ_BACK),
    ("keeps_versions", "keeps versions", "not made up for"),
    ("locks", "locks objects", "not made up for"),
)
_OF_BUCKETS = {"refuses_wrong_payload", "whole_crc", "keeps_versions", "locks"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one store."""

    well: bool
    message: str
    hint: str = ""
    warning: str = ""


def look_at(name: str, settings: StoreSettings, catalogue: "Catalogue | None") -> Told:
    """Probe a store anew, and keep what is seen. Raises WiazkaError when that cannot be done."""
    before = catalogue.probe(name) if catalogue else None
    store = open_store(name, settings, Anew(catalogue) if catalogue else None)
    if catalogue and catalogue.has_copies(name):
        # An empty mount point, or another bucket, can do all that a store can.
        require_marker(store)
    elif isinstance(settings, DirectoryStore) and not settings.path.is_dir():
        return Told(well=True, message=f"{store.place}: not there yet; the first ingest makes it")
    seen = store.capabilities()
    message = f"{store.place}: {_described(settings, seen)}"
    if before:
        message += f" (probed before at {before.at:%Y-%m-%d %H:%M} UTC)"
    if not isinstance(settings, S3Store):
        return Told(well=True, message=message)
    if (settings.lock or settings.legal_hold) and not seen.locks:
        return Told(
            well=False,
            message=f"{message}. It does not lock what it is asked to lock",
            hint="Make the bucket with Object Lock, or take the store's lock out of wiazka.toml.",
        )
    return Told(well=True, message=message, warning=_could_be_wiped(settings, seen))


def _described(settings: StoreSettings, seen: Capabilities) -> str:
    asked = [
        (told, instead, getattr(seen, field))
        for field, told, instead in _TOLD
        if isinstance(settings, S3Store) or field not in _OF_BUCKETS
        # Whether it locks is tried only where it is asked to.
        if field != "locks" or (isinstance(settings, S3Store) and settings.lock)
    ]
    can = ", ".join(told for told, _, able in asked if able) or "stores bytes"
    cannot = "; ".join(f"{told} ({instead})" for told, instead, able in asked if not able)
    return f"{can}; does not: {cannot}" if cannot else can


def _could_be_wiped(settings: S3Store, seen: Capabilities) -> str:
    if seen.keeps_versions or settings.lock:
        return ""
    return (
        f"Bucket {settings.bucket} could be wiped: it keeps no versions and nothing in it is "
        "locked. Switch on versioning, better Object Lock (docs/stores.md)."
    )
