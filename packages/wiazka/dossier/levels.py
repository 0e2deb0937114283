"""The NDSA Levels of Digital Preservation 2.0 (2019), judged by what the dossier itself holds.

What a cell asks for is told in our words. What software cannot know stays empty: a claim that
nobody can show evidence for would make the other cells worth less.
"""

from collections.abc import Sequence

from wiazka.dossier.facts import Facts
from wiazka.evidence import DAMAGE, Grade
from wiazka.phrase import say, say_many
from wiazka.report.dossier import Requirement
from wiazka.report.proving import ArchiveFixity, KeptIn

COPIES = "evidence/copies.jsonl"
VERSIONS = "evidence/versions.jsonl"
EVENTS = "evidence/events.jsonl"
STORES = "evidence/stores.json"
COVERAGE = "evidence/coverage.json"
INCIDENTS = "evidence/incidents.jsonl"
REPAIRS = "evidence/repairs.jsonl"


def judged(facts: Facts, told: ArchiveFixity) -> tuple[Requirement, ...]:
    """Every requirement of the twenty cells, with what shows it."""
    return (
        *_storage(facts, told.stores),
        *_integrity(facts, told),
        *_control(facts),
        *_metadata(facts, told.stores),
        *_content(facts),
    )


def _storage(facts: Facts, stores: Sequence[KeptIn]) -> tuple[Requirement, ...]:
    full = [one for one in stores if one.name in facts.complete()]
    places = {one.location for one in full if one.location}
    media = {one.medium for one in full if one.medium}
    named = ", ".join(f"{one.name} ({one.location})" for one in full if one.location)
    held = ", ".join(f"{one.name} ({one.medium})" for one in full if one.medium)
    for_the_reader = say("Locations are as configured: how far apart they are is for you to see.")
    return (
        Requirement(
            "Storage",
            1,
            say("Two whole copies in different places"),
            say("Every version has a whole copy in {stores}.", stores=named)
            if len(places) > 1
            else None,
            (COPIES, STORES),
            note=for_the_reader,
        ),
        Requirement(
            "Storage",
            1,
            say("Every medium that content is on is documented"),
            say_many(
                "{number} store holds copies; its place and its medium are configured.",
                "{number} stores hold copies; the place and the medium of each are configured.",
                len(facts.copies),
            )
            if facts.copies and set(facts.copies) <= {o.name for o in stores if _is_documented(o)}
            else None,
            (STORES, COPIES),
        ),
        Requirement(
            "Storage",
            1,
            say("Content is in stable storage"),
            say(
                "Every version has a whole copy in {stores}, and all {moves} copies that were made "
                "were proved as they were stored.",
                stores=held,
                moves=facts.moves,
            )
            if held and _all_moves_proved(facts)
            else None,
            (EVENTS, COPIES, STORES),
            note=say("Media are as configured: how stable they are is for you to see."),
        ),
        Requirement(
            "Storage",
            2,
            say("Three whole copies, at least one in another geographic location"),
            say("Every version has a whole copy in {stores}.", stores=named)
            if len(full) > 2 and len(places) > 1
            else None,
            (COPIES, STORES),
            note=for_the_reader,
        ),
        Requirement("Storage", 2, say("What storage and media need to function is documented")),
        Requirement("Storage", 3, say("One copy in a location where another disaster threatens")),
        Requirement(
            "Storage",
            3,
            say("One copy on another kind of medium"),
            say("Every version has a whole copy in {stores}.", stores=held)
            if len(media) > 1
            else None,
            (COPIES, STORES),
        ),
        Requirement("Storage", 3, say("Obsolescence of storage and media is tracked")),
        Requirement("Storage", 4, say("Three copies, each where another disaster threatens")),
        Requirement("Storage", 4, say("Storage is diverse, with no single point of failure")),
        Requirement(
            "Storage",
            4,
            say("A plan against obsolete storage and media, carried out"),
        ),
    )


def _integrity(facts: Facts, told: ArchiveFixity) -> tuple[Requirement, ...]:
    read = [one for one in facts.coverages if one.grade is Grade.READ]
    on_time = bool(read) and all(one.every and one.proved == one.copies for one in read)
    spans = ", ".join(f"{one.store}: {one.every.days}" for one in read if one.every)
    well = facts.done("audited")
    others = sum(number for (kind, _), number in facts.kinds.items() if kind == "audited") - well
    moved_back = facts.done("repaired") + facts.done("replicated")
    repaired = facts.done("repaired")
    damage_open = any(one.outcome in DAMAGE for one in told.open_incidents)
    return (
        Requirement(
            "Integrity",
            1,
            say("Digests that came with the content are compared"),
            note=say("metadata/premis.xml in each bag tells it of each delivery."),
        ),
        Requirement(
            "Integrity",
            1,
            say("Digests are made where none came"),
            say("All versions are kept under the SHA-256 of their first read.")
            if facts.versions
            else None,
            (VERSIONS,),
        ),
        Requirement(
            "Integrity",
            1,
            say("All content is checked for viruses, and put in quarantine where needed"),
            note=say("metadata/premis.xml in each bag tells whether it was."),
        ),
        Requirement(
            "Integrity",
            2,
            say("Digests are compared whenever content is moved or copied"),
            say(
                "All {moves} copies were proved as they were made, by the store's digest or by "
                "reading.",
                moves=facts.moves,
            )
            if _all_moves_proved(facts)
            else None,
            (EVENTS,),
        ),
        Requirement("Integrity", 2, say("Original media are read through write-blockers")),
        Requirement(
            "Integrity",
            2,
            say("Digests are backed up, apart from the content"),
            say("The catalogue has the digests, and so has every store, in several places.")
            if _is_apart(facts, told.stores)
            else None,
            (VERSIONS, COPIES, STORES),
        ),
        Requirement(
            "Integrity",
            3,
            say("Digests of content are compared at fixed intervals"),
            say(
                "Every byte of every copy was read within its interval (days: {spans}).",
                spans=spans,
            )
            if on_time
            else None,
            (COVERAGE, COPIES, EVENTS),
            note=None if on_time else say("See the coverage below for how far it is kept."),
        ),
        Requirement(
            "Integrity",
            3,
            say("How digests are compared, and what came of it, is documented"),
            say(
                "{well} checks that went well and {others} others are in the ledger, each with how "
                "strong it was.",
                well=well,
                others=others,
            )
            if well
            else None,
            (EVENTS, "fixity/fixity.html"),
        ),
        Requirement(
            "Integrity",
            3,
            say("An audit of digests can be had on demand"),
            say("Audits were run, and anybody can re-verify this dossier, offline.")
            if well
            else None,
            (EVENTS, "verify_dossier.py"),
        ),
        Requirement(
            "Integrity",
            4,
            say("Digests are compared after particular events"),
            say_many(
                "{number} copy was proved after it was repaired or replicated.",
                "{number} copies were proved after they were repaired or replicated.",
                moved_back,
            )
            if moved_back
            else None,
            (EVENTS,),
        ),
        Requirement(
            "Integrity",
            4,
            say("Damaged content is repaired or replaced"),
            say_many(
                "{number} repair that went well is in the ledger, and no damage is open.",
                "{number} repairs that went well are in the ledger, and no damage is open.",
                repaired,
            )
            if repaired and not damage_open
            else None,
            (REPAIRS, INCIDENTS, EVENTS),
            note=None if told.repairs else say("Nothing had to be repaired so far."),
        ),
    )


def _control(facts: Facts) -> tuple[Requirement, ...]:
    agents = ", ".join(sorted(facts.agents))
    roles = say("Which key may do what is in access/; who holds the keys is not known here.")
    return (
        Requirement(
            "Control",
            1,
            say("Which persons and programs may read, write, move and delete is decided"),
            note=roles,
        ),
        Requirement("Control", 2, say("That is documented, and applied"), note=roles),
        Requirement(
            "Control",
            3,
            say("Logs are kept of what was done to content"),
            say_many(
                "{number} event is in the ledger, with the program that did it: {agents}.",
                "{number} events are chained, each with the program that did it: {agents}.",
                facts.events,
                agents=agents,
            )
            if facts.events
            else None,
            (EVENTS,),
        ),
        Requirement(
            "Control",
            3,
            say("They name the persons and programs that did it"),
            note=say(
                "Programs are named in every event, persons only where they removed something or "
                "judged an incident."
            ),
        ),
        Requirement("Control", 4, say("Logs of actions and access are reviewed regularly")),
    )


def _metadata(facts: Facts, stores: Sequence[KeptIn]) -> tuple[Requirement, ...]:
    located = set(facts.copies) <= {one.name for one in stores if one.location}
    all_in = bool(facts.versions) and facts.in_standards == facts.versions
    return (
        Requirement(
            "Metadata",
            1,
            say("An inventory of content, and where it is"),
            say_many(
                "{number} version, and where each copy of it lies.",
                "{number} versions, and where each copy of them lies.",
                facts.versions,
            )
            if facts.versions and located
            else None,
            (VERSIONS, COPIES, STORES),
        ),
        Requirement(
            "Metadata",
            1,
            say("The inventory is backed up apart from the content"),
            say(
                "Whole copies with their manifests are in several places; 'wiazka rebuild' makes "
                "the inventory anew from any one of them."
            )
            if _is_apart(facts, stores)
            else None,
            (COPIES, STORES),
        ),
        Requirement(
            "Metadata",
            2,
            say("Enough metadata to know what the content is"),
            say("Every version has a record with a title, and its files.")
            if facts.versions and facts.described == facts.versions
            else None,
            (VERSIONS,),
        ),
        Requirement(
            "Metadata",
            3,
            say("Which metadata standards apply is decided"),
            say("Dublin Core terms and PREMIS are written into every bag.") if all_in else None,
            (VERSIONS,),
        ),
        Requirement("Metadata", 3, say("Gaps against these standards are found and filled")),
        Requirement(
            "Metadata",
            4,
            say("What was done for preservation, and when, is recorded"),
            say_many(
                "{number} event, with its time.",
                "{number} events, each with its time.",
                facts.events,
            )
            if facts.events
            else None,
            (EVENTS,),
        ),
        Requirement(
            "Metadata",
            4,
            say("The chosen standards are put into practice"),
            say("Every version holds metadata/dc.xml and metadata/premis.xml.") if all_in else None,
            (VERSIONS,),
        ),
    )


def _content(facts: Facts) -> tuple[Requirement, ...]:
    known = bool(facts.files) and facts.files == facts.files_with_format
    return (
        Requirement(
            "Content",
            1,
            say("File formats are documented"),
            say("All {files} files have a PRONOM identifier.", files=facts.files)
            if known
            else None,
            (VERSIONS,),
            note=None
            if known
            else say(
                "{known} of {files} files have a PRONOM identifier.",
                known=facts.files_with_format,
                files=facts.files,
            ),
        ),
        Requirement(
            "Content",
            1,
            say("So is what else is essential, and how and when all of it was identified"),
            note=say("metadata/record.json and metadata/premis.xml in each bag tell it."),
        ),
        Requirement("Content", 2, say("Formats and what else is essential are verified")),
        Requirement("Content", 2, say("Creators are encouraged to choose formats that last")),
        Requirement(
            "Content",
            3,
            say("Obsolescence of what content needs is watched"),
        ),
        Requirement("Content", 4, say("Content is migrated, normalised, emulated to stay usable")),
    )


def _is_documented(store: KeptIn) -> bool:
    return bool(store.medium and store.location)


def _all_moves_proved(facts: Facts) -> bool:
    return bool(facts.moves) and facts.moves == facts.moves_proved


def _is_apart(facts: Facts, stores: Sequence[KeptIn]) -> bool:
    complete = facts.complete()
    return len({one.location for one in stores if one.location and one.name in complete}) > 1
