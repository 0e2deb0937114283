"""The record in other people's words: one module a standard."""

from wiazka.record.crosswalk.archivematica import metadata_csv
from wiazka.record.crosswalk.dublin_core import dublin_core
from wiazka.record.crosswalk.own import read_record_json, record_json
from wiazka.record.crosswalk.premis import PremisEvent, premis

__all__ = [
    "PremisEvent",
    "dublin_core",
    "metadata_csv",
    "premis",
    "read_record_json",
    "record_json",
]
