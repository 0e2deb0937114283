"""The objects of premis.xml: the document, its representations, its files (PREMIS 3.0 1)."""

from lxml import etree

from wiazka.record.crosswalk.xml import XSI, add
from wiazka.record.model import FileEntry, Record

PREMIS = "http://www.loc.gov/premis/v3"

# What makes up the document; other files are about it.
_REPRESENTING = ("scan", "transcription", "translation", "object")


def objects(root: etree._Element, record: Record, identity: str) -> None:
    """The intellectual entity, a representation for each set of files that is one, the files."""
    sets = _representations(record, identity)
    about = [file for file in record.files if file.role not in _REPRESENTING]
    document = _object(root, "intellectualEntity", identity)
    if record.record_id:
        identifier(document, "object", record.record_id, kind="record ID")
    for name in sets:
        _relationship(document, "structural", "is represented by", name)
    for file in about:
        _relationship(document, "reference", "is documented in", f"{identity}/{file.path}")
    for name, files in sets.items():
        representation = _object(root, "representation", name)
        _relationship(representation, "structural", "represents", identity)
        for file in files:
            _relationship(representation, "structural", "includes", f"{identity}/{file.path}")
    for name, files in sets.items():
        for file in files:
            _relationship(_file(root, file, identity), "structural", "is included in", name)
    for file in about:
        _relationship(_file(root, file, identity), "reference", "documents", identity)


def identifier(parent: etree._Element, entity: str, value: str, *, kind: str = "local") -> None:
    """The identifier of an object, event, agent or rights statement."""
    element = add(parent, f"{entity}Identifier")
    add(element, f"{entity}IdentifierType", kind)
    add(element, f"{entity}IdentifierValue", value)


def link_object(parent: etree._Element, value: str, role: str | None = None) -> None:
    """From an event or rights statement to an object."""
    linking = add(parent, "linkingObjectIdentifier")
    add(linking, "linkingObjectIdentifierType", "local")
    add(linking, "linkingObjectIdentifierValue", value)
    if role:
        add(linking, "linkingObjectRole", role)


def _representations(record: Record, identity: str) -> dict[str, list[FileEntry]]:
    """Files of one role and language are one representation: ``main/note#translation-en``."""
    sets: dict[str, list[FileEntry]] = {}
    for file in record.files:
        if file.role in _REPRESENTING:
            name = "-".join([file.role, *([file.language] if file.language else [])])
            sets.setdefault(f"{identity}#{name}", []).append(file)
    return sets


def _object(root: etree._Element, category: str, value: str) -> etree._Element:
    element = add(root, "object")
    # XML Schema reads the value as a QName: without the prefix it names a type of no namespace.
    element.set(f"{{{XSI}}}type", f"premis:{category}")
    identifier(element, "object", value)
    return element


def _file(root: etree._Element, file: FileEntry, identity: str) -> etree._Element:
    element = _object(root, "file", f"{identity}/{file.path}")
    for name, value in _properties(file).items():
        if value is not None:
            trait = add(element, "significantProperties")
            add(trait, "significantPropertiesType", name)
            add(trait, "significantPropertiesValue", str(value))
    traits = add(element, "objectCharacteristics")
    fixity = add(traits, "fixity")
    add(fixity, "messageDigestAlgorithm", "SHA-256")
    add(fixity, "messageDigest", file.sha256)
    add(traits, "size", str(file.size))
    form = add(traits, "format")
    add(add(form, "formatDesignation"), "formatName", file.mime)
    if file.puid:
        registry = add(form, "formatRegistry")
        add(registry, "formatRegistryName", "PRONOM")
        add(registry, "formatRegistryKey", file.puid)
    add(element, "originalName", file.delivered_as)
    return element


def _properties(file: FileEntry) -> dict[str, int | float | str | None]:
    """What a file is like beyond its format (PREMIS 3.0 1.4); the names are local."""
    return {
        "pages": file.pages,
        "width": file.width,
        "height": file.height,
        "pixels per inch": file.ppi,
        "bits per channel": file.bit_depth,
        "colour": file.colour,
        "colour profile": file.profile,
        "character encoding": file.encoding,
        "language as guessed": file.text_language,
    }


def _relationship(element: etree._Element, kind: str, subtype: str, related: str) -> None:
    relationship = add(element, "relationship")
    add(relationship, "relationshipType", kind)
    add(relationship, "relationshipSubType", subtype)
    other = add(relationship, "relatedObjectIdentifier")
    add(other, "relatedObjectIdentifierType", "local")
    add(other, "relatedObjectIdentifierValue", related)
