"""The signatures of what is held: kept with each version, compared with what comes in."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, func, insert, select

from wiazka.catalogue.model import KnownStem, Signature
from wiazka.catalogue.schema import SIGNATURE


def keep(
    connection: Connection, identity: str, version: int, signatures: Sequence[Signature]
) -> None:
    """Keep the signatures of a version, in place of those it had."""
    forget(connection, identity, version)
    rows = [
        {"identity": identity, "version": version, "number": number, **asdict(signature)}
        for number, signature in enumerate(signatures, start=1)
    ]
    if rows:
        connection.execute(insert(SIGNATURE), rows)


def forget(connection: Connection, identity: str, version: int) -> None:
    """Drop the signatures of a version."""
    mine = (SIGNATURE.c.identity == identity) & (SIGNATURE.c.version == version)
    connection.execute(delete(SIGNATURE).where(mine))


def alike(connection: Connection, likeness: str) -> list[KnownStem]:
    """The stems of that likeness, those of most packages first."""
    packages = func.count(SIGNATURE.c.identity.distinct())
    query = (
        select(SIGNATURE.c.stem, packages, func.min(SIGNATURE.c.verbatim))
        .where(SIGNATURE.c.likeness == likeness)
        .group_by(SIGNATURE.c.stem)
        .order_by(packages.desc(), SIGNATURE.c.stem)
    )
    return [KnownStem(*row) for row in connection.execute(query)]
