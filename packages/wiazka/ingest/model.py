"""How a submission ended, and the desk it was worked on."""

from dataclasses import dataclass, field
from pathlib import Path

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import State
from wiazka.evidence import Grade
from wiazka.phrase import Lang
from wiazka.problem_kinds import Problem
from wiazka.report.accession import AccessionDocument
from wiazka.report.model import Thumbnail
from wiazka.settings import Settings
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall


@dataclass(frozen=True, slots=True)
class Desk:
    """What every step needs at hand: what is chosen, the catalogue and the stores.

    ``roll``: which stores took what was sent to them in this run. ``moved``: what there is to tell
    of stores that were found to be elsewhere.
    """

    settings: Settings
    catalogue: Catalogue
    stores: dict[str, Store] = field(default_factory=dict)
    roll: RollCall = field(default_factory=RollCall)
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """A copy that a result names: the store, and how strongly it was proved."""

    store: str
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A system error, as the result tells it: the admin's to mend."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over as one document, for the pages about its delivery.

    ``pictures`` are of the scans that its problems name, where it was not taken.
    """

    document: AccessionDocument
    pictures: tuple[Thumbnail, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How one submission ended; the shape of ``ingest --json``.

    ``handed`` is None where its files were not read in this run; ``lang`` is the language that it
    is told in; ``missing`` are the stores that its copy is still to come to.
    """

    delivery: str
    folder: str
    state: State
    sentence: str
    identity: str | None = None
    version: int | None = None
    copies: tuple[StoredCopy, ...] = ()
    problems: tuple[Problem, ...] = ()
    receipt: Path | None = None
    faults: tuple[Fault, ...] = ()
    handed: Handed | None = None
    lang: Lang = "en"
    missing: tuple[str, ...] = ()
