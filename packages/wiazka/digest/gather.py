"""Gathering what a digest is made from. What cannot be asked is told, and stops nothing else."""

from datetime import datetime, timedelta

from wiazka.catalogue.catalogue import Catalogue
from wiazka.digest.marks import Marks
from wiazka.digest.model import Facts
from wiazka.digest.standing import Standing, standings
from wiazka.errors import WiazkaError
from wiazka.fixity.forecast import forecasts
from wiazka.fixity.plan import without_policy
from wiazka.ledger.comparing import compare
from wiazka.schedules import schedules
from wiazka.settings import Settings
from wiazka.stores.base import Credentials
from wiazka.stores.opening import open_stores

# How far back the first digest of all looks for refused documents.
_FIRST = timedelta(days=1)


def gather(
    settings: Settings,
    at: datetime,
    since: datetime | None,
    *,
    in_stores: bool,
    credentials: Credentials | None = None,
) -> Facts:
    """What is known at ``at``; ``since`` is when the last digest was done with.

    ``in_stores``: also read the ledgers that stores keep, which is asked once a week.
    """
    runs, faults = _standings(settings, at)
    try:
        with Catalogue.open(settings.catalogue_url) as catalogue:
            faults += _ledger(settings, catalogue, credentials, in_stores=in_stores)
            return Facts(
                at=at,
                since=since,
                incidents=catalogue.incidents.open(),
                policies=forecasts(catalogue, settings, at),
                unasked=tuple(without_policy(catalogue, settings).values()),
                submissions=tuple(catalogue.unfinished(since or at - _FIRST)),
                drills=tuple(catalogue.drills.history()),
                standings=runs,
                faults=tuple(faults),
                packages=catalogue.replicas.packages_kept(),
                events=catalogue.ledger_head().count,
                last_audit=catalogue.audits.last(),
            )
    except WiazkaError as error:
        return Facts(at, since, standings=runs, faults=(*faults, error.message))


def _standings(settings: Settings, at: datetime) -> tuple[tuple[Standing, ...], list[str]]:
    try:
        return standings(Marks(settings.runs), at, schedules()), []
    except WiazkaError as error:
        return (), [error.message]
    except OSError as error:
        return (), [f"{settings.runs} cannot be read: {error.strerror or error}."]


def _ledger(
    settings: Settings, catalogue: Catalogue, credentials: Credentials | None, *, in_stores: bool
) -> list[str]:
    stores = open_stores(settings, catalogue, credentials) if in_stores else {}
    faults, unasked = compare(catalogue, stores)
    return [*(fault.sentence for fault in faults), *(error.message for error in unasked)]
