"""record.json: the record whole, in our own words."""

import json

from wiazka.record.model import Record


def record_json(record: Record) -> bytes:
    """The record as JSON: UTF-8, keys sorted, the same bytes for the same record."""
    return in_one_form(record.model_dump(mode="json", by_alias=True))


def in_one_form(value: object) -> bytes:
    """What record.json holds, as the bytes that it is written in."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def read_record_json(data: bytes) -> Record:
    """The record that ``record_json`` wrote. Raises pydantic's ValidationError for any other."""
    return Record.model_validate_json(data)
