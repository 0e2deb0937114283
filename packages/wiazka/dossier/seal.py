"""The requirements of CoreTrustSeal (2023–2025), and what of the dossier serves each."""

from wiazka.dossier.levels import COPIES, COVERAGE, EVENTS, INCIDENTS, REPAIRS, STORES, VERSIONS
from wiazka.report.dossier import Heading

_FIXITY = "fixity/fixity.html"

HEADINGS = (
    Heading("R00", "Background information and context", None),
    Heading("R01", "Mission and scope", None),
    Heading("R02", "Rights management", None),
    Heading(
        "R03",
        "Continuity of service",
        "What is needed to take the archive over: the inventory, where each copy lies, and drills "
        "that restored packages and rebuilt the catalogue from a store alone.",
        (VERSIONS, COPIES, "evidence/drills.jsonl"),
    ),
    Heading("R04", "Legal and ethical", None),
    Heading("R05", "Governance and resources", None),
    Heading("R06", "Expertise and guidance", None),
    Heading(
        "R07",
        "Provenance and authenticity",
        "The chained ledger of everything done to each package, its checkpoints, and the digest of "
        "each version from its first read on.",
        (EVENTS, "evidence/checkpoints.jsonl", VERSIONS),
    ),
    Heading(
        "R08",
        "Deposit and appraisal",
        "Events of taking in, refusing and letting go.",
        (EVENTS,),
    ),
    Heading("R09", "Preservation plan", None),
    Heading("R10", "Quality assurance", None),
    Heading(
        "R11",
        "Workflows",
        "The ledger shows the steps that were taken; that they are the agreed ones is for the "
        "archive to say.",
        (EVENTS,),
    ),
    Heading(
        "R12",
        "Discovery and identification",
        "The identifier, version and title of each package.",
        (VERSIONS,),
    ),
    Heading("R13", "Reuse", None),
    Heading(
        "R14",
        "Storage and integrity",
        "Copies and their proofs, coverage, incidents with their story, repairs, and the calendar "
        "of what was proved when.",
        (COPIES, COVERAGE, INCIDENTS, REPAIRS, STORES, _FIXITY),
    ),
    Heading(
        "R15",
        "Technical infrastructure",
        "The stores, and what each was seen to do.",
        (STORES, "evidence/probes.jsonl"),
    ),
    Heading(
        "R16",
        "Security",
        "What each key may do, the rule of two persons for removals, and a log that shows when it "
        "is edited.",
        ("access/roles.json", EVENTS),
    ),
)
