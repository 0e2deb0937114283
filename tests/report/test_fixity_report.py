"""The report of an audit: all findings, their kinds apart."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from wiazka.catalogue.fixity_model import Finding
from wiazka.evidence import Grade, Outcome
from wiazka.report.fixity import (
    OUTCOMES,
    FixityReport,
    StoreResult,
    fixity_html,
    fixity_text,
)
from wiazka.report.proving import ProvedShare
from wiazka.settings import Archive

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

FINDINGS = (
    Finding(
        Outcome.CHANGED,
        "cloud",
        "main/olszowski",
        2,
        "data/objects/scans/żółw.tif",
        Grade.READ,
        "aa" * 32,
        "bb" * 32,
    ),
    Finding(Outcome.EXTRA, "cloud", None, None, "packages/<b>x</b>", Grade.LISTED, None, None),
)
REPORT = FixityReport(
    archive=Archive(name="Archiwum Przykładowe"),
    agent="wiazka 0.1.0",
    began=NOON,
    ended=NOON.replace(hour=14),
    grade=Grade.READ,
    stores=(
        StoreResult("disk", "/srv/keep", 120, 3_300_000_000, ((Outcome.OK, 120),)),
        StoreResult("cloud", "s3://b/p", 119, 0, ((Outcome.OK, 118), (Outcome.CHANGED, 1))),
    ),
    findings=FINDINGS,
    coverages=(
        ProvedShare("disk", Grade.READ, timedelta(days=90), 120, 120, 0, 0),
        ProvedShare("cloud", Grade.READ, timedelta(days=90), 119, 118, 1, 0),
    ),
)


def seen(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])).split())


@pytest.mark.parametrize(
    "fact",
    [
        "239 copies checked, 2 findings",
        "24 November 2026, 14:00 UTC",
        "every byte read back",
        "3.3 GB",
        "s3://b/p",
        "118 as expected, 1 changed",
        "main/olszowski",
        "data/objects/scans/żółw.tif",
        "aa" * 32,
        "bb" * 32,
        "packages/<b>x</b>",
        "not in the catalogue",
        "cloud: 118 of 119 copies (99.1 %) proved within 90 days: every byte read back",
    ],
)
def test_page_and_text_say_the_same_facts(fact):
    assert fact in seen(fixity_html(REPORT))
    assert fact in " ".join(fixity_text(REPORT).split())


def test_an_audit_without_findings_says_that_all_is_as_expected():
    well = replace(REPORT, findings=())
    assert "239 copies checked, all as expected" in seen(fixity_html(well))
    assert "Findings" not in fixity_html(well)
    assert "FINDINGS" not in fixity_text(well)


def test_every_outcome_has_its_own_words():
    assert set(OUTCOMES) == set(Outcome)
    assert len(set(OUTCOMES.values())) == len(Outcome)
