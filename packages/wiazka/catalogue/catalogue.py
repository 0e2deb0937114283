"""The door to the catalogue: what is kept, where, how it got there and what was proved."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from wiazka.catalogue import (
    claims,
    copies,
    ledger,
    packages,
    probes,
    rebuilding,
    search,
    signatures,
    submissions,
    verification,
)
from wiazka.catalogue.audits_door import Audits
from wiazka.catalogue.chain import Link
from wiazka.catalogue.claims import Owner
from wiazka.catalogue.database import Database
from wiazka.catalogue.deaccession_door import Deaccessions
from wiazka.catalogue.drills import Drills
from wiazka.catalogue.incidents import Incidents
from wiazka.catalogue.model import (
    Copy,
    Event,
    EventKind,
    EventOutcome,
    File,
    HeldSignature,
    KnownStem,
    LedgerFault,
    LedgerHead,
    Probe,
    Signature,
    SubmissionState,
    Unchanged,
    Version,
)
from wiazka.catalogue.rebuilding import FoundVersion, Rebuilt
from wiazka.catalogue.replicas import Replicas
from wiazka.catalogue.tree import Tree
from wiazka.evidence import Grade


class Catalogue:
    """All that is known of packages, versions, files, copies, submissions, audits and events.

    Safe across threads and processes: each method is one transaction, and writers take turns.
    Every method raises CatalogueError when the database fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str) -> Self:
        """The catalogue at an SQLAlchemy URL, made or migrated where needed.

        Raises CatalogueError when it cannot be reached or was made by a newer wiazka.
        """
        return cls(Database.open(url))

    @classmethod
    def at_hand(cls, url: str) -> Self | None:
        """The catalogue at an SQLAlchemy URL to read in; None where there is none of this version.

        Nothing is made or migrated. Raises CatalogueError when it cannot be reached.
        """
        database = Database.at_hand(url)
        return cls(database) if database else None

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Claims: two workers never ingest one submission. See claims.holding.

    def claim(self, key: str, owner: Owner, lease: timedelta) -> bool:
        """Whether ``key`` is now ``owner``'s until ``lease`` has run out or it is released."""
        with self._database.write() as connection:
            return claims.claim(connection, key, owner, lease)

    def renew(self, owner: Owner, lease: timedelta) -> None:
        """Let every claim of ``owner`` last for ``lease`` from now."""
        with self._database.write() as connection:
            claims.renew(connection, owner, lease)

    def release(self, owner: Owner, key: str) -> None:
        """Give up a claim; nothing happens when it is no longer ``owner``'s."""
        with self._database.write() as connection:
            claims.release(connection, owner, key)

    # Submissions

    def submission(self, delivery: str, folder: str) -> SubmissionState | None:
        """Where a submission stands, or None when it was never seen."""
        with self._database.read() as connection:
            return submissions.submission(connection, delivery, folder)

    def submissions_of(self, delivery: str) -> list[SubmissionState]:
        """Where each submission of a delivery stands that was ever looked at, by folder."""
        with self._database.read() as connection:
            return submissions.of_delivery(connection, delivery)

    def unfinished(self, since: datetime) -> list[SubmissionState]:
        """The submissions that failed or are not in every store, and those refused since then."""
        with self._database.read() as connection:
            return submissions.unfinished(connection, since)

    def note_submission(
        self,
        state: SubmissionState,
        kind: EventKind,
        outcome: EventOutcome,
        detail: Mapping[str, str],
    ) -> None:
        """Keep where a submission stands now, and append the event, in one transaction.

        Nothing is written when state, fingerprint and sentence are what they were.
        """
        with self._database.write() as connection:
            submissions.note(connection, state, kind, outcome, detail)

    # Versions

    def begin_version(
        self,
        identity: str,
        content: str,
        bagged_at: datetime,
        delivery: str,
        folder: str,
        title: str,
    ) -> Version:
        """The version that ``content`` is to become: an interrupted one of the same content as it
        was (with its own ``bagged_at``, so that a resumed push writes the same bytes), else a new.

        An unregistered version of other content gives up its number, unless a store holds a copy of
        it already: what is committed is never overwritten, so the new one takes the next number.
        """
        with self._database.write() as connection:
            return packages.begin(
                connection,
                identity=identity,
                content=content,
                bagged_at=bagged_at,
                delivery=delivery,
                folder=folder,
                title=title,
            )

    def describe_version(
        self,
        identity: str,
        number: int,
        *,
        record_json: str,
        files: Sequence[File],
        size: int,
        search: str,
        signed: Sequence[Signature],
    ) -> None:
        """Keep a version's record, the files of its bag, their bytes, and what it is found by.

        Raises CatalogueError for a registered version, NotFoundError for one never begun.
        """
        with self._database.write() as connection:
            packages.describe(
                connection,
                identity,
                number,
                record_json=record_json,
                files=files,
                size=size,
                search=search,
                signed=signed,
            )

    def copy_stored(  # noqa: PLR0913
        self,
        identity: str,
        version: int,
        store: str,
        grade: Grade,
        at: datetime,
        sentence: str,
        detail: Mapping[str, str],
        *,
        unchanged: Unchanged = Unchanged.REFERENCE,
    ) -> None:
        """Keep that a store holds all of a version, proved at ``grade``; append the event.

        ``unchanged``: where its files lie that an earlier version holds.
        """
        with self._database.write() as connection:
            packages.copy_stored(
                connection,
                identity,
                version,
                store,
                grade=grade,
                at=at,
                sentence=sentence,
                detail=detail,
                unchanged=unchanged,
            )

    def register(self, identity: str, version: int, at: datetime, sentence: str) -> None:
        """Make a version known as kept; append the event. A second time changes nothing."""
        with self._database.write() as connection:
            packages.register(connection, identity, version, at, sentence)

    def abandon_version(self, identity: str, version: int, sentence: str) -> None:
        """Give up a version that no store holds all of; its number is not used again.

        Raises CatalogueError when a store has a copy of it.
        """
        with self._database.write() as connection:
            packages.abandon(connection, identity, version, sentence)

    def rebuild(
        self, store: str, links: Iterable[Link], found: Iterable[FoundVersion], at: datetime
    ) -> Rebuilt:
        """Take over what ``store`` keeps: its ledger, its versions, and what follows from both.

        One transaction: whatever ``links`` or ``found`` raises, or a kill, leaves all as it was.
        Raises LedgerForked when what is known already is of another history.
        """
        with self._database.write() as connection:
            return rebuilding.rebuild(connection, store, links, found, at)

    def latest(self, identity: str) -> Version | None:
        """The highest registered version of a package."""
        with self._database.read() as connection:
            return packages.latest(connection, identity)

    def with_content(self, content: str) -> Version | None:
        """The first registered version of that content, whatever its identity."""
        with self._database.read() as connection:
            return packages.with_content(connection, content)

    def version(self, identity: str, number: int | None = None) -> Version:
        """One version, registered or not; without a number the latest registered, else stored.

        Raises NotFoundError.
        """
        with self._database.read() as connection:
            return packages.version(connection, identity, number)

    def versions(self, identity: str) -> list[Version]:
        """All versions of a package, registered or not, lowest first."""
        with self._database.read() as connection:
            return packages.versions(connection, identity)

    def files(self, identity: str, number: int) -> list[File]:
        """The files of a version, sorted by path."""
        with self._database.read() as connection:
            return packages.files(connection, identity, number)

    def copies(self, identity: str, number: int) -> list[Copy]:
        """The copies of a version, sorted by store."""
        with self._database.read() as connection:
            return copies.of_version(connection, identity, number)

    def has_copies(self, store: str) -> bool:
        """Whether any copy is known to be in a store."""
        with self._database.read() as connection:
            return copies.any_in(connection, store)

    def packages(self) -> list[Version]:
        """The latest registered version of every package, sorted by identity.

        Of a package that has none, the latest that is stored while copies are still to come.
        """
        with self._database.read() as connection:
            return packages.packages(connection)

    def find(self, text: str) -> list[Version]:
        """The packages whose latest version's text holds every word of ``text``.

        Accents and case count not, nor how a signature is typed: see record.search_key.
        """
        with self._database.read() as connection:
            return search.find(connection, text)

    def stems_alike(self, likeness: str) -> list[KnownStem]:
        """What held signatures of that likeness begin with, the most frequent first."""
        with self._database.read() as connection:
            return signatures.alike(connection, likeness)

    def signatures_dated(self, signature: Signature, date: str) -> list[HeldSignature]:
        """Held signatures of the same stem, of documents of that very date (EDTF)."""
        with self._database.read() as connection:
            return signatures.dated(connection, signature, date)

    def resolve(self, text: str) -> str:
        """The identity meant by ``text``: an identity, or the slug of one package alone.

        Raises NotFoundError that names the nearest, UsageError when several share the slug.
        """
        with self._database.read() as connection:
            return search.resolve(connection, text)

    @property
    def replicas(self) -> Replicas:
        """Copies that come later."""
        return Replicas(self._database)

    # Fixity: docs/fixity.md

    @property
    def audits(self) -> Audits:
        """What was checked, when, how strongly, and what is to be checked next."""
        return Audits(self._database)

    @property
    def incidents(self) -> Incidents:
        """What is wrong, by its cause, until it is proved well again."""
        return Incidents(self._database)

    @property
    def drills(self) -> Drills:
        """What was restored only to prove that it can be."""
        return Drills(self._database)

    @property
    def tree(self) -> Tree:
        """The ledger's Merkle tree, and the checkpoints that were signed."""
        return Tree(self._database)

    @property
    def deaccessions(self) -> Deaccessions:
        """What is to be kept no longer, and what was let go."""
        return Deaccessions(self._database)

    # Probes

    def probe(self, store: str) -> Probe | None:
        """What a store was seen to do when it was last probed."""
        with self._database.read() as connection:
            return probes.probe(connection, store)

    def keep_probe(self, store: str, place: str, at: datetime, seen: str) -> None:
        """Keep what a store was seen to do (JSON), instead of what was seen before."""
        with self._database.write() as connection:
            probes.keep(connection, store, place, at, seen)

    # Ledger

    def events(self, identity: str | None = None) -> Iterator[Event]:
        """The events of one package, or all, oldest first."""
        return ledger.events(self._database, identity)

    def links(self, after: int = 0) -> Iterator[Link]:
        """The events after number ``after``, oldest first, as they stand in the table."""
        return ledger.links(self._database, after)

    def event_hash(self, seq: int) -> str | None:
        """The hash of one event; None where there is none of that number."""
        with self._database.read() as connection:
            return ledger.hash_of(connection, seq)

    def ledger_head(self) -> LedgerHead:
        """How long the ledger is and its last hash, to be kept elsewhere as a checkpoint."""
        with self._database.read() as connection:
            return ledger.head(connection)

    def verify_ledger(self, see: Callable[[Link], None] = lambda _: None) -> list[LedgerFault]:
        """Every place where the ledger is not what was written; ``see`` is shown each event."""
        with self._database.read() as connection:
            return verification.verify(connection, see)
