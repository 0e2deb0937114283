"""What is known of the whole archive's fixity, gathered for its report."""

from collections.abc import Mapping
from datetime import date, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import AGENT
from wiazka.evidence import Grade
from wiazka.fixity import coverage, forecast
from wiazka.report.proving import ArchiveFixity, Forecast, KeptIn, ProvedShare
from wiazka.settings import Settings
from wiazka.settings_of_fixity import FixityPolicy
from wiazka.settings_of_stores import DirectoryStore, StoreSettings


def archive_fixity(catalogue: Catalogue, settings: Settings, at: datetime) -> ArchiveFixity:
    """All that the report shows, as it is known now. Raises CatalogueError."""
    history = catalogue.audits.history
    covered = coverages(catalogue, settings, at)
    shown = {one.grade for one in covered}
    # All copies are in any of these: they are counted where they are counted anyway.
    proved = {grade: history.proved(grade) for grade in Grade if grade in shown}
    counted = next(iter(proved.values()), [])
    return ArchiveFixity(
        archive=settings.archive,
        agent=AGENT,
        made_at=at,
        stores=tuple(kept_in(settings, history.begun())),
        checked=tuple(history.checked()),
        proved=tuple(row for rows in proved.values() for row in rows),
        coverages=covered,
        forecasts=tuple(map(_forecast, forecast.forecasts(catalogue, settings, at))),
        incidents=catalogue.incidents.all(),
        repairs=tuple(history.repairs()),
        drills=tuple(catalogue.drills.history()),
        packages=catalogue.replicas.packages_kept(),
        copies=sum(row.copies for row in counted),
        bytes=sum(row.bytes for row in counted),
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


def coverages(catalogue: Catalogue, settings: Settings, at: datetime) -> tuple[ProvedShare, ...]:
    """How far each store's policy is kept; of a store without one, what was ever read."""
    order = {name: number for number, name in enumerate(settings.stores)}
    found = sorted(
        coverage.coverages(catalogue, settings, at),
        key=lambda one: order.get(one.store, len(order)),
    )
    return tuple(_share(one, settings) for one in found)


def _share(one: coverage.Coverage, settings: Settings) -> ProvedShare:
    policy = settings.fixity.get(one.store)
    chosen = policy is not None and one.grade in policy.intervals
    # Of what nobody asked for, it is told what there is; nothing of it is late.
    overdue = one.overdue + one.failed if chosen else one.failed
    never = one.copies - one.proved - overdue if chosen else one.never
    oldest = one.oldest
    return ProvedShare(
        store=one.store,
        grade=one.grade,
        every=one.within if chosen else None,
        copies=one.copies,
        proved=one.copies - overdue - never,
        overdue=overdue,
        never=never,
        oldest_at=oldest.proved_at if oldest else None,
        oldest_id=f"{oldest.identity} v{oldest.version}" if oldest else None,
    )


def _forecast(one: forecast.Forecast) -> Forecast:
    covered = one.coverage
    return Forecast(
        store=covered.store,
        grade=covered.grade,
        every=covered.within,
        copies=covered.copies,
        bytes=one.round.bytes,
        requests=one.round.requests,
        cost=one.round.money,
        per_day_bytes=one.per_day.bytes or 0,
        all_proved_by=one.all_proved_by,
        late_from=one.late_from,
    )


def _daily(policy: FixityPolicy | None) -> int | None:
    return policy.daily.bytes if policy and policy.daily else None


def _place(store: StoreSettings) -> str:
    if isinstance(store, DirectoryStore):
        return str(store.path)
    where = f"s3://{store.bucket}/{store.prefix}".rstrip("/")
    return f"{where} ({store.endpoint})" if store.endpoint else where
