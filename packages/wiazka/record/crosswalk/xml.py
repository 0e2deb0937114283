"""Writing XML that any reader takes."""

import re

from lxml import etree

# XML 1.0 2.2: characters that no document may hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: str) -> str:
    """``value`` with the characters that XML forbids shown as ``�``."""
    return _FORBIDDEN.sub("�", value)


def xml_bytes(root: etree._Element) -> bytes:
    """A document: UTF-8, indented, with a declaration."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
