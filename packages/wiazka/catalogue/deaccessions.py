"""Deaccessions: asked for, approved by another person, withdrawn or carried out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from wiazka.catalogue import copies, incident_keeping, ledger, packages
from wiazka.catalogue.model import (
    Deaccession,
    EventKind,
    EventOutcome,
    Removal,
    Unchanged,
    Version,
    VersionState,
)
from wiazka.catalogue.persons import Person
from wiazka.catalogue.schema import COPY, DEACCESSION, EVENT, FILE, VERSION
from wiazka.errors import DeaccessionRefused, NotFoundError

_GONE = (VersionState.DEACCESSIONED, VersionState.ABANDONED)
_FIELDS = tuple(DEACCESSION.c[name] for name in Deaccession.__dataclass_fields__)


def request(
    connection: Connection,
    identity: str,
    version: int | None,
    *,
    reason: str,
    by: Person,
    at: datetime,
) -> Deaccession:
    """Keep that somebody asks for a deaccession: see Deaccessions.request."""
    for known in of_package(connection, identity):
        if known.is_open and (None in (known.version, version) or known.version == version):
            raise DeaccessionRefused(
                f"Deaccession {known.id} of {known.target} is open already.",
                f"Approve it, or withdraw it: wiazka deaccession withdraw {known.id}",
            )
    asked = Deaccession(0, identity, version, reason, str(by), at)
    _require_unneeded(connection, asked, covered(connection, asked))
    # Counted here: what a rebuild told again was numbered without the database's counter.
    number = 1 + (connection.execute(select(func.max(DEACCESSION.c.id))).scalar() or 0)
    connection.execute(insert(DEACCESSION).values(asdict(asked) | {"id": number}))
    kept = one(connection, number)
    _note(
        connection,
        kept,
        EventKind.DEACCESSION_REQUESTED,
        f"Deaccession {kept.id} of {kept.target} was asked for by {by}: {reason}",
        at,
        {"by": str(by), "reason": reason},
    )
    return kept


def approve(
    connection: Connection,
    number: int,
    *,
    by: Person,
    at: datetime,
    grace: timedelta,
    by_account: bool,
) -> Deaccession:
    """Keep that another person agrees: see Deaccessions.approve."""
    asked = _open(connection, number)
    if asked.approved_by is not None:
        raise DeaccessionRefused(
            f"Deaccession {number} was approved by {asked.approved_by} already.",
            "'wiazka deaccession list' says when it is due.",
        )
    if by.may_be(Person.read(asked.requested_by), by_account=by_account):
        raise DeaccessionRefused(
            f"Deaccession {number} was asked for by {asked.requested_by}; {by} may be the same "
            "person, and another one has to approve it.",
            "Let somebody else run this from an account of their own. Where persons share one, "
            "docs/deaccession.md says what can be done.",
        )
    _require_unneeded(connection, asked, covered(connection, asked))
    due = at + grace
    _keep(connection, number, approved_by=str(by), approved_at=at, due_at=due)
    _note(
        connection,
        asked,
        EventKind.DEACCESSION_APPROVED,
        f"Deaccession {number} of {asked.target} was approved by {by}; it is due on "
        f"{due:%Y-%m-%d %H:%M} UTC.",
        at,
        {"by": str(by), "due_at": due.isoformat()},
    )
    return one(connection, number)


def withdraw(connection: Connection, number: int, *, by: Person, at: datetime) -> Deaccession:
    """Let a deaccession be, whoever says so: see Deaccessions.withdraw."""
    asked = _open(connection, number)
    if removal(connection, asked):
        raise DeaccessionRefused(
            f"Deaccession {number} of {asked.target} has begun; it cannot be withdrawn.",
            "'wiazka deaccession run' ends it. Hand the document over again to keep it anew.",
        )
    _keep(connection, number, withdrawn_by=str(by), withdrawn_at=at)
    _note(
        connection,
        asked,
        EventKind.DEACCESSION_WITHDRAWN,
        f"Deaccession {number} of {asked.target} was withdrawn by {by}.",
        at,
        {"by": str(by)},
    )
    return one(connection, number)


def begin(connection: Connection, number: int, versions: Sequence[int], at: datetime) -> Removal:
    """Take versions out of what is held, before any byte goes: see Deaccessions.begin."""
    asked = _open(connection, number)
    if asked.due_at is None or asked.due_at > at:
        raise DeaccessionRefused(
            f"Deaccession {number} of {asked.target} is not due.",
            "'wiazka deaccession list' says what is.",
        )
    if begun := removal(connection, asked):
        return begun
    _require_unneeded(connection, asked, versions)
    stores = {
        copy.store
        for version in versions
        for copy in copies.of_version(connection, asked.identity, version)
    }
    own = VERSION.c.identity == asked.identity
    connection.execute(
        update(VERSION)
        .where(own, VERSION.c.number.in_(versions))
        .values(state=VersionState.DEACCESSIONED)
    )
    # From now on nothing is restored from them, repaired by them, or expected of them.
    connection.execute(
        delete(COPY).where(COPY.c.identity == asked.identity, COPY.c.version.in_(versions))
    )
    told = incident_keeping.let_go(connection, asked.identity, versions, at)
    _note(
        connection,
        asked,
        EventKind.DEACCESSIONED,
        f"Deaccession {number} is carried out: {asked.target} is no longer kept.",
        at,
        {
            "versions": json.dumps(list(versions)),
            "stores": json.dumps(sorted(stores)),
            **({"incidents": incident_keeping.as_told(told)} if told else {}),
        },
    )
    by = f"deaccession {number}"
    incident_keeping.close_settled(connection, told, at=at, by=by, request=number)
    return Removal(tuple(versions), tuple(sorted(stores)), ())


def removed(connection: Connection, number: int, store: str, sentence: str, at: datetime) -> None:
    """Keep that nothing is left in a store: see Deaccessions.removed_from."""
    asked = _open(connection, number)
    _note(connection, asked, EventKind.DEACCESSIONED, sentence, at, {}, store=store)


def end(connection: Connection, number: int, at: datetime) -> None:
    """Keep that nothing is left anywhere: see Deaccessions.end."""
    asked = _open(connection, number)
    _keep(connection, number, done_at=at)
    _note(
        connection,
        asked,
        EventKind.DEACCESSIONED,
        f"Deaccession {number} of {asked.target} is done; its tombstones stay.",
        at,
        {"by": asked.requested_by, "approved_by": str(asked.approved_by), "reason": asked.reason},
    )


def one(connection: Connection, number: int) -> Deaccession:
    """A deaccession. Raises NotFoundError."""
    row = connection.execute(select(*_FIELDS).where(DEACCESSION.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no deaccession {number}.", "'wiazka deaccession list' shows them."
        )
    return Deaccession(*row)


def everything(connection: Connection) -> list[Deaccession]:
    """All deaccessions, oldest first."""
    rows = connection.execute(select(*_FIELDS).order_by(DEACCESSION.c.id))
    return [Deaccession(*row) for row in rows]


def of_package(connection: Connection, identity: str) -> list[Deaccession]:
    """The deaccessions of a package or its versions, oldest first."""
    query = select(*_FIELDS).where(DEACCESSION.c.identity == identity).order_by(DEACCESSION.c.id)
    return [Deaccession(*row) for row in connection.execute(query)]


def removal(connection: Connection, asked: Deaccession) -> Removal | None:
    """How far a deaccession was carried out, or None when it was not begun."""
    query = select(EVENT.c.store, EVENT.c.detail).where(
        EVENT.c.identity == asked.identity, EVENT.c.kind == EventKind.DEACCESSIONED
    )
    begun: Mapping[str, str] | None = None
    stores: list[str] = []
    for store, text in connection.execute(query.order_by(EVENT.c.seq)):
        detail: Mapping[str, str] = json.loads(text)
        if detail.get("deaccession") != str(asked.id):
            continue
        if store is not None:
            stores.append(store)
        elif "versions" in detail:
            begun = detail
    if begun is None:
        return None
    return Removal(
        tuple(json.loads(begun["versions"])), tuple(json.loads(begun["stores"])), tuple(stores)
    )


def of_version(connection: Connection, identity: str, number: int) -> Deaccession | None:
    """The deaccession that took a version out of what is held."""
    for asked in reversed(of_package(connection, identity)):
        begun = removal(connection, asked)
        if begun and number in begun.versions:
            return asked
    return None


def with_content(connection: Connection, content: str) -> Version | None:
    """The last version of that content that was deaccessioned."""
    query = select(*packages.VERSION_FIELDS).where(
        VERSION.c.content == content, VERSION.c.state == VersionState.DEACCESSIONED
    )
    row = connection.execute(query.order_by(VERSION.c.bagged_at.desc()).limit(1)).first()
    return None if row is None else Version(*row)


def covered(connection: Connection, asked: Deaccession) -> list[int]:
    """The known versions that a deaccession is about: those there were when it was asked for."""
    if asked.version is not None:
        return [asked.version]
    return [
        version.number
        for version in packages.versions(connection, asked.identity)
        # A version that came after the request was never seen by those who approved it.
        if version.bagged_at <= asked.requested_at
        and version.state is not VersionState.DEACCESSIONED
    ]


def _require_unneeded(connection: Connection, asked: Deaccession, versions: Iterable[int]) -> None:
    """Raises DeaccessionRefused when a version that stays has files that lie with one that goes."""
    going = set(versions)
    needing = [
        version.number
        for version in packages.versions(connection, asked.identity)
        if version.number not in going
        and version.state not in _GONE
        and _refers(connection, version, going)
    ]
    if needing:
        named = ", ".join(f"v{number}" for number in needing)
        raise DeaccessionRefused(
            f"{asked.target} cannot be removed: {named} of {asked.identity} refers to files that "
            "lie with it.",
            f"Deaccession {named} too, or the package whole (without --version).",
        )


def _refers(connection: Connection, version: Version, going: set[int]) -> bool:
    its = (FILE.c.identity == version.identity) & (FILE.c.version == version.number)
    held = select(FILE.c.path).where(its, FILE.c.held_in.in_(going)).limit(1)
    if connection.execute(held).first() is None:
        return False
    known = copies.of_version(connection, version.identity, version.number)
    # Where every store made copies of its own, none lies with another version.
    return not known or any(copy.unchanged is Unchanged.REFERENCE for copy in known)


def _open(connection: Connection, number: int) -> Deaccession:
    asked = one(connection, number)
    if asked.withdrawn_at is not None:
        raise DeaccessionRefused(
            f"Deaccession {number} of {asked.target} was withdrawn by {asked.withdrawn_by}.",
            "To take it up again, ask for it anew: wiazka deaccession request",
        )
    if asked.done_at is not None:
        raise DeaccessionRefused(
            f"Deaccession {number} of {asked.target} was done on {asked.done_at:%Y-%m-%d}.",
            f"'wiazka show {asked.identity}' tells what is still known of it.",
        )
    return asked


def _keep(connection: Connection, number: int, **values: str | datetime) -> None:
    connection.execute(update(DEACCESSION).where(DEACCESSION.c.id == number).values(**values))


def _note(
    connection: Connection,
    asked: Deaccession,
    kind: EventKind,
    sentence: str,
    at: datetime,
    detail: Mapping[str, str],
    *,
    store: str | None = None,
) -> None:
    ledger.append(
        connection,
        kind,
        EventOutcome.SUCCESS,
        sentence,
        at=at,
        identity=asked.identity,
        version=asked.version,
        store=store,
        detail={"deaccession": str(asked.id), **detail},
    )
