"""The rights of premis.xml (PREMIS 3.0 4): what the record says, and no basis that it does not."""

import re

from lxml import etree

from wiazka.record.crosswalk.premis_objects import identifier, link_object
from wiazka.record.crosswalk.xml import add
from wiazka.record.model import Rights

_LICENCE = re.compile(r"https?://creativecommons\.org/licenses/")
_NO_COPYRIGHT_US = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/NoC-US/")


def rights(root: etree._Element, told: Rights, identity: str, holder: str | None) -> None:
    """One rights statement, where anything is known; ``holder`` is the holder's agent identifier.

    A licence of Creative Commons is the basis ``license``; "no copyright in the United States" is
    ``copyright``, which must name a country; for everything else the statement is the basis.
    """
    if told == Rights():
        return
    statement = add(add(root, "rights"), "rightsStatement")
    identifier(statement, "rightsStatement", f"{identity}#rights")
    uri = told.statement or ""
    if _LICENCE.match(uri):
        add(statement, "rightsBasis", "license")
        _licence(statement, told, uri)
    elif _NO_COPYRIGHT_US.match(uri):
        add(statement, "rightsBasis", "copyright")
        _copyright(statement, told, uri)
    else:
        add(statement, "rightsBasis", "other")
        _other(statement, told, uri)
    if told.restriction or told.review_date:
        granted = add(statement, "rightsGranted")
        add(granted, "act", "disseminate")
        if told.restriction:
            add(granted, "restriction", told.restriction)
        if told.review_date:
            # Not termOfRestriction: that must have a first day, and a review is not its last.
            add(granted, "rightsGrantedNote", f"To be reviewed: {told.review_date}")
    link_object(statement, identity)
    if holder:
        linking = add(statement, "linkingAgentIdentifier")
        add(linking, "linkingAgentIdentifierType", "local")
        add(linking, "linkingAgentIdentifierValue", holder)
        add(linking, "linkingAgentRole", "rights holder")


def _licence(statement: etree._Element, told: Rights, uri: str) -> None:
    element = add(statement, "licenseInformation")
    identifier(element, "licenseDocumentation", uri, kind="URI")
    if told.note:
        add(element, "licenseNote", told.note)


def _copyright(statement: etree._Element, told: Rights, uri: str) -> None:
    element = add(statement, "copyrightInformation")
    add(element, "copyrightStatus", "publicdomain")
    add(element, "copyrightJurisdiction", "us")
    if told.note:
        add(element, "copyrightNote", told.note)
    identifier(element, "copyrightDocumentation", uri, kind="URI")


def _other(statement: etree._Element, told: Rights, uri: str) -> None:
    element = add(statement, "otherRightsInformation")
    if uri:
        identifier(element, "otherRightsDocumentation", uri, kind="URI")
    add(element, "otherRightsBasis", "rights statement" if uri else "not stated")
    if told.note:
        add(element, "otherRightsNote", told.note)
