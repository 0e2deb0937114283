"""Writing XML that any reader takes."""

import re

from lxml import etree

XSI = "http://www.w3.org/2001/XMLSchema-instance"

# XML 1.0 2.2: characters that no document may hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: str) -> str:
    """``value`` with the characters that XML forbids shown as ``�``."""
    return _FORBIDDEN.sub("�", value)


def add(
    parent: etree._Element, name: str, text: str | None = None, /, **attributes: str | None
) -> etree._Element:
    """A new last child in the namespace of ``parent``; attributes that are None are left out."""
    element = etree.SubElement(parent, etree.QName(etree.QName(parent).namespace, name))
    if text is not None:
        element.text = xml_text(text)
    for key, value in attributes.items():
        if value is not None:
            element.set(key, xml_text(value))
    return element


def xml_bytes(root: etree._Element) -> bytes:
    """A document: UTF-8, indented, with a declaration."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
