"""The schemas that other systems hold our files to: see schemas/README.md."""

import os
from functools import cache
from pathlib import Path

from lxml import etree

_HERE = Path(__file__).parent / "schemas"

# The file kept here, and the published one, where that may not be kept here.
_FILES = {
    "premis": ("premis-3-subset.xsd", "premis-v3-0.xsd"),
    "dc": ("qualifieddc-subset.xsd", "qualifieddc.xsd"),
    "mods": ("mods-3-4.xsd", "mods-3-8.xsd"),
    "ead": ("ead3.xsd", "ead3.xsd"),
}


class _Local(etree.Resolver):
    """Takes every import from the folder of the schema, never from the network."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, system_url, public_id, context):
        return self.resolve_filename(str(self._folder / system_url.rpartition("/")[2]), context)


@cache
def schemas(standard: str) -> tuple[etree.XMLSchema, ...]:
    """The schema of a standard, and the published one when $WIAZKA_SCHEMAS is a folder with it."""
    own, published = _FILES[standard]
    paths = [_HERE / own]
    if folder := os.environ.get("WIAZKA_SCHEMAS"):
        paths.append(Path(folder) / published)
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(path.parent))
    return etree.XMLSchema(etree.fromstring(path.read_bytes(), parser, base_url=str(path)))


def faults(standard: str, data: bytes) -> list[str]:
    """What the schemas of a standard say against a document; nothing when it is valid."""
    tree = etree.fromstring(data)
    found: list[str] = []
    for schema in schemas(standard):
        if not schema.validate(tree):
            found += [str(error.message) for error in schema.error_log]
    return found
