"""Stores that can also put sound bytes in the place of damaged ones: for repair alone.

Nothing else may import this. A ``Store`` never writes over what it keeps, so no fault elsewhere in
wiazka can change an object; and here nothing is written over before its bytes are kept elsewhere.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wiazka.durable import sync_folder
from wiazka.errors import BytesRefused, StoreError
from wiazka.evidence import CHUNK, chunks, digests_of
from wiazka.settings_of_stores import DirectoryStore, StoreSettings
from wiazka.stores.base import Content, Credentials, Store, changed_or
from wiazka.stores.directory import DirectoryFiles, make_folder
from wiazka.stores.layout import aside_key
from wiazka.stores.remembering import ProbeMemory


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that is damaged, and where its bytes stay when another takes its place.

    Under the key ``aside``, else as version ``version_id`` of its own key. ``tag`` is another as
    soon as other bytes are put there.
    """

    key: str
    tag: str
    aside: str | None = None
    version_id: str | None = None

    @property
    def where(self) -> str:
        """Where the damaged bytes are, for people."""
        return self.aside or f"version {self.version_id} of {self.key}"


class Replacing(Store, Protocol):
    """A store in which what is damaged can be mended. Raises what a Store raises."""

    def put_back(self, key: str, content: Content) -> None:
        """Keep ``content`` where nothing is, also where an older version is hidden by a deletion.

        Raises ObjectExists when there is something after all.
        """
        ...

    def keep_aside(self, key: str) -> Kept:
        """Have the bytes under ``key`` kept, whatever takes their place; proved to be there.

        A second time they are not kept twice. Raises ObjectMissing, and BytesRefused when what was
        kept is not what lies there.
        """
        ...

    def replace(self, kept: Kept, content: Content) -> None:
        """Put ``content`` in the place of the very object that ``keep_aside`` saw; whole, or not.

        Raises StoreError when another has taken its place meanwhile, and as ``put`` does.
        """
        ...


def open_replacing(
    name: str,
    settings: StoreSettings,
    memory: ProbeMemory | None = None,
    credentials: Credentials | None = None,
) -> Replacing:
    """The store that ``settings`` describe, able to mend. Raises ConfigError as open_store."""
    if isinstance(settings, DirectoryStore):
        return DirectoryReplacement(name, settings.path)
    from wiazka.stores.s3_replacement import open_replacing_bucket

    return open_replacing_bucket(name, settings, memory, credentials)


class DirectoryReplacement(DirectoryFiles):
    """A directory in which a file can take another's place: by a rename, so an audit that reads
    meanwhile has the one or the other whole.
    """

    def put_back(self, key: str, content: Content) -> None:
        """As ``put``."""
        self.put(key, content)

    def keep_aside(self, key: str) -> Kept:
        """The very file gets a second name under ``aside/``: not a byte of it is copied."""
        path = self._path(key)
        with self._explained(key):
            tag = _tag(path)
            aside = aside_key(key, self._named(key, path))
            target = self._path(aside)
            make_folder(target.parent)
            if not target.exists():
                os.link(path, target)
                sync_folder(target.parent)
            if not target.samefile(path) and _hashed(target) != _hashed(path):
                raise not_aside(self, key, aside)
        return Kept(key, tag, aside=aside)

    def replace(self, kept: Kept, content: Content) -> None:
        """Written beside, read back from there, and only then given the name."""

        def rename(key: str, draft: Path, target: Path) -> None:
            if _hashed(draft) != (content.size, content.sha256):
                raise BytesRefused(
                    f"Store {self._name!r}, key {key!r}: what was written beside it reads "
                    "otherwise. It was not put in its place.",
                    "Look at the disk (dmesg, smartctl); a repair there would not last.",
                )
            if _tag(target) != kept.tag:
                raise changed_meanwhile(self, key)
            draft.replace(target)
            sync_folder(target.parent)

        pieces = content.pieces(CHUNK)
        try:
            self._keep(kept.key, pieces, content.size, content.sha256, rename)
        except BytesRefused as refusal:
            raise changed_or(content, refusal) from refusal

    def _named(self, key: str, path: Path) -> str:
        try:
            with self.open(key) as stream:
                return digests_of(chunks(stream), ["sha256"])[1]["sha256"]
        except StoreError:
            # A second name needs no reading; what no disk gives any more has no digest.
            return f"unreadable-{path.stat().st_mtime_ns}"


def changed_meanwhile(store: Store, key: str) -> StoreError:
    """That an object is no longer the one that was looked at."""
    return StoreError(
        f"Store {store.name!r} ({store.place}), key {key!r}: it changed while it was being mended; "
        "what is there now was not written over.",
        "See who writes there; then run again.",
    )


def not_aside(store: Store, key: str, aside: str) -> BytesRefused:
    """That damaged bytes could not be kept."""
    return BytesRefused(
        f"Store {store.name!r} ({store.place}): what lies under {aside!r} is not what lies under "
        f"{key!r}. Nothing was written over.",
        "The damaged bytes could not be kept. Look at the store's disks; then run again.",
    )


def _tag(path: Path) -> str:
    found = path.lstat()
    return f"{found.st_dev}-{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def _hashed(path: Path) -> tuple[int, str]:
    with path.open("rb", buffering=0) as raw:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(raw.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        size, digests = digests_of(iter(lambda: raw.read(CHUNK), b""), ["sha256"])
    return size, digests["sha256"]
