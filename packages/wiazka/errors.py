"""What can go wrong in the system: a *WiazkaError* is the admin's to mend.

A *Problem*, the producer's to mend, is in ``problem_kinds``.

It carries a code, a message and what to do. Every code is explained in ``docs/problems.md``; a test
holds that page and this list together.
"""

from typing import ClassVar


class WiazkaError(Exception):
    """Something the admin has to see to. ``code`` names the kind, ``hint`` says what to do."""

    code: ClassVar[str] = "system"
    meaning: ClassVar[str] = "Something in the system failed."
    exit_code: ClassVar[int] = 3
    transient: ClassVar[bool] = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(WiazkaError):
    """The configuration cannot be used."""

    code = "config"
    meaning = "The configuration file, or an environment variable, cannot be used."
    exit_code = 2


class UsageError(WiazkaError):
    """A command was given something it cannot work on."""

    code = "usage"
    meaning = "A command was given a name, folder or option that it cannot work on."
    exit_code = 2


class NotFoundError(UsageError):
    """No package of that name."""

    code = "not-found"
    meaning = "No package, version or store of that name is known."


class StoreError(WiazkaError):
    """A store did not do what was asked of it."""

    code = "store"
    meaning = "A store answered with an error that is none of the kinds below."


class StoreUnavailable(StoreError):
    """A store does not answer now; trying again later can help."""

    code = "store-unavailable"
    meaning = "A store cannot be reached, or answers that it is busy."
    transient = True


class StoreDenied(StoreError):
    """A store refuses the key it was given."""

    code = "store-denied"
    meaning = "A store refuses the credentials, or what they may do."


class StoreFull(StoreError):
    """A store has no room left."""

    code = "store-full"
    meaning = "A store is out of space or quota."


class ObjectMissing(StoreError):
    """There is no object under that key."""

    code = "object-missing"
    meaning = "A store has no object under a key that it should have."


class ObjectExists(StoreError):
    """There is an object under that key already; nothing is ever overwritten."""

    code = "object-exists"
    meaning = "A store already has an object under a key that was to be written."


class PrefixTaken(StoreError):
    """What an interrupted push left lies where a version was to be written."""

    code = "prefix-taken"
    meaning = "Where a version was to be stored lies what an interrupted push of other bytes left."


class LockNotKept(StoreError):
    """A store took an object and left out the lock that it was asked for."""

    code = "lock-not-kept"
    meaning = "A store does not lock what it was asked to lock; it could be removed."


class ObjectLocked(StoreError):
    """An object that a retention or a legal hold protects."""

    code = "object-locked"
    meaning = "A store may not remove an object yet: its retention or a legal hold protects it."


class BytesRefused(StoreError):
    """The bytes that arrived are not the bytes that were declared."""

    code = "bytes-refused"
    meaning = "What arrived in a store differs from the digest that was declared for it."


class LedgerBroken(StoreError):
    """The ledger in a store is not what was written there."""

    code = "ledger-broken"
    meaning = "The ledger that a store keeps has a gap, or an event that was changed."


class LedgerForked(StoreError):
    """The ledger in a store and the catalogue's have gone different ways."""

    code = "ledger-forked"
    meaning = "The ledger that a store keeps and the catalogue's are not of one history."


class LedgerBehind(StoreError):
    """The catalogue knows less than the ledger in a store."""

    code = "ledger-behind"
    meaning = "A store keeps events that the catalogue, an older backup, does not have."


class DeaccessionRefused(WiazkaError):
    """A deaccession that may not be, or not now."""

    code = "deaccession-refused"
    meaning = "A deaccession was not let through: its persons, its state, or what depends on it."
    exit_code = 1


class ReportUnusable(WiazkaError):
    """A provider's report that proves nothing."""

    code = "report-unusable"
    meaning = (
        "A provider's report of digests cannot be read, or is not of the store it is given for."
    )
    exit_code = 2


class RepairRefused(WiazkaError):
    """Damage that no copy has the right bytes for."""

    code = "repair-refused"
    meaning = "Something damaged was not mended: no copy has the bytes that were handed over."
    exit_code = 1


class SourceChanged(WiazkaError):
    """A source file changed between its first read and its being stored."""

    code = "source-changed"
    meaning = "A file in the inbox changed after it was read; the submission is taken next time."


class CatalogueError(WiazkaError):
    """The catalogue cannot be used."""

    code = "catalogue"
    meaning = "The catalogue's database cannot be opened, or is of another version."


class BagInvalid(WiazkaError):
    """A bag did not validate."""

    code = "bag-invalid"
    meaning = "A bag that was restored or written does not validate."


class NoRoom(WiazkaError):
    """The disk that something is unpacked, restored or copied to is full."""

    code = "no-room"
    meaning = "There is no room on the disk that is to be written to."


class ScannerUnavailable(WiazkaError):
    """The virus scanner that is configured does not do its work; nothing passes unscanned."""

    code = "virus-scanner"
    meaning = "The virus scanner that is configured does not answer, or cannot scan."
    transient = True


class DigestNotSent(WiazkaError):
    """A digest could not be sent; what it says is told again the next time."""

    code = "digest-not-sent"
    meaning = "The mail server, or the chat's address, did not take the day's digest."
    transient = True


class ServerError(WiazkaError):
    """The Prefect server cannot be used."""

    code = "prefect-server"
    meaning = "The Prefect server does not answer, or a flow run ended there without a result."
