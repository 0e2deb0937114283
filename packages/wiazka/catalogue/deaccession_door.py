"""The catalogue's door to deaccessions: each method is one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wiazka.catalogue import deaccessions
from wiazka.catalogue.database import Database
from wiazka.catalogue.model import Deaccession, Removal, Version
from wiazka.catalogue.persons import Person


class Deaccessions:
    """What is to be kept no longer, who says so, and how far its removal has come.

    Every method raises CatalogueError when the database fails, and those that take a number
    NotFoundError when there is no such deaccession.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(
        self, identity: str, version: int | None, *, reason: str, by: Person, at: datetime
    ) -> Deaccession:
        """Keep that somebody asks that a package, or one version of it, be kept no longer.

        Raises DeaccessionRefused when that is asked for already, or when a version that would stay
        refers to files that lie with one that would go.
        """
        with self._database.write() as connection:
            return deaccessions.request(connection, identity, version, reason=reason, by=by, at=at)

    def approve(
        self, number: int, *, by: Person, at: datetime, grace: timedelta, by_account: bool
    ) -> Deaccession:
        """Keep that another person agrees; it is due when ``grace`` is over.

        Raises DeaccessionRefused when that may be the person who asked (``Person.may_be``), when it
        was approved before, withdrawn or done, or when something refers to it meanwhile.
        """
        with self._database.write() as connection:
            return deaccessions.approve(
                connection, number, by=by, at=at, grace=grace, by_account=by_account
            )

    def withdraw(self, number: int, *, by: Person, at: datetime) -> Deaccession:
        """Let it be, whoever says so. Raises DeaccessionRefused once it has begun."""
        with self._database.write() as connection:
            return deaccessions.withdraw(connection, number, by=by, at=at)

    def begin(self, number: int, versions: Sequence[int], at: datetime) -> Removal:
        """Take ``versions`` out of what is held, before any byte goes; begun already, go on.

        They are DEACCESSIONED then and have no copies, so nothing is restored from them or expected
        of them, and what was in doubt of them is settled. Raises DeaccessionRefused when it is not
        due or something refers to them.
        """
        with self._database.write() as connection:
            return deaccessions.begin(connection, number, versions, at)

    def removed_from(self, number: int, store: str, sentence: str, at: datetime) -> None:
        """Append the event that a store holds nothing of it any more but a tombstone."""
        with self._database.write() as connection:
            deaccessions.removed(connection, number, store, sentence, at)

    def end(self, number: int, at: datetime) -> None:
        """Keep that no store holds anything of it any more."""
        with self._database.write() as connection:
            deaccessions.end(connection, number, at)

    def one(self, number: int) -> Deaccession:
        """One deaccession. Raises NotFoundError."""
        with self._database.read() as connection:
            return deaccessions.one(connection, number)

    def all(self) -> list[Deaccession]:
        """All deaccessions, oldest first."""
        with self._database.read() as connection:
            return deaccessions.everything(connection)

    def of_package(self, identity: str) -> list[Deaccession]:
        """The deaccessions of a package and of its versions, oldest first."""
        with self._database.read() as connection:
            return deaccessions.of_package(connection, identity)

    def covered(self, asked: Deaccession) -> list[int]:
        """The known versions that it is about: those there were when it was asked for."""
        with self._database.read() as connection:
            return deaccessions.covered(connection, asked)

    def removal(self, asked: Deaccession) -> Removal | None:
        """How far it was carried out, or None when it was not begun."""
        with self._database.read() as connection:
            return deaccessions.removal(connection, asked)

    def of_version(self, identity: str, number: int) -> Deaccession | None:
        """The deaccession that took a version out of what is held; None where it is held."""
        with self._database.read() as connection:
            return deaccessions.of_version(connection, identity, number)

    def with_content(self, content: str) -> Version | None:
        """The last version of that content that was deaccessioned, whatever its identity."""
        with self._database.read() as connection:
            return deaccessions.with_content(connection, content)
