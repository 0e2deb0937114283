"""What is in doubt of a version is settled when that is deaccessioned."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.catalogue.houses import House, finding, rows
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.persons import Person

ID, OTHER = "main/note", "main/other"
ANNA = Person.named("Anna Kowalska", "anna", "desk")
JAN = Person.named("Jan Nowak", "jan", "desk")
TABLES = ("deaccession", "incident", "doubt", "event", "ledger")


def let_go(house: House, identity: str = ID) -> None:
    asked, now = house.catalogue.deaccessions, house.clock.tick()
    number = asked.request(identity, None, reason="Returned", by=ANNA, at=now).id
    asked.approve(number, by=JAN, at=now, grace=timedelta(), by_account=True)
    asked.begin(number, [1], house.clock.tick())


def kept(house: House, *identities: str) -> None:
    for identity in identities:
        house.store(identity)
    house.clock.now = datetime.now(UTC)


def is_told_again(house: House, tmp_path: Path) -> bool:
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    with Catalogue.open(url) as again:
        again.rebuild("disk", house.catalogue.links(), [], house.clock.now)
        return rows(url, *TABLES) == rows(house.url, *TABLES)


def test_an_incident_of_it_alone_is_closed_by_its_request(house: House, tmp_path: Path) -> None:
    kept(house, ID)
    house.audit(house.check(finding(), finding(path="data/b.tif")))
    let_go(house)
    incident = house.catalogue.incidents.one(1)
    assert (incident.is_open, incident.closed_by) == (False, "deaccession 1")
    assert incident.closed_because == "deaccessioned, request 1."
    assert not incident.closed_by_person
    assert is_told_again(house, tmp_path)


def test_one_of_others_too_is_closed_by_their_proof(house: House, tmp_path: Path) -> None:
    kept(house, ID, OTHER)
    other = (OTHER, 1)
    house.audit(house.check(finding()), house.check(finding(copy=other), copy=other))
    let_go(house)
    [incident] = house.open()
    assert [doubt.identity for doubt in house.doubts(1) if not doubt.settled_at] == [OTHER]
    house.audit(house.check(copy=other))
    told = house.catalogue.incidents.one(incident.id).closed_because
    assert told == "proved read or stronger, all 1, in audit 2. 1 more: deaccessioned."
    assert is_told_again(house, tmp_path)


def test_the_request_that_ends_it_tells_what_was_proved_before(house: House) -> None:
    kept(house, ID, OTHER)
    other = (OTHER, 1)
    house.audit(house.check(finding()), house.check(finding(copy=other), copy=other))
    house.audit(house.check(copy=other))
    let_go(house)
    told = house.catalogue.incidents.one(1).closed_because
    assert told == "proved read or stronger, all 1, in audit 2. 1 more: deaccessioned, request 1."


def test_an_incident_of_the_store_or_of_another_package_stays(house: House) -> None:
    kept(house, ID, OTHER)
    nobody = (None, None)
    house.audit(
        house.check(finding(copy=(OTHER, 1)), copy=(OTHER, 1)),
        house.check(finding(path="stray", copy=nobody), copy=nobody),
    )
    let_go(house)
    [incident] = house.open()
    assert all(doubt.settled_at is None for doubt in house.doubts(incident.id))


def test_a_look_that_is_told_only_then_opens_nothing(house: House) -> None:
    kept(house, ID)
    late = house.check(finding())
    let_go(house)
    number = house.audit(late)
    assert house.open() == ()
    assert len(house.catalogue.audits.audit(number).findings) == 1


def test_what_somebody_closed_before_is_left_as_it_is(house: House) -> None:
    kept(house, ID)
    house.audit(house.check(finding()))
    closed = house.catalogue.incidents.close(1, by=ANNA, at=house.clock.tick(), reason="Known.")
    let_go(house)
    assert house.catalogue.incidents.one(1) == closed
