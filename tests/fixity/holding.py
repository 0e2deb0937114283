"""A catalogue and one store that hold three packages, and the means to harm what lies there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from tests.services.running import Service
from wiazka.bag.held import Held
from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.plan import About, content_digest, plan
from wiazka.bag.push import push
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Audit
from wiazka.catalogue.model import File
from wiazka.evidence import Grade
from wiazka.fixity.audit import run_audit
from wiazka.fixity.scope import Scope
from wiazka.record.model import Record
from wiazka.settings import Archive
from wiazka.stores.base import Store
from wiazka.stores.layout import ensure_marker, manifest_key, version_prefix

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SCAN, TEXT = "data/objects/scans/0001r.tif", "data/objects/translation/en/0001.txt"
NOTE = {"scans/0001r.tif": b"II*\0" + b"recto" * 900, "scans/0001v.tif": b"II*\0" + b"verso" * 900}
OTHER = {"scans/0001r.tif": b"II*\0" + b"others" * 700, "translation/en/0001.txt": b"Another."}
GROWN = {"scans/0001r.tif": b"II*\0" + b"grown" * 900, "translation/en/0001.txt": b"A note."}
CORRECTED = {**GROWN, "translation/en/0001.txt": b"A corrected note."}

# Outcome, identity, version, path.
Accused = tuple[str, str | None, int | None, str]


class Tools(Protocol):
    """What somebody with write access can do behind wiazka's back; keys are the store's."""

    def read(self, key: str) -> bytes: ...
    def write(self, key: str, data: bytes) -> None: ...
    def delete(self, key: str) -> None: ...


@dataclass(frozen=True)
class OnDisk:
    root: Path

    def read(self, key: str) -> bytes:
        return (self.root / key).read_bytes()

    def write(self, key: str, data: bytes) -> None:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(data)

    def delete(self, key: str) -> None:
        (self.root / key).unlink()


class InBucket:
    """By a plain S3 client with the server's own keys."""

    def __init__(self, service: Service, place: str) -> None:
        where = urlsplit(place)
        self.client, self.bucket = service.client(), where.netloc
        self.prefix = f"{where.path.strip('/')}/" if where.path.strip("/") else ""

    def read(self, key: str) -> bytes:
        found = self.client.get_object(Bucket=self.bucket, Key=self.prefix + key)
        return found["Body"].read()

    def write(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + key)


@dataclass
class Holding:
    """What is kept, as it was handed over: ``bags`` are what no store can change."""

    catalogue: Catalogue
    store: Store
    tools: Tools
    bags: dict[tuple[str, int], BagPlan] = field(default_factory=dict)

    def keep(self, identity: str, number: int, files: Mapping[str, bytes]) -> None:
        """Keep a document as the next version of a package."""
        entries = [
            Entry(f"data/objects/{name}", data, len(data), {"sha256": _sha256(data)})
            for name, data in files.items()
        ]
        earlier = {n: files_of(bag) for (name, n), bag in self.bags.items() if name == identity}
        version = self.catalogue.begin_version(
            identity, content_digest(entries), AT, "delivery", "folder", "Notatka"
        )
        assert version.number == number
        about = About(identity, number, "delivery", AT, Archive(name="Archiwum"), ("sha256",))
        bag = plan(Record(title="Notatka"), entries, about, [], Held.by(earlier))
        self.catalogue.describe_version(
            identity,
            number,
            record_json="{}",
            files=files_of(bag),
            size=bag.size,
            search="",
            signed=[],
        )
        pushed = push(bag, self.store, version)
        now = datetime.now(UTC)
        told = {"manifest": pushed.manifest}
        self.catalogue.copy_stored(
            identity, number, self.store.name, Grade.READ, now, "Stored.", told
        )
        self.catalogue.register(identity, number, now, "Registered.")
        self.bags[identity, number] = bag

    def audit(self, scope: Scope | None = None) -> Audit:
        """An audit of all that is there."""
        return run_audit(self.catalogue, {self.store.name: self.store}, scope or Scope())

    def accused(self, scope: Scope | None = None) -> list[Accused]:
        """All that an audit finds fault with."""
        found = self.audit(scope).findings
        return sorted((str(f.outcome), f.identity, f.version, f.path) for f in found)

    def key(self, identity: str, number: int, path: str) -> str:
        return version_prefix(identity, number) + path

    def mark(self, identity: str, number: int) -> str:
        return manifest_key(identity, number)

    def own(self, identity: str, number: int) -> dict[str, bytes]:
        """The files that lie with a version itself, with the bytes that were handed over."""
        bag = self.bags[identity, number]
        held = (entry for entry in bag.entries if entry.held_in is None)
        return {entry.path: _bytes(entry) for entry in held}


def filled(catalogue: Catalogue, store: Store, tools: Tools) -> Holding:
    """Three packages, one of them with a version that refers to the one before."""
    ensure_marker(store)
    holding = Holding(catalogue, store, tools)
    holding.keep("main/note", 1, NOTE)
    holding.keep("main/other", 1, OTHER)
    holding.keep("main/grown", 1, GROWN)
    holding.keep("main/grown", 2, CORRECTED)
    return holding


def files_of(bag: BagPlan) -> list[File]:
    return [File(e.path, e.size, e.sha256, "", e.held_in, e.held_as) for e in bag.entries]


def _bytes(entry: Entry) -> bytes:
    assert isinstance(entry.source, bytes)
    return entry.source


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
