"""The record in other people's words: one module a standard. See docs/crosswalks.md."""

from wiazka.record.crosswalk.archivematica import metadata_csv
from wiazka.record.crosswalk.dublin_core import dublin_core
from wiazka.record.crosswalk.ead import ead
from wiazka.record.crosswalk.json_ld import json_ld
from wiazka.record.crosswalk.mods import mods
from wiazka.record.crosswalk.own import read_record_json, record_json
from wiazka.record.crosswalk.premis import PremisEvent, Software, premis
from wiazka.record.crosswalk.words import Holding

__all__ = [
    "Holding",
    "PremisEvent",
    "Software",
    "dublin_core",
    "ead",
    "json_ld",
    "metadata_csv",
    "mods",
    "premis",
    "read_record_json",
    "record_json",
]
