"""What is counted of an archive for its dossier, once, while the evidence is written."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wiazka.catalogue.chain import Link
from wiazka.catalogue.evidence_history import METADATA_FILES, HeldCopy, HeldVersion
from wiazka.catalogue.text import in_utc
from wiazka.evidence import Grade
from wiazka.report.proving import ProvedShare
from wiazka.settings import Settings

_MOVES = {"stored", "replicated"}
_DAY = len("2026-11-25")


@dataclass
class Facts:
    """Sums that the levels are judged by; each is counted from rows that the dossier holds.

    ``whole`` are copies of which something of the content is proved, and nothing found wrong since.
    """

    versions: int = 0
    described: int = 0
    in_standards: int = 0
    packages: set[str] = field(default_factory=set)
    files: int = 0
    files_with_format: int = 0
    copies: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    events: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: int = 0
    moves_proved: int = 0
    agents: set[str] = field(default_factory=set)
    coverages: tuple[ProvedShare, ...] = ()

    def done(self, kind: str) -> int:
        """How many events of a kind went well."""
        return self.kinds[kind, "success"]

    def complete(self) -> set[str]:
        """The stores that hold a whole copy of every version."""
        return {
            store
            for store, number in self.whole.items()
            if self.versions and number == self.versions
        }


def told_versions(facts: Facts, versions: Iterable[HeldVersion]) -> Iterator[dict[str, object]]:
    """The inventory, a row each; counts as it goes."""
    for one in versions:
        facts.versions += 1
        facts.packages.add(one.identity)
        facts.in_standards += one.metadata == METADATA_FILES
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
            "metadata": one.metadata,
            "formats": sorted({file["puid"] for file in files if file.get("puid")}),
        }


def told_copies(
    facts: Facts, copies: Iterable[HeldCopy], settings: Settings, at: datetime
) -> Iterator[dict[str, object]]:
    """Each copy with its last proofs; the coverage is counted from these very rows."""
    counts: dict[str, _Counts] = {}
    for one in copies:
        facts.copies[one.store] += 1
        facts.whole[one.store] += not one.doubted and Grade.STORED_DIGEST in one.proved
        if one.store not in counts:
            counts[one.store] = _Counts(settings, one.store, at)
        stored_at = in_utc(one.stored_at)
        counts[one.store].take(one, stored_at)
        yield {
            "identity": one.identity,
            "version": one.version,
            "store": one.store,
            "stored_at": stored_at,
            "size": one.size,
            "doubted": one.doubted,
            "proved": one.proved,
        }
    order = [*settings.stores, *sorted(set(counts) - set(settings.stores))]
    facts.coverages = tuple(
        share for store in order if store in counts for share in counts[store].shares(store)
    )


class _Counts:
    """The copies in one store, by what is proved of them at each grade that its policy names."""

    def __init__(self, settings: Settings, store: str, at: datetime) -> None:
        policy = settings.fixity.get(store)
        chosen: dict[Grade, timedelta | None] = {Grade.READ: None}
        self.every = chosen | dict(policy.intervals if policy else {})
        self.since = {g: in_utc(at - every) if every else "" for g, every in self.every.items()}
        self.sums: dict[Grade, Counter[str]] = defaultdict(Counter)
        self.oldest: dict[Grade, tuple[str, str]] = {}

    def take(self, copy: HeldCopy, stored_at: str) -> None:
        """Count a copy. As ``fixity.coverage`` does: a test holds the two together."""
        for grade, since in self.since.items():
            last = copy.proved.get(grade, "")
            # One that was never proved is late by the day: when in that day it came is not asked.
            late = copy.doubted or (last < since if last else stored_at[:_DAY] < since[:_DAY])
            self.sums[grade]["overdue" if late else "proved" if last else "never"] += 1
            named = (last, f"{copy.identity} v{copy.version}")
            self.oldest[grade] = min(self.oldest.get(grade, named), named)

    def shares(self, store: str) -> Iterator[ProvedShare]:
        """What was counted, the strongest grade first."""
        for grade, every in self.every.items():
            sums, (time, name) = self.sums[grade], self.oldest[grade]
            oldest_at = datetime.fromisoformat(time) if time else None
            yield ProvedShare(
                store,
                grade,
                every,
                sums.total(),
                sums["proved"],
                sums["overdue"],
                sums["never"],
                oldest_at,
                name,
            )


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
