"""Making a dossier: the evidence first, then what is judged by it, then the pages that tell it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.evidence_history import EvidenceHistory
from wiazka.catalogue.fixity_model import AGENT
from wiazka.dossier.facts import Facts, told_copies, told_events, told_versions
from wiazka.dossier.levels import (
    COPIES,
    COVERAGE,
    EVENTS,
    INCIDENTS,
    REPAIRS,
    STORES,
    VERSIONS,
    judged,
)
from wiazka.dossier.packing import MANIFEST, Packing, packing
from wiazka.dossier.seal import HEADINGS
from wiazka.fixity.history import archive_fixity
from wiazka.phrase import say
from wiazka.report.archive_fixity import archive_fixity_html, archive_fixity_tables
from wiazka.report.archive_fixity_json import archive_fixity_json, plain
from wiazka.report.dossier import Dossier, Role, dossier_html
from wiazka.report.proving import ArchiveFixity
from wiazka.restore.room import room_explained
from wiazka.settings import Settings, config_dir

_VERIFIER = "verify_dossier.py"
_FILES = {
    VERSIONS: say("every version that is kept, with the digest of its content"),
    COPIES: say("every copy, and when it was last proved at each grade"),
    EVENTS: say("the ledger: every event, chained to the one before"),
    COVERAGE: say("coverage, counted from the copies"),
    STORES: say("the stores as configured, without keys"),
    "evidence/probes.jsonl": say("what each store was seen to do"),
    INCIDENTS: say("incidents with their story"),
    REPAIRS: say("repairs"),
    "evidence/drills.jsonl": say("drills"),
    "evidence/checkpoints.jsonl": say("checkpoints of the ledger"),
    "evidence/levels.json": say("what is shown of the NDSA Levels, and by which files"),
    "access/roles.json": say("what may be done with the keys of each task"),
    "fixity/fixity.html": say("what was proved when, over the years"),
    "fixity/fixity.json": say("the same for programs"),
    MANIFEST: say("the SHA-256 of every file here"),
    _VERIFIER: say("re-verifies all of it, offline: python3 verify_dossier.py"),
}
_LINE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=plain)


def make_dossier(
    catalogue: Catalogue, settings: Settings, at: datetime, to: Path
) -> tuple[Dossier, str]:
    """Write the dossier of the whole archive to a zip file; what it tells, and its digest.

    The digest is that of its manifest, to be told to the auditor by another way. Of the same
    catalogue, settings and ``at`` the same bytes are made. The folder is made if need be.
    Raises CatalogueError, NoRoom, OSError.
    """
    history = catalogue.audits.history
    told = archive_fixity(catalogue, settings, at)
    facts = Facts()
    with room_explained(to.parent), packing(to) as pack:
        pack.add(VERSIONS, _lines(told_versions(facts, history.versions())))
        pack.add(COPIES, _lines(told_copies(facts, history.copies(), settings, at)))
        pack.add(EVENTS, (f"{line}\n" for line in told_events(facts, catalogue.links())))
        _add_told(pack, told, facts, history, at)
        checkpoints = history.checkpoints()
        pack.add("evidence/checkpoints.jsonl", _lines(checkpoints))
        requirements = judged(facts, told)
        pack.add("evidence/levels.json", [_json([asdict(one) for one in requirements])])
        roles = _roles()
        for role in roles:
            pack.add(role.file, [(config_dir() / "iam" / f"{role.name}.json").read_text("utf-8")])
        pack.add("access/roles.json", [_json(_rules(roles, settings))])
        pack.add("fixity/fixity.html", [archive_fixity_html(told, settings.lang)])
        pack.add("fixity/fixity.json", [archive_fixity_json(told)])
        for name, table in archive_fixity_tables(told, settings.lang).items():
            pack.add(f"fixity/{name}.csv", [table])
        head = catalogue.event_hash(facts.events) or "0" * 64
        dossier = Dossier(
            archive=settings.archive,
            agent=AGENT,
            made_at=at,
            packages=len(facts.packages),
            versions=facts.versions,
            copies=facts.copies.total(),
            events=facts.events,
            head=head,
            checkpoints=len(checkpoints),
            incidents=len(told.incidents),
            open_incidents=len(told.open_incidents),
            repairs=len(told.repairs),
            drills=len(told.drills),
            stores=told.stores,
            coverages=facts.coverages,
            requirements=requirements,
            headings=HEADINGS,
            roles=roles,
            files=tuple(_FILES.items()),
        )
        pack.add("evidence/head.json", [_json({"count": facts.events, "hash": head})])
        pack.add("index.html", [dossier_html(dossier, settings.lang)])
        pack.add(_VERIFIER, [verifier_source()])
        return dossier, pack.close()


def verifier_source() -> str:
    """The program that re-verifies a dossier: one file, of the standard library alone."""
    return (Path(__file__).parent / _VERIFIER).read_text("utf-8")


def _add_told(
    pack: Packing, told: ArchiveFixity, facts: Facts, history: EvidenceHistory, at: datetime
) -> None:
    coverage = {"made_at": at, "coverage": [asdict(one) for one in facts.coverages]}
    pack.add(COVERAGE, [_json(coverage)])
    pack.add(STORES, [_json([asdict(one) for one in told.stores])])
    pack.add("evidence/probes.jsonl", _lines(asdict(one) for one in history.probes()))
    pack.add(INCIDENTS, _lines(asdict(one) for one in told.incidents))
    repairs = ({**asdict(one), "detail": dict(one.detail)} for one in told.repairs)
    pack.add(REPAIRS, _lines(repairs))
    pack.add("evidence/drills.jsonl", _lines(asdict(one) for one in told.drills))


def _roles() -> tuple[Role, ...]:
    roles = []
    for path in sorted((config_dir() / "iam").glob("*.json")):
        statements = json.loads(path.read_text("utf-8"))["Statement"]
        actions = {action for one in statements for action in one["Action"]}
        roles.append(Role(path.stem, f"access/{path.name}", tuple(sorted(actions))))
    return tuple(roles)


def _rules(roles: Iterable[Role], settings: Settings) -> dict[str, object]:
    return {
        "keys": [asdict(role) for role in roles],
        "removal": {
            "persons": 2,
            "told_apart_by": settings.deaccession.persons,
            "grace_days": settings.deaccession.grace_days,
        },
        "locks": {
            name: lock.model_dump(mode="json", exclude_none=True)
            for name, store in settings.stores.items()
            if store.kind == "s3" and (lock := store.lock)
        },
    }


def _lines(rows: Iterable[dict[str, object]] | Iterable[dict[str, str | int]]) -> Iterator[str]:
    for row in rows:
        yield _LINE.encode(row) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=plain) + "\n"
