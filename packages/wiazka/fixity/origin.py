"""Where an expected digest came from: a proof is worth no more than what it is compared with."""

from dataclasses import replace

from wiazka.bag.stored import storage_manifest
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck
from wiazka.catalogue.model import Event, EventKind, EventOutcome, Unchanged
from wiazka.evidence import sha256

_KEPT = (EventKind.STORED, EventKind.REPLICATED)


def with_origins(catalogue: Catalogue, check: CopyCheck) -> CopyCheck:
    """The check, saying of each finding where what was expected came from."""
    if check.identity is None or check.version is None:
        return check
    if not any(finding.expected for finding in check.findings):
        return check
    origin = origin_of(catalogue, check.identity, check.version)
    findings = tuple(
        replace(finding, expected_from=origin) if finding.expected else finding
        for finding in check.findings
    )
    return replace(check, findings=findings)


def origin_of(catalogue: Catalogue, identity: str, number: int) -> str:
    """One of four, with the day and the number of the event that tells of it:

    - ``first read, at ingest``: the ledger has the digest of the storage manifest that was written
      then, and the one that follows from the catalogue has the same;
    - ``stored manifest, adopted by a rebuild, unproved``: no event tells of what was first read;
    - ``catalogue, which differs from the ledger``: somebody changed one of the two;
    - ``catalogue, kept since the ingest``: of before the ledger had that digest.
    """
    events = [event for event in catalogue.events(identity) if event.version == number]
    kept = [e for e in events if e.kind in _KEPT and e.outcome is EventOutcome.SUCCESS]
    digests = _manifests(catalogue, identity, number)
    told = [event for event in kept if "manifest" in event.detail]
    if agreeing := [event for event in told if event.detail["manifest"] in digests]:
        return _told("first read, at ingest", agreeing[0])
    if told:
        return _told("catalogue, which differs from the ledger:", told[0])
    if adopted := [event for event in events if event.kind is EventKind.REBUILT]:
        return _told("stored manifest, adopted by a rebuild, unproved:", adopted[0])
    return _told("catalogue, kept since the ingest", kept[0]) if kept else "catalogue"


def _manifests(catalogue: Catalogue, identity: str, number: int) -> set[str]:
    version, files = catalogue.version(identity, number), catalogue.files(identity, number)
    return {sha256(storage_manifest(version, files, kind)) for kind in Unchanged}


def _told(what: str, event: Event) -> str:
    return f"{what} {event.at:%Y-%m-%d} (event {event.seq})"
