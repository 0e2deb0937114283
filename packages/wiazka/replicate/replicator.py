"""Making copies that are lacking, of any version and into any store of the configuration."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import Copy, EventKind, File, Unchanged, Version
from wiazka.errors import StoreError
from wiazka.replicate.budget import Spending
from wiazka.replicate.copying import Copied, Target, copy_version
from wiazka.restore.met import by_store, note_damages
from wiazka.restore.reader import Damage, Reader
from wiazka.restore.room import spool_in
from wiazka.restore.sources import nearest
from wiazka.settings import Settings
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall

# Files on their way at a time, of all versions together: memory is flat at that many of 8 MiB.
FILES_AT_ONCE = 8


class Replicator:
    """What makes copies in one run; see ``replicating``. For several threads at once."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        stores: Mapping[str, Store],
        *,
        spool: Path,
        pool: ThreadPoolExecutor,
        writing: RollCall | None = None,
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._stores = stores
        self._spool = spool
        self._pool = pool
        holding = catalogue.replicas.stores_in_use()
        # A store that is full can still be read from, so the two are asked apart.
        self._reading = RollCall(holding)
        self.writing = writing or RollCall(holding)

    def copy(
        self,
        version: Version,
        to: str,
        spending: Spending,
        *,
        sources: Collection[str] | None = None,
        tell: Callable[[int], None] = lambda _: None,
        damages: list[Damage] | None = None,
    ) -> Copied:
        """Make the copy of ``version`` in the store ``to`` from one in ``sources``, else from any.

        Keeps it in the catalogue with the grade proved; damage met is kept too. ``tell`` hears of
        bytes as they have been read. Raises as ``copy_version`` does.
        """
        identity, number = version.identity, version.number
        store = self._stores[to]
        files = self._catalogue.files(identity, number)
        target = Target(store, kind_of_copy(self._settings, self._catalogue, version, files, to))
        copies = self._catalogue.copies(identity, number)
        usable = {
            name: one
            for name, one in self._stores.items()
            if name != to and (sources is None or name in sources)
        }
        begun = datetime.now(UTC)
        reader = Reader(version, nearest(copies, usable, self._settings), self._reading, tell)
        try:
            self.writing.require(store)
            done = copy_version(
                reader,
                files,
                target,
                spool=self._spool,
                pool=self._pool,
                spending=spending,
            )
        except StoreError as error:
            self.writing.met(store, error)
            raise
        finally:
            note_damages(self._catalogue, version, reader.damages, EventKind.REPLICATED, begun)
            if damages is not None:
                damages += [one for met in by_store(reader.damages).values() for one in met]
        self._keep(version, target, done, reader)
        return done

    def _keep(self, version: Version, target: Target, done: Copied, reader: Reader) -> None:
        store = target.store
        now = datetime.now(UTC)
        copy = Copy(
            version.identity, version.number, store.name, now, done.grade, now, done.unchanged
        )
        origin = ", ".join(sorted(reader.used)) or "an earlier run"
        self._catalogue.replicas.copied(
            copy,
            done.grade,
            f"Copied {version.identity} v{version.number} to {store.name} ({store.place}) from "
            f"{origin}, and proved it there: {done.grade}.",
            {"bytes_sent": str(done.sent), "from": origin},
        )


def kind_of_copy(
    settings: Settings, catalogue: Catalogue, version: Version, files: Iterable[File], store: str
) -> Unchanged:
    """What ``store`` is to do with the files of ``version`` that earlier versions hold.

    As configured; but a store that came later or was away, or whose earlier version was let go,
    refers to nothing that it does not have.
    """
    for number in sorted({file.held_in for file in files if file.held_in}):
        copies = catalogue.copies(version.identity, number)
        if store not in {copy.store for copy in copies}:
            return Unchanged.COPY
    return Unchanged(settings.stores[store].unchanged)


@contextmanager
def replicating(
    settings: Settings,
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    writing: RollCall | None = None,
) -> Iterator[Replicator]:
    """A replicator, with what it needs on this machine's disk cleared away afterwards.

    ``writing``: what this run knows already of the stores that it writes to.
    """
    with (
        spool_in(settings.paths.home) as spool,
        ThreadPoolExecutor(FILES_AT_ONCE, thread_name_prefix="wiazka-copy") as pool,
    ):
        yield Replicator(settings, catalogue, stores, spool=spool, pool=pool, writing=writing)
