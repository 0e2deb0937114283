"""What a record must have to be accepted, and what it would be better with."""

from wiazka import errors
from wiazka.errors import Problem
from wiazka.record.model import Record, Role

_WISHED = {
    "rights": "rights: CNE   (or another code of rightsstatements.org, or a sentence)",
    "languages": "languages: [pl (original), en (translation)]",
    "translator": 'translator: "Jerzy Giebułtowski"',
}


def missing(record: Record) -> list[Problem]:
    """The fields that a record lacks: title, date and source are errors, others a warning."""
    problems = []
    where = record.sidecar or ""
    if record.title is None:
        problems.append(
            errors.TITLE_MISSING.at(
                where,
                "The document has no title.",
                'Add a line such as: title: "Note on a talk with the Soviet ambassador"',
                field="title",
            )
        )
    if record.date is None:
        problems.append(
            errors.DATE_MISSING.at(
                where,
                "The document has no date that could be read.",
                "Add a line such as: date: 1984-06-04   or, where it has none: date: undated",
                field="date",
            )
        )
    if not record.sources and not record.no_source_reason:
        problems.append(
            errors.SOURCE_MISSING.at(
                where,
                "Nothing says where the original is.",
                'Add a line such as: source: "AMSZ, Department II, 30/87, w. 5"   or, where it '
                'is not known:\n  source: unknown\n  no_source_reason: "private papers"',
                field="source",
            )
        )
    return [*problems, *_wished(record, where)]


def _wished(record: Record, where: str) -> list[Problem]:
    have = {
        "rights": record.rights.note or record.rights.statement,
        "languages": record.languages,
        "translator": record.agents_in(Role.TRANSLATOR),
    }
    return [
        errors.FIELD_ABSENT.at(
            where,
            f"The record says nothing of '{field}'; a full record would.",
            f"Add, if it is known: {example}",
            field=field,
        )
        for field, example in _WISHED.items()
        if not have[field]
    ]
