"""A catalogue and audits of it, for the tests of what is kept of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, text

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Doubt, Finding, Incident
from wiazka.catalogue.model import Copy
from wiazka.evidence import Grade, Outcome

BEGAN = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Each look at it is a minute later."""

    now: datetime = BEGAN

    def tick(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


@dataclass
class House:
    """A catalogue, and audits of it."""

    catalogue: Catalogue
    url: str
    clock: Clock = field(default_factory=Clock)

    def audit(self, *checks: CopyCheck, number: int | None = None) -> int:
        number = number or self.catalogue.audits.begin(Grade.READ, self.clock.tick())
        for check in checks:
            self.catalogue.audits.record(number, check, "Audited.")
        return number

    def check(
        self,
        *findings: Finding,
        copy: tuple[str | None, int | None] = ("main/note", 1),
        store: str = "disk",
        grade: Grade = Grade.READ,
        begun: datetime | None = None,
    ) -> CopyCheck:
        begun = begun or self.clock.tick()
        outcome = findings[0].outcome if findings else Outcome.OK
        return CopyCheck(
            *copy, store, grade, outcome, 9, 100, begun, self.clock.tick(), findings
        )  # fmt: skip

    def store(self, identity: str = "main/note") -> int:
        """A new version, in the disk."""
        now = datetime.now(UTC)
        begun = self.catalogue.begin_version(identity, f"{identity} {now}", now, "d", "f", "Note")
        number = begun.number
        self.catalogue.describe_version(
            identity, number, record_json="{}", files=[], size=0, search="", signed=[]
        )
        self.catalogue.copy_stored(identity, number, "disk", Grade.READ, now, "Stored.", {})
        self.catalogue.register(identity, number, now, "Registered.")
        return number

    def open(self) -> tuple[Incident, ...]:
        return self.catalogue.incidents.open()

    def doubts(self, number: int) -> tuple[Doubt, ...]:
        return self.catalogue.incidents.doubts(number)


def finding(
    outcome: Outcome = Outcome.CHANGED,
    path: str = "data/a.tif",
    observed: str | None = "bad",
    *,
    copy: tuple[str | None, int | None] = ("main/note", 1),
    store: str = "disk",
    grade: Grade = Grade.READ,
) -> Finding:
    return Finding(outcome, store, *copy, path, grade, "good", observed)


def rows(url: str, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            # The names of tables, from the list above.
            name: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}"))), key=repr)  # noqa: S608
            for name in tables
        }
    engine.dispose()
    return found


def held(house: House, identity: str = "main/note") -> Copy:
    """The copy of the first version of a package."""
    copy = house.catalogue.audits.copy(identity, 1, "disk")
    assert copy is not None
    return copy
