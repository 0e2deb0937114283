"""Repairing a package: damage in one copy is mended from another that was read in this run."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner, holding
from wiazka.errors import StoreUnavailable
from wiazka.repair.looks import begin_looks
from wiazka.repair.mending import FILES_AT_ONCE
from wiazka.repair.model import MendedCopy, Wanted
from wiazka.repair.wanted import targets
from wiazka.repair.work import Work
from wiazka.restore.room import spool_in
from wiazka.settings import Settings
from wiazka.stores.base import Credentials, Store


def run_repair(
    settings: Settings,
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    wanted: Wanted,
    tell: Callable[[MendedCopy], None] = lambda _: None,
    credentials: Credentials | None = None,
) -> tuple[MendedCopy, ...]:
    """Look at each copy that is wanted, and mend what is damaged in it; ``tell`` hears of each.

    Every file is taken from a copy that was read whole and found right in this run, and the mended
    copy is read whole again. An expected digest is never changed: where no copy has it, nothing is
    written. Killed anywhere, the same call ends it. Raises NotFoundError and UsageError for what
    is wanted and is not there, StoreUnavailable while another run works on the package.
    """
    wanted_copies = targets(catalogue, stores, wanted)
    # The key that an ingest, a replication and a deaccession hold too.
    claim = f"package:{wanted.identity}"
    with holding(catalogue, claim, Owner.of_this_process()) as mine:
        if not mine:
            raise StoreUnavailable(
                f"{wanted.identity} is being worked on by another run.",
                "Nothing was touched: run again when that has ended.",
            )
        looks = begin_looks(catalogue, stores)
        done: list[MendedCopy] = []
        with (
            spool_in(settings.paths.home) as spool,
            ThreadPoolExecutor(FILES_AT_ONCE, thread_name_prefix="wiazka-repair") as pool,
        ):
            work = Work(settings, catalogue, stores, wanted, looks, spool, pool, credentials)
            for version, copy in wanted_copies:
                done.append(work.copy(version, copy))
                tell(done[-1])
        catalogue.audits.end(looks.audit, datetime.now(UTC))
    return tuple(done)
