"""Incidents: one for each cause, none that hides a second, closed by a later proof or a person."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import create_engine, text

from tests.catalogue.houses import BEGAN, House, finding, rows
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck
from wiazka.catalogue.model import EventKind
from wiazka.catalogue.persons import Person
from wiazka.errors import NotFoundError, UsageError
from wiazka.evidence import Grade, Outcome

ANNA = Person.named("Anna Kowalska", "anna", "desk")
CONDITIONS = {Outcome.DENIED, Outcome.THROTTLED, Outcome.UNKNOWN}
TABLES = ("incident", "doubt", "event", "ledger")


# One cause, one incident


def test_a_disk_that_loses_many_files_is_one_incident(house: House) -> None:
    found = [
        [finding(path=f"data/{name}.tif", copy=(f"main/{n}", 1)) for name in "abc"]
        for n in range(5)
    ]
    house.audit(*(house.check(*some, copy=(f"main/{n}", 1)) for n, some in enumerate(found)))
    [incident] = house.open()
    assert len(house.doubts(incident.id)) == house.catalogue.incidents.findings(incident.id) == 15
    assert "main/0 v1: data/a.tif, data/b.tif, data/c.tif" in incident.sentence


def test_a_copy_of_which_very_many_files_are_gone_is_taken_in_whole(house: House) -> None:
    found = [finding(Outcome.MISSING, f"data/{n}", None) for n in range(3_000)]
    for _ in range(2):
        house.audit(house.check(*found))
    [incident] = house.open()
    assert len(house.doubts(incident.id)) == 3_000
    house.audit(house.check())
    assert not house.open()


@pytest.mark.parametrize("outcome", sorted(CONDITIONS))
def test_a_store_that_is_away_is_one_incident_however_many_copies_it_has(
    house: House, outcome: Outcome
) -> None:
    copies = [(f"main/{n}", 1) for n in range(4)]
    for _ in range(2):
        house.audit(
            *(
                house.check(finding(outcome, "", f"no {copy}", copy=copy), copy=copy)
                for copy in copies
            )
        )
    [incident] = house.open()
    assert [doubt.place for doubt in house.doubts(incident.id)] == [(None, None, "")]


def test_damage_of_two_kinds_or_in_two_stores_is_told_apart(house: House) -> None:
    house.audit(
        house.check(finding(), finding(Outcome.MISSING, "data/b.tif", None)),
        house.check(finding(store="s3"), store="s3"),
    )
    assert {(i.store, i.outcome) for i in house.open()} == {
        ("disk", Outcome.CHANGED),
        ("disk", Outcome.MISSING),
        ("s3", Outcome.CHANGED),
    }


def test_the_same_damage_seen_again_joins_its_incident(house: House) -> None:
    house.audit(house.check(finding()))
    again = house.check(finding())
    house.audit(again)
    [incident] = house.open()
    assert incident.last_seen_at == again.ended
    assert len(house.doubts(incident.id)) == 1
    assert house.catalogue.incidents.findings(incident.id) == 2


# None hides another


def test_damage_that_comes_later_is_another_incident(house: House) -> None:
    house.audit(house.check(finding()))
    house.audit(house.check(finding(), finding(path="data/b.tif")))
    first, second = house.open()
    assert [doubt.path for doubt in house.doubts(first.id)] == ["data/a.tif"]
    assert [doubt.path for doubt in house.doubts(second.id)] == ["data/b.tif"]


def test_a_file_that_changes_again_is_told(house: House) -> None:
    house.audit(house.check(finding(observed="bad")))
    house.audit(house.check(finding(observed="worse")))
    first, second = house.open()
    [doubt] = house.doubts(second.id)
    assert (doubt.observed, doubt.before) == ("worse", first.id)


def test_what_was_changed_and_is_missing_now_is_told(house: House) -> None:
    house.audit(house.check(finding()))
    house.audit(house.check(finding(Outcome.MISSING, observed=None)))
    assert [i.outcome for i in house.open()] == [Outcome.CHANGED, Outcome.MISSING]


def test_a_store_that_is_away_does_not_hide_damage(house: House) -> None:
    house.audit(house.check(finding(Outcome.THROTTLED, "")))
    house.audit(house.check(finding(), copy=("main/note", 1)))
    [left] = house.open()
    assert left.outcome is Outcome.CHANGED


def test_a_size_and_a_digest_of_one_damage_are_one_incident_until_the_digest_differs(
    house: House,
) -> None:
    house.audit(house.check(finding(observed="7", grade=Grade.SIZE), grade=Grade.SIZE))
    house.audit(house.check(finding(observed="bad")))
    [incident] = house.open()
    assert len(house.doubts(incident.id)) == 2
    house.audit(house.check(finding(observed="worse")))
    assert len(house.open()) == 2


def test_a_name_that_is_no_unicode_is_the_same_when_seen_again(house: House) -> None:
    for _ in range(2):
        house.audit(house.check(finding(path="data/\udcff.tif")))
    assert len(house.open()) == 1


# Closed by a later proof


def test_a_later_proof_closes_and_says_which(house: House) -> None:
    house.audit(house.check(finding()))
    [incident] = house.open()
    number = house.audit(house.check())
    closed = house.catalogue.incidents.one(incident.id)
    assert closed.closed_by == f"audit {number}"
    assert not closed.closed_by_person
    assert "read" in str(closed.closed_because)
    assert [i.id for i in house.catalogue.incidents.of_audit(number).closed] == [incident.id]


def test_a_weaker_grade_never_closes(house: House) -> None:
    house.audit(house.check(finding()))
    for grade in (Grade.LISTED, Grade.SIZE, Grade.STORED_DIGEST, Grade.RECOMPUTED):
        house.audit(house.check(grade=grade))
    assert house.open()


def test_a_proof_that_began_before_the_damage_was_seen_does_not_close(house: House) -> None:
    before = house.clock.tick()
    number = house.catalogue.audits.begin(Grade.READ, before)
    house.audit(house.check(finding()))
    house.audit(house.check(begun=before), number=number)
    assert house.open()


def test_only_the_last_of_all_its_files_closes_it(house: House) -> None:
    copies = [("main/a", 1), ("main/b", 1)]
    house.audit(*(house.check(finding(copy=copy), copy=copy) for copy in copies))
    house.audit(house.check(copy=copies[0]))
    assert house.open()
    number = house.audit(house.check(copy=copies[1]))
    assert not house.open()
    assert [i.id for i in house.catalogue.incidents.of_audit(number).closed] == [1]


def test_a_file_is_proved_also_where_another_of_the_copy_is_damaged(house: House) -> None:
    house.audit(house.check(finding(), finding(Outcome.MISSING, "data/b.tif", None)))
    house.audit(house.check(finding(Outcome.MISSING, "data/b.tif", None)))
    assert [i.outcome for i in house.open()] == [Outcome.MISSING]


def test_a_file_is_not_proved_by_a_closer_look_at_another(house: House) -> None:
    house.audit(house.check(finding()))
    weaker = house.catalogue.audits.begin(Grade.STORED_DIGEST, house.clock.tick())
    house.audit(house.check(finding(Outcome.MISSING, "data/b.tif", None)), number=weaker)
    assert [i.outcome for i in house.open()] == [Outcome.CHANGED, Outcome.MISSING]


def test_a_copy_that_could_not_be_looked_at_proves_nothing(house: House) -> None:
    house.audit(house.check(finding()))
    house.audit(house.check(finding(Outcome.UNREADABLE, "", "I/O error")))
    house.audit(house.check(finding(Outcome.THROTTLED, "", "no answer")))
    assert len(house.open()) == 3


def test_a_store_that_answers_again_closes_by_any_copy_and_not_in_the_same_audit(
    house: House,
) -> None:
    other = ("main/other", 1)
    number = house.audit(
        house.check(finding(Outcome.THROTTLED, "")),
        house.check(copy=other),
        house.check(finding(Outcome.THROTTLED, "")),
        house.check(copy=other),
    )
    assert len(house.open()) == 1, "a store that comes and goes is not a new incident each time"
    house.audit(house.check(copy=other))
    assert not house.open()
    assert "answers again" in str(house.catalogue.incidents.one(1).closed_because)
    assert house.catalogue.incidents.one(1).opened_by == number


def test_one_object_that_is_denied_is_not_cleared_by_another_that_is_not(house: House) -> None:
    house.audit(house.check(finding(Outcome.DENIED)))
    house.audit(house.check(copy=("main/other", 1)))
    assert house.open()
    house.audit(house.check())
    assert not house.open()


def extras(house: House, *paths: str) -> CopyCheck:
    whole = (None, None)
    found = [finding(Outcome.EXTRA, path, "3", copy=whole, grade=Grade.LISTED) for path in paths]
    return house.check(*found, copy=whole, grade=Grade.LISTED)


def test_extras_are_closed_by_a_look_at_the_whole_store_that_sees_them_no_more(
    house: House,
) -> None:
    house.audit(extras(house, "packages/main/x/v1.json", "packages/main/y/v1.json"))
    house.audit(extras(house, "packages/main/y/v1.json"))
    house.audit(house.check())
    assert len(house.open()) == 1
    house.audit(extras(house))
    assert not house.open()


def test_a_providers_report_does_not_close_extras(house: House) -> None:
    house.audit(house.check(finding(Outcome.EXTRA, "data/x", "3", grade=Grade.LISTED)))
    house.audit(house.check(grade=Grade.RECOMPUTED))
    assert house.open()
    house.audit(house.check(grade=Grade.SIZE))
    assert not house.open()


# Persons


def test_a_false_alarm_is_closed_with_a_reason_and_opens_anew_when_seen_again(
    house: House,
) -> None:
    house.audit(house.check(finding()))
    reason = "Zły kabel"
    closed = house.catalogue.incidents.close(1, by=ANNA, at=house.clock.tick(), reason=reason)
    assert closed.closed_by_person
    house.audit(house.check(finding()))
    [anew] = house.open()
    assert anew.id == 2
    assert f"Incident 1 of the same was closed by {ANNA}" in anew.sentence
    assert reason in anew.sentence
    with pytest.raises(UsageError):
        house.catalogue.incidents.close(1, by=ANNA, at=house.clock.tick(), reason="again")


def test_who_knows_of_it_is_kept(house: House) -> None:
    house.audit(house.check(finding()))
    at = house.clock.tick()
    house.catalogue.incidents.acknowledge(1, by=ANNA, at=at, note="dysk zamówiony")
    [incident] = house.open()
    assert (incident.acknowledged_by, incident.note) == (str(ANNA), "dysk zamówiony")
    kinds = [event.kind for event in house.catalogue.incidents.story(1)]
    assert kinds == [
        EventKind.INCIDENT_OPENED,
        EventKind.AUDITED,
        EventKind.INCIDENT_ACKNOWLEDGED,
    ]


def test_who_acknowledges_without_a_note_leaves_the_one_before(
    house: House, tmp_path: Path
) -> None:
    house.audit(house.check(finding()))
    acknowledge = house.catalogue.incidents.acknowledge
    assert acknowledge(1, by=ANNA, at=house.clock.tick()).note is None
    acknowledge(1, by=ANNA, at=house.clock.tick(), note="dysk zamówiony")
    other = Person.named("Jan Nowak", "jan", "desk")
    incident = acknowledge(1, by=other, at=house.clock.tick())
    assert (incident.acknowledged_by, incident.note) == (str(other), "dysk zamówiony")
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    with rebuilt(house, url):
        assert rows(url, *TABLES) == rows(house.url, *TABLES)
    assert acknowledge(1, by=other, at=house.clock.tick(), note="").note == ""


def test_an_incident_that_is_not_there_is_a_clear_error(house: House) -> None:
    with pytest.raises(NotFoundError):
        house.catalogue.incidents.one(3)


# Kills, races, and a catalogue that is gone


def rebuilt(house: House, url: str) -> Catalogue:
    again = Catalogue.open(url)
    again.rebuild("disk", house.catalogue.links(), [], house.clock.now)
    return again


def test_a_rebuilt_incident_is_closed_by_the_same_proof(house: House, tmp_path: Path) -> None:
    number = house.audit(house.check(finding(), finding(path="data/b.tif")))
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    with rebuilt(house, url) as again:
        assert rows(url, *TABLES) == rows(house.url, *TABLES)
        anew = House(again, url, house.clock)
        other = ("main/other", 1)
        assert anew.audit(anew.check(finding(copy=other), copy=other)) == number + 1
        assert len(again.incidents.open()) == 2, "an old audit's number was given again"
        anew.audit(anew.check())
        assert [incident.id for incident in again.incidents.open()] == [2]


AUDITING = """
import sys
from datetime import UTC, datetime, timedelta
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Finding
from wiazka.evidence import Grade, Outcome
with Catalogue.open(sys.argv[1]) as catalogue:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    audit = catalogue.audits.begin(Grade.READ, now)
    for n in range(int(sys.argv[2])):
        found = Finding(Outcome.CHANGED, "disk", f"main/{n}", 1, "a", Grade.READ, "good", "bad")
        away = Finding(Outcome.THROTTLED, "s3", f"main/{n}", 1, "", Grade.READ, None, "no answer")
        for f in (found, away):
            now += timedelta(seconds=1)
            check = CopyCheck(f.identity, 1, f.store, Grade.READ, f.outcome, 9, 1, now, now, (f,))
            catalogue.audits.record(audit, check, "Audited.")
        print(n, flush=True)
"""


def auditing(url: str, number: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", AUDITING, url, str(number)], stdout=subprocess.PIPE, text=True
    )


def test_two_audits_at_once_make_one_incident_of_one_cause(house: House) -> None:
    both = [auditing(house.url, 12) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    away = [i for i in house.open() if i.outcome is Outcome.THROTTLED]
    assert len(away) == 1
    damaged = [i for i in house.open() if i.outcome is Outcome.CHANGED]
    places = [doubt.place for i in damaged for doubt in house.doubts(i.id)]
    assert len(places) == len(set(places)) == 12, "one damage is in one incident"
    check_all(house)


def test_an_audit_killed_anywhere_leaves_no_finding_without_its_incident(house: House) -> None:
    for after in range(1, 5):
        one = auditing(house.url, 1000)
        assert one.stdout is not None
        for _ in range(after):
            one.stdout.readline()
        os.kill(one.pid, signal.SIGKILL)
        one.wait()
        check_all(house)


# Any sequence of checks


def check_all(house: House) -> None:
    """What always holds, found by other means than the code's."""
    assert house.catalogue.verify_ledger() == []
    known = {i.id: i for i in house.catalogue.incidents.all()}
    found: dict[int, list[dict[str, object]]] = {number: [] for number in known}
    data = history(house.url)
    for one in data.findings:
        assert one["incident"] in known
        incident = known[one["incident"]]
        assert (incident.store, incident.outcome) == (one["store"], one["outcome"])
        found[incident.id].append(one)
    conditions = [
        (i.store, i.outcome) for i in known.values() if i.is_open and i.outcome in CONDITIONS
    ]
    assert len(conditions) == len(set(conditions))
    for number, incident in known.items():
        assert found[number], "an incident of nothing"
        if incident.closed_by_person:
            continue
        proofs = [data.proofs_of(one) for one in found[number]]
        if not incident.is_open:
            assert all(proofs), "closed, and not everything was proved"
        last = max(str(one["ended"]) for one in found[number])
        grade = max(Grade(str(one["grade"])).strength for one in found[number])
        audits = {one["audit"] for one in found[number]}
        if all(
            any(
                str(proof["begun"]) >= last
                and Grade(str(proof["grade"])).strength >= grade
                and proof["audit"] not in audits
                for proof in some
            )
            for some in proofs
        ):
            assert not incident.is_open, "all was proved, and it is open"


@dataclass
class History:
    """Checks and findings as the tables have them."""

    checks: list[dict[str, object]]
    findings: list[dict[str, object]]

    def proofs_of(self, one: dict[str, object]) -> list[dict[str, object]]:
        """The checks that prove that what was found is no longer so."""
        return [check for check in self.checks if self._proves(check, one)]

    def _proves(self, check: dict[str, object], one: dict[str, object]) -> bool:
        if check["id"] <= one["copy_check"] or check["audit"] == one["audit"]:  # type: ignore[operator]
            return False
        if check["store"] != one["store"] or str(check["begun"]) < str(one["ended"]):
            return False
        if Grade(str(check["grade"])).strength < Grade(str(one["grade"])).strength:
            return False
        seen = [f for f in self.findings if f["copy_check"] == check["id"]]
        if one["outcome"] in CONDITIONS and one["path"] == "":
            return not any(f["outcome"] in CONDITIONS or f["path"] == "" for f in seen)
        if (check["identity"], check["version"]) != (one["identity"], one["version"]):
            return False
        if one["outcome"] == "extra" and check["grade"] == "recomputed":
            return False
        return not any(f["path"] in ("", one["path"]) for f in seen)


def history(url: str) -> History:
    engine = create_engine(url)
    with engine.connect() as connection:
        checks = connection.execute(text("SELECT * FROM copy_check ORDER BY id")).mappings()
        checks_ = [dict(row) for row in checks]
        findings = connection.execute(
            text(
                "SELECT f.*, c.audit, c.ended FROM finding f JOIN copy_check c "
                "ON c.id = f.copy_check ORDER BY f.id"
            )
        ).mappings()
        findings_ = [dict(row) for row in findings]
    engine.dispose()
    return History(checks_, findings_)


OUTCOMES = st.sampled_from(
    [Outcome.CHANGED, Outcome.MISSING, Outcome.UNREADABLE, Outcome.DENIED, Outcome.EXTRA]
)


class Audits(RuleBasedStateMachine):
    """Audits that find anything anywhere, one within another, and persons who close."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        url = f"sqlite:///{self.folder / 'catalogue.sqlite'}"
        self.house = House(Catalogue.open(url), url)
        self.numbers = [self.house.catalogue.audits.begin(Grade.READ, BEGAN)]
        self.times = [BEGAN]

    @rule()
    def begin(self) -> None:
        self.numbers.append(self.house.audit())

    @rule(
        copy=st.sampled_from([("main/a", 1), ("main/a", 2), (None, None)]),
        store=st.sampled_from(["disk", "s3"]),
        grade=st.sampled_from([Grade.SIZE, Grade.READ, Grade.RECOMPUTED]),
        found=st.dictionaries(
            st.sampled_from("xy"), st.tuples(OUTCOMES, st.sampled_from(["1", "2"])), max_size=2
        ),
        away=st.sampled_from([None, None, None, Outcome.THROTTLED, Outcome.UNREADABLE]),
        audit=st.integers(0, 2),
        late=st.booleans(),
    )
    def check(
        self,
        copy: tuple[str | None, int | None],
        store: str,
        grade: Grade,
        found: dict[str, tuple[Outcome, str]],
        away: Outcome | None,
        audit: int,
        late: bool,  # noqa: FBT001
    ) -> None:
        findings = [
            finding(outcome, path, observed, copy=copy, store=store,
                    grade=Grade.LISTED if outcome is Outcome.EXTRA else grade)
            for path, (outcome, observed) in found.items()
        ]  # fmt: skip
        if away:
            findings = [finding(away, "", "away", copy=copy, store=store, grade=grade)]
        begun = self.times[-2] if late and len(self.times) > 1 else None
        one = self.house.check(*findings, copy=copy, store=store, grade=grade, begun=begun)
        self.times.append(one.ended)
        self.house.audit(one, number=self.numbers[-1 - audit % len(self.numbers)])

    @precondition(lambda self: self.house.open())
    @rule(which=st.integers(0, 9))
    def give_up(self, which: int) -> None:
        open_ = self.house.open()
        at = self.house.clock.tick()
        number = open_[which % len(open_)].id
        self.house.catalogue.incidents.close(number, by=ANNA, at=at, reason="false")

    @invariant()
    def holds(self) -> None:
        check_all(self.house)

    def teardown(self) -> None:
        url = f"sqlite:///{self.folder / 'again.sqlite'}"
        with rebuilt(self.house, url):
            assert rows(url, *TABLES) == rows(self.house.url, *TABLES)
        self.house.catalogue.close()
        shutil.rmtree(self.folder)


Audits.TestCase.settings = hypothesis.settings(
    max_examples=25, stateful_step_count=14, deadline=None
)
test_any_sequence_of_audits = Audits.TestCase


def test_the_property_itself_finds_an_incident_that_was_closed_without_a_proof(
    house: House,
) -> None:
    house.audit(house.check(finding()))
    engine = create_engine(house.url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE incident SET closed_at = last_seen_at, closed_by = 'audit 9'")
        )
    engine.dispose()
    with pytest.raises(AssertionError, match="not everything was proved"):
        check_all(house)
