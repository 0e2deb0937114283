"""Packages: versions from their first number to registered, their files and copies."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from wiazka.catalogue import copies, ledger, signatures
from wiazka.catalogue.model import (
    EventKind,
    EventOutcome,
    File,
    Signature,
    State,
    Unchanged,
    Version,
    VersionState,
)
from wiazka.catalogue.schema import FILE, SUBMISSION, VERSION
from wiazka.catalogue.text import plain
from wiazka.errors import CatalogueError, NotFoundError
from wiazka.evidence import Grade

# A version as the value has it: all but the text it is found by.
VERSION_FIELDS = tuple(VERSION.c[name] for name in Version.__dataclass_fields__)
REGISTERED = VERSION.c.state == VersionState.REGISTERED
# The file of a bag that vouches, by digests of digests, for all the others.
TAG_MANIFEST = "tagmanifest-sha256.txt"
# A version: its identity and number.
Key = tuple[str, int]
# In a store, whether or not in as many as are required.
KEPT = VERSION.c.state.in_((VersionState.STORED, VersionState.REGISTERED))


def begin(
    connection: Connection,
    *,
    identity: str,
    content: str,
    bagged_at: datetime,
    delivery: str,
    folder: str,
    title: str,
) -> Version:
    """The version that ``content`` becomes: see Catalogue.begin_version."""
    number = 1
    for known in versions(connection, identity):
        number = known.number + 1
        if known.state not in (VersionState.PACKAGED, VersionState.STORED):
            continue
        if known.content == content:
            return known
        if not copies.of_version(connection, identity, known.number):
            _forget(connection, identity, known.number)
            number = known.number
    new = Version(
        identity=identity,
        number=number,
        title=title,
        content=content,
        state=VersionState.PACKAGED,
        bagged_at=bagged_at,
        registered_at=None,
        delivery=delivery,
        folder=folder,
        record_json="",
        size=0,
        file_count=0,
    )
    connection.execute(insert(VERSION).values(**asdict(new), search=""))
    return version(connection, identity, number)


def describe(  # noqa: PLR0913
    connection: Connection,
    identity: str,
    number: int,
    *,
    record_json: str,
    files: Sequence[File],
    size: int,
    search: str,
    signed: Sequence[Signature],
) -> None:
    """Keep what a version holds: see Catalogue.describe_version."""
    if version(connection, identity, number).state is VersionState.REGISTERED:
        raise CatalogueError(
            f"{identity} v{number} is registered; what it holds can no longer change.",
            "A change to a document is its next version: hand the document over again.",
        )
    connection.execute(delete(FILE).where(FILE.c.identity == identity, FILE.c.version == number))
    _insert_files(connection, identity, number, files)
    signatures.keep(connection, identity, number, signed)
    connection.execute(
        update(VERSION)
        .where(*_is(identity, number))
        .values(record_json=record_json, size=size, file_count=len(files), search=plain(search))
    )
    copies.measure(connection, identity, number)


def copy_stored(  # noqa: PLR0913
    connection: Connection,
    identity: str,
    number: int,
    store: str,
    *,
    grade: Grade,
    at: datetime,
    sentence: str,
    detail: Mapping[str, str],
    unchanged: Unchanged,
) -> None:
    """Keep a new copy and its first proof: see Catalogue.copy_stored."""
    state = version(connection, identity, number).state
    copies.keep(connection, identity, number, store, at=at, unchanged=unchanged)
    copies.prove(connection, identity, number, store, grade=grade, at=at)
    if state is VersionState.PACKAGED:
        connection.execute(
            update(VERSION).where(*_is(identity, number)).values(state=VersionState.STORED)
        )
    ledger.append(
        connection,
        EventKind.STORED,
        EventOutcome.SUCCESS,
        sentence,
        at=at,
        identity=identity,
        version=number,
        store=store,
        detail={"grade": grade.value, "unchanged": unchanged.value, **detail},
    )


def abandon(connection: Connection, identity: str, number: int, sentence: str) -> None:
    """Give up a version that no store holds all of: see Catalogue.abandon_version."""
    if copies.of_version(connection, identity, number):
        raise CatalogueError(
            f"{identity} v{number} is in a store; it cannot be given up.",
            "What is stored stays: 'wiazka ingest' goes on with it.",
        )
    connection.execute(
        update(VERSION).where(*_is(identity, number)).values(state=VersionState.ABANDONED)
    )
    ledger.append(
        connection,
        EventKind.ABANDONED,
        EventOutcome.WARNING,
        sentence,
        identity=identity,
        version=number,
    )


def register(
    connection: Connection, identity: str, number: int, at: datetime, sentence: str
) -> None:
    """Make a version known as kept, once: see Catalogue.register."""
    if version(connection, identity, number).state is VersionState.REGISTERED:
        return
    connection.execute(
        update(VERSION)
        .where(*_is(identity, number))
        .values(state=VersionState.REGISTERED, registered_at=at)
    )
    connection.execute(
        update(SUBMISSION)
        .where((SUBMISSION.c.identity == identity) & (SUBMISSION.c.version == number))
        .where(SUBMISSION.c.state == State.VERIFIED)
        .values(state=State.REGISTERED, sentence=sentence, at=at)
    )
    ledger.append(
        connection,
        EventKind.REGISTERED,
        EventOutcome.SUCCESS,
        sentence,
        at=at,
        identity=identity,
        version=number,
        detail=_seal(connection, identity, number),
    )


def _seal(connection: Connection, identity: str, number: int) -> dict[str, str]:
    """The digest from which all of a bag can be checked: who has the event knows the bag by it."""
    query = select(FILE.c.sha256).where(
        FILE.c.identity == identity, FILE.c.version == number, FILE.c.path == TAG_MANIFEST
    )
    digest = connection.execute(query).scalar()
    return {TAG_MANIFEST: digest} if digest else {}


def insert_found(
    connection: Connection,
    found: Version,
    files: Sequence[File],
    search: str,
    signed: Sequence[Signature],
) -> None:
    """Take over a version that a store holds, as it was before any store held it."""
    kept = replace(found, state=VersionState.PACKAGED, registered_at=None, file_count=len(files))
    connection.execute(insert(VERSION).values(**asdict(kept), search=plain(search)))
    _insert_files(connection, found.identity, found.number, files)
    signatures.keep(connection, found.identity, found.number, signed)


def latest(connection: Connection, identity: str) -> Version | None:
    """The highest registered version."""
    query = _versions().where(VERSION.c.identity == identity, REGISTERED)
    return _first(connection, query.order_by(VERSION.c.number.desc()))


def with_content(connection: Connection, content: str) -> Version | None:
    """The first registered version of that content."""
    query = _versions().where(VERSION.c.content == content, REGISTERED)
    return _first(connection, query.order_by(VERSION.c.registered_at, VERSION.c.identity))


def version(connection: Connection, identity: str, number: int | None) -> Version:
    """One version, or the latest registered, else stored. Raises NotFoundError."""
    if number is None:
        of_package = latest_of_each().where(VERSION.c.identity == identity)
        found = _first(connection, of_package)
    else:
        found = _first(connection, _versions().where(*_is(identity, number)))
    if found is None:
        which = "version in any store" if number is None else f"version {number}"
        raise NotFoundError(
            f"The catalogue has no {which} of {identity!r}.",
            "`wiazka list` shows the packages, `wiazka show ID` the versions of one.",
        )
    return found


def versions(connection: Connection, identity: str) -> list[Version]:
    """All versions of a package, lowest first."""
    query = _versions().where(VERSION.c.identity == identity).order_by(VERSION.c.number)
    return [Version(*row) for row in connection.execute(query)]


def packages(connection: Connection) -> list[Version]:
    """The latest registered version of every package; of one that has none, the latest stored."""
    return [Version(*row) for row in connection.execute(latest_of_each())]


def latest_of_each() -> Select[Any]:
    """The latest registered version of every package, else stored, sorted by identity."""
    registered = func.max(case((REGISTERED, VERSION.c.number)))
    number = func.coalesce(registered, func.max(VERSION.c.number)).label("number")
    newest = select(VERSION.c.identity, number).where(KEPT).group_by(VERSION.c.identity).subquery()
    same = (VERSION.c.identity == newest.c.identity) & (VERSION.c.number == newest.c.number)
    return _versions().join(newest, same).order_by(VERSION.c.identity)


def files(connection: Connection, identity: str, number: int) -> list[File]:
    """The files of a version, sorted by path."""
    return files_of(connection, [(identity, number)])[identity, number]


def files_of(connection: Connection, keys: Collection[Key]) -> dict[Key, list[File]]:
    """The files of each of some versions, sorted by path."""
    found: dict[Key, list[File]] = {key: [] for key in keys}
    for asked in _by_number(found):
        for identity, *fields in connection.execute(_FILES, asked).all():
            found[identity, asked["number"]].append(File(*fields))
    for its in found.values():
        its.sort(key=attrgetter("path"))
    return found


def with_files(
    connection: Connection, keys: Collection[Key]
) -> dict[Key, tuple[Version, tuple[File, ...]]]:
    """Those of some versions that there are, each with its files, sorted by path."""
    files = files_of(connection, keys)
    rows = (row for asked in _by_number(keys) for row in connection.execute(_SOME, asked))
    versions = [Version(*row) for row in rows]
    return {(v.identity, v.number): (v, tuple(files[v.identity, v.number])) for v in versions}


def _by_number(keys: Iterable[Key]) -> Iterator[dict[str, Any]]:
    """What ``_FILES`` and ``_SOME`` ask for: no database finds pairs by its index."""
    alike: defaultdict[int, list[str]] = defaultdict(list)
    for identity, number in keys:
        alike[number].append(identity)
    return ({"identities": some, "number": number} for number, some in alike.items())


def _some(identity: Column[str], number: Column[int]) -> tuple[ColumnElement[bool], ...]:
    return identity.in_(bindparam("identities", expanding=True)), number == bindparam("number")


_FILES = select(FILE.c.identity, *(FILE.c[name] for name in File.__dataclass_fields__)).where(
    *_some(FILE.c.identity, FILE.c.version)
)
_SOME = select(*VERSION_FIELDS).where(*_some(VERSION.c.identity, VERSION.c.number))


def _versions() -> Select[Any]:
    return select(*VERSION_FIELDS)


def _first(connection: Connection, query: Select[Any]) -> Version | None:
    row = connection.execute(query.limit(1)).first()
    return None if row is None else Version(*row)


def _is(identity: str, number: int) -> tuple[Any, Any]:
    return VERSION.c.identity == identity, VERSION.c.number == number


def _insert_files(
    connection: Connection, identity: str, number: int, files: Sequence[File]
) -> None:
    if files:
        rows = [{"identity": identity, "version": number, **asdict(file)} for file in files]
        connection.execute(insert(FILE), rows)


def _forget(connection: Connection, identity: str, number: int) -> None:
    connection.execute(delete(FILE).where(FILE.c.identity == identity, FILE.c.version == number))
    signatures.forget(connection, identity, number)
    connection.execute(delete(VERSION).where(*_is(identity, number)))
