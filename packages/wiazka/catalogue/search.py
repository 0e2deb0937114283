"""Finding a package by words, or by the end of its identity."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from wiazka.catalogue.model import Version
from wiazka.catalogue.packages import latest_of_each
from wiazka.catalogue.schema import VERSION
from wiazka.catalogue.text import plain
from wiazka.errors import NotFoundError, UsageError


def find(connection: Connection, words: Iterable[str]) -> list[Version]:
    """The packages whose text holds every word, sorted by identity."""
    query = latest_of_each()
    for word in plain(" ".join(words)).split():
        query = query.where(VERSION.c.search.contains(word, autoescape=True))
    return [Version(*row) for row in connection.execute(query)]


def resolve(connection: Connection, text: str) -> str:
    """The identity that ``text`` means: see Catalogue.resolve."""
    named = select(VERSION.c.identity).where(VERSION.c.identity == text).limit(1)
    if connection.execute(named).first() is not None:
        return text
    query = select(VERSION.c.identity).distinct().order_by(VERSION.c.identity)
    identities: list[str] = list(connection.execute(query).scalars())
    same = [identity for identity in identities if _slug(identity) == text]
    if len(same) == 1:
        return same[0]
    if same:
        raise UsageError(
            f"{text!r} names {len(same)} packages: {', '.join(same)}.",
            f"Give the collection too, as in {same[0]}",
        )
    raise NotFoundError(f"There is no package {text!r}.", _nearest(text, identities))


def _slug(identity: str) -> str:
    return identity.rpartition("/")[2]


def _nearest(text: str, identities: list[str]) -> str:
    from rapidfuzz import fuzz, process

    names = identities if "/" in text else [_slug(identity) for identity in identities]
    near = process.extract(text, names, scorer=fuzz.ratio, limit=3, score_cutoff=60)
    if near:
        return "Did you mean " + " or ".join(identities[index] for _, _, index in near) + "?"
    return "`wiazka list` shows all packages, `wiazka find WORD` some."
