"""What the record says in sentences, for standards that have a note where we have a field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wiazka.record.model import (
    Agent,
    DocumentDate,
    Language,
    OtherDate,
    Record,
    Repository,
    Rights,
    Role,
)

CREATORS = (Role.AUTHOR, Role.ISSUING_BODY)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a description says of itself: the package, who keeps it, when it was bagged (UTC)."""

    identity: str
    keeper: str
    at: datetime


class Kind(StrEnum):
    """What a statement is about; each standard has a home for each kind."""

    CREDIT = "credit"
    SUPPORT = "support"
    ACQUISITION = "acquisition"
    CUSTODY = "custody"
    NO_SOURCE = "no source"
    CLASSIFICATION = "classification"
    UPLOADED = "uploaded"
    NOTE = "note"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that the record says as text, and the words to say it under."""

    kind: Kind
    label: str
    text: str

    @property
    def labelled(self) -> str:
        """``Original classification: Secret``, for a standard without a label of its own."""
        return f"{self.label}: {self.text}"


def statements(record: Record) -> Iterator[Statement]:
    """The statements of a record, in a fixed order; what is not there or empty is left out."""
    told = [
        Statement(Kind.CREDIT, "Credit", record.credit or ""),
        *(Statement(Kind.SUPPORT, "Support", line) for line in record.support),
        Statement(Kind.ACQUISITION, "Acquisition", record.acquisition or ""),
        Statement(Kind.CUSTODY, "Custodial history", record.custodial_history or ""),
        Statement(Kind.NO_SOURCE, "Source not known", record.no_source_reason or ""),
        Statement(Kind.CLASSIFICATION, "Original classification", record.classification or ""),
        Statement(Kind.UPLOADED, "Published online", record.uploaded or ""),
        Statement(Kind.NOTE, "Note", record.notes or ""),
        *(Statement(Kind.EXTRA, key, record.extra[key]) for key in sorted(record.extra)),
    ]
    return (statement for statement in told if statement.text)


def role_words(role: Role) -> str:
    """``obtained by``, ``translator``."""
    return role.replace("_", " ")


def agent_particulars(agent: Agent) -> list[str]:
    """What is known of an agent beside name and role: programme, affiliation, authority."""
    return [
        *([f"for {agent.programme}"] if agent.programme else []),
        *([agent.affiliation] if agent.affiliation else []),
        *([f"authority {agent.authority}"] if agent.authority else []),
    ]


def agent_words(agent: Agent) -> str:
    """``Jan Łoś (translator; for NKIDP; Troy University)``."""
    return f"{agent.name} ({'; '.join([role_words(agent.role), *agent_particulars(agent)])})"


def date_words(date: DocumentDate) -> str:
    """The date as printed, with its EDTF in brackets where that is written otherwise."""
    if date.edtf and date.edtf != date.verbatim:
        return f"{date.verbatim} ({date.edtf})"
    return date.verbatim


def other_date_words(date: OtherDate) -> str:
    """``filed: 5 June 1984 (1984-06-05)``."""
    return f"{date.place}: {date_words(date)}"


def date_as_printed(record: Record) -> str | None:
    """The document's date as printed, where its EDTF is written otherwise."""
    date = record.date
    return date.verbatim if date and date.edtf and date.edtf != date.verbatim else None


def languages_words(record: Record) -> str | None:
    """``ru (original, inferred), en (translation)``, where more is known than tags."""
    if not any(language.role or language.note for language in record.languages):
        return None
    return ", ".join(_language_words(language) for language in record.languages)


def _language_words(language: Language) -> str:
    beside = ", ".join(part for part in (language.role, language.note) if part)
    return f"{language.tag} ({beside})" if beside else language.tag


def restriction_words(rights: Rights) -> str | None:
    """Who may not see the document, and when that is to be looked at again."""
    parts = [
        *([rights.restriction] if rights.restriction else []),
        *([f"To be reviewed: {rights.review_date}"] if rights.review_date else []),
    ]
    return ". ".join(part.removesuffix(".") for part in parts) or None


def repository_words(repository: Repository) -> str:
    """``Archiwum MSZ, Warsaw (AMSZ; PL-…)``."""
    codes = [code for code in (repository.code, repository.isil) if code]
    named = f"{repository.name}, {repository.place}" if repository.place else repository.name
    return f"{named} ({'; '.join(codes)})" if codes else named


def citations(record: Record) -> list[str]:
    """The source lines that say more than the signatures read from them."""
    verbatim = {source.verbatim for source in record.sources}
    return [line for line in record.source_lines if line and line not in verbatim]


def formats(record: Record) -> list[str]:
    """The media types of the files, each once, in the order of the files."""
    return list(dict.fromkeys(file.mime for file in record.files))
