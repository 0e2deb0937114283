"""What is counted of an archive for its dossier, once, while the evidence is written."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wiazka.catalogue.chain import Link
from wiazka.catalogue.evidence_history import HeldCopy, HeldVersion
from wiazka.catalogue.text import in_utc
from wiazka.evidence import Grade
from wiazka.report.proving import Coverage
from wiazka.settings import Settings

_MOVES = {"stored", "replicated"}


@dataclass
class Facts:
    """Sums that the levels are judged by; each is counted from rows that the dossier holds."""

    versions: int = 0
    described: int = 0
    packages: set[str] = field(default_factory=set)
    files: int = 0
    files_with_format: int = 0
    copies: Counter[str] = field(default_factory=Counter)
    events: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: int = 0
    moves_proved: int = 0
    agents: set[str] = field(default_factory=set)
    coverages: tuple[Coverage, ...] = ()

    def done(self, kind: str) -> int:
        """How many events of a kind went well."""
        return self.kinds[kind, "success"]

    def complete(self) -> list[str]:
        """The stores that hold a copy of every version."""
        return [
            store
            for store, number in self.copies.items()
            if self.versions and number == self.versions
        ]


def told_versions(facts: Facts, versions: Iterable[HeldVersion]) -> Iterator[dict[str, object]]:
    """The inventory, a row each; counts as it goes."""
    for one in versions:
        facts.versions += 1
        facts.packages.add(one.identity)
        record = json.loads(one.record_json) if one.record_json else {}
        facts.described += bool(record.get("title") and one.title)
        files = record.get("files") or []
        facts.files += len(files)
        facts.files_with_format += sum(bool(file.get("puid")) for file in files)
        yield {
            "identity": one.identity,
            "version": one.number,
            "title": one.title,
            "content": one.content,
            "state": one.state.value,
            "bagged_at": in_utc(one.bagged_at),
            "registered_at": in_utc(one.registered_at) if one.registered_at else None,
            "size": one.size,
            "files": one.file_count,
            "formats": sorted({file["puid"] for file in files if file.get("puid")}),
        }


def told_copies(
    facts: Facts, copies: Iterable[HeldCopy], settings: Settings, at: datetime
) -> Iterator[dict[str, object]]:
    """Each copy with its last proofs; the coverage is counted from these very rows."""
    counted: dict[tuple[str, Grade], list[int]] = defaultdict(lambda: [0, 0, 0])
    oldest: dict[tuple[str, Grade], tuple[str, str]] = {}
    for one in copies:
        facts.copies[one.store] += 1
        for grade, every in _intervals(settings, one.store).items():
            key = (one.store, grade)
            last = one.proved.get(grade, "")
            place = 2 if not last else int(one.doubted or last < _since(at, every))
            counted[key][place] += 1
            oldest[key] = min(oldest.get(key, ("~", "")), (last, f"{one.identity} v{one.version}"))
        yield {
            "identity": one.identity,
            "version": one.version,
            "store": one.store,
            "stored_at": in_utc(one.stored_at),
            "size": one.size,
            "doubted": one.doubted,
            "proved": {grade.value: time for grade, time in one.proved.items()},
        }
    found = []
    for store in [*settings.stores, *sorted(set(facts.copies) - set(settings.stores))]:
        for grade, every in _intervals(settings, store).items():
            proved, overdue, never = counted[store, grade]
            time, name = oldest.get((store, grade), ("", ""))
            found.append(
                Coverage(
                    store,
                    grade,
                    every,
                    proved + overdue + never,
                    proved,
                    overdue,
                    never,
                    datetime.fromisoformat(time) if time else None,
                    name or None,
                )
            )
    facts.coverages = tuple(found)


def told_events(facts: Facts, links: Iterable[Link]) -> Iterator[str]:
    """The ledger as it stands, a line an event."""
    for link in links:
        facts.events += 1
        facts.kinds[link.kind, link.outcome] += 1
        facts.agents.add(link.agent)
        if link.kind in _MOVES:
            facts.moves += 1
            grade = json.loads(link.detail).get("grade")
            facts.moves_proved += (
                grade is not None and Grade(grade).strength >= Grade.STORED_DIGEST.strength
            )
        yield link.line


def _intervals(settings: Settings, store: str) -> dict[Grade, timedelta | None]:
    policy = settings.fixity.get(store)
    chosen: dict[Grade, timedelta | None] = dict(policy.intervals) if policy else {}
    return chosen or {Grade.READ: None}


def _since(at: datetime, every: timedelta | None) -> str:
    return in_utc(at - every) if every else ""
