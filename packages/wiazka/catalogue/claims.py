"""Claims: two workers never ingest one submission, and a killed one's work is free at once."""

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection, delete, insert, select, update

from wiazka.catalogue.schema import CLAIM
from wiazka.errors import CatalogueError

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue

LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a claim: one worker of one process on one host; ``token`` tells two apart."""

    host: str
    pid: int
    started: str
    token: str

    @classmethod
    def of_this_process(cls) -> Self:
        """A new owner in this process."""
        pid = os.getpid()
        return cls(_host(), pid, _started(pid), uuid.uuid4().hex)


def claim(connection: Connection, key: str, owner: Owner, lease: timedelta) -> bool:
    """Whether ``key`` is now ``owner``'s: it was free, its lease ran out, or its owner is dead."""
    now = datetime.now(UTC)
    held = connection.execute(select(CLAIM).where(CLAIM.c.key == key)).one_or_none()
    if held is not None:
        holder = Owner(held.host, held.pid, held.started, held.token)
        if held.expires_at > now and not _is_dead(holder):
            return False
        connection.execute(delete(CLAIM).where(CLAIM.c.key == key))
    connection.execute(
        insert(CLAIM).values(
            key=key,
            host=owner.host,
            pid=owner.pid,
            started=owner.started,
            token=owner.token,
            expires_at=now + lease,
        )
    )
    return True


def is_held(connection: Connection, key: str) -> bool:
    """Whether somebody who is alive holds ``key``."""
    held = connection.execute(select(CLAIM).where(CLAIM.c.key == key)).one_or_none()
    if held is None or held.expires_at <= datetime.now(UTC):
        return False
    return not _is_dead(Owner(held.host, held.pid, held.started, held.token))


def renew(connection: Connection, owner: Owner, lease: timedelta) -> None:
    """Let every claim of ``owner`` last for ``lease`` from now."""
    expires_at = datetime.now(UTC) + lease
    mine = CLAIM.c.token == owner.token
    connection.execute(update(CLAIM).where(mine).values(expires_at=expires_at))


def release(connection: Connection, owner: Owner, key: str) -> None:
    """Give up a claim, if it still is ``owner``'s."""
    connection.execute(delete(CLAIM).where(CLAIM.c.key == key, CLAIM.c.token == owner.token))


@contextmanager
def holding(
    catalogue: "Catalogue", key: str, owner: Owner, lease: timedelta = LEASE
) -> Iterator[bool]:
    """Hold a claim while the block runs, renewing it; False when somebody else holds it."""
    if not catalogue.claim(key, owner, lease):
        yield False
        return
    done = threading.Event()
    heartbeat = threading.Thread(
        target=_renew_until, args=(done, catalogue, owner, lease), name=f"claim {key}", daemon=True
    )
    heartbeat.start()
    try:
        yield True
    finally:
        done.set()
        heartbeat.join()
        catalogue.release(owner, key)


def _renew_until(
    done: threading.Event, catalogue: "Catalogue", owner: Owner, lease: timedelta
) -> None:
    # Three tries in a lease, so that one slow moment of the database does not lose the claim.
    while not done.wait(lease.total_seconds() / 3):
        with suppress(CatalogueError):
            catalogue.renew(owner, lease)


def _host() -> str:
    # Two containers may share a host name, but not their process numbers.
    try:
        processes = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()} {processes}"


def _is_dead(owner: Owner) -> bool:
    return owner.host == _host() and (
        not _exists(owner.pid) or _started(owner.pid) != owner.started
    )


def _exists(pid: int) -> bool:
    if os.name != "posix":
        # Signal 0 asks on POSIX only; elsewhere the lease decides.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # It is there, but somebody else's.
        return True
    return True


def _started(pid: int) -> str:
    """When a process started, as the kernel counts it, or "" where it does not say."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name, second, may hold blanks and brackets; the start time is the 22nd field.
    fields = status.rpartition(")")[2].split()
    # A zombie has ended; only its parent has not asked yet.
    return "" if fields[0] == "Z" else fields[19]
