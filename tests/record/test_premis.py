"""premis.xml: what was done, by whom, to which object, and what may be done with it."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from tests.record import published
from wiazka.record.crosswalk import PremisEvent, Software, premis
from wiazka.record.model import Agent, FileEntry, Record, Rights, Role

PREMIS = "http://www.loc.gov/premis/v3"
NAMES = {"p": PREMIS}
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def file(path: str, role: str, language: str | None = None) -> FileEntry:
    name = path.rpartition("/")[2]
    return FileEntry(
        path=path,
        role=role,
        language=language,
        size=4,
        sha256="0" * 64,
        mime="text/plain",
        puid="x-fmt/111",
        delivered_as=name,
    )


RECORD = Record(
    title="Note",
    files=(
        file("data/objects/scans/0001r.tif", "scan"),
        file("data/objects/scans/0001v.tif", "scan"),
        file("data/objects/translation/en/note.txt", "translation", "en"),
        file("data/metadata/submissionDocumentation/letter.txt", "documentation"),
    ),
)


def tree_of(record: Record, *events: PremisEvent, identity: str = "main/note") -> etree._Element:
    data = premis(record, identity, events)
    assert published.faults("premis", data) == []
    return etree.fromstring(data)


def objects(tree: etree._Element) -> dict[str, etree._Element]:
    return {
        one.findtext("p:objectIdentifier/p:objectIdentifierValue", "", NAMES): one
        for one in tree.findall("p:object", NAMES)
    }


def related(element: etree._Element, subtype: str) -> list[str | None]:
    path = "p:relatedObjectIdentifier/p:relatedObjectIdentifierValue"
    return [
        one.findtext(path, None, NAMES)
        for one in element.findall("p:relationship", NAMES)
        if one.findtext("p:relationshipSubType", None, NAMES) == subtype
    ]


def test_the_type_of_an_object_is_a_name_in_the_premis_namespace() -> None:
    # XML Schema reads the value as a QName: without the prefix it names a type that does not exist.
    for element in tree_of(RECORD).findall("{*}object"):
        prefix, _, name = element.attrib[XSI_TYPE].partition(":")
        assert element.nsmap[prefix] == PREMIS
        assert name in ("intellectualEntity", "representation", "file")


def test_a_document_is_represented_by_its_scans_and_each_of_its_texts() -> None:
    found = objects(tree_of(RECORD))
    document = found["main/note"]
    assert related(document, "is represented by") == ["main/note#scan", "main/note#translation-en"]
    scans = [f"main/note/data/objects/scans/0001{side}.tif" for side in "rv"]
    assert related(found["main/note#scan"], "includes") == scans
    assert related(found[scans[0]], "is included in") == ["main/note#scan"]


def test_a_letter_documents_the_document_and_is_no_representation_of_it() -> None:
    found = objects(tree_of(RECORD))
    letter = "main/note/data/metadata/submissionDocumentation/letter.txt"
    assert related(found["main/note"], "is documented in") == [letter]
    assert related(found[letter], "documents") == ["main/note"]


def test_every_relationship_and_link_ends_at_something_that_is_there() -> None:
    record = RECORD.model_copy(update={"rights": Rights(note="Ask.", holder="An heir")})
    event = PremisEvent(
        *("for", AT, "told", "success"),
        Software("wiazka", "1.0"),
        (Software("libmagic", "5.45"),),
        ("data/objects/scans/0001r.tif",),
    )
    tree = tree_of(record, event, PremisEvent("vir", AT, "none", "not run", "wiazka"))
    there = {*objects(tree)} | {
        *tree.xpath("//p:agentIdentifierValue/text()", namespaces=NAMES),
    }
    ends = tree.xpath(
        "//p:relatedObjectIdentifierValue/text() | //p:linkingObjectIdentifierValue/text()"
        " | //p:linkingAgentIdentifierValue/text()",
        namespaces=NAMES,
    )
    assert len(ends) > 10
    assert set(ends) <= there


def test_a_file_has_its_digest_size_format_and_registry_key() -> None:
    one = objects(tree_of(RECORD))["main/note/data/objects/scans/0001r.tif"]
    traits = one.find("p:objectCharacteristics", NAMES)
    assert traits.xpath("string(p:fixity/p:messageDigest)", namespaces=NAMES) == "0" * 64
    assert traits.xpath("string(p:size)", namespaces=NAMES) == "4"
    key = "string(p:format/p:formatRegistry[p:formatRegistryName='PRONOM']/p:formatRegistryKey)"
    assert traits.xpath(key, namespaces=NAMES) == "x-fmt/111"


def test_an_event_has_a_type_of_the_vocabulary_and_agents_with_roles_and_versions() -> None:
    event = PremisEvent("mes", AT, "told", "success", Software("wiazka", "1.0"))
    tree = tree_of(RECORD, event)
    kind = tree.find("p:event/p:eventType", NAMES)
    assert kind.text == "message digest calculation"
    assert kind.get("valueURI") == "http://id.loc.gov/vocabulary/preservation/eventType/mes"
    assert tree.findtext("p:event/p:linkingAgentIdentifier/p:linkingAgentRole", "", NAMES)
    agent = tree.find("p:agent", NAMES)
    assert [
        agent.findtext(f"p:agent{part}", "", NAMES) for part in ("Name", "Type", "Version")
    ] == [*("wiazka", "software", "1.0")]


def test_a_person_with_two_roles_is_one_agent_with_two_notes() -> None:
    agents = tuple(
        Agent(name="Jan Łoś", kind="person", role=role, relator=role.relator)
        for role in (Role.OBTAINED_BY, Role.TRANSLATOR)
    )
    [agent] = tree_of(RECORD.model_copy(update={"agents": agents})).findall("p:agent", NAMES)
    notes = [note.text for note in agent.findall("p:agentNote", NAMES)]
    assert notes == ["obtained by (MARC relator col)", "translator (MARC relator trl)"]


@pytest.mark.parametrize(
    ("statement", "basis"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "license"),
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", "copyright"),
        ("http://rightsstatements.org/vocab/CNE/1.0/", "other"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "other"),
        (None, "other"),
    ],
)
def test_the_basis_of_a_right_is_never_more_than_the_statement_says(
    statement: str | None, basis: str
) -> None:
    rights = Rights(statement=statement, note="As the heirs wish.", restriction="Closed")
    tree = tree_of(RECORD.model_copy(update={"rights": rights}))
    assert tree.findtext(".//p:rightsBasis", None, NAMES) == basis
    if statement:
        assert statement in tree.xpath("//text()")
    assert "As the heirs wish." in tree.xpath("//text()")
    assert tree.findtext(".//p:rightsGranted/p:restriction", None, NAMES) == "Closed"


def test_no_known_right_is_no_rights_statement() -> None:
    assert tree_of(RECORD).find("p:rights", NAMES) is None
