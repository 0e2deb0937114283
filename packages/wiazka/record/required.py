"""What a record must have to be accepted, and what it would be better with."""

from wiazka import problem_kinds
from wiazka.phrase import say
from wiazka.problem_kinds import Problem
from wiazka.record.model import Record, Role

_WISHED = {
    "rights": say("rights: CNE   (or another code of rightsstatements.org, or a sentence)"),
    "languages": say("languages: [pl (original), en (translation)]"),
    "translator": say('translator: "Jerzy Giebułtowski"'),
}


def missing(record: Record) -> list[Problem]:
    """The fields that a record lacks: title, date and source are errors, others a warning."""
    problems = []
    where = record.sidecar or ""
    if record.title is None:
        problems.append(
            problem_kinds.TITLE_MISSING.at(
                where,
                say("The document has no title."),
                say('Add a line such as: title: "Note on a talk with the Soviet ambassador"'),
                field="title",
            )
        )
    if record.date is None:
        problems.append(
            problem_kinds.DATE_MISSING.at(
                where,
                say("The document has no date that could be read."),
                say("Add a line such as: date: 1984-06-04   or, where it has none: date: undated"),
                field="date",
            )
        )
    if not record.sources and not record.no_source_reason:
        problems.append(
            problem_kinds.SOURCE_MISSING.at(
                where,
                say("Nothing says where the original is."),
                say(
                    'Add a line such as: source: "AMSZ, Department II, 30/87, w. 5"   or, where '
                    'it is not known:\n  source: unknown\n  no_source_reason: "private papers"'
                ),
                field="source",
            )
        )
    return [*problems, *_wished(record, where)]


def _wished(record: Record, where: str) -> list[Problem]:
    have = {
        "rights": record.rights.note or record.rights.statement,
        "languages": record.languages,
        "translator": record.agents_in(Role.TRANSLATOR) or _is_no_translation(record),
    }
    return [
        problem_kinds.FIELD_ABSENT.at(
            where,
            say("The record says nothing of '{field}'; a full record would.", field=field),
            say("Add, if it is known: {example}", example=example),
            field=field,
        )
        for field, example in _WISHED.items()
        if not have[field]
    ]


def _is_no_translation(record: Record) -> bool:
    """Whether the record says of every language that the original is in it."""
    roles = {language.role for language in record.languages}
    return roles == {"original"}
