"""A history of an archive, written into a catalogue as years of work would have left it."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from wiazka.catalogue import ledger
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_schema import AUDIT, CHECK, DRILL, INCIDENT
from wiazka.catalogue.model import EventKind, EventOutcome, VersionState
from wiazka.catalogue.schema import COPY, PROOFS, VERSION
from wiazka.catalogue.text import in_utc
from wiazka.evidence import Grade, Outcome

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TITLES = ("depesza", "szyfrogram", "notatka", "sprawozdanie", "protokół", "żądanie")


@dataclass
class History:
    """What is to have happened: how many packages over how many years, how often each was read."""

    stores: Mapping[str, int | None] = field(
        default_factory=lambda: {"dysk": 90, "chmura": 90, "ciemnia": 180}
    )
    packages: int = 400
    years: float = 3.2
    seed: int = 6
    stored_digest: bool = True


def write_history(catalogue: Catalogue, history: History, now: datetime = NOW) -> None:
    """Write it into an empty catalogue."""
    with catalogue.audits.database.write() as connection:
        _write(connection, history, random.Random(history.seed), now)  # noqa: S311


def _write(connection: Connection, history: History, chance: random.Random, now: datetime) -> None:
    versions, copies, checks = [], [], []
    span = timedelta(days=365 * history.years)
    audits: dict[tuple[str, Grade], int] = {}

    def audit_of(at: datetime, grade: Grade) -> int:
        key = (f"{at:%Y-%m-%d}", grade)
        if key not in audits:
            audits[key] = len(audits) + 1
        return audits[key]

    for number in range(history.packages):
        came = now - span * (1 - number / history.packages) ** 0.8
        size = int(math.exp(chance.gauss(17.5, 1.2)))
        identity = f"main/19{50 + number % 40}_{TITLES[number % 5]}_{number:05}"
        versions.append(
            {
                "identity": identity,
                "number": 1,
                "title": f"{TITLES[number % 6]} {number}",
                "content": f"{number:064x}",
                "state": VersionState.REGISTERED,
                "bagged_at": came,
                "registered_at": came,
                "delivery": f"{came:%Y-%m}",
                "folder": identity.partition("/")[2],
                "record_json": "{}",
                "size": size,
                "file_count": 7,
                "search": "",
            }
        )
        for store, every in history.stores.items():
            last = dict.fromkeys(Grade, "")
            at = came
            for grade in Grade:
                last[grade] = in_utc(came)
            if every is None:
                last[Grade.READ] = last[Grade.RECOMPUTED] = ""
            pace = timedelta(days=(every or 90) * chance.uniform(0.8, 1.05))
            while every and (at := at + pace) < now:
                # The nights of one winter when the machine was away.
                if datetime(2025, 1, 10, tzinfo=UTC) < at < datetime(2025, 1, 31, tzinfo=UTC):
                    at = datetime(2025, 2, 1, 4, tzinfo=UTC) + timedelta(days=chance.random() * 9)
                moment = at.replace(hour=4 + number % 4, minute=number % 60)
                outcome = _outcome(chance, store, moment)
                checks.append(
                    _check(
                        audit_of(moment, Grade.READ),
                        identity,
                        store,
                        Grade.READ,
                        outcome,
                        size,
                        moment,
                    )
                )
                if outcome is Outcome.OK:
                    for grade in Grade:
                        last[grade] = max(last[grade], in_utc(moment))
                at = moment
            if history.stored_digest and number % 2 == 0 and store != "dysk":
                moment = came
                while (moment := moment + timedelta(days=28)) < now:
                    checks.append(
                        _check(
                            audit_of(moment, Grade.STORED_DIGEST),
                            identity,
                            store,
                            Grade.STORED_DIGEST,
                            Outcome.OK,
                            0,
                            moment,
                        )
                    )
                    for grade in (Grade.LISTED, Grade.SIZE, Grade.STORED_DIGEST):
                        last[grade] = max(last[grade], in_utc(moment))
            copies.append(
                {
                    "identity": identity,
                    "version": 1,
                    "store": store,
                    "stored_at": came,
                    "standing": -5 if number == 17 and store == "chmura" else 0,
                    **{PROOFS[grade]: text for grade, text in last.items()},
                }
            )
    connection.execute(insert(VERSION), versions)
    connection.execute(insert(COPY), copies)
    rows = [
        {
            "id": number,
            "begun": datetime.fromisoformat(f"{day}T03:00:00+00:00"),
            "ended": datetime.fromisoformat(f"{day}T07:00:00+00:00"),
            "grade": grade,
        }
        for (day, grade), number in audits.items()
    ]
    connection.execute(insert(AUDIT), rows)
    connection.execute(insert(CHECK), checks)
    _incidents(connection, history, now)
    _drills(connection, history, chance, now)


def _outcome(chance: random.Random, store: str, moment: datetime) -> Outcome:
    if store == "chmura" and datetime(2026, 3, 2, tzinfo=UTC) < moment < datetime(
        2026, 3, 5, tzinfo=UTC
    ):
        return Outcome.DENIED
    roll = chance.random()
    if roll < 0.0012:
        return Outcome.CHANGED
    if roll < 0.002:
        return Outcome.MISSING
    return Outcome.OK


def _check(
    audit: int, identity: str, store: str, grade: Grade, outcome: Outcome, size: int, at: datetime
) -> dict[str, object]:
    return {
        "audit": audit,
        "identity": identity,
        "version": 1,
        "store": store,
        "grade": grade,
        "outcome": outcome,
        "files": 7,
        "bytes": size,
        "begun": at,
        "ended": at + timedelta(seconds=20),
        "agent": "wiazka 0.1.0",
        "requests": 8,
    }


def _incidents(connection: Connection, history: History, now: datetime) -> None:
    stores = list(history.stores)
    told = (
        (
            Outcome.CHANGED,
            0,
            400,
            4,
            "data/objects/scans/żółw_0003r.tif is not the bytes that were handed over",
            "Anna Wójcik",
            "One sector of the disk; ordered a new one.",
            "read again after the repair: as expected",
        ),
        (
            Outcome.DENIED,
            1,
            268,
            3,
            "The keys of store 'chmura' may no longer read",
            "Łukasz Śliwiński",
            "Keys had run out.",
            "512 copies read: as expected",
        ),
        (
            Outcome.MISSING,
            2,
            190,
            21,
            "12 objects are not there",
            "Anna Wójcik",
            None,
            "all 12 read again after the repair",
        ),
        (
            Outcome.CHANGED,
            1,
            60,
            1,
            "data/objects/transcription/pl/0001.txt is not as expected",
            None,
            None,
            "A false alarm: the proxy had answered with its own page (closed by Anna Wójcik)",
        ),
        (
            Outcome.CHANGED,
            1,
            6,
            None,
            "data/objects/scans/0007v.tif is not the bytes that were handed over",
            None,
            None,
            None,
        ),
    )
    rows = []
    for number, (outcome, store, ago, days, sentence, who, note, because) in enumerate(told, 1):
        opened = now - timedelta(days=ago)
        ended = None if days is None else opened + timedelta(days=days)
        rows.append(
            {
                "id": number,
                "cause": f"cause-{number}",
                "store": stores[store % len(stores)],
                "outcome": outcome,
                "sentence": sentence,
                "opened_at": opened,
                "last_seen_at": ended or now - timedelta(days=1),
                "acknowledged_by": who,
                "acknowledged_at": opened + timedelta(hours=20) if who else None,
                "note": note,
                "closed_at": ended,
                "closed_by": "wiazka 0.1.0" if ended else None,
                "closed_because": because,
                # Columns that other rooms bring.
                **{name: number for name in ("opened_by", "event") if name in INCIDENT.c},
            }
        )
    connection.execute(insert(INCIDENT), rows)
    for ago, store, number in ((397, 0, 3), (170, 2, 33)):
        identity = f"main/19{50 + number % 40}_{TITLES[number % 5]}_{number:05}"
        ledger.append(
            connection,
            EventKind.REPAIRED,
            EventOutcome.SUCCESS,
            f"{identity} v1: 1 file in store '{stores[store % len(stores)]}' put right from "
            f"'{stores[(store + 1) % len(stores)]}', proved before and after.",
            at=now - timedelta(days=ago),
            identity=identity,
            version=1,
            store=stores[store % len(stores)],
            detail={"from": stores[(store + 1) % len(stores)]},
        )


def _drills(connection: Connection, history: History, chance: random.Random, now: datetime) -> None:
    rows = []
    for place, store in enumerate(list(history.stores)[:2]):
        for week in range(int(history.years * 52 / 4)):
            at = now - timedelta(days=28 * week + 3 + place)
            whole = week % 6 == 5
            well = not (week == 9 and place == 1)
            rows.append(
                {
                    "store": store,
                    "identity": None if whole else f"main/1950_depesza_{chance.randrange(40):05}",
                    "version": None if whole else 1,
                    "begun": at,
                    "ended": at + timedelta(minutes=4),
                    "outcome": Outcome.OK if well else Outcome.CHANGED,
                    "files": 7,
                    "bytes": 60_000_000,
                    "sentence": "restored whole, valid" if well else "one file is not as expected",
                }
            )
    connection.execute(insert(DRILL), rows)
