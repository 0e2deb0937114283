"""XML and HTML, parsed safely: no entity is expanded, nothing fetched, no depth without end."""

import re
from collections.abc import Iterator

from lxml import etree

from wiazka import problem_kinds
from wiazka.intake.formats.content import Content
from wiazka.intake.formats.limits import XML_BYTES, Bomb, room
from wiazka.intake.formats.opened import Opened, bomb, damaged
from wiazka.intake.model import Technical
from wiazka.phrase import say
from wiazka.problem_kinds import Problem

# A parsed tree takes about so many times the bytes of its file.
_TREE = 12
_BLOCKS = frozenset(
    {"p", "h", "head", "l", "ab", "div", "br", "li", "tr", "td", "title"}
    | {"TextLine", "TextRegion", "TextBlock"}
    | {f"h{level}" for level in range(1, 7)}
)
_UNSEEN = frozenset({"script", "style", "teiHeader", "Metadata", "Description"})
_DEEP = re.compile("depth|huge|amplification|too long|too large|maximum", re.IGNORECASE)
# Entities are defined before the first element.
_PROLOGUE = 1 << 20
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s*)?([^\s\"'>]{1,60})")


class UnsafeXml(Exception):
    """XML that defines entities."""

    def at(self, name: str) -> Problem:
        """The problem for one file."""
        return problem_kinds.XML_ENTITIES.at(
            name,
            say(
                "'{name}' defines entities of its own ({entity}): they can be made to fill a "
                "computer's memory or to read its files, so it is not taken.",
                name=name,
                entity=str(self),
            ),
            say(
                "Save it without a DOCTYPE that defines entities; write the characters themselves."
            ),
        )


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document. Raises UnsafeXml, Bomb, or lxml's XMLSyntaxError."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if entity := _ENTITY.search(data[:_PROLOGUE]):
            raise UnsafeXml(entity[1].decode("utf-8", "replace")) from error
        if _DEEP.search(str(error)):
            why = say("it is nested deeper, or longer in one place, than any document")
            raise Bomb(why) from error
        raise
    declared = root.getroottree().docinfo.internalDTD
    # The stubs know nothing of entities.
    entities = declared.iterentities() if declared is not None else ()  # type: ignore[union-attr]
    for entity in entities:
        raise UnsafeXml(str(entity.name))
    return root


def open_xml(name: str, mime: str, content: Content) -> Opened:
    """PAGE, ALTO, TEI, SVG or any other XML, parsed."""
    technical = Technical(mime)
    try:
        data = _whole(content)
        with room.taken(len(data) * _TREE):
            root = parse_xml(data)
            text = text_of(root)
    except Bomb as error:
        return Opened(technical, problems=(bomb(name, error.why),))
    except UnsafeXml as error:
        return Opened(technical, problems=(error.at(name),))
    except (etree.XMLSyntaxError, ValueError) as error:
        return Opened(technical, problems=(damaged(name, "XML", str(error)),))
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    return Opened(Technical(mime, encoding=encoding), text=text, root=root)


def open_html(name: str, mime: str, content: Content, text: str | None) -> Opened:
    """HTML or hOCR, read as browsers read it: what is not closed is no fault.

    ``text`` is the file decoded, where its encoding could be told.
    """
    technical = Technical(mime)
    try:
        data = _whole(content) if text is None else text.encode("utf-8")
        parser = etree.HTMLParser(
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            encoding=None if text is None else "utf-8",
        )
        with room.taken(len(data) * _TREE):
            root = etree.fromstring(data, parser)
            # A page of nothing but a comment has no element at all.
            shown = text_of(root) if root is not None else ""
    except Bomb as error:
        return Opened(technical, problems=(bomb(name, error.why),))
    except (etree.XMLSyntaxError, ValueError) as error:
        return Opened(technical, problems=(damaged(name, "HTML", str(error)),))
    return Opened(technical, text=shown, root=root)


def text_of(root: etree._Element) -> str:
    """What a reader of the document sees, line by line."""
    pieces = "".join(_ALTERNATIVES.get(_local(root), _pieces)(root))
    return "\n".join(" ".join(line.split()) for line in pieces.splitlines() if line.strip())


def _pieces(root: etree._Element) -> Iterator[str]:
    hidden: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = _local(element)
        if event == "start":
            if hidden is None and name in _UNSEEN:
                hidden = element
            if hidden is None and element.text:
                yield element.text
        else:
            if hidden is None and name in _BLOCKS:
                yield "\n"
            if hidden is element:
                hidden = None
            if hidden is None and element.tail:
                yield element.tail


def _page_pieces(root: etree._Element) -> Iterator[str]:
    # PAGE has a line's text in the line, and again in the words and the region around it.
    for line in root.iter("{*}TextLine"):
        yield line.findtext("{*}TextEquiv/{*}Unicode") or ""
        yield "\n"


def _alto_pieces(root: etree._Element) -> Iterator[str]:
    for line in root.iter("{*}TextLine"):
        for part in line:
            yield str(part.get("CONTENT") or "") if _local(part) == "String" else " "
        yield "\n"


_ALTERNATIVES = {"PcGts": _page_pieces, "alto": _alto_pieces}


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _whole(content: Content) -> bytes:
    if content.size > XML_BYTES:
        raise Bomb(say("it is larger than {most} bytes", most=XML_BYTES))
    if content.data is not None:
        return content.data
    with content.stream() as stream:
        return stream.read()
