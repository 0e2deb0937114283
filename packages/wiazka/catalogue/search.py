"""Finding a package by words, or by the end of its identity."""

import re

from sqlalchemy import Connection, or_, select

from wiazka.catalogue.model import Version
from wiazka.catalogue.packages import latest_of_each
from wiazka.catalogue.schema import VERSION
from wiazka.catalogue.text import plain
from wiazka.errors import NotFoundError, UsageError
from wiazka.record.search_key import search_key

# "w. 5" is one thing, and says more than its halves.
_LABEL = re.compile(r"(?<!\S)([^\W\d_]{1,3}\.?)\s+(?=\d)")


def find(connection: Connection, text: str) -> list[Version]:
    """The packages whose text holds every word of ``text``, sorted by identity.

    A word is there as it is, or as whole numbers and letters of a signature: ``w5`` in ``w. 5``.
    """
    query = latest_of_each()
    for word in _LABEL.sub(r"\1", text).split():
        held = VERSION.c.search.contains(plain(word), autoescape=True)
        key = search_key(word)
        signed = VERSION.c.search.contains(f" {key} ", autoescape=True)
        query = query.where(or_(held, signed) if key else held)
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
