"""Where each store was when it was last used; what was proved elsewhere does not count here."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from wiazka.catalogue import copies, ledger
from wiazka.catalogue.model import EventKind, EventOutcome
from wiazka.catalogue.schema import PLACE


def known(connection: Connection) -> dict[str, str]:
    """The place of each store."""
    return {row.store: row.place for row in connection.execute(select(PLACE))}


def keep(connection: Connection, store: str, place: str) -> None:
    """Keep where a store is, instead of where it was."""
    connection.execute(delete(PLACE).where(PLACE.c.store == store))
    connection.execute(insert(PLACE).values(store=store, place=place))


def move(connection: Connection, store: str, place: str, at: datetime) -> str | None:
    """Take every copy's proofs away, since the store is elsewhere now; append the event.

    Its sentence; None when another process was faster.
    """
    before = known(connection).get(store)
    if before == place:
        return None
    copies.reset_store(connection, store, at=at)
    keep(connection, store, place)
    sentence = (
        f"Store {store} moved from {before} to {place}: none of its copies counts as proved until "
        "it is audited there."
    )
    ledger.append(
        connection,
        EventKind.STORE_MOVED,
        EventOutcome.SUCCESS,
        sentence,
        at=at,
        store=store,
        detail={"from": str(before), "to": place},
    )
    return sentence
