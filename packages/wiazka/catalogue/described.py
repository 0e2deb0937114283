"""What a version is found by: from its record, when it is kept as when it is rebuilt."""

from wiazka.catalogue.model import Signature, Version
from wiazka.record.model import Record
from wiazka.record.search_key import likeness, search_key, stem

# Every scalar of these is something that a person might search a document by.
_SEARCHED = ("title", "credit", "summary", "record_id", "notes")


def signatures_of(record: Record) -> list[Signature]:
    """The signatures of a record that are known well enough to be compared with others."""
    stems = [(source.verbatim, stem(source)) for source in record.sources]
    return [Signature(line, key, likeness(key)) for line, key in stems if key]


def search_text(record: Record, version: Version) -> str:
    """The words that a version is found by."""
    words = [getattr(record, name) for name in _SEARCHED]
    for source in record.sources:
        words += [source.verbatim, search_key(source.verbatim)]
        words += [source.repository.code, source.repository.name] if source.repository else []
    words += [agent.name for agent in record.agents]
    words += [*record.registry_marks, *record.subjects, *record.places]
    words += [record.date.verbatim, record.date.edtf] if record.date else []
    words += [version.identity, version.folder, version.delivery]
    return " ".join(["", *(word for word in words if word), ""])
