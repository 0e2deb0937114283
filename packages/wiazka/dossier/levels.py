"""The NDSA Levels of Digital Preservation 2.0 (2019), judged by what the dossier itself holds.

What a cell asks for is told in our words. What software cannot know stays empty: a claim that
nobody can show evidence for would make the other cells worth less.
"""

from collections.abc import Sequence

from wiazka.catalogue.evidence_history import EvidenceHistory
from wiazka.dossier.facts import Facts
from wiazka.evidence import Grade
from wiazka.report.dossier import Requirement
from wiazka.report.proving import ArchiveFixity, KeptIn

COPIES = "evidence/copies.jsonl"
VERSIONS = "evidence/versions.jsonl"
EVENTS = "evidence/events.jsonl"
STORES = "evidence/stores.json"
COVERAGE = "evidence/coverage.json"
INCIDENTS = "evidence/incidents.jsonl"
REPAIRS = "evidence/repairs.jsonl"


def judged(facts: Facts, told: ArchiveFixity, history: EvidenceHistory) -> tuple[Requirement, ...]:
    """Every requirement of the twenty cells, with what shows it."""
    return (
        *_storage(facts, told.stores),
        *_integrity(facts, told),
        *_control(facts),
        *_metadata(facts, told.stores, history),
        *_content(facts),
    )


def _storage(facts: Facts, stores: Sequence[KeptIn]) -> tuple[Requirement, ...]:
    full = [one for one in stores if one.name in facts.complete()]
    places = {one.location for one in full if one.location}
    media = {one.medium for one in full if one.medium}
    named = ", ".join(f"{one.name} ({one.location})" for one in full if one.location)
    apart = f"Every version has a whole copy in {named}." if len(places) > 1 else None
    documented = bool(stores) and all(one.medium and one.location for one in stores)
    return (
        Requirement(
            "Storage", 1, "Two whole copies, apart from one another", apart, (COPIES, STORES)
        ),
        Requirement(
            "Storage",
            1,
            "Every medium that content is on is documented",
            f"Each of {len(stores)} stores is configured with its place and its medium."
            if documented
            else None,
            (STORES,),
        ),
        Requirement(
            "Storage",
            1,
            "Content is in stable storage",
            f"Of {facts.moves} copies that were made, every one was proved when it was stored."
            if facts.moves and facts.moves == facts.moves_proved
            else None,
            (EVENTS, COPIES),
        ),
        Requirement(
            "Storage",
            2,
            "Three whole copies, one of them far away",
            f"Every version has a whole copy in {len(full)} stores, in {len(places)} locations."
            if len(full) > 2 and len(places) > 1
            else None,
            (COPIES, STORES),
            note="Locations are as configured; how far apart they are is for the reader to see.",
        ),
        Requirement("Storage", 2, "What each storage needs to function is documented", None),
        Requirement("Storage", 3, "One copy where another disaster threatens", None),
        Requirement(
            "Storage",
            3,
            "One copy on another kind of medium",
            f"Every version is on {len(media)} kinds of media: {', '.join(sorted(media))}."
            if len(media) > 1
            else None,
            (COPIES, STORES),
        ),
        Requirement("Storage", 3, "Obsolescence of storage and media is tracked", None),
        Requirement("Storage", 4, "Three copies, each where another disaster threatens", None),
        Requirement(
            "Storage", 4, "Storage is as diverse as can be, with no single point of failure", None
        ),
        Requirement("Storage", 4, "A plan against obsolete storage, carried out", None),
    )


def _integrity(facts: Facts, told: ArchiveFixity) -> tuple[Requirement, ...]:
    read = [one for one in facts.coverages if one.grade is Grade.READ]
    on_time = bool(read) and all(
        one.every is not None and one.copies and not one.overdue + one.never for one in read
    )
    spans = ", ".join(f"{one.store}: {one.every.days} days" for one in read if one.every)
    audited = facts.done("audited")
    moved_back = facts.done("repaired") + facts.done("replicated")
    damage_open = [
        one for one in told.open_incidents if one.outcome.value in ("changed", "missing")
    ]
    apart = len({one.location for one in told.stores if one.name in facts.complete()} - {None}) > 1
    return (
        Requirement(
            "Integrity",
            1,
            "Digests that came with the content are compared",
            None,
            note="metadata/premis.xml in each bag tells it of each delivery.",
        ),
        Requirement(
            "Integrity",
            1,
            "Digests are made where none came",
            f"All {facts.versions} versions are kept under the SHA-256 of their first read."
            if facts.versions
            else None,
            (VERSIONS,),
        ),
        Requirement(
            "Integrity",
            1,
            "All content is checked for viruses, and put in quarantine where needed",
            None,
            note="metadata/premis.xml in each bag tells whether it was.",
        ),
        Requirement(
            "Integrity",
            2,
            "Digests are compared whenever content is moved or copied",
            f"All {facts.moves} copies were proved as they were made, by the store's digest or by "
            "reading."
            if facts.moves and facts.moves == facts.moves_proved
            else None,
            (EVENTS,),
        ),
        Requirement("Integrity", 2, "Original media are read through write-blockers", None),
        Requirement(
            "Integrity",
            2,
            "Digests are backed up, apart from the content",
            "The catalogue has the digests, and so has every store, in more than one location."
            if apart
            else None,
            (VERSIONS, COPIES, STORES),
        ),
        Requirement(
            "Integrity",
            3,
            "Digests are compared at fixed intervals",
            f"Every byte of every copy was read within its interval ({spans})."
            if on_time
            else None,
            (COVERAGE, COPIES, EVENTS),
            note=None if on_time else "See the coverage below for how far it is kept.",
        ),
        Requirement(
            "Integrity",
            3,
            "How digests are compared, and what came of it, is documented",
            f"{audited} checks that went well and {_others(facts)} others are in the ledger."
            if audited
            else None,
            (EVENTS, "fixity/fixity.html"),
        ),
        Requirement(
            "Integrity",
            3,
            "An audit of digests can be had on demand",
            "Audits were run, and this dossier can be re-verified by anybody, offline."
            if audited
            else None,
            (EVENTS, "verify_dossier.py"),
        ),
        Requirement(
            "Integrity",
            4,
            "Digests are compared after particular events",
            f"{moved_back} copies were proved after they were repaired or replicated."
            if moved_back
            else None,
            (EVENTS,),
        ),
        Requirement(
            "Integrity",
            4,
            "Damaged content is repaired or replaced",
            f"{len(told.repairs)} repairs are in the ledger, and no damage is open."
            if told.repairs and not damage_open
            else None,
            (REPAIRS, INCIDENTS, EVENTS),
            note=None if told.repairs else "Nothing had to be repaired so far.",
        ),
    )


def _others(facts: Facts) -> int:
    return sum(
        number
        for (kind, how), number in facts.kinds.items()
        if kind == "audited" and how != "success"
    )


def _control(facts: Facts) -> tuple[Requirement, ...]:
    agents = ", ".join(sorted(facts.agents))
    roles = "Which key may do what is in access/; who holds the keys is not known here."
    return (
        Requirement(
            "Control",
            1,
            "Who and what may read, write, move and delete is decided",
            None,
            note=roles,
        ),
        Requirement(
            "Control",
            2,
            "That is documented, and applied",
            None,
            ("access/roles.json",),
            note=roles,
        ),
        Requirement(
            "Control",
            3,
            "Logs are kept of what was done to content",
            f"{facts.events} events are chained, each with the program that did it: {agents}."
            if facts.events
            else None,
            (EVENTS,),
        ),
        Requirement(
            "Control",
            3,
            "They name the persons and programs that did it",
            None,
            note="Programs are named in every event, persons only where they removed something or "
            "judged an incident.",
        ),
        Requirement("Control", 4, "Logs are reviewed from time to time", None),
    )


def _metadata(
    facts: Facts, stores: Sequence[KeptIn], history: EvidenceHistory
) -> tuple[Requirement, ...]:
    located = bool(stores) and all(one.location for one in stores)
    apart = len({one.location for one in stores if one.name in facts.complete()} - {None}) > 1
    standards = ("metadata/dc.xml", "metadata/premis.xml")
    all_in = facts.versions and all(history.files(path) == facts.versions for path in standards)
    return (
        Requirement(
            "Metadata",
            1,
            "An inventory of content, and where it is",
            f"{facts.versions} versions and where each copy of them lies."
            if facts.versions and located
            else None,
            (VERSIONS, COPIES, STORES),
        ),
        Requirement(
            "Metadata",
            1,
            "The inventory is backed up apart from the content",
            "Whole copies with their manifests are in more than one place; 'wiazka rebuild' makes "
            "the inventory anew from any one of them."
            if apart
            else None,
            (COPIES, STORES),
        ),
        Requirement(
            "Metadata",
            2,
            "Enough metadata to know what the content is",
            f"Each of {facts.versions} versions has a record with a title, and its files."
            if facts.versions and facts.described == facts.versions
            else None,
            (VERSIONS,),
        ),
        Requirement(
            "Metadata",
            3,
            "Which metadata standards apply is decided",
            "Dublin Core terms and PREMIS are written into every bag." if all_in else None,
            (VERSIONS,),
        ),
        Requirement("Metadata", 3, "Gaps against these standards are found and filled", None),
        Requirement(
            "Metadata",
            4,
            "What was done for preservation, and when, is recorded",
            f"{facts.events} events, each with its time." if facts.events else None,
            (EVENTS,),
        ),
        Requirement(
            "Metadata",
            4,
            "The chosen standards are put into practice",
            f"All {facts.versions} versions hold metadata/dc.xml and metadata/premis.xml."
            if all_in
            else None,
            (VERSIONS,),
        ),
    )


def _content(facts: Facts) -> tuple[Requirement, ...]:
    known = facts.files and facts.files == facts.files_with_format
    short = f"{facts.files_with_format} of {facts.files} files have a PRONOM identifier."
    return (
        Requirement(
            "Content",
            1,
            "Formats are documented, with how and when they were identified",
            f"All {facts.files} files have a PRONOM identifier, made as they came."
            if known
            else None,
            (VERSIONS,),
            note=None if known else short,
        ),
        Requirement("Content", 2, "Formats and other characteristics are verified", None),
        Requirement("Content", 2, "Creators are asked for formats that last", None),
        Requirement("Content", 3, "Obsolescence of formats and technology is watched", None),
        Requirement("Content", 4, "Content is migrated, normalised or emulated where needed", None),
    )
