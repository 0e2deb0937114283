"""Stores from the configuration."""

from wiazka.settings import Settings
from wiazka.settings_of_stores import DirectoryStore, StoreSettings
from wiazka.stores.base import Credentials, Store
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.remembering import ProbeMemory


def open_store(
    name: str,
    settings: StoreSettings,
    memory: ProbeMemory | None = None,
    credentials: Credentials | None = None,
) -> Store:
    """The store that ``settings`` describe; nothing is asked of it yet.

    ``memory`` keeps what a probe sees, so that a store is not probed by every process;
    ``credentials`` looks up ``credentials_block``. Raises ConfigError when the store's credentials
    are half given or cannot be had, or its profile is unknown.
    """
    if isinstance(settings, DirectoryStore):
        return DirectoryFiles(name, settings.path)
    # boto3 takes half a second to import, and who keeps copies on disks never needs it.
    from wiazka.stores.s3 import open_bucket

    return open_bucket(name, settings, memory=memory, credentials=credentials)


def open_stores(
    settings: Settings,
    memory: ProbeMemory | None = None,
    credentials: Credentials | None = None,
) -> dict[str, Store]:
    """All configured stores by name, in the order of the configuration; see ``open_store``."""
    return {
        name: open_store(name, store, memory, credentials)
        for name, store in settings.stores.items()
    }
