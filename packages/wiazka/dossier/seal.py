"""The requirements of CoreTrustSeal 2026–2028 (v01.00), and what of the dossier serves each."""

from wiazka.dossier.levels import COPIES, COVERAGE, EVENTS, INCIDENTS, REPAIRS, STORES, VERSIONS
from wiazka.phrase import say
from wiazka.report.dossier import Heading

_FIXITY = "fixity/fixity.html"
_DRILLS = "evidence/drills.jsonl"

HEADINGS = (
    Heading("R0", say("Background Information & Context"), None),
    Heading("R01", say("Mission & Scope"), None),
    Heading("R02", say("Rights Management"), None),
    Heading(
        "R03",
        say("Continuity of Service"),
        say(
            "What is needed to take the archive over: the inventory, where each copy lies, and "
            "drills that restored packages and rebuilt the catalogue from a store alone."
        ),
        (VERSIONS, COPIES, _DRILLS),
    ),
    Heading("R04", say("Legal & Ethical"), None),
    Heading("R05", say("Governance & Resources"), None),
    Heading("R06", say("Expertise & Guidance"), None),
    Heading(
        "R07",
        say("Provenance and authenticity"),
        say(
            "The chained ledger of everything done to each package, its checkpoints, and the "
            "digest of each version from its first read on."
        ),
        (EVENTS, "evidence/checkpoints.jsonl", VERSIONS),
    ),
    Heading(
        "R08",
        say("Deposit, Appraisal & Accessibility"),
        say("Events of taking in and of refusing."),
        (EVENTS,),
    ),
    Heading("R09", say("Preservation plan"), None),
    Heading("R10", say("Quality Assurance"), None),
    Heading(
        "R11",
        say("Workflows"),
        say(
            "The ledger shows the steps that were taken; that they are the agreed ones is for the "
            "archive to say."
        ),
        (EVENTS,),
    ),
    Heading(
        "R12",
        say("Discovery and Identification"),
        say("The identifier, version and title of each package."),
        (VERSIONS,),
    ),
    Heading("R13", say("Reuse"), None),
    Heading(
        "R14",
        say("Storage & Integrity"),
        say(
            "Where copies lie and what each store was seen to do; proofs, coverage, incidents with "
            "their story, repairs, what was proved when; and the rule of two persons for removals."
        ),
        (
            STORES,
            "evidence/probes.jsonl",
            COPIES,
            COVERAGE,
            INCIDENTS,
            REPAIRS,
            _FIXITY,
            "access/roles.json",
        ),
    ),
    Heading(
        "R15",
        say("Technical Infrastructure"),
        say("The program that did each thing, with its version; drills of recovery."),
        (EVENTS, _DRILLS),
    ),
    Heading(
        "R16",
        say("Security"),
        say("What each key may do, and a log that shows when it is edited."),
        ("access/roles.json", EVENTS),
    ),
)
