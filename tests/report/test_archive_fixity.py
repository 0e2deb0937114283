"""The report of the archive's fixity over the years: every number from evidence."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from tests.report.histories import NOW, History, write_history
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.evidence_history import CheckedDay, EvidenceHistory, ProvedDay
from wiazka.catalogue.fixity_model import Incident
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.history import archive_fixity
from wiazka.report.age_plot import ages
from wiazka.report.archive_fixity import archive_fixity_html, archive_fixity_tables
from wiazka.report.archive_fixity_json import archive_fixity_json
from wiazka.report.calendar_plot import DAY, HEIGHT, WIDTH, calendars, steps_for
from wiazka.report.proving import ArchiveFixity, ProvedShare
from wiazka.settings import Settings

SETTINGS = Settings.model_validate(
    {
        "archive": {"name": "Archiwum Przykładowe, Łódź"},
        "stores": {
            "dysk": {"kind": "directory", "path": "/srv/dysk", "location": "Łódź, piwnica"},
            "chmura": {"kind": "directory", "path": "/srv/chmura", "location": "Frankfurt"},
            "ciemnia": {"kind": "directory", "path": "/srv/ciemnia"},
        },
        "fixity": {
            "dysk": {"read_every": "90d", "daily": "1GB", "price_per_gib": "0.09"},
            "chmura": {"read_every": "90d", "stored-digest_every": "30d", "daily": "100MB"},
        },
    }
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    made = Catalogue.open(f"sqlite:///{tmp_path_factory.mktemp('history')}/c.sqlite")
    write_history(made, History(packages=60))
    return made


@pytest.fixture(scope="module")
def report(catalogue: Catalogue) -> ArchiveFixity:
    return archive_fixity(catalogue, SETTINGS, NOW)


def seen(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])).split())


def test_every_copy_is_counted_once_as_proved_overdue_or_never(report: ArchiveFixity) -> None:
    assert [(one.store, one.grade) for one in report.coverages] == [
        ("dysk", Grade.READ),
        ("chmura", Grade.READ),
        ("chmura", Grade.STORED_DIGEST),
        ("ciemnia", Grade.READ),
    ]
    for one in report.coverages:
        assert one.proved + one.overdue + one.never == one.copies == 60


def test_a_store_without_a_policy_is_never_said_to_be_in_time(report: ArchiveFixity) -> None:
    [dark] = [one for one in report.coverages if one.store == "ciemnia"]
    assert dark.every is None
    assert "at some time" in dark.sentence


def test_the_sums_count_stores_without_a_policy_as_their_table_does(report: ArchiveFixity) -> None:
    dark = ProvedShare("ciemnia", Grade.READ, None, 30, 1, 1, 28)
    sums = {what: number for number, what, _ in replace(report, coverages=(dark,)).figures}
    assert (sums["proofs overdue"], sums["never proved so"]) == ("1", "28")


def test_a_stored_digest_counts_as_no_reading(catalogue: Catalogue) -> None:
    rows = EvidenceHistory(catalogue.audits.database).checked()
    days = [row for row in rows if row.grade is Grade.STORED_DIGEST]
    assert days
    for calendar in calendars(days, ["chmura"], {}, NOW.date()):
        assert calendar.grade is Grade.STORED_DIGEST


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_the_page_shows_every_number_of_the_coverage_and_every_incident(
    report: ArchiveFixity, lang: str
) -> None:
    page = seen(archive_fixity_html(report, lang))
    for one in report.coverages:
        assert f" {one.proved} " in page
        assert str(one.oldest_id) in page
    for incident in report.incidents:
        assert incident.sentence in page
        assert (incident.note or "") in page
    for repair in report.repairs:
        assert repair.sentence in page
    assert "Archiwum Przykładowe, Łódź" in page
    assert "Łukasz Śliwiński" in page


def test_the_page_is_well_formed_needs_nothing_beside_it_and_runs_nothing(
    report: ArchiveFixity,
) -> None:
    page = archive_fixity_html(report)
    tree = html.fromstring(page)
    assert not tree.xpath("//script")
    assert not tree.xpath("//@src | //link/@href | //@*[starts-with(name(), 'on')]")
    for drawing in tree.xpath("//svg[@role='img']"):
        assert drawing.get("aria-label")
        assert "NaN" not in etree.tostring(drawing, encoding="unicode")


def test_hostile_words_stay_words(report: ArchiveFixity) -> None:
    hostile = "<script>alert(1)</script>"
    incident = replace(report.incidents[0], sentence=hostile, note="=2+2")
    page = archive_fixity_html(replace(report, incidents=(incident,)))
    assert hostile not in page
    assert hostile in seen(page.replace("&lt;", "‹").replace("&gt;", "›")).replace(
        "‹", "<"
    ).replace("›", ">")


def test_failures_are_marked_by_shape_and_named_on_hover(report: ArchiveFixity) -> None:
    bad = [one for one in report.checked if one.outcome is Outcome.CHANGED]
    assert bad
    tree = html.fromstring(archive_fixity_html(report))
    titles = [
        "".join(mark.itertext()) for mark in tree.xpath("//figure//path[@class='failed']/title/..")
    ]
    for one in bad:
        assert any(title.startswith(f"{one.day}: ") and "changed" in title for title in titles)


def test_a_store_that_did_not_answer_is_no_failure() -> None:
    day = CheckedDay(date(2026, 3, 2), "s", Grade.READ, Outcome.DENIED, 4, 0)
    [calendar] = calendars([day], ["s"], {}, date(2026, 3, 3))
    [year] = calendar.stores[0].years
    assert (year.failed, year.unclear, year.marks[0].failed) == (0, 4, False)
    assert not year.days


def test_years_without_any_check_are_shown_from_the_first_copy_on() -> None:
    day = CheckedDay(date(2026, 3, 2), "s", Grade.READ, Outcome.OK, 4, 0)
    [calendar] = calendars([day], ["s"], {"s": date(2023, 5, 1)}, date(2026, 3, 3))
    assert [year.year for year in calendar.stores[0].years] == [2023, 2024, 2025, 2026]


@given(
    st.dictionaries(
        st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(1, 500), min_size=1, max_size=60
    )
)
def test_each_day_is_drawn_once_inside_its_year(counts: dict[date, int]) -> None:
    days = [CheckedDay(d, "s", Grade.READ, Outcome.OK, n, n) for d, n in counts.items()]
    [calendar] = calendars(days, ["s"], {}, max(counts))
    drawn = 0
    for year in calendar.stores[0].years:
        for shown in year.days:
            for x, y, height in re.findall(r"M(\d+) (\d+)h9v(\d+)h-9z", shown.path):
                assert int(x) + DAY <= WIDTH
                assert int(y) + int(height) <= HEIGHT
                drawn += int(height) // DAY
    assert drawn == len(counts)


@given(st.integers(1, 10**6))
def test_shades_begin_at_one_copy_and_the_most_has_the_darkest(most: int) -> None:
    steps = steps_for(most)
    assert steps[0][1] == 1
    assert steps[-1][1] <= most
    assert steps[-1][0] == 5
    assert [shade for shade, _ in steps] == sorted({shade for shade, _ in steps})


@given(st.lists(st.tuples(st.integers(0, 2000), st.booleans()), max_size=40), st.integers(1, 400))
def test_no_bar_of_ages_is_both_in_time_and_late(known: list[tuple[int, bool]], every: int) -> None:
    today = date(2026, 11, 25)
    rows = [
        ProvedDay("s", Grade.READ, today - timedelta(days=age), doubted, 1, 1)
        for age, doubted in known
    ]
    coverage = ProvedShare("s", Grade.READ, timedelta(days=every), max(1, len(rows)), 0, 0, 0)
    [plot] = ages(rows, [coverage], today)
    late = sum(int(re.findall(r"\d+", bar.title)[0]) for bar in plot.bars if bar.kind == "late")
    assert late == sum(age >= every for age, _ in known)


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_coverage_is_a_hundred_per_cent_only_when_all_copies_are_proved(
    copies: int, short: int
) -> None:
    proved = max(0, copies - short)
    one = ProvedShare("s", Grade.READ, timedelta(days=90), copies, proved, copies - proved, 0)
    assert ("100.0 %" in one.sentence) == (proved == copies)
    assert (one.drawn[1] > 0) == (proved < copies)


def test_tables_are_for_spreadsheets_of_the_readers_country_and_run_no_formula(
    report: ArchiveFixity,
) -> None:
    incident = replace(report.incidents[0], sentence='=HYPERLINK("x")', note="żółć;\nnowy wiersz")
    tables = archive_fixity_tables(replace(report, incidents=(incident,)), "pl")
    assert set(tables) == {"coverage", "days", "incidents"}
    assert all(table.startswith("\ufeff") for table in tables.values())
    rows = list(csv.reader(io.StringIO(tables["incidents"][1:]), delimiter=";"))
    assert rows[1][3] == '\'=HYPERLINK("x")'
    assert rows[1][7] == "żółć; nowy wiersz"
    assert len({len(row) for row in rows}) == 1
    days = list(csv.DictReader(io.StringIO(archive_fixity_tables(report)["days"][1:])))
    assert sum(int(day["checks"]) for day in days) == sum(one.checks for one in report.checked)


def test_json_has_the_same_facts(report: ArchiveFixity) -> None:
    told = json.loads(archive_fixity_json(report))
    assert [one["overdue"] for one in told["coverage"]] == [one.overdue for one in report.coverages]
    assert told["coverage"][0]["every"] == 90
    assert told["incidents"][0]["opened_at"].endswith("+00:00")
    assert len(told["checked"]) == len(report.checked)


def test_an_archive_with_nothing_yet_has_a_page_too(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite") as empty:
        told = archive_fixity(empty, SETTINGS, NOW)
    page = seen(archive_fixity_html(told))
    assert "No audit has looked at any copy yet." in page
    assert "No incident is on record." in page
    assert "%" not in page.replace("Share of the copies %", "")


def test_incidents_that_the_page_leaves_out_are_counted_on_it(report: ArchiveFixity) -> None:
    many = tuple(replace(report.incidents[0], id=number) for number in range(1, 206))
    page = seen(archive_fixity_html(replace(report, incidents=many)))
    assert "165 older incidents are not drawn, 145 are not told here: incidents.csv has" in page
    assert "not drawn" not in seen(archive_fixity_html(report))


def test_an_open_incident_is_the_headline(report: ArchiveFixity) -> None:
    assert report.headline.startswith("1 incident open")
    assert not report.is_well
    closed: tuple[Incident, ...] = tuple(
        replace(one, closed_at=datetime(2026, 11, 25, tzinfo=UTC)) for one in report.incidents
    )
    well = replace(report, incidents=closed, coverages=())
    assert well.headline == "No incident open; no intervals are chosen"


def test_ten_years_of_five_stores_are_a_small_file(tmp_path: Path) -> None:
    stores = {f"store-{number}": 40 for number in range(5)}
    with Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite") as long:
        write_history(long, History(stores=stores, packages=120, years=10))
        told = archive_fixity(long, SETTINGS, NOW)
    assert len(archive_fixity_html(told, "pl").encode()) < 2_000_000
