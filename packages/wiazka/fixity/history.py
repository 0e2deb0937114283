"""What is known of the whole archive's fixity, gathered for its report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.evidence_history import EvidenceHistory, ProvedDay
from wiazka.catalogue.fixity_model import AGENT
from wiazka.evidence import Grade
from wiazka.report.proving import ArchiveFixity, Coverage, Forecast, KeptIn
from wiazka.settings import Settings
from wiazka.settings_of_fixity import FixityPolicy
from wiazka.settings_of_stores import DirectoryStore, StoreSettings

_GIB = 1 << 30


def archive_fixity(catalogue: Catalogue, settings: Settings, at: datetime) -> ArchiveFixity:
    """All that the report shows, as it is known now. Raises CatalogueError."""
    history = EvidenceHistory(catalogue.audits.database)
    listed = history.proved(Grade.LISTED)
    covered = coverages(catalogue, settings, at)
    shown = {one.grade for one in covered}
    proved = [row for grade in Grade if grade in shown for row in history.proved(grade)]
    return ArchiveFixity(
        archive=settings.archive,
        agent=AGENT,
        made_at=at,
        stores=tuple(kept_in(settings, history.begun())),
        checked=tuple(history.checked()),
        proved=tuple(proved),
        coverages=covered,
        forecasts=forecasts(catalogue, settings, at),
        incidents=tuple(history.incidents()),
        repairs=tuple(history.repairs()),
        drills=tuple(history.drills()),
        packages=len({version.identity for version in catalogue.packages()}),
        copies=sum(row.copies for row in listed),
        bytes=sum(row.bytes for row in listed),
    )


def kept_in(settings: Settings, begun: Mapping[str, date]) -> list[KeptIn]:
    """The stores as they are configured, no key among it, and when each had its first copy."""
    return [
        KeptIn(
            name=name,
            place=_place(store),
            location=store.location,
            provider=store.provider,
            medium=store.medium,
            role=store.role,
            daily=_daily(settings.fixity.get(name)),
            begun=begun.get(name),
        )
        for name, store in settings.stores.items()
    ]


def coverages(catalogue: Catalogue, settings: Settings, at: datetime) -> tuple[Coverage, ...]:
    """How far each store's policy is kept; of a store without one, what was ever read."""
    history = EvidenceHistory(catalogue.audits.database)
    found = []
    known = set(history.begun())
    grades = {grade for policy in settings.fixity.values() for grade in policy.intervals}
    rows = {grade: history.proved(grade) for grade in grades | {Grade.READ}}
    for store in [*settings.stores, *sorted(known - set(settings.stores))]:
        policy = settings.fixity.get(store)
        chosen: dict[Grade, timedelta | None] = dict(policy.intervals) if policy else {}
        for grade, every in (chosen or {Grade.READ: None}).items():
            here = [row for row in rows[grade] if row.store == store]
            found.append(_coverage(history, store, grade, every, here, at))
    return tuple(found)


def forecasts(catalogue: Catalogue, settings: Settings, at: datetime) -> tuple[Forecast, ...]:
    """What keeping each policy takes, were every byte read; a day's budget decides until when."""
    history = EvidenceHistory(catalogue.audits.database)
    found = []
    for store, policy in settings.fixity.items():
        for grade, every in policy.intervals.items():
            rows = [row for row in history.proved(grade) if row.store == store]
            copies = sum(row.copies for row in rows)
            if copies:
                found.append(_forecast(store, grade, every, rows, policy, at))
    return tuple(found)


def _coverage(
    history: EvidenceHistory,
    store: str,
    grade: Grade,
    every: timedelta | None,
    rows: Sequence[ProvedDay],
    at: datetime,
) -> Coverage:
    since = (at - every).date() if every else None
    copies = sum(row.copies for row in rows)
    never = sum(row.copies for row in rows if row.day is None)
    proved = sum(
        row.copies
        for row in rows
        if row.day is not None and not row.doubted and (since is None or row.day >= since)
    )
    oldest = history.oldest(grade, store)
    return Coverage(
        store=store,
        grade=grade,
        every=every,
        copies=copies,
        proved=proved,
        overdue=copies - never - proved,
        never=never,
        oldest_at=oldest.at if oldest else None,
        oldest_id=f"{oldest.identity} v{oldest.version}" if oldest else None,
    )


def _forecast(
    store: str,
    grade: Grade,
    every: timedelta,
    rows: Iterable[ProvedDay],
    policy: FixityPolicy,
    at: datetime,
) -> Forecast:
    rows = tuple(rows)
    size = sum(row.bytes for row in rows) if grade is Grade.READ else 0
    copies = sum(row.copies for row in rows)
    days = max(1.0, every.total_seconds() / 86_400)
    needed = int(size / days)
    daily = _daily(policy)
    since = (at - every).date()
    waiting = sum(row.bytes for row in rows if row.day is None or row.doubted or row.day < since)
    cost = policy.price_per_gib * Decimal(size) / _GIB
    if daily is None or grade is not Grade.READ:
        return Forecast(store, grade, every, copies, size, 0, cost, needed, None, None)
    whole = at.date() + timedelta(days=-(-size // daily)) if daily else None
    late = at.date() if needed > daily or waiting > daily else None
    return Forecast(store, grade, every, copies, size, 0, cost, needed, whole, late)


def _daily(policy: FixityPolicy | None) -> int | None:
    return policy.daily.bytes if policy and policy.daily else None


def _place(store: StoreSettings) -> str:
    if isinstance(store, DirectoryStore):
        return str(store.path)
    where = f"s3://{store.bucket}/{store.prefix}".rstrip("/")
    return f"{where} ({store.endpoint})" if store.endpoint else where
