"""The signatures of what is held: kept with each version, compared with what comes in."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, func, insert, select

from wiazka.catalogue.model import HeldSignature, KnownStem, Signature, VersionState
from wiazka.catalogue.schema import SIGNATURE, VERSION
from wiazka.catalogue.text import plain


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


def dated(connection: Connection, signature: Signature, date: str) -> list[HeldSignature]:
    """Signatures of that stem, of packages whose latest registered version has the date (EDTF)."""
    newest = (
        select(VERSION.c.identity, func.max(VERSION.c.number).label("number"))
        .where(VERSION.c.state == VersionState.REGISTERED)
        .group_by(VERSION.c.identity)
        .subquery()
    )
    of_version = (VERSION.c.identity == SIGNATURE.c.identity) & (
        VERSION.c.number == SIGNATURE.c.version
    )
    is_newest = (newest.c.identity == VERSION.c.identity) & (newest.c.number == VERSION.c.number)
    query = (
        select(VERSION.c.identity, VERSION.c.number, VERSION.c.title, SIGNATURE.c.verbatim)
        .join(VERSION, of_version)
        .join(newest, is_newest)
        .where(SIGNATURE.c.likeness == signature.likeness, SIGNATURE.c.stem == signature.stem)
        .where(VERSION.c.search.contains(f" {plain(date)} ", autoescape=True))
        .order_by(VERSION.c.identity)
    )
    return [HeldSignature(*row) for row in connection.execute(query)]
