"""What is said of objects that a store may not remove yet."""

from wiazka.errors import ObjectLocked
from wiazka.stores.base import ObjectInfo, Store


def locked_error(store: Store, *locked: ObjectInfo) -> ObjectLocked:
    """What says of objects that are ``locked`` until when they are, the last of them."""
    held = [info for info in locked if info.legal_hold]
    ends = [info.locked_until for info in locked if info.locked_until]
    told = f"{held[0].key} is under a legal hold" if held else ""
    if ends:
        until = max(ends)
        told += f"{' and ' if told else ''}retention ends on {until:%Y-%m-%d %H:%M} UTC"
    return ObjectLocked(
        f"Store {store.name!r} ({store.place}): {len(locked)} objects are locked: {told}.",
        "A lock is never got round. What is locked stays, and is audited; "
        + ("let whoever placed the legal hold end it." if held else "it is removed after that."),
    )
