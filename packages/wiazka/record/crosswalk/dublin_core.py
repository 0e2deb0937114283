"""dc.xml: DCMI metadata terms in the container of the qualified Dublin Core schemas."""

from lxml import etree

from wiazka.record.crosswalk.terms import dc_terms
from wiazka.record.crosswalk.xml import xml_bytes, xml_text
from wiazka.record.model import Record

_DCTERMS = "http://purl.org/dc/terms/"


def dublin_core(record: Record) -> bytes:
    """The record as ``qualifieddc``: elements of DCMI Metadata Terms (ISO 15836-2).

    The container has no namespace: http://dublincore.org/schemas/xmls/qdc/2008/02/11/qualifieddc.xsd
    leaves it to the application.
    """
    root = etree.Element("qualifieddc", nsmap={"dcterms": _DCTERMS})
    for term, value in dc_terms(record):
        etree.SubElement(root, f"{{{_DCTERMS}}}{term}").text = xml_text(value)
    return xml_bytes(root)
