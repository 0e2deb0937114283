"""The rules of schema.org that we use, rebuilt: which type has which properties.

A property stands with a type when its domain is that type or one above it (ArchiveComponent and
MediaObject are CreativeWorks, an ArchiveOrganization is an Organization and a Place), and its value
is of a type in its range.
"""

import json

_THING = {"name": {""}, "description": {""}, "identifier": {"", "PropertyValue"}}
_THING |= {"alternateName": {""}}
_WORK = _THING | {
    "abstract": {""},
    "associatedMedia": {"MediaObject"},
    "author": {"Person", "Organization"},
    "citation": {""},
    "conditionsOfAccess": {""},
    "contributor": {"Role", "Person", "Organization"},
    "copyrightNotice": {""},
    "creditText": {""},
    "dateCreated": {""},
    "editor": {"Person"},
    "funder": {"Person", "Organization"},
    "genre": {""},
    "inLanguage": {""},
    "isPartOf": {"Collection"},
    "keywords": {""},
    "publication": {"PublicationEvent"},
    "sdDatePublished": {""},
    "sdPublisher": {"Organization", "ArchiveOrganization"},
    "spatialCoverage": {"Place"},
    "temporal": {""},
    "translator": {"Person", "Organization"},
    "usageInfo": {""},
}
PROPERTIES = {
    "ArchiveComponent": _WORK
    | {"holdingArchive": {"ArchiveOrganization"}, "itemLocation": {"", "Place"}},
    "ArchiveOrganization": _THING | {"address": {""}},
    "Collection": _WORK,
    "MediaObject": _WORK | {"contentSize": {""}, "encodingFormat": {""}, "sha256": {""}},
    "Organization": _THING,
    "Person": _THING,
    "Place": _THING,
    "PropertyValue": _THING | {"propertyID": {""}, "value": {""}},
    "PublicationEvent": _THING,
    "Role": _THING | {"roleName": {""}, "contributor": {"Person", "Organization"}},
}


def faults(data: bytes) -> list[str]:
    """What speaks against a document: as JSON-LD 1.1 of one node, and against the table above."""
    document = json.loads(data)
    context = document.pop("@context", None)
    found = [] if context == "https://schema.org" else [f"@context is {context!r}"]
    return found + _faults(document)


def _faults(node: dict[str, object]) -> list[str]:
    kind = str(node.get("@type"))
    known = PROPERTIES.get(kind)
    if known is None:
        return [f"{kind} is no type"]
    found = []
    for name, value in node.items():
        if name == "@type":
            continue
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, dict | str):
                found.append(f"{kind}.{name} is {one!r}")
            elif (str(one["@type"]) if isinstance(one, dict) else "") not in known.get(name, ()):
                found.append(f"{kind} has no {name} with {one!r}")
            elif isinstance(one, dict):
                found += _faults(one)
    return found
