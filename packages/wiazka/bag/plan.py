"""From a record and its files to a bag, as a value: nothing is copied, nothing is written."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wiazka import __version__
from wiazka.bag.fetch import fetch_txt
from wiazka.bag.held import NOTHING_HELD, Held
from wiazka.bag.manifest import BAGIT_TXT, bag_info, bag_size, manifest, payload_oxum
from wiazka.bag.model import BagPlan, Entry
from wiazka.bag.profile import PROFILE_IDENTIFIER
from wiazka.record.crosswalk import (
    PremisEvent,
    dublin_core,
    metadata_csv,
    premis,
    record_json,
)
from wiazka.record.model import Record
from wiazka.settings import Archive


@dataclass(frozen=True, slots=True)
class About:
    """What a bag says of itself beside the record; ``bagged_at`` is UTC."""

    identity: str
    version: int
    delivery: str
    bagged_at: datetime
    archive: Archive
    algorithms: tuple[str, ...]


# The tag files of a bag that was handed over: the wrapping of a document, not the document.
_WRAPPING = re.compile(r"data/metadata/submissionDocumentation/delivered/bag(-\d+)?/")


def wrapping(path: str) -> str | None:
    """The folder of a delivered bag's tag files (``…/delivered/bag-2``) that a path lies in."""
    found = _WRAPPING.match(path)
    return found[0].rstrip("/") if found else None


def content_digest(files: Iterable[Entry]) -> str:
    """The digest of what was delivered: equal for equal files at equal places in the bag.

    The tag files of a delivered bag do not count: the same document is the same, however it came.
    """
    counted = (file for file in files if not wrapping(file.path))
    lines = sorted(f"{file.sha256}  {file.path}\n" for file in counted)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def plan(
    record: Record,
    files: Sequence[Entry],
    about: About,
    events: Sequence[PremisEvent],
    held: Held = NOTHING_HELD,
) -> BagPlan:
    """The bag of a document (RFC 8493, DESIGN §4).

    ``files`` are the delivered files with the digests of their first read; those that are ``held``
    by earlier versions are in fetch.txt. The same arguments give the same bytes, so that an
    interrupted push can be taken up again.
    """
    table = _tag("data/metadata/metadata.csv", metadata_csv(record), about)
    payload = [held.marked(entry) for entry in (*files, table)]
    descriptions = [
        _tag("metadata/record.json", record_json(record), about),
        _tag("metadata/dc.xml", dublin_core(record), about),
        _tag("metadata/premis.xml", premis(record, about.identity, events), about),
    ]
    manifests = [
        _tag(f"manifest-{algorithm}.txt", _manifest(payload, algorithm), about)
        for algorithm in about.algorithms
    ]
    tags = [
        _tag("bagit.txt", BAGIT_TXT, about),
        _tag("bag-info.txt", _info(record, payload, about), about),
        *manifests,
        *descriptions,
    ]
    if fetch := fetch_txt(about.identity, about.version, payload):
        tags.append(_tag("fetch.txt", fetch, about))
    tag_manifests = [
        _tag(f"tagmanifest-{algorithm}.txt", _manifest(tags, algorithm), about)
        for algorithm in about.algorithms
    ]
    entries = sorted([*payload, *tags, *tag_manifests], key=lambda entry: entry.path)
    return BagPlan(about.identity, about.version, content_digest(files), tuple(entries))


def _tag(path: str, data: bytes, about: About) -> Entry:
    names = {"sha256", *about.algorithms}
    digests = {name: hashlib.new(name, data).hexdigest() for name in sorted(names)}
    return Entry(path, data, len(data), digests)


def _manifest(entries: Iterable[Entry], algorithm: str) -> bytes:
    return manifest((entry.path, entry.digests[algorithm]) for entry in entries)


def _info(record: Record, payload: Sequence[Entry], about: About) -> bytes:
    archive = about.archive
    sizes = {entry.path: entry.size for entry in payload}
    return bag_info(
        [
            ("BagIt-Profile-Identifier", PROFILE_IDENTIFIER),
            ("Source-Organization", archive.name),
            ("Organization-Address", archive.address),
            ("Contact-Name", archive.contact_name),
            ("Contact-Phone", archive.contact_phone),
            ("Contact-Email", archive.contact_email),
            ("External-Identifier", about.identity),
            ("External-Description", record.title),
            *(("Internal-Sender-Identifier", source.verbatim) for source in record.sources),
            *(("Internal-Sender-Description", line) for line in record.source_lines),
            ("Bag-Group-Identifier", about.delivery),
            ("Bagging-Date", f"{about.bagged_at:%Y-%m-%d}"),
            ("Payload-Oxum", payload_oxum(sizes)),
            ("Bag-Size", bag_size(sum(sizes.values()))),
            ("Bag-Software-Agent", f"wiazka {__version__}"),
        ]
    )
