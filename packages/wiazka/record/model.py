"""The record: all that is known of one document, as values that never change.

Nothing here is invented: a part that is not known is ``None``, and what was printed is kept as it
was printed (``verbatim``) beside what was understood of it.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, InstanceOf

from wiazka.problem_kinds import Problem

MODEL_VERSION = 3


class Value(BaseModel):
    """Base of all values of the record: frozen, and strict about what it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Role(StrEnum):
    """What an agent did for the document. ``donor`` gave the material, ``funder`` the money."""

    OBTAINED_BY = "obtained_by"
    CONTRIBUTED_BY = "contributed_by"
    DONOR = "donor"
    FUNDER = "funder"
    TRANSLATOR = "translator"
    TRANSCRIBER = "transcriber"
    EDITOR = "editor"
    REVISER = "reviser"
    ANNOTATOR = "annotator"
    COMPILER = "compiler"
    COURTESY_OF = "courtesy_of"
    AUTHOR = "author"
    ISSUING_BODY = "issuing_body"
    ADDRESSEE = "addressee"
    PARTICIPANT = "participant"

    @property
    def relator(self) -> str:
        """The MARC relator code (id.loc.gov/vocabulary/relators)."""
        return _RELATORS[self]


_RELATORS = {
    Role.OBTAINED_BY: "col",
    Role.CONTRIBUTED_BY: "prv",
    Role.DONOR: "dnr",
    Role.FUNDER: "fnd",
    Role.TRANSLATOR: "trl",
    Role.TRANSCRIBER: "trc",
    Role.EDITOR: "edt",
    Role.REVISER: "crr",
    Role.ANNOTATOR: "ann",
    Role.COMPILER: "com",
    Role.COURTESY_OF: "prv",
    Role.AUTHOR: "aut",
    Role.ISSUING_BODY: "isb",
    Role.ADDRESSEE: "rcp",
    Role.PARTICIPANT: "asn",
}


class Agent(Value):
    """A person or organisation and what they did. ``name`` is as it was given.

    ``authority`` is the identifier in ``config/agents.csv`` that staff accepted for the name.
    """

    name: str
    kind: Literal["person", "organisation"]
    role: Role
    relator: str
    programme: str | None = None
    affiliation: str | None = None
    authority: str | None = None


class Repository(Value):
    """The archive that holds the original; ``code`` is ours (``AMSZ``), from archives.toml.

    ``code`` is None for an archive that only the line itself names. ``isil`` is ISO 15511.
    """

    code: str | None
    name: str
    place: str | None = None
    isil: str | None = None


class Folios(Value):
    """First and last leaf or page, as printed (``12``, ``14v``); ``to`` is None for one leaf."""

    first: str = Field(alias="from")
    last: str | None = Field(default=None, alias="to")


class Source(Value):
    """Where the original is (EAD3 originalsloc, ISAD(G) 3.5.1).

    ``verbatim`` is the datum; the parts are an index into it. ``scheme`` names the grammar that
    read it, or is ``unparsed``. ``year`` is one that belongs to the signature, ``not_given`` are
    parts that the line says are not known, ``remarks`` what it says beside ("original in Russian").
    """

    verbatim: str
    scheme: str = "unparsed"
    repository: Repository | None = None
    department: str | None = None
    fonds: str | None = None
    series: str | None = None
    accession: str | None = None
    bundle: str | None = None
    box: str | None = None
    file: str | None = None
    folios: Folios | None = None
    year: str | None = None
    not_given: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class DocumentDate(Value):
    """A date as printed, and as EDTF (ISO 8601-2); ``edtf`` is None for an undated document."""

    verbatim: str
    edtf: str | None


DatePlace = Literal["title", "letterhead", "received", "filed", "published"]


class OtherDate(DocumentDate):
    """A date that the document has beside its own, and where it stands."""

    place: DatePlace


class Language(Value):
    """A BCP-47 tag, and which text is in it; ``role`` is None where that was not said.

    A chain of translations is in the order of its making: the original, what was translated from
    it (``relay``), the last translation. ``note`` is what was said beside (``inferred``).
    """

    tag: str
    role: Literal["original", "relay", "translation"] | None = None
    note: str | None = None


class Rights(Value):
    """A rights note as given, and a rightsstatements.org URI where staff gave one.

    ``restriction`` says who may not see the document and why; ``review_date`` (EDTF) is when that
    is to be looked at again.
    """

    note: str | None = None
    statement: str | None = None
    holder: str | None = None
    restriction: str | None = None
    review_date: str | None = None


class FileEntry(Value):
    """One file of the document as the record knows it. ``path`` is its path in the bag.

    ``puid`` is the format's key in the PRONOM registry (``fmt/353``), where it was identified.
    ``ppi`` is pixels an inch along the width, ``bit_depth`` bits a channel, ``profile`` the name of
    the colour profile in the image. ``encoding`` and ``text_language`` are what its text was found
    to be, the former as IANA names it, the latter a guess as a BCP-47 tag; ``language`` is what
    its folder says.
    """

    path: str
    role: str
    language: str | None = None
    size: int
    sha256: str
    mime: str
    puid: str | None = None
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    ppi: float | None = None
    bit_depth: int | None = None
    colour: str | None = None
    profile: str | None = None
    encoding: str | None = None
    text_language: str | None = None
    delivered_as: str


class PagePart(Value):
    """A file that shows or says a page; ``page`` counts from 1 within a file of several pages."""

    path: str
    role: str
    language: str | None = None
    page: int | None = None


class Page(Value):
    """One page of the document, and all files of it: scans, transcriptions, translations.

    ``label`` is as the files name it (``0001r``); ``side`` is ``recto`` or ``verso``.
    """

    label: str
    number: int | None = None
    side: Literal["recto", "verso"] | None = None
    parts: tuple[PagePart, ...] = ()


class Check(Value):
    """Something that was looked at before the document was kept (PREMIS event).

    ``event`` is the code of the preservation event type at id.loc.gov (``vir``, ``for``, ``fix``);
    ``agents`` are programs with their versions, and ``outcome`` is ``success``, ``warning``,
    ``fail`` or ``not run``: what was not looked at is said, not left out.
    """

    event: str
    detail: InstanceOf[str]
    outcome: Literal["success", "warning", "fail", "not run"] = "success"
    agents: tuple[str, ...] = ()


class Accepted(Value):
    """A warning that staff looked at and let be: its code and path, who, and why."""

    code: str
    path: str = ""
    message: InstanceOf[str]
    by: str | None = None
    reason: str


class Renamed(Value):
    """A file that has another path in the bag than in the version before."""

    before: str
    now: str


class Changes(Value):
    """What is new in a version since the one before; paths are those in the bag."""

    since: int
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()


class Record(Value):
    """All that is known of a document: description, provenance, agents, rights, files.

    ``source_lines`` are the source lines whole, as given; ``sources`` and ``credit`` are what they
    were split into. ``changes`` are those since the version before, as they were seen;
    ``changed_by`` and ``change_note`` are who made them and why, as staff say.
    """

    model_version: int = MODEL_VERSION
    title: str | None = None
    date: DocumentDate | None = None
    other_dates: tuple[OtherDate, ...] = ()
    source_lines: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    no_source_reason: str | None = None
    credit: str | None = None
    support: tuple[str, ...] = ()
    agents: tuple[Agent, ...] = ()
    registry_marks: tuple[str, ...] = ()
    record_id: str | None = None
    uploaded: str | None = None
    collection: str | None = None
    document_type: str | None = None
    classification: str | None = None
    summary: str | None = None
    subjects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    rights: Rights = Rights()
    acquisition: str | None = None
    custodial_history: str | None = None
    published_in: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    notes: str | None = None
    changed_by: str | None = None
    change_note: str | None = None
    extra: dict[str, str] = Field(default_factory=dict)
    sidecar: str | None = None
    files: tuple[FileEntry, ...] = ()
    pages: tuple[Page, ...] = ()
    checks: tuple[Check, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    changes: Changes | None = None

    def agents_in(self, role: Role) -> tuple[Agent, ...]:
        """The agents with one role, in the order given."""
        return tuple(agent for agent in self.agents if agent.role is role)
