"""Persons, as far as they can be told apart: a name, and the account somebody is logged in with."""

from dataclasses import dataclass
from typing import Self

from wiazka.catalogue.text import plain
from wiazka.errors import UsageError


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody: a ``name`` that anybody can give, and the ``login`` that the system vouches for.

    Who gave no name is named by the login.
    """

    name: str
    login: str
    host: str

    @classmethod
    def named(cls, name: str | None, login: str, host: str) -> Self:
        """A person under the name they give, its blanks in order. Raises UsageError for no name."""
        tidy = " ".join((login if name is None else name).split())
        if not _key(tidy) or "<" in tidy or ">" in tidy or not tidy.isprintable():
            raise UsageError(
                f"{name!r} is no name of a person.", 'A right one looks like: --by "Anna Kowalska"'
            )
        return cls(tidy, login, host)

    @classmethod
    def read(cls, text: str) -> Self:
        """The person that ``str`` wrote."""
        name, _, account = text.rpartition(" <")
        login, _, host = account.removesuffix(">").rpartition("@")
        return cls(name, login, host)

    def __str__(self) -> str:
        return f"{self.name} <{self.login}@{self.host}>"

    def may_be(self, other: "Person", *, by_account: bool) -> bool:
        """Whether this may be the same human being as ``other``.

        Names are compared by their letters and digits alone: case, accents, blanks and dots make
        nobody another person. So is one login on two machines the same person, where persons are
        told apart ``by_account`` or one of them has given no name.
        """
        if _key(self.name) == _key(other.name):
            return True
        named = _key(self.name) != _key(self.login) and _key(other.name) != _key(other.login)
        return (by_account or not named) and _key(self.login) == _key(other.login)


def _key(text: str) -> str:
    return "".join(letter for letter in plain(text) if letter.isalnum())
