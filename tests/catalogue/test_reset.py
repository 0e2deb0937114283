"""Other bits lie there since: what a look that began before still tells is not of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.catalogue.houses import House, finding, held, rows
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Finding
from wiazka.catalogue.model import EventKind
from wiazka.catalogue.rebuilding import FoundVersion
from wiazka.evidence import Outcome

ID = "main/note"
TABLES = ("version", "copy", "incident", "doubt", "event", "ledger")


def mend(house: House) -> None:
    house.catalogue.replicas.repaired(held(house), "Mended.", {})


def move(house: House) -> None:
    house.catalogue.audits.keep_place("disk", "old")
    assert house.catalogue.audits.moved("disk", "new", datetime.now(UTC))


def move_and_mend(house: House) -> None:
    move(house)
    mend(house)


Reset = Callable[[House], None]
both = pytest.mark.parametrize("reset", [mend, move])


def meanwhile(house: House, reset: Reset, *findings: Finding) -> CopyCheck:
    """A look that began before other bits were put there, and ended after that."""
    begun = datetime.now(UTC)
    reset(house)
    house.clock.now = datetime.now(UTC)
    return house.check(*findings, begun=begun)


def damaged(house: House) -> None:
    house.clock.now = datetime.now(UTC) - timedelta(hours=1)
    house.audit(house.check(finding()))


def is_sound(house: House) -> bool:
    return bool(house.catalogue.replicas.sound(ID, 1))


@both
def test_a_proof_that_began_before_proves_nothing(house: House, reset: Reset) -> None:
    house.store()
    stale = meanwhile(house, reset)
    house.audit(stale)
    assert held(house).grade is None
    house.audit(house.check())
    assert is_sound(house)


@both
@pytest.mark.parametrize(
    "found",
    [finding(), finding(Outcome.THROTTLED, "", "no answer"), finding(Outcome.EXTRA)],
    ids=["damage", "no answer", "an object too many"],
)
def test_what_it_found_is_kept_with_its_audit_and_doubts_nothing_since(
    house: House, reset: Reset, found: Finding
) -> None:
    house.store()
    stale = meanwhile(house, reset, found)
    house.audit(house.check())
    number = house.audit(stale)
    assert house.catalogue.audits.audit(number).findings == (found,)
    assert house.open() == ()
    assert is_sound(house)
    house.audit(house.check(found))
    assert len(house.open()) == 1, "what is found now is told"


@both
def test_a_proof_that_began_before_neither_closes_nor_clears(house: House, reset: Reset) -> None:
    house.store()
    damaged(house)
    # As far as the damage goes it might: it began after that was seen last.
    house.audit(meanwhile(house, reset))
    assert len(house.open()) == 1
    assert not is_sound(house)
    house.audit(house.check())
    assert house.open() == ()
    assert is_sound(house)


@both
def test_damage_seen_again_by_a_look_from_before_does_not_keep_it_open(
    house: House, reset: Reset
) -> None:
    house.store()
    damaged(house)
    seen = house.doubts(1)
    house.audit(meanwhile(house, reset, finding()))
    assert house.doubts(1) == seen


def test_a_restore_that_began_before_does_not_doubt_what_was_mended(house: House) -> None:
    house.store()
    begun = datetime.now(UTC)
    mend(house)
    house.audit(house.check(begun=datetime.now(UTC)))
    house.catalogue.replicas.damaged(held(house), EventKind.RESTORED, "Damage.", {}, begun)
    assert is_sound(house)
    now = datetime.now(UTC)
    house.catalogue.replicas.damaged(held(house), EventKind.RESTORED, "Damage.", {}, now)
    assert not is_sound(house)


# Told again


def found_in(house: House, number: int) -> FoundVersion:
    version = house.catalogue.version(ID, number)
    return FoundVersion(version, tuple(house.catalogue.files(ID, number)), "", ())


def lived(house: House, reset: Reset) -> None:
    """All of the above, and a version that came afterwards."""
    house.store()
    damaged(house)
    begun = datetime.now(UTC)
    house.audit(meanwhile(house, reset, finding(path="data/b.tif")))
    house.audit(house.check(begun=begun))
    house.catalogue.replicas.damaged(held(house), EventKind.RESTORED, "Damage.", {}, begun)
    house.store()
    assert held(house).grade is None


@pytest.mark.parametrize("reset", [mend, move, move_and_mend])
@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["1 first", "2 first"])
def test_a_rebuilt_catalogue_is_equal_however_often_the_event_is_told(
    house: House, reset: Reset, order: tuple[int, int], tmp_path: Path
) -> None:
    lived(house, reset)
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    with Catalogue.open(url) as again:
        for number in order:
            found, links = [found_in(house, number)], house.catalogue.links()
            again.rebuild("disk", links, found, datetime.now(UTC))
        assert rows(url, *TABLES) == rows(house.url, *TABLES)
        House(again, url, house.clock).audit(house.check())
        assert again.incidents.open() == ()


@both
def test_a_catalogue_from_before_is_brought_up_to_what_a_rebuilt_one_has(
    house: House, reset: Reset
) -> None:
    lived(house, reset)
    before = rows(house.url, *TABLES)
    engine = create_engine(house.url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE copy DROP COLUMN reset_at"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    engine.dispose()
    with Catalogue.open(house.url):
        assert rows(house.url, *TABLES) == before
