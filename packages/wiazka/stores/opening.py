"""Stores from the configuration."""

from wiazka.settings import DirectoryStore, Settings, StoreSettings
from wiazka.stores.base import Store
from wiazka.stores.directory import DirectoryFiles


def open_store(name: str, settings: StoreSettings) -> Store:
    """The store that ``settings`` describe; nothing is asked of it yet.

    Raises ConfigError when its credentials are half given or its profile is unknown.
    """
    if isinstance(settings, DirectoryStore):
        return DirectoryFiles(name, settings.path)
    # boto3 takes half a second to import, and who keeps copies on disks never needs it.
    from wiazka.stores.s3 import open_bucket

    return open_bucket(name, settings)


def open_stores(settings: Settings) -> dict[str, Store]:
    """All configured stores by name, in the order of the configuration."""
    return {name: open_store(name, store) for name, store in settings.stores.items()}
