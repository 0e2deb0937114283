"""dc.xml: simple Dublin Core in the OAI container."""

from lxml import etree

from wiazka.record.crosswalk.terms import dc_terms
from wiazka.record.crosswalk.xml import xml_bytes, xml_text
from wiazka.record.model import Record

_DC = "http://purl.org/dc/elements/1.1/"
_OAI = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def dublin_core(record: Record) -> bytes:
    """The record as oai_dc XML (ISO 15836-1)."""
    root = etree.Element(f"{{{_OAI}}}dc", nsmap={"oai_dc": _OAI, "dc": _DC})
    for element, value in dc_terms(record):
        etree.SubElement(root, f"{{{_DC}}}{element}").text = xml_text(value)
    return xml_bytes(root)
