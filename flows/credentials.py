"""Stores' keys that are kept in Prefect secret blocks."""

import json
from typing import Any, cast

from prefect.blocks.system import Secret

from wiazka.errors import ConfigError


def held_in(block: str) -> object:
    """What the secret block of that name holds; None where there is none."""
    try:
        return cast("object", cast("Secret[Any]", Secret.load(block)).get())
    except ValueError:
        return None


def of_block(block: str) -> tuple[str, str] | None:
    """The access key id and the secret in the secret block of that name; None where there is none.

    It holds JSON: ``{"access_key_id": "…", "secret_access_key": "…"}``. Raises ConfigError when it
    holds anything else; what it holds is not told.
    """
    value = held_in(block)
    if value is None:
        return None
    try:
        keys: Any = json.loads(value) if isinstance(value, str) else value
        return str(keys["access_key_id"]), str(keys["secret_access_key"])
    except (ValueError, KeyError, TypeError):
        raise ConfigError(
            f"The Prefect secret block {block!r} does not hold a store's keys.",
            'It has to hold {"access_key_id": "…", "secret_access_key": "…"}',
        ) from None
